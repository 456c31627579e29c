"""Argument validation by the route data, with the captured texts."""

from __future__ import annotations

from typing import Any

import pytest

from dropbox_emulator.schema import BadArgument, Tag, load_table

from .support import Dropbox

PREFIX = 'Error in call to API function "{}": '


@pytest.mark.parametrize(
    ("route", "arg", "text"),
    [
        (
            "files/list_folder",
            {"path": "/"},
            'request body: path: Specify the root folder as an empty string rather than as "/".',
        ),
        ("files/get_metadata", {"path": ""}, "request body: path: The root folder is unsupported."),
        (
            "files/get_metadata",
            {"path": "test"},
            "request body: path: 'test' did not match pattern",
        ),
        (
            "files/get_metadata",
            {"path": None},
            "request body: path: 'None' expected to be a string, got null",
        ),
        ("files/list_folder", {"path": "", "depth": 1}, "request body: unknown field 'depth'"),
        ("files/list_folder", {}, "request body: missing required field 'path'"),
        ("files/list_folder", {"path": "", "limit": 0}, "request body: limit: '0' is not within"),
        ("files/list_folder", {"path": "", "limit": True}, "request body: limit: 'True' expected"),
        (
            "files/list_folder",
            {"path": "", "recursive": 1},
            "request body: recursive: '1' expected",
        ),
        ("files/delete_batch", {"entries": [{"path": 3}]}, "request body: entries: [0]: path: '3'"),
    ],
)
def test_texts_of_bodies(dbx: Dropbox, route: str, arg: Any, text: str) -> None:
    reply = dbx.call(route, arg)
    assert reply.status == 400
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.startswith(PREFIX.format(route) + text)


@pytest.mark.parametrize(
    ("route", "arg", "text"),
    [
        ("files/upload", {"path": "pack.zip"}, "path: 'pack.zip' did not match pattern"),
        ("files/upload", {"path": "/a", "cursor": "x"}, "unknown field 'cursor'"),
        (
            "files/get_thumbnail_v2",
            {"resource": {".tag": "path", "path": "/a"}, "size": "s"},
            "size: unknown tag 's'",
        ),
        ("files/get_thumbnail", {"path": "/a", "quality": "quality_90"}, "unknown field 'quality'"),
        ("files/get_thumbnail", {"path": "/a", "size": "w3200h2400"}, "size: unknown tag"),
        ("files/upload", {"path": "/a", "client_modified": "today"}, "client_modified: time data"),
    ],
)
def test_texts_of_headers(dbx: Dropbox, route: str, arg: Any, text: str) -> None:
    reply = dbx.send(route, arg)
    assert reply.status == 400
    start = PREFIX.format(route) + 'HTTP header "Dropbox-API-Arg": ' + text
    assert reply.text.startswith(start)


def test_body_that_is_not_json(dbx: Dropbox) -> None:
    from .support import http

    headers = {"Authorization": f"Bearer {dbx.token}", "Content-Type": "application/json"}
    reply = http(dbx.address, "POST", "/2/files/list_folder", b"{", headers)
    assert reply.text.endswith("request body: could not decode input as JSON")


def test_union_members_have_two_forms() -> None:
    parse = load_table().routes["/2/files/upload"].parse
    short = parse({"path": "/a", "mode": "overwrite"})
    long = parse({"path": "/a", "mode": {".tag": "overwrite"}})
    assert short["mode"] == long["mode"] == Tag("overwrite")
    rev = {".tag": "update", "update": "0123456789"}
    assert parse({"path": "/a", "mode": rev})["mode"] == Tag("update", "0123456789")


def test_union_members_with_a_value_need_it() -> None:
    parse = load_table().routes["/2/files/upload"].parse
    for mode in ("update", {".tag": "update"}, {".tag": "add", "more": 1}, {".tag": "other"}, 5):
        with pytest.raises(BadArgument):
            parse({"path": "/a", "mode": mode})


def test_defaults_are_filled_in() -> None:
    arg = load_table().routes["/2/files/list_folder"].parse({"path": ""})
    assert arg["include_mounted_folders"] is True
    assert arg["limit"] is None


def test_every_route_has_a_handler() -> None:
    from dropbox_emulator.routes import HANDLERS

    assert {route.name for route in load_table().routes.values()} == HANDLERS.keys()


def test_reply_checker_finds_mistakes() -> None:
    wire = load_table().wire
    wire.check("files.WriteError", {".tag": "conflict", "conflict": {".tag": "file"}})
    for wrong in (
        {".tag": "conflict"},
        {".tag": "conflict", "conflict": {".tag": "fish"}},
        {".tag": "no_write_permission", "extra": 1},
    ):
        with pytest.raises(BadArgument):
            wire.check("files.WriteError", wrong)


def test_route_error_types_accept_what_we_send(dbx: Dropbox) -> None:
    table = load_table()
    calls = {
        "files/get_metadata": {"path": "/none"},
        "files/delete_v2": {"path": "/none"},
        "files/list_folder": {"path": "/none"},
        "files/move_v2": {"from_path": "/none", "to_path": "/x"},
        "files/move_batch/check_v2": {"async_job_id": "dbjid:none"},
        "sharing/revoke_shared_link": {"url": "https://www.dropbox.com/scl/fi/x/y?rlkey=z"},
    }
    for route, arg in calls.items():
        reply = dbx.call(route, arg)
        assert reply.status == 409, route
        table.wire.check(table.routes["/2/" + route].error, reply.json["error"])
