"""Upload sessions: sequential, concurrent, batches, expiry."""

from __future__ import annotations

from typing import Any

import pytest

from dropbox_emulator.content.hashing import content_hash

from .support import BLOCK, Dropbox
from .test_files import wait


def start(dbx: Dropbox, data: bytes = b"", **arg: Any) -> str:
    return dbx.sent("files/upload_session/start", arg, data)["session_id"]


def append(dbx: Dropbox, session: str, offset: int, data: bytes, **more: Any) -> Any:
    cursor = {"session_id": session, "offset": offset}
    return dbx.send("files/upload_session/append_v2", {"cursor": cursor, **more}, data)


def finish(dbx: Dropbox, session: str, offset: int, path: str, data: bytes = b"") -> Any:
    arg = {"cursor": {"session_id": session, "offset": offset}, "commit": {"path": path}}
    return dbx.send("files/upload_session/finish", arg, data)


def test_sequential(dbx: Dropbox) -> None:
    session = start(dbx, b"ab")
    assert append(dbx, session, 2, b"cd").body == b"null"
    assert finish(dbx, session, 4, "/f", b"ef").json["size"] == 6
    assert dbx.download("/f") == b"abcdef"
    assert finish(dbx, session, 6, "/g").tags == "lookup_failed/not_found"


def test_incorrect_offset_tells_the_right_one(dbx: Dropbox) -> None:
    session = start(dbx, b"abc")
    reply = append(dbx, session, 2, b"x")
    assert reply.json["error"] == {".tag": "incorrect_offset", "correct_offset": 3}
    reply = finish(dbx, session, 1, "/f")
    assert reply.json["error"] == {
        ".tag": "lookup_failed",
        "lookup_failed": {".tag": "incorrect_offset", "correct_offset": 3},
    }


def test_closed(dbx: Dropbox) -> None:
    session = start(dbx, b"ab", close=True)
    assert append(dbx, session, 2, b"c").tags == "closed"
    assert finish(dbx, session, 2, "/f").status == 200


def test_hash_of_a_piece(dbx: Dropbox) -> None:
    session = start(dbx, b"ab", content_hash=content_hash(b"ab"))
    assert append(dbx, session, 2, b"cd", content_hash="0" * 64).tags == "content_hash_mismatch"
    assert append(dbx, session, 2, b"CD", content_hash=content_hash(b"CD")).status == 200
    assert finish(dbx, session, 4, "/f").json["content_hash"] == content_hash(b"abCD")


def test_sessions_live_a_week(dbx: Dropbox) -> None:
    session = start(dbx, b"ab")
    dbx.control.advance(7 * 86400 + 1)
    fresh = dbx.with_token(dbx.control.grant()["access_token"])
    assert append(fresh, session, 2, b"c").tags == "not_found"


def test_sessions_belong_to_their_account(dbx: Dropbox) -> None:
    session = start(dbx, b"ab")
    dbx.control.add_account("bo@example.org")
    grant = dbx.control.grant(dbx.app["app_key"], "bo@example.org")
    assert append(dbx.with_token(grant["access_token"]), session, 2, b"c").tags == "not_found"


def test_a_piece_that_was_cut_short_leaves_no_trace(dbx: Dropbox) -> None:
    session = start(dbx, b"ab")
    route = "files/upload_session/append_v2"
    dbx.control.fault("connection_reset", route, on="request", after_bytes=1)
    with pytest.raises(ConnectionError):
        append(dbx, session, 2, b"x" * 100_000)
    assert append(dbx, session, 2, b"cd").status == 200
    assert finish(dbx, session, 4, "/f").status == 200
    assert dbx.download("/f") == b"abcd"


def test_what_came_of_a_cut_piece_may_be_kept(dbx: Dropbox) -> None:
    dbx.control.behave(keep_cut_pieces=True)
    session = start(dbx, b"ab")
    route = "files/upload_session/append_v2"
    dbx.control.fault("connection_reset", route, on="request", after_bytes=70_000)
    with pytest.raises(ConnectionError):
        append(dbx, session, 2, b"x" * 100_000)
    refused = append(dbx, session, 2, b"cd")
    assert refused.tags == "incorrect_offset"
    assert refused.json["error"]["correct_offset"] == 70_002
    assert append(dbx, session, 70_002, b"cd").status == 200
    assert finish(dbx, session, 70_004, "/f").status == 200
    assert dbx.download("/f") == b"ab" + b"x" * 70_000 + b"cd"


def test_concurrent_pieces_in_any_order(dbx: Dropbox) -> None:
    session = start(dbx, session_type="concurrent")
    last = b"c" * 10
    assert append(dbx, session, 2 * BLOCK, last, close=True).status == 200
    assert finish(dbx, session, 2 * BLOCK + 10, "/f").tags == "concurrent_session_missing_data"


