"""Every command under its name. To add one: a module beside this, and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.cli import channel, gallery, key, pictures, token, user
from fanlight.cli.doctor import doctor
from fanlight.cli.index import index, reconcile
from fanlight.cli.serve import serve
from fanlight.cli.upload import upload
from fanlight.cli.version import version
from fanlight.cli.work import work

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Hang every command into the tree."""
    for command in (serve, work, upload, index, reconcile, doctor, version):
        app.command()(command)
    app.add_typer(channel.app, name="channel")
    app.add_typer(gallery.app, name="gallery")
    app.add_typer(key.app, name="key")
    app.add_typer(pictures.app, name="pictures")
    app.add_typer(token.app, name="token")
    app.add_typer(user.app, name="user")
