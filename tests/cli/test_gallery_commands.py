"""Galleries on the command line: from a folder to who picked what."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from fanlight.cli.opening import opened
from fanlight.proofing.picking import Mark
from fanlight.sharing.keys import Key
from tests.cli.conftest import Shell, standing_in
from tests.cli.test_channel_commands import Near, near
from tests.support.server import clean_environment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.app import Fanlight

__all__ = ["near"]

SECRET = "under the old oak"
CREATE = ("gallery", "create", "Anna & Ben")


def put(shell: Shell, *paths: str) -> None:
    """Photos in the channel `Here`, each with other bytes."""
    for path in paths:
        place = shell.originals / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\xff\xd8\xff\xe0" + path.encode())


@pytest.fixture
def house(shell: Shell) -> Shell:
    """A channel with a wedding in it."""
    shell.set_up()
    put(shell, "wedding/1.jpg", "wedding/2.jpg", "wedding/Party/3.jpg", "other/4.jpg")
    return shell


def told(shell: Shell, *arguments: str, **more: Any) -> Any:
    """What a command says as JSON."""
    return json.loads(shell.good("gallery", *arguments, "--json", **more))


def inside(shell: Shell, action: Callable[[Fanlight], Awaitable[None]]) -> None:
    """What somebody does at a server over the same data."""
    with standing_in(shell.folder, clean_environment(data=shell.data), ""):
        opened(shell.data, action)


def visit(shell: Shell, slug: str, name: str, picks: int, *, token: str = "") -> None:
    """A visitor comes in, picks the first photos, and sends them."""

    async def action(fanlight: Fanlight) -> None:
        entered = await fanlight.sharing.enter(Key(token=token) if token else Key(slug))
        visitor = await fanlight.sharing.introduced(entered, address="192.0.2.1")
        for shown in (await fanlight.galleries.page(visitor)).items[:picks]:
            mark = Mark(heart=True, note="large")
            await fanlight.proofing.pick(visitor, None, shown.asset.id, mark)
        (marked,) = await fanlight.proofing.mine(visitor)
        chosen = marked.selection
        await fanlight.proofing.submit(visitor, chosen.id, version=chosen.version, name=name)
        await fanlight.journal.flush()

    inside(shell, action)


# --- a gallery's life ----------------------------------------------------------------------------


def test_a_folder_becomes_a_gallery_whose_address_stands_alone(house: Shell) -> None:
    done = house.run(*CREATE, "--folder", "Here:/wedding", public_url="https://photos.example")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "https://photos.example/g/anna-ben\n"
    assert "published, with 3 photos" in done.stderr
    (card,) = told(house, "list")
    assert (card["slug"], card["state"], card["count"]["photos"]) == ("anna-ben", "published", 3)
    assert "anna-ben  Anna & Ben  published  3" in house.good("gallery", "list")


def test_a_gallery_of_several_folders_begins_as_it_is_asked_to(house: Shell) -> None:
    made = told(
        house,
        *("create", "Both", "--folder", "Here:/wedding", "--folder", "Here:/other/", "--flat"),
        *("--slug", "two", "--reach", "links", "--date", "2026-06-14", "--text", "Thank you"),
        *("--draft", "--password-stdin"),
        stdin=f"{SECRET}\n",
    )
    assert (made["slug"], made["state"], made["held_on"]) == ("two", "draft", "2026-06-14")
    assert (made["rules"]["reach"], made["has_password"], made["text"]) == (
        "links",
        True,
        "Thank you",
    )
    seen = told(house, "show", "two")
    assert [one["path"] for one in seen["sources"]] == ["wedding", "other"]
    assert (seen["count"]["photos"], seen["sections"]) == (4, [])
    assert told(house, "show", seen["id"])["id"] == seen["id"]
    assert SECRET not in json.dumps(seen)


def test_show_says_what_somebody_wants_to_know(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    lines = [line.split(None, 1) for line in house.good("gallery", "show", "anna-ben").splitlines()]
    assert ["State", "published"] in lines
    assert ["Folder", "Here:/wedding"] in lines
    assert ["Section", "Party (1)"] in lines
    assert ["Password", "none"] in lines


def test_nothing_is_made_where_a_folder_cannot_be_read(house: Shell) -> None:
    said = house.bad(4, *CREATE, "--folder", "Here:/wedding", "--folder", "Here:/nowhere")
    assert "There is no such folder" in said
    house.bad(4, *CREATE, "--folder", "Nowhere:/wedding")
    assert "CHANNEL:/PATH" in house.bad(3, *CREATE, "--folder", "wedding")
    folder = ("--folder", "Here:/wedding")
    assert "8 to 1000" in house.bad(3, *CREATE, *folder, "--password-stdin", stdin="short\n")
    assert "empty" in house.bad(3, *CREATE, *folder, "--password-stdin")
    assert "2026-06-14" in house.bad(3, *CREATE, *folder, "--date", "June")
    assert told(house, "list") == []
    house.good(*CREATE, *folder, "--slug", "w")
    assert "address" in house.bad(5, *CREATE, *folder, "--slug", "w")
    assert house.run(*CREATE).returncode == 2


def test_a_gallery_is_opened_closed_put_away_and_taken_back(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding", "--draft")

    def state() -> str:
        return str(told(house, "show", "anna-ben")["state"])

    assert state() == "draft"
    for command, becomes in (
        ("publish", "published"),
        ("unpublish", "draft"),
        ("archive", "archived"),
        ("unarchive", "draft"),
    ):
        house.good("gallery", command, "anna-ben")
        assert state() == becomes
    house.good("gallery", "set", "anna-ben", "--reach", "links")
    done = house.run("gallery", "publish", "anna-ben")
    assert "Only share links lead in" in done.stderr
    house.bad(4, "gallery", "publish", "nowhere")


def test_what_is_given_is_changed_and_nothing_else(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    before = told(house, "show", "anna-ben")
    after = told(
        house,
        *("set", "anna-ben", "--title", "Anna und Ben", "--closes", "30d", "--sort", "taken"),
        *("--right", "view", "--right", "original", "--date", "2026-06-14"),
    )
    assert (after["title"], after["slug"]) == ("Anna und Ben", "anna-ben")
    assert after["rules"]["rights"] == ["original", "view"]
    assert (after["rules"]["sort"], after["held_on"]) == ("taken", "2026-06-14")
    assert after["closes_at"]
    assert after["rules"]["proofing"] == before["rules"]["proofing"]
    other = told(
        house,
        *("set", "anna-ben", "--layout", "masonry", "--accent", "#2f7d5b", "--language", "de"),
        *("--most", "30", "--downloads", "5"),
    )
    look = {"layout": "masonry", "accent": "#2f7d5b", "language": "de"}
    assert other["look"] == before["look"] | look
    proofing = before["rules"]["proofing"] | {"most": 30}
    assert other["rules"] == after["rules"] | {"downloads": 5, "proofing": proofing}
    assert told(house, "set", "anna-ben", "--accent", "")["look"]["accent"] == ""
    cleared = told(house, "set", "anna-ben", "--closes", "", "--date", "")
    assert (cleared["closes_at"], cleared["held_on"]) == (None, None)
    refused = ("gallery", "set", "anna-ben")
    assert "Nothing is to be changed" in house.bad(3, *refused)
    assert "30d" in house.bad(3, *refused, "--opens", "soon")
    assert "30d" in house.bad(3, *refused, "--opens", f"{'9' * 30}d")
    opens = ("--opens", "2027-02-01", "--closes", "2027-01-01")
    assert "closes after it opens" in house.bad(3, *refused, *opens)
    assert "#aa5500" in house.bad(3, *refused, "--accent", "green")
    assert "Fewer picks" in house.bad(3, *refused, "--least", "9", "--most", "3")
    assert house.run(*refused, "--right", "fly").returncode == 2


def test_a_password_is_asked_for_and_no_more(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    change = ("gallery", "password", "anna-ben")
    house.good(*change, "--password-stdin", stdin=f"{SECRET}\n")
    assert told(house, "show", "anna-ben")["has_password"]
    assert "empty" in house.bad(3, *change, "--password-stdin", stdin="\n")
    assert told(house, "show", "anna-ben")["has_password"]
    house.good(*change, "--remove")
    assert not told(house, "show", "anna-ben")["has_password"]


def test_a_double_has_the_same_photos(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    slug = house.good("gallery", "duplicate", "anna-ben", "--title", "Parents").strip()
    other = told(house, "show", slug)
    assert (other["title"], other["state"], other["count"]["photos"]) == ("Parents", "draft", 3)


def test_a_folder_is_read_again_for_what_has_come_and_gone(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    put(house, "wedding/5.jpg", "wedding/6.jpg")
    (house.originals / "wedding/1.jpg").unlink()
    (house.originals / "other/4.jpg").unlink()
    assert house.good("gallery", "refresh", "anna-ben").endswith("up to date: 4 photos.\n")
    assert told(house, "refresh", "anna-ben")["photos"] == 4


def test_removing_asks_first_and_leaves_the_photos(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    visit(house, "anna-ben", "Ada", 1)
    kept = house.run("gallery", "delete", "anna-ben", stdin="n\n")
    assert kept.returncode == 1
    assert "with 0 share links, 1 list of picks and 0 comments?" in kept.stderr
    assert len(told(house, "list")) == 1
    assert "was removed" in house.good("gallery", "delete", "anna-ben", stdin="y\n")
    assert told(house, "list") == []
    house.good(*CREATE, "--folder", "Here:/wedding")
    house.good("gallery", "delete", "anna-ben", "--yes")
    house.bad(4, "gallery", "delete", "anna-ben", "--yes")
    assert (house.originals / "wedding/1.jpg").exists()


# --- who comes in, and what they give back -------------------------------------------------------


def test_a_share_link_is_made_used_listed_and_revoked(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding", "--reach", "links")
    made = house.good("gallery", "links", "make", "anna-ben", "--name", "Anna", "--for", "client")
    token = urlsplit(made.strip()).path.removeprefix("/s/")
    visit(house, "", "Anna", 2, token=token)
    (link,) = told(house, "links", "list", "anna-ben")
    assert link["url"] == made.strip()
    assert (link["name"], link["party"], link["has_password"]) == ("Anna", "client", False)
    assert "hide" in link["rights"]
    assert "Anna" in house.good("gallery", "links", "list", "anna-ben")
    other = told(
        house,
        *("links", "make", "anna-ben", "--name", "Guests", "--right", "view", "--most", "9"),
        *("--expires", "2w", "--password-stdin"),
        stdin=f"{SECRET}\n",
    )
    assert (other["rights"], other["most"], other["has_password"]) == (["view"], 9, True)
    assert other["expires_at"]
    house.good("gallery", "links", "revoke", "anna-ben", "Anna")
    house.good("gallery", "links", "revoke", "anna-ben", other["id"])
    assert all(one["revoked_at"] for one in told(house, "links", "list", "anna-ben"))
    house.bad(4, "gallery", "links", "revoke", "anna-ben", "Anna")
    house.bad(3, "gallery", "links", "make", "anna-ben", "--name", " ")


def test_links_of_one_name_are_told_apart_by_their_ids(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    for _ in range(2):
        house.good("gallery", "links", "make", "anna-ben", "--name", "Guests")
    assert "Give its id" in house.bad(3, "gallery", "links", "revoke", "anna-ben", "Guests")


def test_who_picked_what_is_listed(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    visit(house, "anna-ben", "Ada", 2)
    visit(house, "anna-ben", "Bob", 1)
    ada, bob = told(house, "picks", "list", "anna-ben")
    assert (ada["viewer"]["name"], bob["viewer"]["name"]) == ("Ada", "Bob")
    assert [(one["name"], one["heart"], one["note"]) for one in ada["picks"]] == [
        ("1.jpg", True, "large"),
        ("2.jpg", True, "large"),
    ]
    assert ada["state"] == "submitted"
    table = house.good("gallery", "picks", "list", "anna-ben")
    assert "Ada" in table
    assert "submitted" in table
    photos = told(house, "picks", "photos", "anna-ben")
    assert [(one["name"], one["by"]) for one in photos] == [
        ("1.jpg", ["Ada", "Bob"]),
        ("2.jpg", ["Ada"]),
    ]
    assert "1.jpg  2      Ada, Bob" in house.good("gallery", "picks", "photos", "anna-ben")


def test_a_list_is_taken_away_to_a_file_or_straight_on(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    export = ("gallery", "picks", "export", "anna-ben")
    house.bad(4, *export, "txt")
    visit(house, "anna-ben", "Ada", 2)
    assert house.start(*export, "txt").stdout == "1.jpg\n2.jpg\n"
    assert house.start(*export, "lightroom", "--list", "Ada").stdout == "1, 2"
    house.good(*export, "pdf", "--to", "sheet.pdf")
    assert (house.folder / "sheet.pdf").read_bytes().startswith(b"%PDF")
    house.good(*export, "csv", "--to", ".")
    (table,) = house.folder.glob("*.csv")
    assert "Anna & Ben" in table.name
    assert "1.jpg" in table.read_text("utf-8-sig")
    assert "cannot be written" in house.bad(3, *export, "csv", "--to", "none/here.csv")
    assert "Formats are" in house.bad(3, *export, "docx")
    visit(house, "anna-ben", "Bob", 1)
    assert "2 lists may be meant" in house.bad(3, *export, "txt")
    assert house.start(*export, "txt", "--list", "Bob").stdout == "1.jpg\n"


def test_what_happened_is_a_table_or_csv(house: Shell) -> None:
    house.good(*CREATE, "--folder", "Here:/wedding")
    visit(house, "anna-ben", "Ada", 2)
    acts = [one["act"] for one in told(house, "activity", "anna-ben")]
    assert acts == ["submitted", "picked", "picked"]
    assert [one["act"] for one in told(house, "activity", "anna-ben", "--limit", "1")] == [
        "submitted"
    ]
    assert "Ada" in house.good("gallery", "activity", "anna-ben")
    written = house.start("gallery", "activity", "anna-ben", "--csv").stdout.removeprefix("\ufeff")
    rows = list(csv.DictReader(StringIO(written)))
    assert [row["what"] for row in rows] == acts
    assert {row["who"] for row in rows} == {"Ada"}


# --- where to begin ------------------------------------------------------------------------------


def test_the_folders_of_a_channel_are_walked(house: Shell) -> None:
    top = told(house, "folders", "Here")
    assert [one["path"] for one in top["folders"]] == ["other", "wedding"]
    below = told(house, "folders", "Here", "wedding")
    assert below["here"]["count"]["photos"] == 2
    assert [one["path"] for one in below["folders"]] == ["wedding/Party"]
    lines = house.good("gallery", "folders", "Here", "/wedding").splitlines()
    assert lines[1].split() == ["/wedding", "2", "0", "1", *lines[1].split()[4:]]
    house.bad(4, "gallery", "folders", "Here", "nowhere")
    house.bad(4, "gallery", "folders", "Nowhere")


def test_a_folder_of_a_connected_account_is_published(near: Near) -> None:
    control = near.service.control
    names = control.photos(3, "/Wedding", long_edge=400)
    near.add()
    near.connect()
    near.good("channel", "edit", "Cloud", "--root", "")
    (folder,) = told(near, "folders", "Cloud")["folders"]
    assert (folder["path"], folder["count"]["photos"]) == ("Wedding", 3)
    made = told(near, "create", "Wedding", "--folder", "Cloud:/Wedding")
    assert made["state"] == "published"
    assert told(near, "show", "wedding")["count"]["photos"] == 3
    control.photos(1, "/Wedding/Party", long_edge=400)
    control.move(names[0], "/Elsewhere/1.jpg")
    control.delete(names[1])
    assert told(near, "refresh", "wedding")["photos"] == 2
    near.good("index", "Cloud")
    control.photos(1, "/Wedding/Cake", long_edge=400)
    control.delete(names[2])
    assert told(near, "refresh", "wedding")["photos"] == 2


def test_nothing_is_made_while_the_service_is_away(near: Near) -> None:
    near.service.control.photos(1, "/fanlight/Wedding", long_edge=400)
    near.add()
    near.connect()
    near.service.control.fault("server_error", "*", status=503, times=1000)
    near.bad(7, *CREATE, "--folder", "Cloud:/Wedding")
    assert told(near, "list") == []
