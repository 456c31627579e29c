"""`fanlight gallery`: what is prepared for viewers, from a folder to who picked what."""

from __future__ import annotations

import typer

from fanlight.cli.gallery import links, picks
from fanlight.cli.gallery.activity import activity
from fanlight.cli.gallery.folders import folders
from fanlight.cli.gallery.life import archive, delete, publish, refresh, unarchive, unpublish
from fanlight.cli.gallery.looking import list_, show
from fanlight.cli.gallery.making import create, duplicate
from fanlight.cli.gallery.setting import password, set_

app = typer.Typer(help="Photos prepared for viewers.", no_args_is_help=True)

app.command("list")(list_)
app.command()(show)
app.command()(create)
app.command()(publish)
app.command()(unpublish)
app.command("set")(set_)
app.command()(password)
app.add_typer(links.app, name="links")
app.add_typer(picks.app, name="picks")
app.command()(activity)
app.command()(folders)
app.command()(refresh)
app.command()(duplicate)
app.command()(archive)
app.command()(unarchive)
app.command()(delete)
