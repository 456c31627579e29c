"""Folders, deletion, moving, copying, batches, listing, cursors, revisions, search."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Dropbox
from .test_files import wait


def test_create_folder(dbx: Dropbox) -> None:
    made = dbx.ok("files/create_folder_v2", {"path": "/A/B"})["metadata"]
    assert ".tag" not in made
    assert made["path_display"] == "/A/B"
    assert dbx.error("files/create_folder_v2", {"path": "/a/b"}) == "path/conflict/folder"
    renamed = dbx.ok("files/create_folder_v2", {"path": "/A/B", "autorename": True})
    assert renamed["metadata"]["name"] == "B (1)"


@pytest.mark.parametrize("force", [False, True])
def test_create_folder_batch(dbx: Dropbox, force: bool) -> None:
    arg = {"paths": ["/a", "/b", "/a"], "force_async": force}
    done = dbx.ok("files/create_folder_batch", arg)
    if force:
        done = wait(dbx, "files/create_folder_batch/check", done["async_job_id"])
    assert [each[".tag"] for each in done["entries"]] == ["success", "success", "failure"]


def test_delete_answers_what_was_there(dbx: Dropbox) -> None:
    made = dbx.upload("/f/a", b"x")
    gone = dbx.ok("files/delete_v2", {"path": "/f"})["metadata"]
    assert gone[".tag"] == "folder"
    assert dbx.error("files/delete_v2", {"path": made["id"]}) == "path_lookup/not_found"
    assert dbx.ok("users/get_space_usage")["used"] == 0


def test_delete_with_parent_rev(dbx: Dropbox) -> None:
    first = dbx.upload("/a", b"x")["rev"]
    second = dbx.upload("/a", b"y", mode="overwrite")["rev"]
    late = {"path": "/a", "parent_rev": first}
    assert dbx.error("files/delete_v2", late) == "path_write/conflict/file"
    dbx.ok("files/delete_v2", {"path": "/a", "parent_rev": second})


def test_delete_batch_is_a_job(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    entries = [{"path": "/a"}, {"path": "/none"}]
    job = dbx.ok("files/delete_batch", {"entries": entries})["async_job_id"]
    done: Any = wait(dbx, "files/delete_batch/check", job)
    assert done["entries"][0]["metadata"][".tag"] == "file"
    assert done["entries"][1]["failure"][".tag"] == "path_lookup"
    wrong = {"async_job_id": "dbjid:wrong"}
    assert dbx.error("files/delete_batch/check", wrong) == "invalid_async_job_id"


def test_jobs_take_their_time(dbx: Dropbox) -> None:
    dbx.control.behave(job_seconds=60)
    dbx.upload("/a", b"x")
    job = dbx.ok("files/delete_batch", {"entries": [{"path": "/a"}]})["async_job_id"]
    arg = {"async_job_id": job}
    assert dbx.ok("files/delete_batch/check", arg) == {".tag": "in_progress"}
    dbx.control.advance(61)
    assert dbx.ok("files/delete_batch/check", arg)[".tag"] == "complete"


def test_move_keeps_ids(dbx: Dropbox) -> None:
    made = dbx.upload("/Old/Sub/a.txt", b"x")
    moved = dbx.ok("files/move_v2", {"from_path": "/old", "to_path": "/New/Home"})["metadata"]
    assert moved["path_display"] == "/New/Home"
    found = dbx.ok("files/get_metadata", {"path": made["id"]})
    assert found["path_display"] == "/New/Home/Sub/a.txt"
    assert found["id"] == made["id"]
    assert dbx.names("", recursive=True) == [
        "/New",
        "/New/Home",
        "/New/Home/Sub",
        "/New/Home/Sub/a.txt",
    ]


def test_copy_gets_new_ids(dbx: Dropbox) -> None:
    made = dbx.upload("/a/x.txt", b"x")
    dbx.ok("files/copy_v2", {"from_path": "/a", "to_path": "/b"})
    copied = dbx.ok("files/get_metadata", {"path": "/b/x.txt"})
    assert copied["id"] != made["id"]
    assert copied["content_hash"] == made["content_hash"]


def test_relocation_errors(dbx: Dropbox) -> None:
    dbx.upload("/a/x", b"x")
    dbx.upload("/b", b"y")

    def move(source: str, target: str) -> str:
        return dbx.error("files/move_v2", {"from_path": source, "to_path": target})

    assert move("/none", "/c") == "from_lookup/not_found"
    assert move("/b", "/a") == "to/conflict/folder"
    assert move("/a", "/b") == "to/conflict/file"
    assert move("/a", "/a/x/y") == "cant_move_folder_into_itself"
    assert move("/a", "/b/c") == "to/conflict/file_ancestor"
    assert move("/b", "/B") == "to/conflict/file", "case-only renames are not supported"
    assert move("/b", "/bad\\name") == "to/malformed_path"
    copy = {"from_path": "/a", "to_path": "/a/inside"}
    assert dbx.error("files/copy_v2", copy) == "duplicated_or_nested_paths"
    renamed = dbx.ok("files/move_v2", {"from_path": "/b", "to_path": "/a/x", "autorename": True})
    assert renamed["metadata"]["path_display"] == "/a/x (1)"


@pytest.mark.parametrize("count", [3, 30])
def test_move_batch_comes_at_once_or_as_a_job(dbx: Dropbox, count: int) -> None:
    for number in range(count):
        dbx.upload(f"/f/{number}", b"x")
    entries = [{"from_path": f"/f/{n}", "to_path": f"/g/{n}"} for n in range(count)]
    entries.append({"from_path": "/none", "to_path": "/x"})
    done = dbx.ok("files/move_batch_v2", {"entries": entries})
    if "async_job_id" in done:
        done = wait(dbx, "files/move_batch/check_v2", done["async_job_id"])
    assert done["entries"][0]["success"]["path_display"] == "/g/0"
    assert done["entries"][-1]["failure"]["relocation_error"][".tag"] == "from_lookup"
    assert len(dbx.names("/g")) == count


def test_copy_batch(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    entries = [{"from_path": "/a", "to_path": "/b"}, {"from_path": "/a", "to_path": "/b"}]
    done = dbx.ok("files/copy_batch_v2", {"entries": entries})
    assert [each[".tag"] for each in done["entries"]] == ["success", "failure"]


def test_listing_pages(dbx: Dropbox) -> None:
    dbx.control.send("files/many", count=25)
    page = dbx.ok("files/list_folder", {"path": "/many", "limit": 10})
    assert len(page["entries"]) == 10
    assert page["has_more"]
    entries, _ = dbx.rest(page)
    assert len({entry["id"] for entry in entries}) == 25


def test_listing_that_changes_under_the_walk(dbx: Dropbox) -> None:
    dbx.control.send("files/many", count=10)
    page = dbx.ok("files/list_folder", {"path": "/many", "limit": 5})
    dbx.control.delete("/Many/file 000001.txt")
    dbx.control.delete("/Many/file 000007.txt")
    dbx.control.put("/Many/another.txt", "x")
    entries, cursor = dbx.rest(page)
    more, _ = dbx.changes(cursor)
    state = apply({}, [*entries, *more])
    assert sorted(state) == sorted(e["path_lower"] for e in dbx.list("/many")[0])


def test_recursive_listing_names_the_folder_itself(dbx: Dropbox) -> None:
    dbx.upload("/f/g/a", b"x")
    assert dbx.names("/f", recursive=True) == ["/f", "/f/g", "/f/g/a"]
    assert dbx.names("/f") == ["/f/g"]


def test_include_deleted(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    dbx.ok("files/delete_v2", {"path": "/a"})
    assert dbx.list("")[0] == []
    (entry,) = dbx.list("", include_deleted=True)[0]
    assert entry[".tag"] == "deleted"


def test_listing_errors(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    assert dbx.error("files/list_folder", {"path": "/none"}) == "path/not_found"
    assert dbx.error("files/list_folder", {"path": "/a"}) == "path/not_folder"
    assert dbx.error("files/list_folder", {"path": "/a//b"}) == "path/malformed_path"
    reply = dbx.call("files/list_folder/continue", {"cursor": "nonsense"})
    assert reply.status == 400


def test_cursors_tell_what_changed(dbx: Dropbox) -> None:
    dbx.upload("/keep", b"x")
    cursor = dbx.ok("files/list_folder/get_latest_cursor", {"path": "", "recursive": True})
    made = dbx.upload("/f/a", b"x")
    entries, position = dbx.changes(cursor["cursor"])
    assert [entry["path_lower"] for entry in entries] == ["/f", "/f/a"]
    dbx.ok("files/move_v2", {"from_path": "/f/a", "to_path": "/b"})
    entries, position = dbx.changes(position)
    assert [(e[".tag"], e["path_lower"]) for e in entries] == [("deleted", "/f/a"), ("file", "/b")]
    assert entries[1]["id"] == made["id"]
    assert dbx.changes(position)[0] == []


def test_deleted_folder_is_told_once(dbx: Dropbox) -> None:
    dbx.upload("/f/g/a", b"x")
    _, cursor = dbx.list("", recursive=True)
    dbx.ok("files/delete_v2", {"path": "/f"})
    entries, _ = dbx.changes(cursor)
    assert [(e[".tag"], e["path_lower"]) for e in entries] == [("deleted", "/f")]


def test_folder_that_came_back_without_its_content(dbx: Dropbox) -> None:
    dbx.upload("/f/a", b"x")
    entries, cursor = dbx.list("", recursive=True)
    state = apply({}, entries)
    dbx.ok("files/delete_v2", {"path": "/f"})
    dbx.ok("files/create_folder_v2", {"path": "/f"})
    entries, _ = dbx.changes(cursor)
    assert sorted(apply(state, entries)) == ["/f"]


def test_cursors_see_only_their_folder(dbx: Dropbox) -> None:
    dbx.upload("/f/a", b"x")
    _, flat = dbx.list("/f")
    dbx.upload("/elsewhere", b"x")
    dbx.upload("/f/deep/b", b"x")
    entries, _ = dbx.changes(flat)
    assert [entry["path_lower"] for entry in entries] == ["/f/deep"]


def test_cursor_reset(dbx: Dropbox) -> None:
    _, cursor = dbx.list("")
    dbx.control.reset_cursors()
    assert dbx.error("files/list_folder/continue", {"cursor": cursor}) == "reset"
    _, fresh = dbx.list("")
    assert dbx.changes(fresh)[0] == []


def test_revisions_and_restore(dbx: Dropbox) -> None:
    first = dbx.upload("/a", b"one")
    dbx.upload("/a", b"two", mode="overwrite")
    dbx.ok("files/delete_v2", {"path": "/a"})
    found = dbx.ok("files/list_revisions", {"path": "/a"})
    assert found["is_deleted"]
    assert found["server_deleted"]
    assert [entry["size"] for entry in found["entries"]] == [3, 3]
    back = dbx.ok("files/restore", {"path": "/a", "rev": first["rev"]})
    assert back["id"] == first["id"]
    assert dbx.download("/a") == b"one"
    assert dbx.error("files/restore", {"path": "/a", "rev": "f" * 15}) == "invalid_revision"
    assert dbx.error("files/list_revisions", {"path": "/none"}) == "path/not_found"


def test_revisions_by_id_follow_moves(dbx: Dropbox) -> None:
    made = dbx.upload("/a", b"one")
    dbx.ok("files/move_v2", {"from_path": "/a", "to_path": "/b"})
    dbx.upload("/b", b"two", mode="overwrite")
    by_id = dbx.ok("files/list_revisions", {"path": made["id"], "mode": "id"})
    assert len(by_id["entries"]) == 3
    page = dbx.ok("files/list_revisions", {"path": "/b", "limit": 1})
    assert page["has_more"]
    before = {"path": "/b", "before_rev": page["entries"][0]["rev"]}
    assert len(dbx.ok("files/list_revisions", before)["entries"]) == 1


def search(dbx: Dropbox, query: str, **options: Any) -> list[str]:
    page = dbx.ok("files/search_v2", {"query": query, "options": options})
    found = page["matches"]
    while page["has_more"]:
        page = dbx.ok("files/search/continue_v2", {"cursor": page["cursor"]})
        found += page["matches"]
    return [match["metadata"]["metadata"]["path_display"] for match in found]


def test_search(dbx: Dropbox) -> None:
    dbx.upload("/Trip/Sea at dawn.jpg", b"x")
    dbx.upload("/Trip/notes.txt", b"the sea was calm")
    dbx.upload("/sea.pdf", b"x")
    assert search(dbx, "sea") == ["/sea.pdf", "/Trip/Sea at dawn.jpg", "/Trip/notes.txt"]
    assert search(dbx, "sea", filename_only=True, max_results=1) == [
        "/sea.pdf",
        "/Trip/Sea at dawn.jpg",
    ]
    assert search(dbx, "sea", path="/trip", file_extensions=["jpg"]) == ["/Trip/Sea at dawn.jpg"]
    assert search(dbx, "sea", file_categories=["pdf"]) == ["/sea.pdf"]
    dbx.ok("files/delete_v2", {"path": "/sea.pdf"})
    assert search(dbx, "sea", file_status="deleted") == ["/sea.pdf"]
    arg = {"query": "dawn", "match_field_options": {"include_highlights": True}}
    spans = dbx.ok("files/search_v2", arg)["matches"][0]["highlight_spans"]
    assert {"highlight_str": "dawn", "is_highlighted": True} in spans


def test_search_index_may_lag(dbx: Dropbox) -> None:
    dbx.control.behave(search_lag=30)
    dbx.upload("/new", b"x")
    assert search(dbx, "new") == []
    dbx.control.advance(31)
    assert search(dbx, "new") == ["/new"]


def apply(state: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Apply listing entries the way the documentation tells clients to."""
    for entry in entries:
        key = entry["path_lower"]
        if entry[".tag"] != "folder":
            for known in [k for k in state if k == key or k.startswith(key + "/")]:
                del state[known]
        if entry[".tag"] != "deleted":
            state[key] = entry
    return state
