"""`fanlight token`: keys for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.moments import moment
from fanlight.cli.opening import Data, Json, opened
from fanlight.cli.operator import operator
from fanlight.errors import Invalid

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.model import ApiToken

app = typer.Typer(help="Keys for programs.", no_args_is_help=True)

SCOPES = "upload, read, list, delete or manage"
SHOWN = (
    "id",
    "name",
    "hint",
    "scopes",
    "channel_id",
    "folder",
    "created_at",
    "expires_at",
    "last_used_at",
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What to call it, such as the program's name.")],
    scope: Annotated[list[str], typer.Option(help=f"What it may do: {SCOPES}. Repeatable.")],
    channel: Annotated[str | None, typer.Option(help="Only in this channel.")] = None,
    folder: Annotated[str | None, typer.Option(help="Only in and below this folder.")] = None,
    expires: Annotated[str | None, typer.Option(help="When it ends: 30d, 12h, a date.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a token. Its text is shown this once, alone on the last line."""
    until = moment(expires)

    async def action(fanlight: Fanlight) -> tuple[ApiToken, str]:
        from fanlight.model import Scope

        if unknown := [one for one in scope if one not in set(Scope)]:
            raise Invalid(f"There is no scope {unknown[0]!r}.", remedy=f"Scopes are: {SCOPES}.")
        actor = await operator(fanlight)
        bound = (await fanlight.channels.get(actor, channel)).id if channel else None
        wanted = [Scope(one) for one in scope]
        return await fanlight.accounts.make_token(
            actor, name, wanted, channel_id=bound, folder=folder, expires_at=until
        )

    token, text = opened(data, action)
    if json:
        output.say_json({**output.fields(token, SHOWN), "token": text})
        return
    output.note(f"The token {token.name} was made. Keep it now: it is not shown again.")
    output.say(text)


@app.command("list")
def list_(data: Data = None, json: Json = False) -> None:
    """List the tokens, without their texts."""

    async def action(fanlight: Fanlight) -> tuple[ApiToken, ...]:
        return await fanlight.accounts.tokens(await operator(fanlight))

    tokens = opened(data, action)
    if json:
        output.say_json([output.fields(token, SHOWN) for token in tokens])
        return
    rows = (
        (
            token.id,
            token.name,
            ",".join(sorted(token.scopes)),
            output.day(token.last_used_at),
            output.day(token.expires_at),
        )
        for token in tokens
    )
    output.say_table(("ID", "NAME", "SCOPES", "LAST USED (UTC)", "EXPIRES (UTC)"), rows)


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="Its id, as in the list.")], data: Data = None
) -> None:
    """End a token; programs that use it are refused within a second."""

    async def action(fanlight: Fanlight) -> None:
        await fanlight.accounts.revoke_token(await operator(fanlight), token_id)

    opened(data, action)
    output.say("The token was revoked.")
