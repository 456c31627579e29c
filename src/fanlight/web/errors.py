"""Which HTTP status an error has, and the faces it is shown with.

The table is the only place where a fact of the domain becomes a number. Three faces exist: problem
details (RFC 9457) for our own API, one line of text for image-bed clients, a page for people.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from fanlight import errors
from fanlight.errors import FanlightError

if TYPE_CHECKING:
    from starlette.requests import Request

PROBLEM_TYPE = "application/problem+json"

STATUS: dict[type[FanlightError], int] = {
    errors.FanlightError: 500,
    errors.Invalid: 400,
    errors.BadName: 400,
    errors.BadBody: 400,
    errors.Incomplete: 400,
    errors.Stalled: 408,
    errors.BadCursor: 400,
    errors.TooLarge: 413,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Unauthenticated: 401,
    errors.PasswordNeeded: 401,
    errors.Forbidden: 403,
    errors.NotYetOpen: 403,
    errors.Expired: 410,
    errors.Throttled: 429,
    errors.Overloaded: 503,
    errors.StorageError: 502,
    errors.ObjectMissing: 404,
    errors.ObjectChanged: 409,
    errors.CursorLost: 503,
    errors.AlreadyExists: 409,
    errors.BadLocator: 400,
    errors.BadRange: 416,
    errors.NotSupported: 409,
    errors.ReadOnly: 409,
    errors.StorageFull: 507,
    errors.ReconnectNeeded: 503,
    errors.ScopeMissing: 503,
    errors.ClientRefused: 503,
    errors.ConnectFailed: 409,
    errors.RateLimited: 503,
    errors.StorageUnavailable: 503,
    errors.ChecksumMismatch: 502,
    errors.PictureError: 503,
    errors.UnreadablePicture: 415,
    errors.BrokenPicture: 422,
    errors.PictureTooLarge: 413,
    errors.PictureTooSlow: 422,
    errors.NoticeError: 502,
    errors.MailRefused: 502,
    errors.MailUnavailable: 503,
    errors.CallRefused: 502,
    errors.CallUnavailable: 503,
    errors.CatalogueError: 500,
    errors.CatalogueBusy: 503,
    errors.CatalogueUnavailable: 503,
    errors.CatalogueTooNew: 503,
    errors.SealError: 500,
    errors.SettingsError: 500,
    errors.JobCancelled: 409,
    errors.Unreachable: 502,
}

HTTP_FACTS: dict[int, tuple[str, str, str]] = {
    404: ("not-found", "There is nothing at this address.", "Check the address."),
    405: (
        "method-not-allowed",
        "This address does not take that method.",
        "Use one of the methods in the Allow header.",
    ),
    406: ("not-acceptable", "This address cannot answer in that form.", "Ask for another."),
}


def status_of(error: FanlightError) -> int:
    """The HTTP status of an error: its class's row, or that of the nearest parent."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure ready to be shown: what every face needs, and nothing secret."""

    status: int
    code: str
    message: str
    remedy: str
    headers: dict[str, str]
    temporary: bool = False
    about: str = ""
    """The part of the request that is wrong, if it is one."""


RECONNECT = 300.0
"""Seconds after which a client may try a channel again that must be reconnected."""


def fault_of(error: Exception) -> Fault:
    """Describe any exception; what we do not know is an internal error without details."""
    if isinstance(error, FanlightError):
        return _ours(error)
    if isinstance(error, HTTPException):
        code, message, remedy = HTTP_FACTS.get(
            error.status_code, (f"http-{error.status_code}", str(error.detail), "")
        )
        return Fault(error.status_code, code, message, remedy, dict(error.headers or {}))
    return _ours(FanlightError())


def _ours(error: FanlightError) -> Fault:
    status, headers = status_of(error), dict[str, str]()
    wait = error.retry_after
    if wait is None and isinstance(error, errors.ReconnectNeeded):
        wait = RECONNECT  # the owner may need a moment, but clients need not give up
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Fanlight"'
    return Fault(
        status,
        error.public_code,
        error.public_message,
        error.public_remedy,
        headers,
        type(error).temporary,
        error.about,
    )


def problem(fault: Fault, request_id: str) -> Response:
    """The face for programs: RFC 9457, with a code that stays and the next step."""
    content = {
        "type": f"urn:fanlight:error:{fault.code}",
        "title": fault.message,
        "status": fault.status,
        "code": fault.code,
        "remedy": fault.remedy,
        "temporary": fault.temporary,
        "request_id": request_id,
        **({"about": fault.about} if fault.about else {}),
    }
    return JSONResponse(content, fault.status, fault.headers, media_type=PROBLEM_TYPE)


def line(fault: Fault, request_id: str) -> Response:
    """The face for image-bed clients: one line of text, `Unauthorized` where they look for it."""
    del request_id
    if fault.status == 401:
        return PlainTextResponse("Unauthorized", fault.status, fault.headers)
    text = f"Error: {fault.message} {fault.remedy}".rstrip()
    return PlainTextResponse(text, fault.status, fault.headers)


Face = Callable[[Fault, str], Response]


def request_id(request: Request) -> str:
    """The id that the log lines of this request carry."""
    return str(request.scope.get("state", {}).get("request_id", ""))
