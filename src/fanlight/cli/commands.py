"""Every command under its name. To add one: a module beside this, and a line here.

What `fanlight --help` says of a command stands here, so that none of them is loaded to say it; a
test holds it to what the command says of itself.
"""

from __future__ import annotations

import pkgutil
from collections import UserDict
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(NamedTuple):
    """Where a command is, and its short help."""

    name: str
    """Of a function, or of a `typer.Typer` with more commands, as `module:attribute`."""
    help: str


COMMANDS: Mapping[str, Place] = {
    "serve": Place("serve:serve", "Start the server."),
    "work": Place("work:work", "Run jobs until it is asked to stop."),
    "upload": Place("upload:upload", "Upload originals; folders with all that is in them."),
    "index": Place("index:index", "Read what is in a channel into the catalogue."),
    "reconcile": Place("index:reconcile", "Finish or remove what a crash left half done."),
    "doctor": Place("doctor:doctor", "Check environment, disk, database, key and every channel."),
    "version": Place("version:version", "Say which version this is."),
    "channel": Place("channel:app", "Places to store in and publish from."),
    "gallery": Place("gallery:app", "Photos prepared for viewers."),
    "key": Place("key:app", "The key that seals secrets."),
    "pictures": Place("pictures:app", "Pictures in other sizes, and facts of originals."),
    "token": Place("token:app", "Keys for programs."),
    "user": Place("user:app", "Who can sign in."),
}


def fresh(**options: Any) -> typer.Typer:
    """A tree without commands, plain as all of ours."""
    return typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **options
    )


class Known(UserDict[str, Any]):
    """Typer's commands by name, each loaded when it is first taken."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(COMMANDS))

    def __getitem__(self, name: str) -> Any:
        if self.data[name] is None:
            self.data[name] = _load(name)
        return self.data[name]


class Commands(TyperGroup):
    """The commands of `fanlight`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = Known()

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order in which they are shown."""
        del ctx
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what there is, without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])


def _load(name: str) -> Any:
    found: Any = pkgutil.resolve_name(f"fanlight.cli.{COMMANDS[name].name}")
    alone = fresh()
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    return typer.main.get_group(alone).commands[name]
