"""`fanlight upload`: put originals into the library here, or into one elsewhere by HTTP."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from fanlight.cli.opening import Data, Json


def upload(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Originals or folders.")],
    to: Annotated[str | None, typer.Option(help="Address of a server, instead of here.")] = None,
    token: Annotated[
        str | None, typer.Option(help="API token for it; - reads it from standard input.")
    ] = None,
    folder: Annotated[str, typer.Option(help="Folder of the library to put them in.")] = "",
    naming: Annotated[
        str | None, typer.Option(help="default, index, origin or short. Default: origin.")
    ] = "origin",
    channel: Annotated[str | None, typer.Option(help="Name or id of a channel.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Upload originals; folders with all that is in them. Writes one link a line."""
    from fanlight.cli.uploading import Order, uploads

    if token == "-":  # noqa: S105 (asks for standard input)
        token = sys.stdin.readline().strip()
    order = Order(folder=folder, naming=naming, channel=channel)
    raise typer.Exit(uploads(paths, order, to=to, token=token, data=data, json=json))
