"""Answers without the asset: errors as one line of text, redirects, preflights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from fanlight.delivery.addresses import readable
from fanlight.errors import BadRange as BadRangeError
from fanlight.web.errors import Fault, fault_of, line

if TYPE_CHECKING:
    from fanlight.delivery.answers import Away, BadRange, Redirect, Unmet
    from fanlight.delivery.representation import Head
    from fanlight.web.types import HttpScope, Send

METHODS = "GET, HEAD, OPTIONS"
_OPEN = (b"access-control-allow-origin", b"*")
_PREFLIGHT: Head = (
    (b"allow", METHODS.encode()),
    _OPEN,
    (b"access-control-allow-methods", METHODS.encode()),
    (
        b"access-control-allow-headers",
        b"Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, If-Range",
    ),
    (b"access-control-max-age", b"86400"),
)
_UNMET = Fault(
    412,
    "precondition-failed",
    "The condition of the request does not hold.",
    "Ask again without it.",
    {},
)


async def send_error(scope: HttpScope, send: Send, error: Exception) -> None:
    """Say what is wrong, to whoever may ask; nobody keeps it."""
    fault = fault_of(error)
    soon: Head = ()
    if fault.status == 503 and "Retry-After" not in fault.headers:
        soon = ((b"retry-after", b"1"),)
    await _send_fault(scope, send, fault, soon)


async def send_unmet(scope: HttpScope, send: Send, answer: Unmet) -> None:
    """412."""
    await _send_fault(scope, send, _UNMET, _without(answer.head, b"cache-control"))


async def send_bad_range(scope: HttpScope, send: Send, answer: BadRange) -> None:
    """416, with the length that there is."""
    head = _without(answer.head, b"cache-control")
    await _send_fault(scope, send, fault_of(BadRangeError()), head)


async def send_wrong_method(scope: HttpScope, send: Send) -> None:
    """405, naming what is allowed."""
    error = HTTPException(405, headers={"Allow": METHODS})
    await _send_fault(scope, send, fault_of(error), ())


async def send_redirect(scope: HttpScope, send: Send, answer: Redirect) -> None:
    """302 to the current alias, with the query as it was; asked for anew each time."""
    location = readable(answer.alias).encode()
    if scope["query_string"]:
        location += b"?" + scope["query_string"]
    head = ((b"location", location), (b"cache-control", b"no-cache"), _OPEN)
    await _send(send, 302, (*head, (b"content-length", b"0")), b"")


async def send_away(send: Send, answer: Away) -> None:
    """302 to the provider."""
    await _send(send, 302, (*answer.head, _OPEN), b"")


async def send_preflight(send: Send) -> None:
    """204: pages anywhere may read public assets, also in parts."""
    await _send(send, 204, _PREFLIGHT, b"")


async def _send_fault(scope: HttpScope, send: Send, fault: Fault, more: Head) -> None:
    response = line(fault, "")
    head = (
        *response.raw_headers,
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *more,
        *(() if any(name == _OPEN[0] for name, _ in more) else (_OPEN,)),
    )
    await _send(send, fault.status, head, b"" if scope["method"] == "HEAD" else response.body)


async def _send(send: Send, status: int, head: Head, body: bytes | memoryview) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(head)})
    await send({"type": "http.response.body", "body": bytes(body)})


def _without(head: Head, unwanted: bytes) -> Head:
    return tuple(header for header in head if header[0] != unwanted)
