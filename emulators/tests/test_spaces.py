"""Account, team space, Path-Root, App folder."""

from __future__ import annotations

import pytest

from dropbox_emulator.pytest_plugin import EmulatorHandle

from .support import Dropbox


@pytest.fixture
def team(emulator: EmulatorHandle) -> tuple[Dropbox, Dropbox]:
    control = emulator.control
    control.add_account("ann@example.org", given_name="Ann", surname="Lee", team="Org")
    control.add_account("bo@example.org", given_name="Bo", surname="Quist", team="Org")
    app = control.add_app("Test app", owner="ann@example.org")
    key = app["app_key"]
    grants = [control.grant(key, name) for name in ("ann@example.org", "bo@example.org")]
    ann, bo = (Dropbox(emulator, grant["access_token"], app, grant) for grant in grants)
    return ann, bo


def test_personal_account(dbx: Dropbox) -> None:
    me = dbx.ok("users/get_current_account")
    assert len(me["account_id"]) == 40
    assert me["account_type"] == {".tag": "basic"}
    assert me["root_info"][".tag"] == "user"
    assert me["root_info"]["root_namespace_id"] == me["root_info"]["home_namespace_id"]
    assert dbx.ok("users/get_space_usage")["allocation"][".tag"] == "individual"
    assert dbx.ok("users/get_account", {"account_id": me["account_id"]})["is_teammate"] is False


def test_team_member_sees_home_by_default(team: tuple[Dropbox, Dropbox]) -> None:
    ann, _ = team
    info = ann.ok("users/get_current_account")["root_info"]
    assert info[".tag"] == "team"
    assert info["home_path"] == "/Ann Lee"
    ann.upload("/mine.txt", b"x")
    assert ann.names() == ["/mine.txt"]
    root = ann.with_root({".tag": "root", "root": info["root_namespace_id"]})
    assert root.names("", recursive=True) == ["/Ann Lee", "/Ann Lee/mine.txt"]
    by_namespace = ann.ok("files/list_folder", {"path": f"ns:{info['home_namespace_id']}"})
    assert [entry["name"] for entry in by_namespace["entries"]] == ["mine.txt"]


def test_members_share_the_root_but_not_their_homes(team: tuple[Dropbox, Dropbox]) -> None:
    ann, bo = team
    root = ann.ok("users/get_current_account")["root_info"]["root_namespace_id"]
    at_root = {".tag": "namespace_id", "namespace_id": root}
    ann.with_root(at_root).upload("/Shared/a.txt", b"x")
    ann.upload("/secret.txt", b"x")
    assert bo.with_root(at_root).download("/shared/a.txt") == b"x"
    assert bo.with_root(at_root).names() == ["/Bo Quist", "/Shared"]
    reply = bo.with_root(at_root).call("files/get_metadata", {"path": "/Ann Lee/secret.txt"})
    assert reply.tags == "path/not_found"
    write = bo.with_root(at_root).send("files/upload", {"path": "/Ann Lee/b.txt"}, b"x")
    assert write.tags == "path/no_write_permission"
    move = {"from_path": "/Bo Quist", "to_path": "/Elsewhere"}
    assert bo.with_root(at_root).error("files/move_v2", move) == "cant_move_shared_folder"
    assert bo.ok("users/get_space_usage")["allocation"]["used"] == 2


def test_wrong_roots(team: tuple[Dropbox, Dropbox]) -> None:
    ann, bo = team
    reply = ann.with_root({".tag": "root", "root": "1"}).call("files/list_folder", {"path": ""})
    assert (reply.status, reply.tags) == (422, "invalid_root")
    assert reply.json["error"]["invalid_root"]["home_path"] == "/Ann Lee"
    other = bo.ok("users/get_current_account")["root_info"]["home_namespace_id"]
    stranger = ann.with_root({".tag": "namespace_id", "namespace_id": other})
    reply = stranger.call("files/list_folder", {"path": ""})
    assert (reply.status, reply.tags) == (422, "no_permission")
    reply = ann.with_root({".tag": "moon"}).call("files/list_folder", {"path": ""})
    assert "Dropbox-API-Path-Root: unknown tag 'moon'" in reply.text


def test_team_token_acts_for_members(team: tuple[Dropbox, Dropbox]) -> None:
    ann, _ = team
    control = ann.control
    scopes = ["files.metadata.read", "members.read", "groups.read", "team_data.member"]
    app = control.add_app("Team app", owner="ann@example.org", scopes=scopes)
    grant = control.send("grants/add", app=app["app_key"], account="ann@example.org", team=True)
    client = ann.with_token(grant["access_token"])
    members = client.ok("team/members/list", {})["members"]
    assert len(members) == 2
    assert client.ok("team/groups/list", {})["groups"] == []
    alone = client.call("files/list_folder", {"path": ""})
    assert alone.status == 400
    assert "for an entire Dropbox Business team" in alone.text
    client.extra["Dropbox-API-Select-User"] = members[1]["profile"]["team_member_id"]
    assert client.ok("files/list_folder", {"path": ""})["entries"] == []
    client.extra["Dropbox-API-Select-User"] = "dbmid:nobody"
    assert client.call("files/list_folder", {"path": ""}).tags == "invalid_select_user"


@pytest.fixture
def folder_app(dbx: Dropbox) -> Dropbox:
    app = dbx.control.add_app("Picnic", access="app_folder")
    grant = dbx.control.grant(app["app_key"])
    return Dropbox(dbx.handle, grant["access_token"], app, grant)


def test_app_folder_is_the_whole_world(dbx: Dropbox, folder_app: Dropbox) -> None:
    secret = dbx.upload("/secret.txt", b"x")
    folder_app.upload("/Sub/a.txt", b"y")
    assert dbx.names("", recursive=True) == [
        "/Apps",
        "/Apps/Picnic",
        "/Apps/Picnic/Sub",
        "/Apps/Picnic/Sub/a.txt",
        "/secret.txt",
    ]
    assert folder_app.names("", recursive=True) == ["/Sub", "/Sub/a.txt"]
    for path in ("/secret.txt", secret["id"], "rev:" + secret["rev"]):
        assert folder_app.error("files/get_metadata", {"path": path}) == "path/not_found"
    home = dbx.ok("users/get_current_account")["root_info"]["home_namespace_id"]
    assert folder_app.error("files/list_folder", {"path": f"ns:{home}"}) == "path/not_found"


def test_app_folder_cursors_tell_only_of_it(dbx: Dropbox, folder_app: Dropbox) -> None:
    _, cursor = folder_app.list("", recursive=True)
    dbx.upload("/elsewhere", b"x")
    dbx.upload("/Apps/Picnic/here", b"x")
    entries, _ = folder_app.changes(cursor)
    assert [entry["path_display"] for entry in entries] == ["/here"]


def test_app_folder_comes_back_when_deleted(dbx: Dropbox, folder_app: Dropbox) -> None:
    folder_app.upload("/a", b"x")
    dbx.ok("files/delete_v2", {"path": "/Apps"})
    assert folder_app.names() == []
    folder_app.upload("/b", b"x")
    assert folder_app.names() == ["/b"]
