"""How results and refusals look on the wire."""

from __future__ import annotations

import json
from typing import Any

from ..errors import JSON_TYPE, Refusal
from ..ids import request_id

_encode = json.JSONEncoder(separators=(", ", ": ")).encode

SERVER = "envoy"


def to_json(value: Any) -> bytes:
    """JSON as the API sends it: ASCII."""
    return _encode(value).encode()


def header_json(value: Any) -> str:
    """JSON for ``Dropbox-API-Result``: ASCII, and DEL escaped as well."""
    return _encode(value).replace("\x7f", "\\u007f")


def base_headers(content_type: str) -> dict[str, str]:
    """Headers that every reply carries."""
    return {
        "Content-Type": content_type,
        "X-Dropbox-Request-Id": request_id(),
        "X-Content-Type-Options": "nosniff",
        "X-Dropbox-Response-Origin": "far_remote",
        "Server": SERVER,
    }


def json_headers() -> dict[str, str]:
    """Headers of a JSON reply: exactly ``application/json``, the Python SDK insists."""
    return base_headers(JSON_TYPE)


def refusal_parts(refusal: Refusal, function: str) -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of a refusal."""
    headers = {**base_headers(refusal.content_type), **refusal.headers()}
    body = refusal.body(function)
    if refusal.content_type == JSON_TYPE:
        return refusal.status, headers, to_json(body)
    return refusal.status, headers, str(body).encode()


SERVER_ERROR_PAGE = """<!DOCTYPE html>
<html><head><title>Dropbox - {status}</title></head>
<body><h1>Error</h1><p>Something went wrong. Don't worry, your files are still safe and the
people in charge have been notified.</p></body></html>
"""
