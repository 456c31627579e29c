"""The server's start and stop tied to the life of Fanlight behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from fanlight.errors import FanlightError
from fanlight.web import logs
from fanlight.web.greeting import greet
from fanlight.web.hiding import told
from fanlight.web.middleware.failures import Cut

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.web.types import ASGIApp, HttpScope, Receive, Send

log = structlog.get_logger("web")


class Lifespan:
    """Starts Fanlight before the first request and stops it after the last."""

    def __init__(self, app: ASGIApp, fanlight: Fanlight) -> None:
        self._app = app
        self._fanlight = fanlight

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "lifespan":
            try:
                await self._app(scope, receive, send)
            except Cut:
                raise
            except Exception:
                # nothing stands around us any more that would tell the owner
                log.exception("unexpected", path=told(scope.get("path", "")))
                raise
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send(await self._start())
            else:
                await self._fanlight.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> dict[str, str]:
        settings = self._fanlight.settings
        logs.configure(settings.log_format, settings.log_level)
        try:
            await self._fanlight.begin()
            await self._fanlight.start()
            await greet(self._fanlight)
        except FanlightError as error:
            log.critical("start.failed", code=error.public_code, message=error.public_message)
            return {"type": "lifespan.startup.failed", "message": error.public_message}
        return {"type": "lifespan.startup.complete"}
