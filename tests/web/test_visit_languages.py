"""What visitors are told in the language of their gallery: by pages, and by answers to scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fanlight.gallery_model import Look, Right
from fanlight.words import LANGUAGES, page_words
from tests.web.visit_stage import PASSWORD, VisitStage, staged

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from tests.web.conftest import House

pytestmark = pytest.mark.anyio
DATA = {"accept": "application/json"}
OTHERS = [tag for tag in LANGUAGES if tag != "en"]


@pytest.fixture
async def stage(house: House) -> VisitStage:
    return await staged(house)


@pytest.mark.parametrize("tag", OTHERS)
async def test_a_gallery_speaks_its_language_outside_inside_and_where_it_refuses(
    stage: VisitStage, tag: str
) -> None:
    words = page_words(tag)
    await stage.change(look=Look(language=tag), password=PASSWORD, pin="4711")
    client = stage.client()
    question = (await client.get(stage.base)).text
    assert f'<html lang="{tag}"' in question
    assert words.password_lede in question
    answer = await client.post(f"{stage.base}/password", data={"password": "no"})
    assert words.password_wrong in answer.text
    await client.post(f"{stage.base}/password", data={"password": PASSWORD})
    page = (await client.get(stage.base)).text
    assert words("photos", n=2) in page
    wrong = await client.post(f"{stage.base}/pin", data={"pin": "1"}, headers=DATA)
    told = words.refusal(["unauthenticated.pin"])
    assert told is not None
    assert (wrong.json()["title"], wrong.json()["remedy"]) == (f"{told[0]}.", told[1])
    gone = await client.get(f"{stage.base}/p/0123456789abcdef")
    assert gone.status_code == 404
    told = words.refusal(["not-found.item"])
    assert told is not None
    assert told[0] in gone.text
    said = await client.post(
        f"{stage.base}/comments/{stage.ids['one.jpg']}", json={"text": "!"}, headers=DATA
    )
    assert said.json()["author"] == words.guest
    await stage.rule(rights=frozenset({Right.VIEW}))
    refused = await client.get(f"{stage.base}/archive?size=original")
    told = words.refusal(["forbidden"])
    assert told is not None
    assert told[0] in refused.text


async def test_who_storms_a_door_is_told_so_in_the_language_of_the_gallery(
    stage: VisitStage,
) -> None:
    await stage.change(look=Look(language="de"), password=PASSWORD)
    client = stage.client()
    way, wrong = f"{stage.base}/password", {"password": "no"}
    answers = [await client.post(way, data=wrong) for _ in range(30)]
    answer = next(one for one in answers if one.status_code == 429)
    assert "Zu viele Versuche. Warte" in answer.text
    answers = [await client.post(way, data=wrong, headers=DATA) for _ in range(30)]
    script = next(one for one in answers if one.status_code == 429)
    assert script.json()["title"] == "Das war viel auf einmal."
    assert script.json()["remedy"].startswith("Warte ")
    assert int(script.headers["retry-after"]) >= 1


async def test_where_nobody_may_know_of_a_gallery_the_browser_says_the_language(
    stage: VisitStage,
) -> None:
    client = stage.client(**{"accept-language": "nl-BE,nl;q=0.9"})
    lost = await client.get("/g/no-such-gallery")
    assert lost.status_code == 404
    assert page_words("nl").lost in lost.text


async def test_a_gallery_that_was_kept_in_a_language_shows_it(stage: VisitStage) -> None:
    """Written by whatever version: the page shows the nearest language there is."""

    def unit(records: Records) -> None:
        look = records.galleries.get(stage.gallery.id).look
        records.galleries.update(stage.gallery.id, look=replace(look, language="fr"))

    await stage.house.fanlight.catalogue.write(unit)
    await stage.change(title="Anna et Ben")
    assert page_words("fr").about_you in (await stage.client().get(stage.base)).text
