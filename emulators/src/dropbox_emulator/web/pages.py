"""Finds the page for a request, and lets faults strike there too."""

from __future__ import annotations

import asyncio

from aiohttp.web import BaseRequest, Response, StreamResponse

from ..errors import RateLimited, Refusal
from ..service import Service
from ..transport.bodies import ConnectionCut, Delivery, RequestBody, reset, send_bytes
from ..transport.hosts import Origin
from ..transport.replies import SERVER_ERROR_PAGE, base_headers, refusal_parts, to_json
from ..trouble.faults import Fault
from . import connected, consent, console, console_app, links, login, shared, token
from .page import Page, PageRoute
from .signed_in import SignIns

ROUTES: tuple[PageRoute, ...] = (
    *token.ROUTES,
    *login.ROUTES,
    *consent.ROUTES,
    *console.ROUTES,
    *console_app.ROUTES,
    *connected.ROUTES,
    *links.ROUTES,
    *shared.ROUTES,
)

# What the token endpoint says when it is the server's fault (captured).
TOKEN_TROUBLE = {
    "error": "The server has either erred or is incapable of performing the requested operation."
}


class Pages:
    """Everything outside ``/2/``."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._sign_ins = SignIns()

    async def answer(self, request: BaseRequest, origin: Origin) -> StreamResponse:
        """Answer a request for a page."""
        service = self._service
        fits = [
            (route, found)
            for route in ROUTES
            if (origin.kind is None or origin.kind in route.hosts)
            and (found := route.pattern.fullmatch(origin.path)) is not None
        ]
        allowed = [pair for pair in fits if request.method in pair[0].methods]
        name = (allowed or fits)[0][0].name if fits else "(none)"
        record = service.log.begin(
            name,
            request.method,
            request.host,
            request.path_qs,
            request.headers,
            service.world.clock.now(),
        )
        try:
            if not allowed:
                status = 405 if fits else 404
                headers = base_headers("text/plain; charset=utf-8")
                text = b"Method not allowed." if fits else b"Nothing here."
                return await send_bytes(request, record, status, headers, text)
            fault = service.faults.strike(name, None) if service.faults.orders else None
            record.fault = fault.kind if fault else None
            route, found = allowed[0]
            pace = service.settings.bytes_per_second
            delivery = _delivery(fault, pace)
            cut = fault.after_bytes if fault and fault.on == "request" else None
            body = RequestBody(request, record, pace, cut)
            page = Page(service, request, origin, record, self._sign_ins, found, body, delivery)
            if fault is not None:
                early = await _strike(page, fault)
                if early is not None:
                    return early
            reply = await route.handler(page)
            if fault is not None and fault.kind == "lost_reply":
                reset(request)
                raise ConnectionCut
            return reply
        except (ConnectionCut, ConnectionError):
            record.status = 0
            return Response()
        except Refusal as refusal:
            return await send_bytes(request, record, *refusal_parts(refusal, name))
        finally:
            service.log.end(record)


def _delivery(fault: Fault | None, pace: float | None) -> Delivery | None:
    if fault is None:
        return Delivery(pace=pace) if pace else None
    delivery = Delivery(pace=pace)
    if fault.kind == "connection_reset" and fault.on == "reply":
        delivery.reset_after = fault.after_bytes
    elif fault.kind == "truncated_body":
        delivery.truncate_after = fault.after_bytes
    return delivery


async def _strike(page: Page, fault: Fault) -> StreamResponse | None:
    request, record = page.request, page.record
    if fault.kind == "rate_limited":
        raise RateLimited("too_many_requests", fault.retry_after, text=fault.text)
    if fault.kind == "server_error":
        if record.route == "oauth2/token":
            headers = base_headers("application/json")
            return await send_bytes(request, record, fault.status, headers, to_json(TOKEN_TROUBLE))
        headers = base_headers("text/html; charset=utf-8")
        body = SERVER_ERROR_PAGE.format(status=fault.status).encode()
        return await send_bytes(request, record, fault.status, headers, body)
    if fault.kind == "slow_first_byte":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "connection_reset" and fault.on == "reply" and not fault.after_bytes:
        reset(request)
        raise ConnectionCut
    return None
