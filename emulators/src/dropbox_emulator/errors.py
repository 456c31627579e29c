"""The error tree.

::

    Refusal                  any reply that is not a success, ready to be sent
      BadInput               400 text/plain
      Unauthorized           401 AuthError
      Forbidden              403 AccessError
      EndpointError          409, the union of the route
      PathRootRefused        422 PathRootError
      RateLimited            429 JSON or text
      PlainRefusal           any other status with a text or HTML body
    LookupFailed             a path that cannot be read; routes say under which tag it appears
    WriteFailed              a path that cannot be written; likewise
    NamespaceBusy            somebody else holds the namespace's write lock
"""

from __future__ import annotations

import random
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain; charset=utf-8"

Wire = dict[str, Any]


def union(*tags: str, **value: Any) -> Wire:
    """Nest tags as the API writes them; ``value`` belongs to the innermost.

    >>> union("path", "conflict", "file")
    {'.tag': 'path', 'path': {'.tag': 'conflict', 'conflict': {'.tag': 'file'}}}
    """
    wire: Wire = {".tag": tags[-1], **value}
    for tag in reversed(tags[:-1]):
        wire = {".tag": tag, tag: wire}
    return wire


# Tags whose value is a struct with subtypes: its own ".tag" says a kind, not an error.
_CARRIES_A_STRUCT = frozenset({"metadata", "invalid_root"})


def summary(error: Wire) -> str:
    """``error_summary``: the tags joined by ``/``, then ``/`` and none to three dots.

    The dots are random on purpose: the real ones are, so that nobody compares the whole text.
    """
    tags: list[str] = []
    at: Wire | None = error
    while at is not None and ".tag" in at:
        tag: str = at[".tag"]
        tags.append(tag)
        if tag in _CARRIES_A_STRUCT:
            break
        below: Any = at.get(tag, at.get("reason"))
        at = cast("Wire", below) if isinstance(below, dict) else None
    return "/".join(tags) + "/" + "." * random.randrange(4)


class Refusal(Exception):
    """A reply other than success."""

    status = 500
    content_type = JSON_TYPE

    def headers(self) -> dict[str, str]:
        """Extra headers of the reply."""
        return {}

    def body(self, function: str) -> Any:
        """JSON value, or text if ``content_type`` is not JSON."""
        raise NotImplementedError


class BadInput(Refusal):
    """400: the caller broke the contract. ``text`` follows the standard opening."""

    status = 400
    content_type = TEXT_TYPE

    def __init__(self, text: str, *, bare: bool = False) -> None:
        super().__init__(text)
        self.text, self.bare = text, bare

    def body(self, function: str) -> str:
        """``Error in call to API function "…": …``."""
        return (
            self.text if self.bare else f'Error in call to API function "{function}": {self.text}'
        )


class _Tagged(Refusal):
    def __init__(self, error: Wire, *, user_message: str | None = None) -> None:
        super().__init__(summary(error).rstrip("/."))
        self.error, self.user_message = error, user_message

    def body(self, function: str) -> Wire:
        """``error_summary`` and ``error``, and ``user_message`` where there is one."""
        wire: Wire = {"error_summary": summary(self.error), "error": self.error}
        if self.user_message:
            wire["user_message"] = {"text": self.user_message, "locale": "en"}
        return wire


class Unauthorized(_Tagged):
    """401: the token is of no use for this call."""

    status = 401

    def __init__(self, tag: str, **value: Any) -> None:
        super().__init__(union(tag, **value))

    def headers(self) -> dict[str, str]:
        """As captured from the real service in 2024."""
        return {"WWW-Authenticate": 'Bearer realm="Dropbox-API"', "Cache-Control": "no-cache"}


class Forbidden(_Tagged):
    """403: the account may not do this."""

    status = 403


class EndpointError(_Tagged):
    """409: an error of the route's own union."""

    status = 409


class PathRootRefused(_Tagged):
    """422: the ``Dropbox-API-Path-Root`` header names a root that is not the caller's."""

    status = 422


class RateLimited(Refusal):
    """429, always with ``Retry-After``."""

    status = 429

    def __init__(
        self, reason: str = "too_many_requests", retry_after: int = 15, *, text: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after
        self.content_type = TEXT_TYPE if text else JSON_TYPE

    def headers(self) -> dict[str, str]:
        """``Retry-After`` in seconds."""
        return {"Retry-After": str(self.retry_after)}

    def body(self, function: str) -> Any:
        """RateLimitError, or the plain form that means too_many_requests."""
        if self.content_type == TEXT_TYPE:
            return f"{self.reason}/"
        error = {"reason": {".tag": self.reason}, "retry_after": self.retry_after}
        return {"error_summary": f"{self.reason}/" + "." * random.randrange(4), "error": error}


class PlainRefusal(Refusal):
    """Any status with a fixed text or page."""

    def __init__(self, status: int, text: str, content_type: str = TEXT_TYPE) -> None:
        super().__init__(text)
        self.status, self.text, self.content_type = status, text, content_type

    def body(self, function: str) -> str:
        """The text as it was given."""
        return self.text


class LookupFailed(Exception):
    """A LookupError of the API, without the tag under which a route reports it."""

    def __init__(self, *tags: str, **value: Any) -> None:
        super().__init__("/".join(tags))
        self.reason = union(*tags, **value)


class WriteFailed(Exception):
    """A WriteError of the API, without the tag under which a route reports it."""

    def __init__(self, *tags: str, **value: Any) -> None:
        super().__init__("/".join(tags))
        self.reason = union(*tags, **value)


class NamespaceBusy(Exception):
    """The namespace's write lock is held by another call."""


@contextmanager
def reported(lookup: str = "path", write: str = "path") -> Generator[None]:
    """Turn path failures into the route's error, under the given tags."""
    try:
        yield
    except LookupFailed as failure:
        raise EndpointError({".tag": lookup, lookup: failure.reason}) from None
    except WriteFailed as failure:
        raise EndpointError({".tag": write, write: failure.reason}) from None
