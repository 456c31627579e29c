"""Reading the argument of a call from where its style puts it."""

from __future__ import annotations

import json
from typing import Any

from ..errors import BadInput
from ..schema import BadArgument
from .call import Call

IN_BODY, IN_HEADER, IN_QUERY = (
    "request body",
    'HTTP header "Dropbox-API-Arg"',
    'URL parameter "arg"',
)

_CORS = "text/plain; charset=dropbox-cors-hack"
_RPC_TYPES = ("application/json", "application/json; charset=utf-8", _CORS)
_UPLOAD_TYPES = ("application/octet-stream", _CORS)
MAX_ARGUMENT = 16 * 1024 * 1024


async def read_argument(call: Call) -> None:
    """Fill in ``call.arg``; refuse what does not fit the route's type."""
    where, value = await _raw(call)
    call.record.arg = value
    try:
        if call.route.arg == "void":
            if value is not None:
                raise BadInput(f"{where}: expected null, got value")
            return
        call.arg = call.route.parse(value)
    except BadArgument as bad:
        raise BadInput(f"{where}: {bad}") from None


async def _raw(call: Call) -> tuple[str, Any]:
    route, request = call.route, call.request
    content_type = request.headers.get("Content-Type")
    if route.style == "rpc":
        body = await call.body.read() if request.body_exists else b""
        if len(body) > MAX_ARGUMENT:
            raise BadInput("request body: too large")
        if not (route.arg == "void" and not body.strip()):
            _check_type(content_type, _RPC_TYPES)
            return IN_BODY, _decode(IN_BODY, body)
        if content_type is not None:
            _check_type(content_type, (*_RPC_TYPES, *_UPLOAD_TYPES))
        return IN_BODY, None
    if route.style == "upload":
        _check_type(content_type, _UPLOAD_TYPES, exact=True)
    elif content_type is not None and not content_type.startswith("text/plain"):
        _check_type(content_type, _UPLOAD_TYPES)
    text = request.headers.get("Dropbox-API-Arg")
    if text is not None:
        return IN_HEADER, _decode(IN_HEADER, text)
    text = request.query.get("arg")
    if text is None:
        raise BadInput('Must provide HTTP header "Dropbox-API-Arg" or URL parameter "arg".')
    return IN_QUERY, _decode(IN_QUERY, text)


def _decode(where: str, text: str | bytes) -> Any:
    try:
        if isinstance(text, str) and not text.isascii():
            # Bytes that are not UTF-8 arrive as lone surrogates and cannot be encoded again.
            text.encode()
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"{where}: could not decode input as JSON") from None


def _check_type(given: str | None, allowed: tuple[str, ...], exact: bool = False) -> None:
    if given in allowed:
        return
    plain = (given or "").replace(" ", "").lower()
    if not exact and plain in {each.replace(" ", "") for each in allowed}:
        return
    names = ", ".join(f'"{each}"' for each in allowed)
    raise BadInput(f'Bad HTTP "Content-Type" header: "{given or ""}".  Expecting one of {names}.')
