"""The ASGI target that the server process imports: `fanlight.web.asgi:application`.

It reads the settings from the environment (which `fanlight serve` has set), builds the app and
ties its background life to the server's start and stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.app import build
from fanlight.config import load
from fanlight.web.app import create_app

if TYPE_CHECKING:
    from fanlight.web.types import ASGIApp


def application() -> ASGIApp:
    """Make the whole server. Raises what `config.load` and `app.build` raise."""
    return create_app(build(load()))
