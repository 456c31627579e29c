"""What the server says when it is ready: where it is, and how to become its owner.

The setup link goes to standard output and nowhere else: it is a secret, and logs are kept.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fanlight import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.app import Fanlight


def _always() -> bool:
    return True


take_turn: Callable[[], bool] = _always
"""Whether this process greets: of several worker processes, the first one to ask does."""

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared, not bound)


def address(public_url: str, host: str, port: int) -> str:
    """The address to show: the public one, or where this process listens."""
    if public_url:
        return public_url
    shown = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


async def greet(fanlight: Fanlight, turn: Callable[[], bool] | None = None) -> None:
    """Print the greeting if it is this process's turn (`take_turn`, unless another is given)."""
    if not (turn or take_turn)():
        return
    settings = fanlight.settings
    here = address(settings.public_url, settings.host, settings.port)
    code = await fanlight.accounts.setup_code()
    lines = [f"Fanlight {__version__} is ready at {here}", ""]
    if code:
        lines += [
            "  Nobody owns it yet. Open this link to become the owner; it works once:",
            f"  {here}/setup?code={code}",
            "",
            "  Where to go next: upload a photo, take its link, add another channel.",
        ]
    else:
        lines += [f"  Sign in: {here}/sign-in", f"  Upload:  {here}/studio/upload"]
    lines += ["  To stop it, press Ctrl C.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
