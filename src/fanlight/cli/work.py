"""`fanlight work`: a process that runs jobs and serves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.cli import output
from fanlight.cli.opening import Data, made, settings_for

if TYPE_CHECKING:
    from fanlight.config import Settings


def work(data: Data = None) -> None:
    """Run jobs until it is asked to stop."""
    import asyncio

    settings = settings_for(data)
    from fanlight.web.logs import configure

    configure(settings.log_format, settings.log_level)
    asyncio.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    import asyncio
    import signal

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    fanlight = made(settings)
    await fanlight.start()
    try:
        output.note("Working. To stop it, press Ctrl C.")
        await stop.wait()
    finally:
        await fanlight.stop()