def test_concurrent_session_commits(dbx: Dropbox) -> None:
    session = start(dbx, session_type="concurrent")
    one, two, last = b"a" * BLOCK, b"b" * BLOCK, b"c" * 10
    assert append(dbx, session, BLOCK, two).status == 200
    assert append(dbx, session, 0, one).status == 200
    assert finish(dbx, session, 2 * BLOCK, "/f").tags == "concurrent_session_not_closed"
    assert append(dbx, session, 2 * BLOCK, last, close=True).status == 200
    assert finish(dbx, session, 2 * BLOCK, "/f").tags == "lookup_failed/incorrect_offset"
    assert finish(dbx, session, 2 * BLOCK + 10, "/f", b"x").tags == (
        "concurrent_session_data_not_allowed"
    )
    made = finish(dbx, session, 2 * BLOCK + 10, "/f").json
    assert made["content_hash"] == content_hash(one + two + last)
    assert dbx.download("/f") == one + two + last


def test_concurrent_rules(dbx: Dropbox) -> None:
    session = start(dbx, session_type="concurrent")
    assert append(dbx, session, 5, b"x").tags == "concurrent_session_invalid_offset"
    assert append(dbx, session, 0, b"x").tags == "concurrent_session_invalid_data_size"
    arg: dict[str, Any] = {"session_type": "concurrent"}
    reply = dbx.send("files/upload_session/start", arg, b"x")
    assert reply.tags == "concurrent_session_data_not_allowed"
    reply = dbx.send("files/upload_session/start", arg | {"close": True})
    assert reply.tags == "concurrent_session_close_not_allowed"


def sessions(dbx: Dropbox, count: int) -> list[str]:
    return dbx.ok("files/upload_session/start_batch", {"num_sessions": count})["session_ids"]


def piece(session: str, offset: int, length: int, close: bool = True) -> dict[str, Any]:
    return {
        "cursor": {"session_id": session, "offset": offset},
        "length": length,
        "close": close,
    }


def commit(session: str, offset: int, path: str) -> dict[str, Any]:
    return {"cursor": {"session_id": session, "offset": offset}, "commit": {"path": path}}


def test_three_calls_for_many_files(dbx: Dropbox) -> None:
    names = [f"/many/{i}.txt" for i in range(300)]
    opened = sessions(dbx, len(names))
    body = b"".join(name.encode() for name in names)
    pieces = [piece(s, 0, len(n)) for s, n in zip(opened, names, strict=True)]
    result = dbx.sent("files/upload_session/append_batch", {"entries": pieces}, body)
    assert {entry[".tag"] for entry in result["entries"]} == {"success"}
    commits = [commit(s, len(n), n) for s, n in zip(opened, names, strict=True)]
    done = dbx.ok("files/upload_session/finish_batch_v2", {"entries": commits})
    assert [entry["path_display"] for entry in done["entries"]] == names
    assert dbx.download("/many/299.txt") == b"/many/299.txt"


def test_append_batch_fails_entry_by_entry(dbx: Dropbox) -> None:
    one, two = sessions(dbx, 2)
    pieces = [piece(one, 5, 2), piece("none", 0, 1), piece(two, 0, 3)]
    result = dbx.sent("files/upload_session/append_batch", {"entries": pieces}, b"xxyabc")
    assert result["entries"] == [
        {".tag": "failure", "failure": {".tag": "incorrect_offset", "correct_offset": 0}},
        {".tag": "failure", "failure": {".tag": "not_found"}},
        {".tag": "success"},
    ]
    assert finish(dbx, two, 3, "/two").status == 200
    assert dbx.download("/two") == b"abc"


def test_append_batch_length_and_hash(dbx: Dropbox) -> None:
    (one,) = sessions(dbx, 1)
    arg = {"entries": [piece(one, 0, 3)]}
    reply = dbx.send("files/upload_session/append_batch", arg, b"four")
    assert reply.tags == "length_mismatch"
    wrong = arg | {"content_hash": "0" * 64}
    reply = dbx.send("files/upload_session/append_batch", wrong, b"abc")
    assert reply.tags == "content_hash_mismatch"
    assert dbx.send("files/upload_session/append_batch", arg, b"abc").status == 200


def test_finish_batch_entries_fail_alone(dbx: Dropbox) -> None:
    open_one, closed = start(dbx, b"ab"), start(dbx, b"cd", close=True)
    entries = [commit(open_one, 2, "/a"), commit(closed, 2, "/b"), commit("none", 0, "/c")]
    done = dbx.ok("files/upload_session/finish_batch_v2", {"entries": entries})["entries"]
    assert done[0]["failure"] == {
        ".tag": "lookup_failed",
        "lookup_failed": {".tag": "not_closed"},
    }
    assert done[1][".tag"] == "success"
    assert done[1]["name"] == "b"
    assert done[2]["failure"]["lookup_failed"] == {".tag": "not_found"}


def test_finish_batch_is_a_job(dbx: Dropbox) -> None:
    session = start(dbx, b"ab", close=True)
    launch = dbx.ok("files/upload_session/finish_batch", {"entries": [commit(session, 2, "/a")]})
    done = wait(dbx, "files/upload_session/finish_batch/check", launch["async_job_id"])
    assert done["entries"][0]["name"] == "a"  # type: ignore[index]


def test_a_large_upload_needs_little_memory(dbx: Dropbox) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    chunk = b"z" * (16 * 1024 * 1024)
    session = start(dbx)
    for number in range(8):
        assert append(dbx, session, number * len(chunk), chunk).status == 200
    assert finish(dbx, session, 8 * len(chunk), "/large").json["size"] == 8 * len(chunk)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Ours is the same process as the client, which holds one chunk; 128 MiB went through.
    assert after - before < 100 * 1024
