"""The people whom a gallery knows: what is kept, handed over, forgotten; and the site's name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.app import now
from fanlight.galleries.making import Draft
from fanlight.gallery_model import Act, GalleryState
from fanlight.model import SERVER, Scope
from fanlight.sharing.linking import NewLink
from tests.web.test_proofing_pages import Pages, proofing
from tests.web.test_studio import send, words
from tests.web.visit_stage import PASSWORD, staged

if TYPE_CHECKING:
    from tests.web.conftest import House

__all__ = ["proofing"]

pytestmark = pytest.mark.anyio


def page_of(proofing: Pages) -> str:
    return f"/studio/galleries/{proofing.gallery.id}/viewers"


async def test_a_gallery_that_knows_nobody_says_who_would_be_here(proofing: Pages) -> None:
    assert "Nobody is known here" in words(await proofing.client.get(page_of(proofing)))


async def test_people_stand_with_their_link_lists_and_comments(proofing: Pages) -> None:
    use = proofing.house.fanlight
    link = await use.sharing.make_link(SERVER, proofing.gallery.id, NewLink("Family"))
    anna = await proofing.enter(1, "Anna")
    await use.catalogue.write(
        lambda records: records.viewers.update("v-1", link_id=link.id, email="anna@example.com")
    )
    await proofing.pick(anna, "a.jpg", "b.jpg")
    await use.proofing.comment(anna, proofing.photos["a.jpg"], "Brighter?", address="192.0.2.1")
    await proofing.enter(2, "")
    said = words(await proofing.client.get(page_of(proofing)))
    for word in ("Anna", "anna@example.com", "“Family”", "2 picks", "1 comment", "Somebody"):
        assert word in said
    await use.sharing.remove_link(SERVER, link.id)
    assert "“Family”" not in words(await proofing.client.get(page_of(proofing)))


async def test_what_is_kept_is_handed_over_as_they_can_have_it(proofing: Pages) -> None:
    use = proofing.house.fanlight
    anna = await proofing.enter(1, "Anna")
    await proofing.pick(anna, "a.jpg", note="closer")
    use.journal.note(Act.DOWNLOADED, anna, asset_id=proofing.photos["b.jpg"], size=9)
    await use.journal.flush()
    answer = await proofing.client.get(f"{page_of(proofing)}/v-1/kept.json")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["viewer"]["name"] == "Anna"
    (pick,) = told["lists"][0]["picks"]
    assert (pick["photo"], pick["note"]) == ("a.jpg", "closer")
    did = [(one["what"], one["photo"]) for one in told["activity"]]
    assert ("downloaded", "b.jpg") in did


async def test_somebody_is_forgotten_once_that_was_confirmed(proofing: Pages) -> None:
    use, page = proofing.house.fanlight, page_of(proofing)
    anna = await proofing.enter(1, "Anna")
    await proofing.pick(anna, "a.jpg", "c.jpg")
    use.journal.note(Act.VIEWED, anna)
    await use.journal.flush()
    asked = await proofing.client.get(f"{page}/v-1/forget")
    assert "1 list with 2 picks" in words(asked)
    assert "Anna" in words(await proofing.client.get(page)), "asking changes nothing"
    answer = await send(proofing.client, f"{page}/v-1/forget", f"{page}/v-1/forget")
    assert answer.status_code == 303
    assert "Nobody is known here" in words(await proofing.client.get(page))
    assert "No picks yet" in words(await proofing.client.get(proofing.at))
    journal = f"/studio/galleries/{proofing.gallery.id}/activity"
    assert "Somebody opened the gallery" in words(await proofing.client.get(journal))
    assert (await proofing.client.get(f"{page}/v-1/forget")).status_code == 404


async def test_a_viewer_of_another_gallery_is_not_found_here(proofing: Pages) -> None:
    use = proofing.house.fanlight
    await proofing.enter(1, "Anna")
    other = await use.galleries.create(SERVER, Draft("Other"))
    there = f"/studio/galleries/{other.id}/viewers/v-1"
    assert (await proofing.client.get(f"{there}/kept.json")).status_code == 404
    assert (await proofing.client.get(f"{there}/forget")).status_code == 404
    answer = await send(proofing.client, f"{page_of(proofing)}/v-1/forget", f"{there}/forget")
    assert answer.status_code == 404
    assert len(await use.sharing.viewers(SERVER, proofing.gallery.id)) == 1


async def test_strangers_get_none_of_it(proofing: Pages) -> None:
    stranger = proofing.house.client()
    for path in ("", "/v-1/kept.json", "/v-1/forget"):
        answer = await stranger.get(f"{page_of(proofing)}{path}")
        assert answer.headers["location"].startswith("/sign-in")


# --- the site's name and contact -----------------------------------------------------------------


async def test_the_site_is_named_on_its_page_and_read_by_visitors(house: House) -> None:
    stage = await staged(house)
    client = await stage.owner()
    visitor = stage.client()
    assert "cover-studio" not in (await visitor.get(stage.base)).text
    page = "/studio/site"
    sent = await send(client, page, page, name="Ada & Co", zone="Europe/Berlin")
    assert sent.status_code == 303
    shown = await visitor.get(stage.base)
    assert '<p class="cover-studio">Ada &amp; Co</p>' in shown.text
    assert '"studio":"Ada \\u0026 Co"' in shown.text
    await stage.change(password=PASSWORD)
    door = await stage.client().get(stage.base)
    assert '<p class="door-studio">Ada &amp; Co</p>' in door.text
    refused = await send(client, page, page, name="a" * 101, zone="UTC")
    assert refused.status_code == 400
    assert 'id="name-wrong"' in refused.text
    lost = await send(client, page, page, name="Ada", zone="UTC", contact="javascript:alert(1)")
    assert lost.status_code == 400
    assert 'id="contact-wrong"' in lost.text
    assert 'value="javascript:alert(1)"' in lost.text, "to be mended where it stands"


async def test_who_cannot_come_in_is_told_where_to_ask(house: House) -> None:
    stage = await staged(house)
    client = await house.bearer(Scope.MANAGE)
    said = '<a class="door-contact" href="mailto:ada%2Bphotos@example.com">Get in touch</a>'

    async def seen(base: str = stage.base) -> bool:
        page = (await stage.client().get(base)).text
        assert stage.ids["one.jpg"] not in page, "nothing of the gallery"
        return said in page

    await stage.change(state=GalleryState.ARCHIVED)
    assert not await seen()
    told = {"contact": "ada+photos@example.com"}
    assert (await client.patch("/api/v1/site", json=told)).json()["contact"] == told["contact"]
    assert await seen(), "closed"
    await stage.change(state=GalleryState.PUBLISHED, opens_at=now() + timedelta(days=1))
    assert await seen(), "not open yet"
    await stage.change(opens_at=None, password=PASSWORD)
    assert await seen(), "before the password"
    ended = await stage.link(expires_at=now() - timedelta(seconds=1))
    assert await seen(f"/s/{ended.token}"), "by a link that has ended"
    assert not await seen("/g/nothing-is-here"), "anybody may have come there"
    await stage.change(state=GalleryState.DRAFT)
    assert not await seen(), "a draft is told of by nothing"


async def test_programs_read_and_change_the_site(house: House) -> None:
    client = await house.bearer(Scope.MANAGE)
    assert (await client.get("/api/v1/site")).json() == {
        "name": "",
        "zone": "UTC",
        "contact": "",
    }
    changed = await client.patch("/api/v1/site", json={"name": "Ada"})
    assert changed.json() == {"name": "Ada", "zone": "UTC", "contact": ""}
    wrong = await client.patch("/api/v1/site", json={"zone": "Nowhere"})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["about"]) == (
        400,
        "invalid.zone",
        "zone",
    )
    reader = await house.bearer(Scope.READ)
    assert (await reader.get("/api/v1/site")).json()["name"] == "Ada"
    assert (await reader.patch("/api/v1/site", json={"name": "Eve"})).status_code == 403


async def test_programs_let_the_cover_be_seen_before_the_door(house: House) -> None:
    client = await house.bearer(Scope.MANAGE)
    gallery = await house.fanlight.galleries.create(SERVER, Draft("Wedding"))
    at = f"/api/v1/galleries/{gallery.id}"
    rules = (await client.get(at)).json()["rules"]
    assert rules["cover_outside"] is False
    changed = await client.patch(at, json={"rules": rules | {"cover_outside": True}})
    assert changed.json()["rules"]["cover_outside"] is True
