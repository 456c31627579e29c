"""`fanlight key`: the key that seals secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from fanlight.cli import output
from fanlight.cli.opening import Data, opened

if TYPE_CHECKING:
    from fanlight.app import Fanlight

app = typer.Typer(help="The key that seals secrets.", no_args_is_help=True)


@app.command()
def rotate(data: Data = None) -> None:
    """Seal every stored secret with the newest key.

    First put the new key in front of the old one, in the key file (a key a line) or in
    FANLIGHT_KEY, and restart the server. After this the old key can be taken away.
    """

    async def action(fanlight: Fanlight) -> int:
        return await fanlight.catalogue.write(lambda records: records.connections.rotate())

    count = opened(data, action)
    output.say(f"{count} secrets are sealed with the newest key.")
