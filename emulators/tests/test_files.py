"""Reading and writing files: uploads in every mode, downloads, metadata, names."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from dropbox_emulator.content.hashing import content_hash

from .support import Dropbox

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_content_hash_at_the_block_edge() -> None:
    block = 4 * 1024 * 1024
    assert content_hash(b"") == EMPTY
    for size in (1, block - 1, block, block + 1):
        data = b"x" * size
        parts = [data[i : i + block] for i in range(0, size, block)]
        digests = b"".join(hashlib.sha256(part).digest() for part in parts)
        assert content_hash(data) == hashlib.sha256(digests).hexdigest()


def test_upload_answers_file_metadata_without_tag(dbx: Dropbox) -> None:
    made = dbx.upload("/A/b.TXT", b"hello", client_modified="2020-02-03T04:05:06Z")
    assert ".tag" not in made
    assert made["path_lower"] == "/a/b.txt"
    assert made["path_display"] == "/A/b.TXT"
    assert made["client_modified"] == "2020-02-03T04:05:06Z"
    assert made["content_hash"] == content_hash(b"hello")
    assert len(made["id"]) == 25
    assert dbx.download("/a/B.txt") == b"hello"


def test_empty_file(dbx: Dropbox) -> None:
    assert dbx.upload("/empty", b"")["content_hash"] == EMPTY
    assert dbx.download("/empty") == b""


def test_mode_add(dbx: Dropbox) -> None:
    first = dbx.upload("/a.txt", b"one")
    assert dbx.upload("/A.txt", b"one")["rev"] == first["rev"], "same content: nothing is written"
    reply = dbx.send("files/upload", {"path": "/a.txt"}, b"two")
    assert reply.tags == "path/conflict/file"
    assert reply.json["error"]["upload_session_id"]
    assert dbx.upload("/a.txt", b"two", autorename=True)["name"] == "a (1).txt"
    assert dbx.upload("/a.txt", b"three", autorename=True)["name"] == "a (2).txt"
    strict = dbx.send("files/upload", {"path": "/a.txt", "strict_conflict": True}, b"one")
    assert strict.tags == "path/conflict/file"


def test_refused_bytes_stay_in_a_session(dbx: Dropbox) -> None:
    dbx.upload("/a.txt", b"one")
    reply = dbx.send("files/upload", {"path": "/a.txt"}, b"two")
    cursor = {"session_id": reply.json["error"]["upload_session_id"], "offset": 3}
    commit = {"path": "/b.txt"}
    dbx.sent("files/upload_session/finish", {"cursor": cursor, "commit": commit})
    assert dbx.download("/b.txt") == b"two"


def test_mode_overwrite_keeps_id_and_case(dbx: Dropbox) -> None:
    first = dbx.upload("/Ab.txt", b"one")
    second = dbx.upload("/aB.txt", b"two", mode="overwrite")
    assert second["id"] == first["id"]
    assert second["rev"] != first["rev"]
    assert second["name"] == "Ab.txt"


def test_mode_update(dbx: Dropbox) -> None:
    first = dbx.upload("/a.txt", b"one")
    mode = {".tag": "update", "update": first["rev"]}
    dbx.upload("/a.txt", b"two", mode=mode)
    late = dbx.send("files/upload", {"path": "/a.txt", "mode": mode}, b"three")
    assert late.tags == "path/conflict/file"
    assert dbx.upload("/a.txt", b"three", mode=mode, autorename=True)["name"] == (
        "a (conflicted copy).txt"
    )
    assert dbx.upload("/new.txt", b"x", mode=mode)["name"] == "new.txt"
    strict = {"path": "/newer.txt", "mode": mode, "strict_conflict": True}
    assert dbx.send("files/upload", strict, b"x").tags == "path/conflict/file"


def test_folder_in_the_way_and_file_among_ancestors(dbx: Dropbox) -> None:
    dbx.ok("files/create_folder_v2", {"path": "/f"})
    dbx.upload("/file", b"x")
    over = {"path": "/f", "mode": "overwrite"}
    assert dbx.send("files/upload", over, b"x").tags == "path/conflict/folder"
    below = dbx.send("files/upload", {"path": "/file/a/b"}, b"x")
    assert below.tags == "path/conflict/file_ancestor"


def test_wrong_content_hash_writes_nothing(dbx: Dropbox) -> None:
    reply = dbx.send("files/upload", {"path": "/a", "content_hash": "0" * 64}, b"x")
    assert reply.tags == "content_hash_mismatch"
    assert dbx.names() == []


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("/a\\b", "path/malformed_path"),
        ("/a ", "path/malformed_path"),
        ("/a\x7f", "path/malformed_path"),
        ("/a/", "path/malformed_path"),
        ("/a//b", "path/malformed_path"),
        ("/" + "x" * 256, "path/malformed_path"),
        ("/\ud800", "path/malformed_path"),
        ("/.DS_Store", "path/disallowed_name"),
        ("/x/Thumbs.db", "path/disallowed_name"),
    ],
)
def test_names_that_are_refused(dbx: Dropbox, path: str, tags: str) -> None:
    assert dbx.send("files/upload", {"path": path}, b"x").tags == tags


@pytest.mark.parametrize("name", ["😀.txt", "日本", "a\nb", "é", "#%&{}<>*?$!'\":@+`|=", "x" * 255])
def test_odd_names_survive(dbx: Dropbox, name: str) -> None:
    assert dbx.upload(f"/{name}", name.encode())["name"] == name
    assert dbx.download(f"/{name}") == name.encode()
    assert dbx.names() == [f"/{name}"]


def test_composed_and_decomposed_names_are_one(dbx: Dropbox) -> None:
    first = dbx.upload("/caf\u00e9", b"x")
    assert dbx.upload("/cafe\u0301", b"y", mode="overwrite")["id"] == first["id"]


def test_payload_too_large(dbx: Dropbox) -> None:
    # A declared length is enough to be refused; the body is still read to its end.
    from dropbox_emulator.routes import upload

    original = upload.MAX_BODY
    upload.MAX_BODY = 1000
    try:
        assert dbx.send("files/upload", {"path": "/a"}, b"x" * 1001).tags == "payload_too_large"
        dbx.control.behave(too_large_status=413)
        assert dbx.send("files/upload", {"path": "/a"}, b"x" * 1001).status == 413
    finally:
        upload.MAX_BODY = original


def test_quota(dbx: Dropbox) -> None:
    dbx.control.change_account("ann@example.org", quota=10)
    dbx.upload("/a", b"12345678")
    assert dbx.send("files/upload", {"path": "/b"}, b"123").tags == "path/insufficient_space"
    dbx.upload("/a", b"1234567890", mode="overwrite")
    assert dbx.ok("users/get_space_usage")["used"] == 10
    copy = {"from_path": "/a", "to_path": "/c"}
    assert dbx.error("files/copy_v2", copy) == "insufficient_quota"


@pytest.mark.parametrize(
    ("header", "status", "content_range", "body"),
    [
        ("bytes=2-4", 206, "bytes 2-4/10", b"234"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-3", 206, "bytes 7-9/10", b"789"),
        ("bytes=5-100", 206, "bytes 5-9/10", b"56789"),
        ("bytes=-100", 206, "bytes 0-9/10", b"0123456789"),
        ("bytes=4-2", 200, None, b"0123456789"),
        ("lines=1-2", 200, None, b"0123456789"),
    ],
)
def test_ranges(
    dbx: Dropbox, header: str, status: int, content_range: str | None, body: bytes
) -> None:
    dbx.upload("/d", b"0123456789")
    reply = dbx.fetch("files/download", {"path": "/d"}, Range=header)
    assert (reply.status, reply.body) == (status, body)
    assert reply.headers.get("content-range") == content_range
    assert reply.headers["accept-ranges"] == "bytes"
    assert reply.result["size"] == 10


def test_unsatisfiable_range(dbx: Dropbox) -> None:
    dbx.upload("/empty", b"")
    reply = dbx.fetch("files/download", {"path": "/empty"}, Range="bytes=0-")
    assert (reply.status, reply.tags) == (409, "range/not_satisfiable")
    dbx.control.behave(range_error_status=416)
    reply = dbx.fetch("files/download", {"path": "/empty"}, Range="bytes=0-")
    assert (reply.status, reply.headers["content-range"]) == (416, "bytes */0")


def test_etag_and_not_modified(dbx: Dropbox) -> None:
    rev = dbx.upload("/a", b"x")["rev"]
    reply = dbx.fetch("files/download", {"path": "/a"}, "GET")
    assert reply.headers["etag"] == f'"{rev}"'
    again = dbx.fetch("files/download", {"path": "/a"}, "GET", **{"If-None-Match": f'"{rev}"'})
    assert (again.status, again.body) == (304, b"")


def test_download_by_id_and_rev(dbx: Dropbox) -> None:
    first = dbx.upload("/a", b"one")
    dbx.upload("/a", b"two", mode="overwrite")
    assert dbx.download("rev:" + first["rev"]) == b"one"
    assert dbx.download(first["id"]) == b"two"


def test_download_errors(dbx: Dropbox) -> None:
    dbx.ok("files/create_folder_v2", {"path": "/f"})
    assert dbx.fetch("files/download", {"path": "/none"}).tags == "path/not_found"
    assert dbx.fetch("files/download", {"path": "/f"}).tags == "path/not_file"
    dbx.control.put("/doc.gdoc", "text", export_as="docx")
    assert dbx.fetch("files/download", {"path": "/doc.gdoc"}).tags == "unsupported_file"


def test_large_files_arrive_whole(dbx: Dropbox) -> None:
    data = bytes(range(256)) * 20_000
    dbx.upload("/big", data)
    assert dbx.download("/big") == data
    part = dbx.fetch("files/download", {"path": "/big"}, Range="bytes=1000000-4999999")
    assert part.body == data[1000000:5000000]


def test_get_metadata(dbx: Dropbox) -> None:
    made = dbx.upload("/f/a", b"x")
    assert dbx.ok("files/get_metadata", {"path": "/F"})[".tag"] == "folder"
    assert dbx.ok("files/get_metadata", {"path": made["id"]})["name"] == "a"
    dbx.ok("files/delete_v2", {"path": "/f/a"})
    assert dbx.error("files/get_metadata", {"path": "/f/a"}) == "path/not_found"
    gone = dbx.ok("files/get_metadata", {"path": "/f/a", "include_deleted": True})
    assert gone[".tag"] == "deleted"


def test_export(dbx: Dropbox) -> None:
    dbx.control.put("/doc.gdoc", "text", export_as="docx")
    listed = dbx.list("")[0][0]
    assert listed["is_downloadable"] is False
    assert listed["export_info"] == {"export_as": "docx"}
    assert dbx.list("", include_non_downloadable_files=False)[0] == []
    reply = dbx.fetch("files/export", {"path": "/doc.gdoc"})
    assert reply.body == b"text"
    assert reply.result["export_metadata"]["name"] == "doc.docx"
    dbx.upload("/plain", b"x")
    assert dbx.fetch("files/export", {"path": "/plain"}).tags == "non_exportable"


def test_download_zip(dbx: Dropbox) -> None:
    import io
    import zipfile

    dbx.upload("/f/a.txt", b"one")
    dbx.upload("/f/Sub/b.txt", b"two")
    reply = dbx.fetch("files/download_zip", {"path": "/f"})
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        assert sorted(archive.namelist()) == ["f/", "f/Sub/", "f/Sub/b.txt", "f/a.txt"]
        assert archive.read("f/Sub/b.txt") == b"two"


def test_save_url_stays_on_the_machine(dbx: Dropbox) -> None:
    dbx.upload("/a", b"hello")
    link = dbx.ok("files/get_temporary_link", {"path": "/a"})["link"]
    for url, expected in ((link, "complete"), ("https://example.org/x", "failed")):
        job = dbx.ok("files/save_url", {"path": "/saved.txt", "url": url})["async_job_id"]
        assert wait(dbx, "files/save_url/check_job_status", job)[".tag"] == expected
    assert dbx.download("/saved.txt") == b"hello"


def wait(dbx: Dropbox, route: str, job: str) -> Any:
    while True:
        status = dbx.ok(route, {"async_job_id": job})
        if status[".tag"] != "in_progress":
            return status


def test_writing_by_id(dbx: Dropbox) -> None:
    made = dbx.upload("/a", b"one")
    folder = dbx.ok("files/create_folder_v2", {"path": "/f"})["metadata"]
    dbx.upload(made["id"], b"two", mode="overwrite")
    assert dbx.download("/a") == b"two"
    assert dbx.upload(folder["id"] + "/new.txt", b"x")["path_display"] == "/f/new.txt"
    for path in ("id:nothing", "id:nothing/below", folder["id"] + "//x"):
        reply = dbx.send("files/upload", {"path": path}, b"x")
        assert reply.tags == "path/malformed_path", path
