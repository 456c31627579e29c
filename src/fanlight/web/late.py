"""What few servers need at once, and what weighs much: loaded with the first request for it."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fanlight.web.types import ASGIApp, HttpScope, Receive, Send


class Late:
    """An app that is made when it is first asked for, in a thread, so that others are served."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._making: asyncio.Future[ASGIApp] | None = None
        self._app: ASGIApp | None = None

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if self._app is None:
            self._app = await self._made()
        await self._app(scope, receive, send)

    async def _made(self) -> ASGIApp:
        if self._making is None:
            self._making = asyncio.get_running_loop().run_in_executor(None, _made, self._make)
        try:
            return await asyncio.shield(self._making)  # whoever leaves does not end it for others
        except Exception:
            self._making = None  # whoever asks next has it tried again
            raise


def _made(make: Callable[[], ASGIApp]) -> ASGIApp:
    app = make()
    if gc.get_freeze_count():  # as what the start loaded: it stays, and is not looked through again
        gc.freeze()
    return app
