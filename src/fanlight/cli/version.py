"""`fanlight version`."""

from __future__ import annotations

import platform

from fanlight import __version__
from fanlight.cli import output
from fanlight.cli.opening import Json


def version(json: Json = False) -> None:
    """Say which version this is."""
    if json:
        output.say_json({"fanlight": __version__, "python": platform.python_version()})
    else:
        output.say(f"Fanlight {__version__}")
