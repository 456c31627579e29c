"""`fanlight user`: who can sign in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.opening import Data, Json, opened

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.model import User

app = typer.Typer(help="Who can sign in.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
SHOWN = ("id", "name", "role", "created_at")


def ask_password(from_stdin: bool) -> str:
    """The password: the first line of standard input, or typed twice at a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


@app.command()
def add(
    name: Name,
    owner: Annotated[bool, typer.Option("--owner", help="Make them the owner.")] = False,
    password_stdin: FromStdin = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add somebody who can sign in."""
    password = ask_password(password_stdin)

    async def action(fanlight: Fanlight) -> User:
        from fanlight.model import SERVER, Role

        role = Role.OWNER if owner else Role.MEMBER
        return await fanlight.accounts.add_user(SERVER, name, password, role=role)

    user = opened(data, action)
    if json:
        output.say_json(output.fields(user, SHOWN))
    else:
        output.say(f"{user.name} can sign in now{', and owns this server' if owner else ''}.")


@app.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """List everybody who can sign in."""

    async def action(fanlight: Fanlight) -> tuple[User, ...]:
        from fanlight.model import SERVER

        return await fanlight.accounts.users(SERVER)

    users = opened(data, action)
    if json:
        output.say_json([output.fields(user, SHOWN) for user in users])
        return
    rows = ((user.name, user.role.value, output.day(user.created_at)) for user in users)
    output.say_table(("NAME", "ROLE", "SINCE (UTC)"), rows)


@app.command()
def password(name: Name, password_stdin: FromStdin = False, data: Data = None) -> None:
    """Give somebody a new password; signs them out everywhere."""
    new = ask_password(password_stdin)

    async def action(fanlight: Fanlight) -> None:
        from fanlight.model import SERVER

        await fanlight.accounts.set_password(SERVER, name, new)

    opened(data, action)
    output.say(f"{name} has a new password, and was signed out everywhere.")
