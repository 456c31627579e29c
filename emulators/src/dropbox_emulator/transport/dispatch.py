"""The way of an API call: fault, latency, authentication, argument, handler, reply."""

from __future__ import annotations

import inspect
import json
from typing import Any

from aiohttp.web import BaseRequest, Response, StreamResponse

from ..errors import (
    BadInput,
    EndpointError,
    PlainRefusal,
    RateLimited,
    Refusal,
    Unauthorized,
    union,
)
from ..routes import HANDLERS
from ..schema import BadArgument, Route, Tag
from ..service import Service
from ..trouble.faults import Fault
from ..trouble.requestlog import Record
from .arguments import read_argument
from .authenticate import authenticate
from .bodies import ConnectionCut, Delivery, RequestBody, Span, reset, send_bytes, send_span
from .call import Call, Download
from .hosts import Origin
from .ranges import Unsatisfiable, parse_range
from .replies import (
    SERVER_ERROR_PAGE,
    base_headers,
    header_json,
    json_headers,
    refusal_parts,
    to_json,
)

_ASYNC = {name for name, handler in HANDLERS.items() if inspect.iscoroutinefunction(handler)}


class Dispatcher:
    """Answers everything under ``/2/``."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._routes = service.table.routes

    async def answer(self, request: BaseRequest, origin: Origin) -> StreamResponse:
        """Answer one call, and write it into the log."""
        service = self._service
        route = self._routes.get(origin.path)
        name = route.name if route else origin.path[3:]
        record = service.log.begin(
            name,
            request.method,
            request.host,
            request.path_qs,
            request.headers,
            service.world.clock.now(),
        )
        try:
            if route is None:
                raise BadInput(f'Unknown API function: "{name}"')
            return await self._answer(request, origin, route, record)
        except Refusal as refusal:
            parts = refusal_parts(refusal, name)
            service.observe(route, parts[0], parts[2])
            return await send_bytes(request, record, *parts)
        except (ConnectionCut, ConnectionError):
            record.status = 0
            return Response()
        finally:
            service.log.end(record)

    async def _answer(
        self, request: BaseRequest, origin: Origin, route: Route, record: Record
    ) -> StreamResponse:
        service = self._service
        fault = None
        if service.faults.orders:
            fault = service.faults.strike(route.name, self._account_of(request))
            record.fault = fault.kind if fault else None
        pace = service.settings.bytes_per_second
        cut = fault.after_bytes if fault and _cuts_request(fault) else None
        call = Call(
            service, request, origin, route, record, RequestBody(request, record, pace, cut), fault
        )
        delivery = _delivery(call, pace) if fault or pace else None
        try:
            result = await self._run(call)
        except Refusal as refusal:
            parts = refusal_parts(refusal, route.name)
            service.observe(route, parts[0], parts[2])
            return await send_bytes(request, record, *parts, delivery)
        if fault is not None and fault.kind == "lost_reply":
            reset(request)
            raise ConnectionCut
        if isinstance(result, Download):
            return await self._send_download(call, result, delivery)
        body = to_json(result)
        service.observe(route, 200, body)
        return await send_bytes(request, record, 200, json_headers(), body, delivery)

    async def _run(self, call: Call) -> Any:
        route, service = call.route, self._service
        self._check_host(call)
        if call.request.method == "POST":
            if call.request.headers.get("Expect", "").lower() == "100-continue":
                _go_on(call.request)
        elif call.request.method != "GET" or route.style != "download":
            raise PlainRefusal(405, "This function accepts POST requests only.")
        if call.fault is not None:
            _strike(call, call.fault)
        authenticate(call)
        await read_argument(call)
        _read_path_root(call)
        if service.latency.active:
            async with service.latency.around(route.name, service.thumbnails.is_warm(call)):
                result = await _handle(call)
        else:
            result = await _handle(call)
        if service.settings.check_replies:
            _check_reply(call, result)
        return result

    def _check_host(self, call: Call) -> None:
        # Assumption: a function on the wrong host is refused as unknown there.
        kind = call.origin.kind
        if kind is not None and kind != call.route.host:
            raise BadInput(
                f'Unknown API function: "{call.route.name}" on host "{kind}"; '
                f'it is served by host "{call.route.host}".'
            )

    def _account_of(self, request: BaseRequest) -> str | None:
        header = request.headers.get("Authorization", "")
        grants = self._service.world.grants
        token = grants.tokens.get(header.removeprefix("Bearer "))
        return grants.by_id[token.grant].account if token else None

    async def _send_download(
        self, call: Call, download: Download, delivery: Delivery | None
    ) -> StreamResponse:
        headers = base_headers(download.content_type)
        headers["Dropbox-API-Result"] = header_json(download.result)
        self._service.observe(call.route, 200, headers["Dropbox-API-Result"].encode())
        request, record = call.request, call.record
        if download.etag is not None:
            headers["ETag"] = f'"{download.etag}"'
            if request.method == "GET" and not_modified(request, headers["ETag"]):
                return await send_bytes(request, record, 304, headers, b"")
        if download.span is None:
            return await send_bytes(request, record, 200, headers, download.data or b"", delivery)
        headers["Accept-Ranges"] = "bytes"
        status, span = 200, download.span
        try:
            part = parse_range(request.headers.get("Range"), span.count)
        except Unsatisfiable:
            return await self._unsatisfiable(call, span.count)
        if part is not None:
            headers["Content-Range"] = f"bytes {part[0]}-{part[0] + part[1] - 1}/{span.count}"
            status, span = 206, Span(span.path, *part)
        if delivery is not None and delivery.change_after is not None:
            delivery.change = lambda: call.service.change_file(download)
        return await send_span(request, record, status, headers, span, delivery)

    async def _unsatisfiable(self, call: Call, size: int) -> StreamResponse:
        # The status is not verified (409 inferred from the Go SDK, 416 is what HTTP says).
        refusal: Refusal = EndpointError(union("range", "not_satisfiable"))
        status, headers, body = refusal_parts(refusal, call.route.name)
        self._service.observe(call.route, status, body)
        if self._service.settings.range_error_status == 416:
            status, headers["Content-Range"] = 416, f"bytes */{size}"
        return await send_bytes(call.request, call.record, status, headers, body)


async def _handle(call: Call) -> Any:
    result = HANDLERS[call.route.name](call)
    return await result if call.route.name in _ASYNC else result


def not_modified(request: BaseRequest, etag: str) -> bool:
    """Whether ``If-None-Match`` names this version."""
    wanted = request.headers.get("If-None-Match")
    if wanted is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    return etag in tags or "*" in tags or etag.strip('"') in tags


def _go_on(request: BaseRequest) -> None:
    if request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _cuts_request(fault: Fault) -> bool:
    return fault.kind == "connection_reset" and fault.on == "request"


def _delivery(call: Call, pace: float | None) -> Delivery:
    fault, delivery = call.fault, Delivery(pace=pace)
    if fault is None:
        return delivery
    if fault.kind == "connection_reset" and fault.on == "reply":
        delivery.reset_after = fault.after_bytes
    elif fault.kind == "truncated_body":
        delivery.truncate_after = fault.after_bytes
    elif fault.kind == "slow_first_byte":
        delivery.slow_first_byte = fault.seconds
    elif fault.kind == "file_changed":
        delivery.change_after = fault.after_bytes
    return delivery


def _strike(call: Call, fault: Fault) -> None:
    """Faults that refuse the call before anything is done."""
    if fault.kind == "rate_limited":
        raise RateLimited("too_many_requests", fault.retry_after, text=fault.text)
    if fault.kind == "server_error":
        page = SERVER_ERROR_PAGE.format(status=fault.status)
        raise PlainRefusal(fault.status, page, "text/html; charset=utf-8")
    if fault.kind == "token_expired":
        raise Unauthorized("expired_access_token")
    if fault.kind == "token_revoked":
        raise Unauthorized("invalid_access_token")
    if fault.kind == "account_suspended":
        raise Unauthorized("user_suspended")
    if fault.kind == "cursor_reset":
        raise EndpointError(union("reset"))


def _read_path_root(call: Call) -> None:
    text = call.request.headers.get("Dropbox-API-Path-Root")
    if text is None:
        return
    where = "Dropbox-API-Path-Root"
    try:
        root: Tag = call.service.table.path_root(json.loads(text))
    except ValueError:
        raise BadInput(f"{where}: could not decode input as JSON") from None
    except BadArgument as bad:
        raise BadInput(f"{where}: {bad}") from None
    call.path_root = root
    if call.account_or_none is not None:
        call.view()


def _check_reply(call: Call, result: Any) -> None:
    value = result.result if isinstance(result, Download) else result
    try:
        call.service.table.wire.check(call.route.result, value)
    except BadArgument as bad:
        raise AssertionError(f"{call.route.name} answered wrongly: {bad}") from None
