"""Every failure gets an answer with a face that fits the door, and unknown ones a log entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from starlette.exceptions import HTTPException

from fanlight.errors import FanlightError
from fanlight.web.errors import Fault, fault_of, line, problem

if TYPE_CHECKING:
    from starlette.responses import Response

    from fanlight.web.errors import Face
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

log = structlog.get_logger("web")


class Cut(Exception):
    """An answer that had begun cannot be ended well: the server shall close the connection.

    What went wrong has been logged.
    """


class Failures:
    """Turns exceptions into answers. `page` is the face for people's addresses."""

    def __init__(self, app: ASGIApp, *, page: Face) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Cut:
            raise
        except Exception as error:
            fault = fault_of(error)
            note(error, fault)
            if started:
                raise Cut from error
            response = self._face(scope, fault)
            await response(scope, receive, send)

    def _face(self, scope: HttpScope, fault: Fault) -> Response:
        path, request_id = scope["path"], str(scope.get("state", {}).get("request_id", ""))
        if path.startswith("/api/"):
            return problem(fault, request_id)
        if path.startswith("/upload"):
            return line(fault, request_id)
        return self._page(fault, request_id)


def note(error: Exception, fault: Fault) -> None:
    """Log what the owner must know: the unknown with its traceback, server faults by name."""
    if not isinstance(error, FanlightError | HTTPException):
        log.error("unexpected", exc_info=error)
    elif fault.status >= 500:
        log.warning("failed", code=fault.code, message=fault.message, exc_info=error.__cause__)
