"""Pictures by the public addresses: presets and sizes, forms, rights, and every way to fail."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.delivery import Rules
from fanlight.delivery.links import TRUSTED_FOR
from fanlight.errors import (
    BrokenPicture,
    PictureTooLarge,
    PictureTooSlow,
    StorageUnavailable,
    Unauthenticated,
    UnreadablePicture,
)
from fanlight.model import Actor, Kind, Scope, Visibility
from fanlight.pictures import Pictures
from fanlight.web.public import PublicLinks
from tests.delivery.stage import Stage, later
from tests.support.records import a_user
from tests.support.workshop import Workshop, a_picture, seen
from tests.web.public_stage import elsewhere, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from pathlib import Path

    import httpx2

    from fanlight.catalogue import Catalogue
    from fanlight.errors import PictureError
    from fanlight.model import Asset

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "image/avif,image/webp,*/*;q=0.8"}
TEAL, RED = (0, 2, 2), (4, 0, 0)


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path / "renditions")


@asynccontextmanager
async def at_door(
    stage: Stage, workshop: Workshop | None, **more: Any
) -> AsyncGenerator[httpx2.AsyncClient]:
    pictures = Pictures(stage.catalogue, stage, workshop, scratch=stage.folder.with_name("scratch"))
    await pictures.start()
    async with visiting(stage, pictures=pictures, **more) as client:
        yield client
    await pictures.close()


@pytest.fixture
async def client(stage: Stage, workshop: Workshop) -> AsyncGenerator[httpx2.AsyncClient]:
    async with at_door(stage, workshop) as found:
        yield found


async def large(stage: Stage, **fields: Any) -> Asset:
    return await stage.publish(a_picture(1600, 800), **fields)


# --- what is sent ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/a/{id}/thumb", (320, 160)),
        ("/a/{id}/thumb@2x", (640, 320)),
        ("/a/{id}/thumb%402x", (640, 320)),
        ("/a/{id}/medium", (1280, 640)),
        ("/a/{id}?width=400", (400, 200)),
        ("/a/{id}.jpg?width=400&v=3", (400, 200)),
        ("/a/{id}?height=240", (480, 240)),
        ("/file/a/photo.jpg?width=400", (400, 200)),
        ("/file/a,photo.jpg?width=400", (400, 200)),
    ],
)
async def test_an_address_gives_the_size_in_the_form_that_is_taken(
    stage: Stage, client: httpx2.AsyncClient, path: str, size: tuple[int, int]
) -> None:
    asset = await large(stage)
    path = path.format(id=asset.id)
    for _ in range(2):
        webp = await client.get(path, headers=BROWSER)
        assert (webp.status_code, seen(webp.content)) == (200, ("WEBP", size, TEAL))
        assert webp.headers["content-type"] == "image/webp"
        jpeg = await client.get(path)
        assert (jpeg.status_code, seen(jpeg.content)) == (200, ("JPEG", size, TEAL))
        assert jpeg.headers["content-type"] == "image/jpeg"
        assert webp.headers["vary"] == jpeg.headers["vary"] == "Accept"
        assert webp.headers["etag"] != jpeg.headers["etag"]


@pytest.mark.parametrize(
    ("extension", "form"), [("webp", "WEBP"), ("jpg", "JPEG"), ("png", "PNG"), ("gif", "GIF")]
)
async def test_an_extension_fixes_the_form(
    stage: Stage, client: httpx2.AsyncClient, extension: str, form: str
) -> None:
    asset = await large(stage, alias="a/ünï.photo.tiff")
    for headers in (BROWSER, {}):
        got = await client.get(f"/a/{asset.id}/thumb.{extension}", headers=headers)
        assert seen(got.content)[0] == form
        assert "vary" not in got.headers
        named = got.headers["content-disposition"]
        assert named.startswith("inline; ")
        assert named.endswith(f".photo.{extension}")


async def test_a_picture_is_described_and_guarded_like_an_original(
    stage: Stage, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage)
    original = await client.get(f"/a/{asset.id}")
    got = await client.get(f"/a/{asset.id}/thumb")
    same = ("content-security-policy", "x-content-type-options", "cache-control", "accept-ranges")
    same += ("access-control-allow-origin", "cross-origin-resource-policy", "last-modified")
    assert {name: got.headers[name] for name in same} == {
        name: original.headers[name] for name in same
    }
    assert got.headers["content-length"] == str(len(got.content))
    assert original.headers["etag"] != got.headers["etag"]
    assert "vary" not in original.headers


async def test_what_names_its_version_is_kept_for_ever(
    stage: Stage, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage)
    right = await client.get(f"/a/{asset.id}/thumb?v={asset.version}")
    assert right.headers["cache-control"] == "public, max-age=31536000, immutable"
    wrong = await client.get(f"/a/{asset.id}/thumb?v={asset.version + 1}")
    assert wrong.headers["cache-control"] == "public, max-age=3600"


async def test_a_picture_is_asked_for_again_by_its_tag(
    stage: Stage, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage)
    whole = await client.get(f"/a/{asset.id}/thumb")
    condition = {"if-none-match": whole.headers["etag"]}
    for _ in range(2):
        same = await client.get(f"/a/{asset.id}/thumb", headers=condition)
        assert (same.status_code, same.content) == (304, b"")
        assert (same.headers["etag"], same.headers["vary"]) == (whole.headers["etag"], "Accept")
        other = await client.get(f"/a/{asset.id}/small", headers=condition)
        assert other.status_code == 200
        head = await client.head(f"/a/{asset.id}/thumb")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == whole.headers["content-length"]
    part = await client.get(f"/a/{asset.id}/thumb", headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    none = await client.get(f"/a/{asset.id}/thumb", headers={"range": "bytes=999999-"})
    assert none.status_code == 416


async def test_many_at_once_cost_one_decode(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage)
    paths = [f"/a/{asset.id}/thumb", "/file/a/photo.jpg?width=320"] * 100
    answers = await asyncio.gather(*(client.get(path) for path in paths))
    assert {answer.status_code for answer in answers} == {200}
    assert len(workshop.decoded) <= 2  # a preset, and a size with no height


async def test_a_front_server_sends_pictures_too(stage: Stage, workshop: Workshop) -> None:
    rules = Rules(sendfile="x-accel-redirect")
    async with at_door(stage, workshop, rules=rules) as client:
        asset = await large(stage)
        for _ in range(2):
            got = await client.get(f"/a/{asset.id}/thumb", headers=BROWSER)
            (made,) = workshop.folder.iterdir()
            assert got.headers["x-accel-redirect"] == f"/_originals{made}"
            assert (got.headers["content-type"], got.headers["vary"]) == ("image/webp", "Accept")


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/a/{id}?width=0", 400),
        ("/a/{id}?width=4097", 400),
        ("/a/{id}?width=", 400),
        ("/a/{id}?width=400&fit=cover", 400),
        ("/a/{id}?fit=cover", 400),
        ("/a/{id}?width=400&fallback=no", 400),
        ("/file/a/photo.jpg?height=x", 400),
        ("/a/{id}?width=401", 403),
        ("/a/{id}/thumb.avif", 403),
        ("/a/{id}/huge", 404),
        ("/a/{id}/thumb.bmp", 404),
        ("/a/{id}/thumb/x", 404),
        ("/a/{id}/", 404),
        ("/a/nobody/thumb", 404),
        ("/file/a/nobody.jpg?width=400", 404),
    ],
)
async def test_an_address_that_cannot_be_followed_costs_no_work(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient, path: str, status: int
) -> None:
    asset = await large(stage)
    got = await client.get(path.format(id=asset.id))
    assert (got.status_code, workshop.decoded) == (status, [])
    assert got.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnreadablePicture(), 415),
        (PictureTooLarge(), 413),
        (BrokenPicture("Half of it."), 422),
        (PictureTooSlow(), 422),
    ],
)
async def test_what_no_picture_can_be_made_of_is_told_each_time_and_tried_once(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient, error: PictureError, status: int
) -> None:
    workshop.refusal = error
    asset = await stage.publish(b"no picture")
    paths = ("/a/{id}/thumb", "/a/{id}?width=400", "/a/{id}/large.webp", "/a/{id}/thumb")
    for path in paths:
        got = await client.get(path.format(id=asset.id))
        assert got.status_code == status
        assert error.public_message in got.text
        assert b"no picture" not in got.content
    assert len(workshop.decoded) == 1
    assert (await client.get(f"/a/{asset.id}")).content == b"no picture"


async def test_the_original_is_sent_where_it_will_do(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient
) -> None:
    asset = await stage.publish(b"no picture", media_type="text/html")
    path = f"/a/{asset.id}?width=400&fallback=original"
    for _ in range(2):
        got = await client.get(path, headers=BROWSER)
        assert (got.status_code, got.content) == (200, b"no picture")
        assert got.headers["content-disposition"].startswith("attachment")
    good = await large(stage, alias="a/good.jpg")
    got = await client.get(f"/a/{good.id}?width=400&fallback=original")
    assert seen(got.content)[1] == (400, 200)


async def test_what_is_no_picture_is_not_tried(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient
) -> None:
    asset = await stage.publish(b"words", kind=Kind.TEXT, media_type="text/plain")
    assert (await client.get(f"/a/{asset.id}/thumb")).status_code == 415
    got = await client.get(f"/a/{asset.id}?width=400&fallback=original")
    assert (got.content, workshop.decoded) == (b"words", [])


async def test_pictures_that_are_switched_off_are_refused(stage: Stage) -> None:
    async with at_door(stage, None) as client:
        asset = await large(stage)
        assert (await client.get(f"/a/{asset.id}/thumb")).status_code == 403
        assert (await client.get(f"/a/{asset.id}?width=400")).status_code == 403
        got = await client.get(f"/a/{asset.id}?width=400&fallback=original")
        assert got.status_code == 200
        assert (await client.get(f"/a/{asset.id}")).status_code == 200


# --- rights ---------------------------------------------------------------------------------------

OWNER = Actor("ada", user_id="ada", scopes=frozenset(Scope))
OTHER = Actor("bob", user_id="bob", scopes=frozenset({Scope.READ}))
ADDRESSES = ("/a/{id}", "/a/{id}/thumb", "/a/{id}?width=400", "/file/a/photo.jpg?width=400")


async def by_cookie(headers: Iterable[tuple[bytes, bytes]]) -> Actor:
    cookie = dict(headers).get(b"cookie", b"")
    if cookie not in (b"owner", b"other"):
        raise Unauthenticated
    return OWNER if cookie == b"owner" else OTHER


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        # nobody, somebody else, the owner, a signed address, a wrong signature
        (Visibility.PUBLIC, (200, 200, 200, 200, 200)),
        (Visibility.PRIVATE, (403, 403, 200, 200, 403)),
        (Visibility.HIDDEN, (404, 404, 200, 404, 404)),
        (Visibility.BLOCKED, (403, 403, 200, 403, 403)),
    ],
)
async def test_a_picture_is_shown_to_whom_its_original_is(
    stage: Stage,
    workshop: Workshop,
    path: str,
    visibility: Visibility,
    expected: tuple[int, ...],
) -> None:
    async with at_door(stage, workshop, viewer=by_cookie) as client:
        await stage.catalogue.write(lambda records: records.users.add(a_user(id="ada")))
        asset = await large(stage, visibility=visibility, owner_id="ada")
        path = path.format(id=asset.id)
        more = "&" if "?" in path else "?"
        signed = stage.delivery().signed_url(asset, later(600)).partition("?")[2]
        wrong = signed[:-4] + "AAAA"
        for _ in range(2):
            statuses = [
                (await client.get(path)).status_code,
                (await client.get(path, headers={"cookie": "other"})).status_code,
                (await client.get(path, headers={"cookie": "owner"})).status_code,
                (await client.get(path + more + signed)).status_code,
                (await client.get(path + more + wrong)).status_code,
            ]
            assert tuple(statuses) == expected


async def test_a_stranger_has_no_work_done(stage: Stage, workshop: Workshop) -> None:
    async with at_door(stage, workshop, viewer=by_cookie) as client:
        asset = await large(stage, visibility=Visibility.PRIVATE)
        assert (await client.get(f"/a/{asset.id}/thumb")).status_code == 403
        assert workshop.decoded == []
        own = await client.get(f"/a/{asset.id}/thumb", headers={"cookie": "owner"})
        assert own.headers["cache-control"] == "private, no-store"
        assert own.headers["vary"] == "Authorization, Cookie, Accept"


async def test_an_expired_asset_has_no_picture(stage: Stage, client: httpx2.AsyncClient) -> None:
    asset = await large(stage, expires_at=later(-1))
    assert (await client.get(f"/a/{asset.id}/thumb")).status_code == 410


async def test_other_sites_are_kept_out(stage: Stage, workshop: Workshop) -> None:
    rules = Rules(referers=frozenset({"friend.example"}))
    async with at_door(stage, workshop, rules=rules) as client:
        asset = await large(stage)
        for referer, status in (("https://friend.example/x", 200), ("https://thief.example/", 403)):
            for _ in range(2):
                got = await client.get(f"/a/{asset.id}/thumb", headers={"referer": referer})
                assert got.status_code == status
        mine = await client.get(f"/a/{asset.id}/thumb", headers={"referer": "http://our.host/"})
        assert mine.headers["vary"] == "Referer, Accept"


@pytest.mark.parametrize("change", ["hide", "delete", "replace"])
async def test_what_is_taken_back_stops_within_a_second(
    stage: Stage, client: httpx2.AsyncClient, change: str
) -> None:
    asset = await large(stage)
    paths = [path.format(id=asset.id) for path in ADDRESSES]
    for path in (*paths, *paths):
        assert (await client.get(path)).status_code == 200

    def take_back(records: Any) -> None:
        if change == "delete":
            records.assets.trash(asset.id, later(0))
        elif change == "hide":
            records.assets.update(asset.id, visibility=Visibility.HIDDEN)
        else:
            stage.path_of(asset).write_bytes(body)
            records.placements.update(
                f"{asset.id}-disk", version=stage.version_of(asset), size=len(body)
            )
            sha256 = "e" * 64
            records.assets.update(asset.id, version=9, sha256=sha256, size=len(body))

    body = a_picture(1600, 800, "red")
    other = Stage(stage.catalogue, stage.folder)
    await other.catalogue.write(take_back)
    await asyncio.sleep(TRUSTED_FOR)
    for path in paths:
        got = await client.get(path)
        assert got.status_code == (200 if change == "replace" else 404)
        if change == "replace":
            assert seen(got.content)[2] == RED


# --- faults ---------------------------------------------------------------------------------------


async def test_an_original_replaced_behind_our_back_has_a_new_picture_at_once(
    stage: Stage, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage)
    before = await client.get(f"/a/{asset.id}/thumb?v={asset.version}")
    stage.path_of(asset).write_bytes(a_picture(1600, 800, "red"))
    after = await client.get(f"/a/{asset.id}/thumb?v={asset.version}")
    assert (seen(before.content)[2], seen(after.content)[2]) == (TEAL, RED)
    assert before.headers["etag"] != after.headers["etag"]
    assert after.headers["cache-control"] == "public, no-cache"


async def test_a_cache_that_is_deleted_while_serving_is_filled_again(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage)
    first = await client.get(f"/a/{asset.id}/thumb")
    for _ in range(2):
        shutil.rmtree(workshop.folder)
        again = await client.get(f"/a/{asset.id}/thumb")
        assert (again.status_code, again.content) == (200, first.content)
    assert len(workshop.decoded) == 3


async def test_a_picture_that_is_kept_is_sent_while_the_storage_is_away(
    stage: Stage, workshop: Workshop, client: httpx2.AsyncClient
) -> None:
    asset = await large(stage, channel="cloud")
    first = await client.get(f"/a/{asset.id}/thumb")
    stage.stores.broken = StorageUnavailable()
    again = await client.get(f"/a/{asset.id}/thumb")
    assert again.content == first.content
    other = await client.get(f"/a/{asset.id}/large")
    assert (other.status_code, other.headers["retry-after"]) == (503, "5")
    stage.stores.broken = None
    assert (await client.get(f"/a/{asset.id}/large")).status_code == 200


async def test_work_is_dropped_when_the_viewer_has_left(stage: Stage, workshop: Workshop) -> None:
    asset = await large(stage)
    workshop.gate = asyncio.Event()
    async with at_door(stage, workshop) as client:
        with pytest.raises(asyncio.TimeoutError):
            async with asyncio.timeout(0.2):
                await client.get(f"/a/{asset.id}/thumb")
        assert workshop.dropped == 1
        workshop.gate.set()
        assert (await client.get(f"/a/{asset.id}/thumb")).status_code == 200


async def test_who_disconnects_is_not_answered_and_waits_no_more(
    stage: Stage, workshop: Workshop
) -> None:
    asset = await large(stage)
    workshop.gate = asyncio.Event()
    pictures = Pictures(stage.catalogue, stage, workshop, scratch=stage.folder.with_name("s"))
    delivery = stage.delivery(pictures=pictures)
    sent: list[Any] = []

    async def receive() -> Any:
        while not workshop.asked:
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    path = f"/a/{asset.id}/thumb"
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
    await PublicLinks(delivery, elsewhere)(
        scope | {"query_string": b"", "headers": []}, receive, send
    )
    assert (sent, workshop.dropped) == ([], 1)
    workshop.gate.set()
    await delivery.stop()
    await pictures.close()
