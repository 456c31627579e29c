"""Problems of the API: the answers to what FastAPI refuses, and what each operation may answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from fanlight.errors import FanlightError
from fanlight.web.api.shapes import Problem
from fanlight.web.errors import PROBLEM_TYPE, fault_of, problem, request_id
from fanlight.web.middleware.failures import note

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

WORDS = {
    400: "Something in the request cannot be used.",
    401: "No proof of who asks, or a bad one.",
    403: "Known, but not allowed.",
    404: "There is no such thing.",
    405: "The address does not take that method.",
    408: "The body stood still for too long.",
    409: "It does not fit what is there.",
    410: "Its time is over.",
    413: "Larger than the server accepts.",
    422: "The request does not have the documented form; `errors` says where.",
    429: "Too many tries; see Retry-After.",
    502: "A storage service failed.",
    503: "Not right now; try again.",
    507: "The storage is full.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The failures an operation documents, beside those that every one has."""
    return {
        status: {"description": WORDS[status], "model": Problem}
        for status in sorted({400, 401, 403, 410, 422, 503, *statuses})
    }


def content(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """A success that is no JSON of ours, in one of these media types."""
    return {
        200: {
            "description": "The bytes.",
            "content": {kind: {"schema": {"type": "string"}} for kind in kinds},
        }
    }


def answer_with_problems(app: FastAPI) -> None:
    """Give everything that FastAPI would refuse by itself the same face."""
    app.add_exception_handler(FanlightError, _ours)
    app.add_exception_handler(HTTPException, _ours)
    app.add_exception_handler(RequestValidationError, _malformed)


async def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and isinstance(error.__cause__, FanlightError):
        error = error.__cause__  # the framework wraps what the reading of a body raises
    fault = fault_of(error)
    note(error, fault)
    return problem(fault, request_id(request))


async def _malformed(request: Request, error: Exception) -> Response:
    found: Sequence[dict[str, Any]] = []
    if isinstance(error, RequestValidationError):
        found = error.errors()
    content: dict[str, object] = {
        "type": "urn:fanlight:error:invalid.request",
        "title": "The request does not have the documented form.",
        "status": 422,
        "code": "invalid.request",
        "remedy": "Correct what is named in errors; see /api/v1/openapi.json.",
        "temporary": False,
        "request_id": request_id(request),
        "errors": [
            {"where": ".".join(str(step) for step in one["loc"]), "what": one["msg"]}
            for one in found
        ],
    }
    return JSONResponse(content, 422, media_type=PROBLEM_TYPE)
