"""What Dropbox answers when it does not do what was asked, in our errors.

400 and sometimes 429 are plain text, 5xx may be a page; the rest is JSON with tags. Only tags and
the status count: `error_summary` ends in random dots, and texts change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    BadRange,
    ChecksumMismatch,
    CursorLost,
    NotSupported,
    ObjectMissing,
    RateLimited,
    ReadOnly,
    ReconnectNeeded,
    ScopeMissing,
    StorageError,
    StorageFull,
    StorageUnavailable,
)

Wire = dict[str, Any]
BUSY = 1.0
"""Seconds to wait while somebody else writes in the same namespace."""

_SCOPE = re.compile(r"required scope '([^']+)'")
_TOLD = {
    "reset": CursorLost,
    "range": BadRange,
    "conflict": AlreadyExists,
    "duplicated_or_nested_paths": AlreadyExists,
    "not_found": ObjectMissing,
    "not_file": ObjectMissing,
    "not_folder": ObjectMissing,
    "malformed_path": BadLocator,
    "disallowed_name": BadLocator,
    "cant_nest_shared_folder": BadLocator,
    "cant_move_folder_into_itself": BadLocator,
    "no_write_permission": ReadOnly,
    "access_restricted": ReadOnly,
    "team_folder": ReadOnly,
    "insufficient_space": StorageFull,
    "insufficient_quota": StorageFull,
    "content_hash_mismatch": ChecksumMismatch,
    "unsupported_file": NotSupported,
    "unsupported_content": NotSupported,
    "restricted_content": NotSupported,
    "internal_error": StorageUnavailable,
    "operation_suppressed": StorageUnavailable,
}


class Unscoped(ScopeMissing):
    """Dropbox named the scope that is missing: on the app, or only on the token."""

    def __init__(self, scope: str, *, app: bool) -> None:
        super().__init__(code="scope-missing.app" if app else "scope-missing.token")
        self.scope = scope
        self.app = app


class Refused(StorageError):
    """A refusal that only the call itself can make sense of."""

    def __init__(self, tags: tuple[str, ...], error: Wire) -> None:
        super().__init__(f"Dropbox refused: {', '.join(tags) or 'no reason given'}.")
        self.tags = tags
        self.error = error


class StaleToken(Exception):
    """The access token has run out or was refused; never leaves this package."""


class OtherRoot(Exception):
    """The user's root namespace is another one; never leaves this package."""


def refusal(status: int, body: bytes, retry_after: float | None = None) -> Exception:
    """The error for an answer that is no success."""
    if status == 429:
        return RateLimited(retry_after=_pause(body) if retry_after is None else retry_after)
    if status >= 500:
        return StorageUnavailable(f"Dropbox answers with {status}.")
    if status == 400:
        return _malformed(body.decode("utf-8", "replace"))
    if status == 416:
        return BadRange()
    if status == 413:
        return told({".tag": "payload_too_large"})
    error = _error(body)
    if status == 401:
        return _unauthorized(error)
    if status == 403:
        return ReadOnly(f"Dropbox does not allow this to the account: {'/'.join(tags(error))}.")
    if status == 422:
        return OtherRoot()
    if status == 409:
        return told(error)
    return StorageUnavailable(f"Dropbox answers with {status}.")


def told(error: Wire) -> StorageError:
    """The error for an endpoint's own error, whole or of one entry of a batch."""
    found = tuple(tags(error))
    if "too_many_write_operations" in found:
        return RateLimited(retry_after=BUSY)
    if "email_not_verified" in found:
        return NotSupported(
            "Dropbox makes no links for an account whose e-mail address is not verified.",
            remedy="Open the letter from Dropbox and press the button in it.",
            code="not-supported.email",
        )
    for tag in found:
        if tag in _TOLD:
            return _TOLD[tag]()
    return Refused(found, error)


def tags(error: object) -> Iterator[str]:
    """All tags in an error, from the outside in."""
    if not isinstance(error, dict):
        return
    wire = cast("Wire", error)
    if isinstance(tag := wire.get(".tag"), str):
        yield tag
    for value in wire.values():
        yield from tags(value)


def _error(body: bytes) -> Wire:
    try:
        found: object = json.loads(body)
    except ValueError:
        return {}
    error = cast("Wire", found).get("error") if isinstance(found, dict) else None
    return cast("Wire", error) if isinstance(error, dict) else {}


def _pause(body: bytes) -> float | None:
    seconds = _error(body).get("retry_after")
    return float(seconds) if isinstance(seconds, int | float) else None


def _malformed(text: str) -> StorageError:
    if lacking := _SCOPE.search(text):
        return Unscoped(lacking[1], app=True)
    if "did not match pattern" in text:
        return BadLocator("Dropbox cannot use this path.")
    if "Unknown API function" in text:
        return NotSupported("Dropbox does not know this call.", code="not-supported.call")
    return StorageError("Dropbox did not understand the call.", code="storage.malformed")


def _unauthorized(error: Wire) -> Exception:
    found = next(tags(error), "")
    if found == "missing_scope":
        return Unscoped(str(error.get("required_scope", "")), app=False)
    if found == "user_suspended":
        return ReconnectNeeded(
            "Dropbox has suspended this account.",
            remedy="Sign in at dropbox.com and follow what it says there.",
            code="reconnect-needed.suspended",
        )
    if found in ("invalid_select_user", "invalid_select_admin", "route_access_denied"):
        return ReadOnly(f"Dropbox does not allow this: {found}.")
    return StaleToken()
