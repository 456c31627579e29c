"""The owner's gallery pages: made from folders, changed in all their parts, without a script."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from fanlight.galleries.making import Draft
from fanlight.gallery_model import GallerySort, GalleryState, Proofing, Reach, Right
from fanlight.model import SERVER
from fanlight.web.qr import qr_code
from fanlight.web.studio.gallery_fields import OURS
from tests.web.test_studio import at_fault, csrf_of, send, signed_in, words

if TYPE_CHECKING:
    import httpx2

    from fanlight.gallery_model import Gallery
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

GALLERIES = "/studio/galleries"
JPEG = b"\xff\xd8\xff\xe0"


def put(house: House, *paths: str) -> None:
    for path in paths:
        place = house.originals / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(JPEG + path.encode())


async def a_gallery(house: House, client: httpx2.AsyncClient, folder: str = "w") -> Gallery:
    """A gallery made by its form, filled as its job does it."""
    assert house.channel is not None
    (house.originals / folder).mkdir(parents=True, exist_ok=True)
    page = f"{GALLERIES}/new?channel={house.channel.id}&here={folder}"
    fields = {"channel": house.channel.id, "chosen.1": folder, "title": "Anna & Ben"}
    answer = await post(client, GALLERIES, page=page, **fields)
    assert answer.status_code == 303, answer.text
    gallery_id = answer.headers["location"].partition("?")[0].rpartition("/")[2]
    await house.fanlight.galleries.fill(SERVER, gallery_id)
    return await house.fanlight.galleries.get(SERVER, gallery_id)


async def post(client: httpx2.AsyncClient, to: str, *, page: str, **fields: str) -> httpx2.Response:
    """Fill in a form that a page shows, and send it."""
    return await send(client, page, to, **fields)


async def fresh(house: House, gallery: Gallery) -> Gallery:
    return await house.fanlight.galleries.get(SERVER, gallery.id)


async def names(house: House, gallery: Gallery) -> list[str]:
    page = await house.fanlight.galleries.items(SERVER, gallery.id)
    return [one.asset.name for one in page.items]


async def ids(house: House, gallery: Gallery) -> dict[str, str]:
    page = await house.fanlight.galleries.items(SERVER, gallery.id)
    return {one.asset.name: one.asset.id for one in page.items}


async def test_folders_are_walked_and_one_is_chosen(house: House) -> None:
    put(house, "w/2026-05-30 Anna/1.jpg", "w/2026-05-30 Anna/2.jpg", "w/Other/3.jpg")
    client = await signed_in(house)
    assert house.channel is not None
    top = await client.get(f"{GALLERIES}/new")
    assert "2 folders" in top.text
    inside = await client.get(f"{GALLERIES}/new?channel={house.channel.id}&path=w")
    assert "2026-05-30 Anna" in inside.text
    assert "2 photos" in words(inside)
    named = await client.get(
        f"{GALLERIES}/new?channel={house.channel.id}&chosen.1=w/2026-05-30+Anna"
    )
    assert 'name="title" value="Anna"' in named.text
    assert 'name="held_on" type="date" value="2026-05-30"' in named.text
    assert 'name="slug" value="anna"' in named.text


async def test_a_gallery_is_made_filled_and_shown(house: House) -> None:
    put(house, "w/1.jpg", "w/Church/2.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    assert (gallery.slug, gallery.state) == ("anna-ben", GalleryState.DRAFT)
    page = await client.get(f"{GALLERIES}/{gallery.id}")
    assert "1.jpg" in page.text
    assert "Church" in page.text
    listed = await client.get(GALLERIES)
    assert "Anna &amp; Ben" in listed.text
    assert "2 photos" in words(listed)


async def test_a_slug_that_is_taken_is_said_at_its_field(house: House) -> None:
    put(house, "w/1.jpg")
    client = await signed_in(house)
    await a_gallery(house, client)
    assert house.channel is not None
    fields = {"channel": house.channel.id, "chosen.1": "w", "title": "New", "slug": "anna-ben"}
    answer = await post(client, GALLERIES, page=GALLERIES + "/new", **fields)
    assert answer.status_code == 409
    assert "Another gallery has this address." in answer.text
    assert 'id="slug-wrong"' in answer.text
    assert 'value="New"' in answer.text


async def test_what_it_is_about_is_changed(house: House) -> None:
    put(house, "w/1.jpg", "w/2_draft.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}/about"
    fields = {"title": "New", "slug": "new", "held_on": "2026-05-30", "text": "Hello"}
    more = {"sort": "taken", "backwards": "yes", "ignored": "*_draft.*"}
    assert (await post(client, page, page=page, **fields, **more)).status_code == 303
    changed = await fresh(house, gallery)
    assert (changed.title, changed.slug, changed.text) == ("New", "new", "Hello")
    assert changed.rules.sort is GallerySort.TAKEN
    assert changed.rules.backwards
    assert not changed.rules.pairs
    assert await names(house, gallery) == ["1.jpg"]
    shown = await client.get(page)
    assert 'value="*_draft.*"' in shown.text


async def test_its_look_is_changed(house: House) -> None:
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}/look"
    fields = {"cover": "split", "theme": "dark", "layout": "square", "language": "de"}
    await post(client, page, page=page, accent="#aa5500", names="yes", **fields)
    look = (await fresh(house, gallery)).look
    assert (look.cover, look.theme, look.layout) == ("split", "dark", "square")
    assert (look.accent, look.language, look.names) == ("#aa5500", "de", True)
    await post(client, page, page=page, accent=OURS, **fields)
    assert (await fresh(house, gallery)).look.accent == "", "ours is another by day and by night"
    refused = await post(client, page, page=page, accent="reddish", **fields)
    assert refused.status_code == 400
    assert at_fault(refused) == ["accent"]


async def test_who_comes_in_is_changed(house: House) -> None:
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}/access"
    fields = {"reach": "links", "right.view": "yes", "right.original": "yes", "pin": "1234"}
    times = {"opens_at": "2026-06-01T10:00", "closes_at": "2026-07-01T10:00"}
    picking = {"stars": "yes", "lists": "yes", "least": "3", "most": "30"}
    more = picking | {"password": "a good password", "embedding": "blog.example", "downloads": "5"}
    answer = await post(client, page, page=page, **fields, **times, **more)
    assert answer.status_code == 303, answer.text
    changed = await fresh(house, gallery)
    assert changed.rules.reach is Reach.LINKS
    assert changed.rules.rights == {Right.VIEW, Right.ORIGINAL}
    assert (changed.rules.downloads, changed.rules.embedding) == (5, ("https://blog.example",))
    assert changed.rules.proofing == Proofing(stars=True, least=3, most=30)
    assert changed.has_password
    assert changed.opens_at is not None
    assert (changed.opens_at.hour, changed.pin) == (10, "1234")
    kept = await client.get(page)
    assert "a good password" not in kept.text
    await post(client, page, page=page, **fields, no_password="yes")
    assert not (await fresh(house, gallery)).has_password


ABOUT = {"title": "Anna", "slug": "anna"}
LINK = {"name": "Family", "most": "0"}


@pytest.mark.parametrize(
    ("part", "fields", "about"),
    [
        ("about", ABOUT | {"title": " "}, "title"),
        ("about", ABOUT | {"title": "x" * 201}, "title"),
        ("about", ABOUT | {"slug": "../x"}, "slug"),
        ("about", ABOUT | {"slug": ""}, "slug"),
        ("about", ABOUT | {"held_on": "in May"}, "held_on"),
        ("about", ABOUT | {"text": "x" * 5001}, "text"),
        ("about", ABOUT | {"ignored": "x" * 201}, "ignored"),
        ("look", {"accent": "reddish", "language": "en"}, "accent"),
        ("look", {"accent": "", "language": "xx"}, "language"),
        ("access", {"password": "short"}, "password"),
        ("access", {"pin": "12"}, "pin"),
        ("access", {"embedding": "not a site"}, "embedding"),
        ("access", {"opens_at": "soon"}, "opens_at"),
        ("access", {"closes_at": "2026-13-01T10:00"}, "closes_at"),
        ("access", {"opens_at": "2026-07-01T10:00", "closes_at": "2026-06-01T10:00"}, "closes_at"),
        ("access", {"downloads": "many"}, "downloads"),
        ("access", {"downloads": "-1"}, "downloads"),
        ("access", {"least": "-3"}, "least"),
        ("access", {"least": "9", "most": "3"}, "most"),
        ("access", {"most": "1000000"}, "most"),
        ("access", {"most_in_section": "1.5"}, "most_in_section"),
        ("links", LINK | {"name": " "}, "name"),
        ("links", LINK | {"name": "x" * 101}, "name"),
        ("links", LINK | {"password": "short"}, "password"),
        ("links", LINK | {"expires_at": "never"}, "expires_at"),
        ("links", LINK | {"most": "few"}, "most"),
        ("links", LINK | {"most": "-1"}, "most"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    house: House, part: str, fields: dict[str, str], about: str
) -> None:
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}/{part}"
    answer = await post(client, page, page=page, **fields)
    assert answer.status_code == 400
    assert at_fault(answer) == [about]
    assert f'id="{about}-wrong"' in answer.text
    for name, typed in fields.items():
        if typed.strip() and name not in ("password", "accent", "language", "opens_at"):
            assert html.escape(typed) in answer.text, "and can be mended where it stands"
    assert await fresh(house, gallery) == gallery


async def test_sections_are_named_hidden_ordered_added_and_removed(house: House) -> None:
    put(house, "w/a/1.jpg", "w/b/2.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}/sections"
    a, b = await house.fanlight.galleries.all_sections(SERVER, gallery.id)
    fields = {f"title.{a.id}": "First", f"hidden.{a.id}": "yes", f"title.{b.id}": "b"}
    await post(client, page, page=page, **fields, **{f"up.{b.id}": "1"}, new="By hand")
    b, a, new = await house.fanlight.galleries.all_sections(SERVER, gallery.id)
    assert (a.title, a.hidden, a.downloads) == ("First", True, False)
    assert (b.title, new.title) == ("b", "By hand")
    refused = await post(client, f"{page}/{b.id}/remove", page=page)
    assert refused.status_code == 409
    await post(client, f"{page}/{new.id}/remove", page=page)
    assert len(await house.fanlight.galleries.all_sections(SERVER, gallery.id)) == 2


async def test_a_title_that_a_section_cannot_have_is_refused_at_its_field(house: House) -> None:
    put(house, "w/a/1.jpg", "w/b/2.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}/sections"
    a, b = await house.fanlight.galleries.all_sections(SERVER, gallery.id)
    fields = {f"title.{a.id}": "First", f"title.{b.id}": " ", "new": "By hand"}
    refused = await post(client, page, page=page, **fields, **{f"hidden.{b.id}": "yes"})
    assert refused.status_code == 400
    assert at_fault(refused) == [f"title-{b.id}"]
    assert 'value="By hand"' in refused.text, "what was typed is there still"
    assert f'name="hidden.{b.id}" value="yes" checked' in refused.text
    long = await post(client, page, page=page, new="x" * 201)
    assert at_fault(long) == ["new"]
    assert len(await house.fanlight.galleries.all_sections(SERVER, gallery.id)) == 2


async def test_photos_are_hidden_ordered_and_put_on_the_cover(house: House) -> None:
    put(house, "w/1.jpg", "w/2.jpg", "w/3.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page, known = f"{GALLERIES}/{gallery.id}", await ids(house, gallery)

    async def press(action: str, *chosen: str) -> httpx2.Response:
        fields = {f"item.{known[one]}": "yes" for one in chosen}
        return await post(client, f"{page}/items", page=page, action=action, **fields)

    assert (await press("last", "1.jpg")).status_code == 303
    assert await names(house, gallery) == ["2.jpg", "3.jpg", "1.jpg"]
    await press("first", "3.jpg")
    assert await names(house, gallery) == ["3.jpg", "2.jpg", "1.jpg"]
    await press("cover", "2.jpg")
    await press("hide", "1.jpg")
    shown = await client.get(page)
    assert (await fresh(house, gallery)).cover_id == known["2.jpg"]
    assert "2.jpg, Cover" in shown.text
    assert "1.jpg, Hidden" in shown.text
    await press("unhide", "1.jpg")
    assert "1.jpg, Hidden" not in (await client.get(page)).text
    assert (await press("take", "1.jpg")).status_code == 409
    assert (await press("hide")).status_code == 400


async def test_a_script_puts_photos_in_order_and_is_answered_shortly(house: House) -> None:
    put(house, "w/1.jpg", "w/2.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page, known = f"{GALLERIES}/{gallery.id}", await ids(house, gallery)
    fields = {
        "csrf": await csrf_of(client, page),
        "action": "order",
        "ids": known["2.jpg"],
        "before": known["1.jpg"],
    }
    script = {"Accept": "application/json"}
    answer = await client.post(f"{page}/items", data=fields, headers=script)
    assert answer.status_code == 204
    assert await names(house, gallery) == ["2.jpg", "1.jpg"]
    bad = await client.post(f"{page}/items", data=fields | {"ids": "none"}, headers=script)
    assert (bad.status_code, bad.json()["code"]) == (404, "not-found.item")


async def test_it_is_published_doubled_archived_and_removed(house: House) -> None:
    put(house, "w/1.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    page = f"{GALLERIES}/{gallery.id}"
    await post(client, f"{page}/state", page=page, state="published")
    assert (await fresh(house, gallery)).state is GalleryState.PUBLISHED
    doubled = await post(client, f"{page}/duplicate", page=page)
    copy = doubled.headers["location"].split("/")[3]
    assert await names(house, await house.fanlight.galleries.get(SERVER, copy)) == ["1.jpg"]
    await post(client, f"{page}/state", page=page, state="archived")
    assert (await fresh(house, gallery)).state is GalleryState.ARCHIVED
    assert "stay where they are" in (await client.get(f"{page}/remove")).text
    await post(client, f"{page}/remove", page=f"{page}/remove")
    assert (await client.get(page)).status_code == 404
    assert (house.originals / "w/1.jpg").exists()


async def test_folders_are_added_divided_and_taken_out(house: House) -> None:
    put(house, "w/1.jpg", "x/2.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    assert house.channel is not None
    page = f"{GALLERIES}/{gallery.id}/folders"
    chooser = await client.get(f"{GALLERIES}/new?gallery={gallery.id}")
    assert f'action="{page}"' in chooser.text
    fields = {"channel": house.channel.id, "chosen.1": "x", "sections": "no"}
    await post(client, page, page=page, **fields)
    await house.fanlight.galleries.fill(SERVER, gallery.id)
    assert sorted(await names(house, gallery)) == ["1.jpg", "2.jpg"]
    first, _ = await house.fanlight.galleries.sources(SERVER, gallery.id)
    await post(client, f"{page}/{first.id}", page=page, sections="no")
    assert "all together" in (await client.get(page)).text
    await post(client, f"{page}/{first.id}", page=page, action="remove")
    assert await names(house, gallery) == ["2.jpg"]


async def test_what_was_selected_in_the_library_goes_into_a_gallery(house: House) -> None:
    put(house, "w/1.jpg", "x/2.jpg")
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    assert house.channel is not None
    await house.fanlight.library.index(SERVER, house.channel.id)
    page = await house.fanlight.library.page(SERVER)
    chosen = " ".join(one.id for one in page.items)
    into = f"{GALLERIES}/choose"
    await post(client, into, page="/studio/library", ids=chosen, gallery=gallery.id)
    assert sorted(await names(house, gallery)) == ["1.jpg", "2.jpg"]
    made = await post(client, into, page="/studio/library", ids=chosen, title="Best of")
    new = re.findall(r"galleries/(\w+)\?", made.headers["location"])[0]
    assert sorted(await names(house, await house.fanlight.galleries.get(SERVER, new))) == [
        "1.jpg",
        "2.jpg",
    ]


async def test_a_folder_that_cannot_be_read_is_said(house: House) -> None:
    client = await signed_in(house)
    assert house.channel is not None
    answer = await client.get(f"{GALLERIES}/new?channel={house.channel.id}&path=nowhere")
    assert answer.status_code == 404
    assert "There is no such folder" in answer.text


async def test_strangers_are_sent_to_the_door(house: House) -> None:
    answer = await house.client().get(GALLERIES)
    assert answer.headers["location"].startswith("/sign-in")


async def test_share_links_are_made_changed_ended_renewed_and_removed(house: House) -> None:
    client = await signed_in(house)
    gallery = await a_gallery(house, client)
    sharing, page = house.fanlight.sharing, f"{GALLERIES}/{gallery.id}/links"
    made = await post(client, page, page=page, name="Anna", party="client", most="5")
    assert made.status_code == 303, made.text
    (link,) = await sharing.links(SERVER, gallery.id)
    assert (link.party, link.most) == ("client", 5)
    assert Right.ORIGINAL in link.rights
    assert f"/s/{link.token}" in (await client.get(page)).text
    fields = {"name": "Ben", "right.pick": "yes", "expires_at": "2030-01-01T10:00"}
    await post(client, f"{page}/{link.id}", page=page, **fields)
    (changed,) = await sharing.links(SERVER, gallery.id)
    assert (changed.name, changed.rights) == ("Ben", {Right.VIEW, Right.PICK})
    printed = await client.get(f"{page}/{link.id}/qr.svg")
    assert printed.headers["content-type"] == "image/svg+xml"
    assert printed.content == qr_code(f"http://test/s/{link.token}")
    await post(client, f"{page}/{link.id}/act", page=page, action="revoke")
    assert (await client.get(f"{page}/{link.id}/qr.svg")).status_code == 404, "it leads nowhere"
    ended = await client.get(page)
    assert "Ended" in ended.text
    assert link.token not in ended.text
    await post(client, f"{page}/{link.id}/act", page=page, action="renew")
    (renewed,) = await sharing.links(SERVER, gallery.id)
    assert renewed.revoked_at is None
    assert renewed.token != link.token
    await post(client, f"{page}/{link.id}/act", page=page, action="remove")
    assert await sharing.links(SERVER, gallery.id) == ()


async def test_a_share_link_of_another_gallery_is_not_changed_here(house: House) -> None:
    client = await signed_in(house)
    one, other = (
        await a_gallery(house, client),
        await house.fanlight.galleries.create(SERVER, Draft("Other")),
    )
    page = f"{GALLERIES}/{one.id}/links"
    await post(client, page, page=page, name="Anna")
    (link,) = await house.fanlight.sharing.links(SERVER, one.id)
    foreign = f"{GALLERIES}/{other.id}/links/{link.id}/act"
    assert (await post(client, foreign, page=page, action="remove")).status_code == 404
    assert (await post(client, page, page=page, name=" ")).status_code == 400
