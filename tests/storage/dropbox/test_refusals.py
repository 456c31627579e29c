"""What Dropbox answers when it does not do what was asked: error by error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fanlight import errors
from fanlight.storage.dropbox.refusals import (
    OtherRoot,
    Refused,
    StaleToken,
    Unscoped,
    refusal,
    tags,
    told,
)


def path(tag: str, **more: Any) -> dict[str, Any]:
    return {".tag": "path", "path": {".tag": tag, **more}}


def written(tag: str, **more: Any) -> dict[str, Any]:
    return {".tag": "path", "reason": {".tag": tag, **more}, "upload_session_id": "pid:x"}


TABLE: list[tuple[dict[str, Any], type[Exception]]] = [
    (path("not_found"), errors.ObjectMissing),
    (path("not_file"), errors.ObjectMissing),
    (path("not_folder"), errors.ObjectMissing),
    (path("malformed_path"), errors.BadLocator),
    (path("restricted_content"), errors.NotSupported),
    ({".tag": "path_lookup", "path_lookup": {".tag": "not_found"}}, errors.ObjectMissing),
    ({".tag": "from_lookup", "from_lookup": {".tag": "not_found"}}, errors.ObjectMissing),
    (written("conflict", conflict={".tag": "file"}), errors.AlreadyExists),
    (written("conflict", conflict={".tag": "folder"}), errors.AlreadyExists),
    (written("conflict", conflict={".tag": "file_ancestor"}), errors.AlreadyExists),
    (written("insufficient_space"), errors.StorageFull),
    (written("no_write_permission"), errors.ReadOnly),
    (written("disallowed_name"), errors.BadLocator),
    (written("team_folder"), errors.ReadOnly),
    (written("too_many_write_operations"), errors.RateLimited),
    (written("operation_suppressed"), errors.StorageUnavailable),
    ({".tag": "to", "to": {".tag": "conflict", "conflict": {".tag": "x"}}}, errors.AlreadyExists),
    ({".tag": "too_many_write_operations"}, errors.RateLimited),
    ({".tag": "insufficient_quota"}, errors.StorageFull),
    ({".tag": "internal_error"}, errors.StorageUnavailable),
    ({".tag": "content_hash_mismatch"}, errors.ChecksumMismatch),
    ({".tag": "unsupported_file"}, errors.NotSupported),
    ({".tag": "email_not_verified"}, errors.NotSupported),
    ({".tag": "range", "range": {".tag": "not_satisfiable"}}, errors.BadRange),
    ({".tag": "reset"}, errors.CursorLost),
    ({".tag": "incorrect_offset", "correct_offset": 5}, Refused),
    ({".tag": "something_of_next_year"}, Refused),
    ({}, Refused),
]


@pytest.mark.parametrize(("error", "kind"), TABLE)
@pytest.mark.parametrize("dots", ["", ".", "..", "..."])
def test_an_endpoints_error_goes_by_its_tags(
    error: dict[str, Any], kind: type[Exception], dots: str
) -> None:
    assert type(told(error)) is kind
    summary = "/".join(tags(error)) + "/" + dots
    body = json.dumps({"error": error, "error_summary": summary}).encode()
    assert type(refusal(409, body)) is kind


SCOPE = (
    'Error in call to API function "files/get_temporary_link": Your app (ID: 8839043) is not '
    "permitted to access this endpoint because it does not have the required scope "
    "'files.content.read'. The owner of the app can enable the scope for the app using the "
    "Permissions tab on the App Console."
)


def test_the_two_ways_of_lacking_a_scope_are_told_apart() -> None:
    app = refusal(400, SCOPE.encode())
    error = {".tag": "missing_scope", "required_scope": "files.metadata.read"}
    token = refusal(401, json.dumps({"error": error}).encode())
    assert isinstance(app, Unscoped)
    assert isinstance(token, Unscoped)
    assert (app.scope, app.app) == ("files.content.read", True)
    assert (token.scope, token.app) == ("files.metadata.read", False)


@pytest.mark.parametrize("tag", ["expired_access_token", "invalid_access_token", "other", ""])
def test_a_refused_token_is_stale(tag: str) -> None:
    assert isinstance(refusal(401, json.dumps({"error": {".tag": tag}}).encode()), StaleToken)


def test_a_suspended_account_is_no_stale_token() -> None:
    found = refusal(401, b'{"error": {".tag": "user_suspended"}}')
    assert isinstance(found, errors.ReconnectNeeded)
    assert found.public_code == "reconnect-needed.suspended"


@pytest.mark.parametrize("body", [b"", b"too many", b"<html>", b"[]", b"null", b'"x"', b"\xff"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.StorageError),
        (401, StaleToken),
        (403, errors.ReadOnly),
        (404, errors.StorageUnavailable),
        (409, Refused),
        (413, Refused),
        (416, errors.BadRange),
        (422, OtherRoot),
        (429, errors.RateLimited),
        (500, errors.StorageUnavailable),
        (503, errors.StorageUnavailable),
    ],
)
def test_whatever_the_body_is_the_status_is_understood(
    status: int, kind: type[Exception], body: bytes
) -> None:
    assert type(refusal(status, body)) is kind


@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [
        (7.0, b"too many", 7),
        (None, b'{"error": {"reason": {".tag": "too_many_requests"}, "retry_after": 15}}', 15),
        (3.0, b'{"error": {"reason": {".tag": "too_many_requests"}, "retry_after": 15}}', 3),
        (None, b"too many", None),
    ],
)
def test_a_pause_is_as_long_as_the_header_or_the_body_says(
    header: float | None, body: bytes, seconds: float | None
) -> None:
    found = refusal(429, body, header)
    assert isinstance(found, errors.RateLimited)
    assert found.retry_after == seconds
