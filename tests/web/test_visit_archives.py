"""Much of a gallery as one ZIP, as visitors get it: whole, in pieces, with a pin, scriptless."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from fanlight.gallery_model import Act, Right
from fanlight.model import SERVER
from fanlight.words import archive_words
from tests.support.workshop import a_picture, seen
from tests.web.visit_stage import PASSWORD, VisitStage, staged

if TYPE_CHECKING:
    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

REPORT = archive_words("en").report

DATA = {"accept": "application/json"}


@pytest.fixture
async def stage(house: House) -> VisitStage:
    return await staged(house)


def unpacked(answer: httpx2.Response) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(answer.content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist() if name != REPORT}


def originals(stage: VisitStage) -> dict[str, bytes]:
    folder = stage.house.originals / "wedding"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_visitor_is_told_how_much_it_is_and_gets_it(stage: VisitStage) -> None:
    client = stage.client()
    told = (await client.get(f"{stage.base}/archive/plan?size=original", headers=DATA)).json()
    expected = originals(stage)
    assert told == {
        "count": 3,
        "size": sum(map(len, expected.values())),
        "name": "Anna & Ben.zip",
    }
    answer = await client.get(f"{stage.base}/archive?size=original")
    assert answer.headers["content-disposition"] == 'attachment; filename="Anna & Ben.zip"'
    assert answer.headers["x-robots-tag"] == "noindex"
    assert unpacked(answer) == expected


async def test_the_same_address_goes_on_with_what_was_begun(stage: VisitStage) -> None:
    client, address = stage.client(), f"{stage.base}/archive?size=original"
    whole = await client.get(address)
    assert (await client.get(address)).headers["etag"] == whole.headers["etag"]
    (stage.house.originals / "wedding" / "three.jpg").write_bytes(a_picture(30, 20, "red", "jpeg"))
    assert stage.house.channel is not None
    await stage.house.fanlight.library.index(SERVER, stage.house.channel.id)
    await stage.house.fanlight.galleries.sync(SERVER, stage.gallery.id)
    rest = await client.get(address, headers={"Range": "bytes=300-"})
    assert rest.status_code == 206
    assert rest.content == whole.content[300:]
    anew = await client.get(address)
    assert anew.headers["etag"] != whole.headers["etag"]
    assert len(unpacked(anew)) == 4
    stale = {"Range": "bytes=300-", "If-Range": whole.headers["etag"]}
    assert (await client.get(address, headers=stale)).content == anew.content


async def test_who_has_no_beginning_is_given_the_whole(stage: VisitStage) -> None:
    address = f"{stage.base}/archive?size=original"
    answer = await stage.client().get(address, headers={"Range": "bytes=300-"})
    assert answer.status_code == 200
    assert unpacked(answer) == originals(stage)


async def test_a_pin_is_asked_for_and_remembered(stage: VisitStage) -> None:
    await stage.change(pin="1234")
    client, address = stage.client(), f"{stage.base}/archive?size=original"
    assert (await client.get(address, headers=DATA)).status_code == 401
    away = await client.get(address)
    assert away.status_code == 303
    asked = await client.get(away.headers["location"])
    assert 'name="pin"' in asked.text
    wrong = await client.post(f"{stage.base}/pin", data={"pin": "9"}, headers=DATA)
    assert wrong.status_code == 401
    right = await client.post(f"{stage.base}/pin", data={"pin": "1234"}, headers=DATA)
    assert right.is_success
    assert unpacked(await client.get(address)) == originals(stage)


async def test_where_no_cookie_is_kept_a_script_is_told_by_which_address_the_pin_is_known(
    stage: VisitStage,
) -> None:
    await stage.change(pin="1234")
    await stage.rule(cookie=False)
    client = stage.client()
    right = await client.post(f"{stage.base}/pin", data={"pin": "1234"}, headers=DATA)
    base = right.json()["base"]
    assert base.startswith(f"{stage.base}~i")
    assert not right.headers.get_list("set-cookie")
    assert unpacked(await client.get(f"{base}/archive?size=original")) == originals(stage)


async def test_who_guesses_the_pin_is_told_on_its_page_how_long_to_wait(stage: VisitStage) -> None:
    await stage.change(pin="1234", password=PASSWORD)
    client, way = stage.client(), "/archive?size=original"
    await client.get(stage.base)
    await client.post(f"{stage.base}/password", data={"password": PASSWORD})
    wrong = {"pin": "9", "next": way}
    answers = [await client.post(f"{stage.base}/pin", data=wrong) for _ in range(30)]
    answer = next(one for one in answers if one.status_code == 429)
    assert int(answer.headers["retry-after"]) >= 1
    assert "Too many tries" in answer.text
    assert 'name="pin"' in answer.text, "the pin is asked for, not the password"
    assert f'value="{way}"' in answer.text, "and the way goes on from there"


async def test_smaller_ones_are_made_first_and_only_pictures_without_the_right_to_more(
    stage: VisitStage,
) -> None:
    await stage.rule(rights=frozenset({Right.VIEW, Right.WEB}))
    client, address = stage.client(), f"{stage.base}/archive?size=1024"
    assert (await client.get(f"{stage.base}/archive?size=original")).status_code == 403
    while (head := await client.head(address)).status_code == 503:
        assert int(head.headers["retry-after"]) >= 1
        assert head.headers["made"].endswith("/2")
        assert int(head.headers["refresh"]) >= 1, "who has no script is brought back"
    assert head.status_code == 200
    found = unpacked(await client.get(address))
    assert {name: seen(body)[1] for name, body in found.items()} == {
        "one.jpg": (120, 80),
        "two.jpg": (80, 120),
    }


async def test_without_a_script_a_page_asks_which_size(stage: VisitStage) -> None:
    client = stage.client()
    page = await client.get(f"{stage.base}/archive?section=")
    assert page.headers["content-type"].startswith("text/html")
    assert "3 photos" in page.text
    for size in ("original", "2048", "1024"):
        assert f'value="{size}"' in page.text
    await stage.rule(rights=frozenset({Right.VIEW, Right.WEB}))
    page = await client.get(f"{stage.base}/archive")
    assert 'value="original"' not in page.text
    assert (await client.get(f"{stage.base}/archive?size=7")).status_code == 400


async def test_a_download_is_counted_once_however_many_pieces_it_comes_in(
    stage: VisitStage,
) -> None:
    await stage.rule(downloads=1)
    client, address = stage.client(), f"{stage.base}/archive?size=original"
    await client.head(address)
    whole = await client.get(address)
    await client.get(address, headers={"Range": "bytes=300-"})
    journal = stage.house.fanlight.journal
    noted = [one for one in journal._noted if one.act is Act.DOWNLOADED]  # pyright: ignore[reportPrivateUsage]
    size = sum(map(len, originals(stage).values()))
    assert [(one.count, one.size) for one in noted] == [(3, size)]
    await stage.house.fanlight.catalogue.write(lambda records: records.activities.add(noted))
    assert (await client.get(address)).status_code == 403
    rest = await client.get(address, headers={"Range": "bytes=300-"})
    assert rest.content == whole.content[300:]


@pytest.mark.parametrize("way", ["original?download=1", "web?size=1024"])
async def test_single_photos_count_and_are_counted_too(stage: VisitStage, way: str) -> None:
    await stage.rule(downloads=1)
    client, address = stage.client(), f"{stage.base}/p/{stage.ids['one.jpg']}/{way}"
    first = await client.get(address)
    assert first.status_code == 200
    await stage.house.fanlight.journal.flush()
    refused = await client.get(address, headers=DATA)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden.used-up")
    assert (await client.get(address, headers={"Range": "bytes=0-"})).status_code == 403
    rest = await client.get(address, headers={"Range": "bytes=10-"})
    assert rest.content == first.content[10:]
    assert (await client.get(f"{stage.base}/archive?size=original")).status_code == 403
    seen = await client.get(f"{stage.base}/p/{stage.ids['one.jpg']}/thumb")
    assert seen.status_code == 200, "looking goes on"


async def test_picks_alone_are_those_of_the_one_who_asks(stage: VisitStage) -> None:
    answer = await stage.client().get(f"{stage.base}/archive?size=original&only=mine", headers=DATA)
    assert answer.json()["code"] == "not-found.archive-contents"


async def test_nothing_of_a_gallery_that_has_closed_is_sent_on(stage: VisitStage) -> None:
    client, address = stage.client(), f"{stage.base}/archive?size=original"
    assert (await client.get(address)).status_code == 200
    await stage.house.fanlight.galleries.archive(SERVER, stage.gallery.id)
    for headers in ({}, {"Range": "bytes=300-"}):
        assert (await client.get(address, headers=headers)).status_code == 410
