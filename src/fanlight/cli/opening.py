"""Open Fanlight on this machine's data for one command, and close it after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from fanlight.cli.folder import unusable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.app import Fanlight
    from fanlight.config import Settings

T = TypeVar("T")

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder. Default: FANLIGHT_DATA, or ./data."),
]
Json = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]


def settings_for(data: Path | None, **others: object) -> Settings:
    """The settings of this command; what was given on its line wins."""
    from fanlight.config import load

    return load(data=data, **others)


def made(settings: Settings) -> Fanlight:
    """The whole of Fanlight. Raises what `app.build` raises, and SettingsError for the folder."""
    from fanlight.app import build

    try:
        return build(settings)
    except OSError as error:
        raise unusable(error) from None


def opened(
    data: Path | None, action: Callable[[Fanlight], Awaitable[T]], *, background: bool = False
) -> T:
    """Run `action` with the whole of Fanlight on that data folder.

    `background` keeps leases of our own work renewed, for commands that store something.
    """
    settings = settings_for(data)
    import asyncio

    from fanlight.web.logs import configure

    configure(settings.log_format, "error")
    fanlight = made(settings)

    async def whole() -> T:
        if background:
            await fanlight.start(work=False)
        try:
            return await action(fanlight)
        finally:
            await fanlight.stop()

    return asyncio.run(whole())
