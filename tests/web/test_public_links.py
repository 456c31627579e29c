"""Public addresses through the ASGI client: what is answered, and with which headers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.delivery import Rules
from fanlight.delivery.links import TRUSTED_FOR
from fanlight.model import Actor, Visibility
from tests.delivery.stage import Stage
from tests.delivery.support import NOW
from tests.web.public_stage import visiting

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.catalogue import Catalogue

pytestmark = pytest.mark.anyio

BODY = bytes(range(256)) * 20


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


@pytest.mark.parametrize("channel", ["disk", "cloud"])
@pytest.mark.parametrize(
    "address",
    ["/a/{id}", "/a/{id}.jpg", "/a/{id}.nonsense", "/file/a/photo.jpg", "/file/a,photo.jpg"],
)
async def test_every_address_of_an_asset_gives_its_bytes(
    stage: Stage, channel: str, address: str
) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage) as client:
        for _ in range(3):  # first asked, kept, repeated
            got = await client.get(address.format(id=asset.id))
            assert (got.status_code, got.content) == (200, BODY)
            assert got.headers["etag"] == f'"{asset.sha256[:32]}"'
            assert got.headers["content-type"] == "image/jpeg"
            assert got.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_it_answers_the_same_while_changes_are_not_followed(
    stage: Stage, channel: str
) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage, started=False) as client:
        for _ in range(2):
            assert (await client.get(f"/a/{asset.id}")).content == BODY


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/a/unknown", 404),
        ("/a/", 404),
        ("/a/x/y", 404),
        ("/file/", 404),
        ("/file/unknown.jpg", 404),
        ("/file/a/photo.jpg/", 404),
        ("/file/..%2f..%2fetc%2fpasswd", 404),
        ("/file/%2e%2e/%2e%2e/key", 404),
        ("/file//etc/passwd", 404),
        ("/file/a%00b", 400),
        ("/file/%ff%fe", 400),
        ("/file/" + "x" * 13000, 404),
    ],
)
async def test_what_is_not_there_is_said_in_one_line_of_text(
    stage: Stage, path: str, status: int
) -> None:
    await stage.publish(BODY)
    async with visiting(stage) as client:
        got = await client.get(path)
        assert got.status_code == status
        assert got.headers["content-type"].startswith("text/plain")
        assert got.text.startswith("Error: ")
        assert got.headers["cache-control"] == "no-store"
        head = await client.head(path)
        assert (head.status_code, head.content) == (status, b"")
        assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize("raw", [b"/file/%", b"/file/a%zz"])
async def test_a_path_that_is_not_well_encoded_is_refused(stage: Stage, raw: bytes) -> None:
    async with visiting(stage) as client:
        request = client.build_request("GET", "/file/x")
        request.url = request.url.copy_with(raw_path=raw)
        assert (await client.send(request)).status_code == 400


@pytest.mark.parametrize("path", ["/", "/a", "/file", "/apple/x", "/files/x", "/upload"])
async def test_other_addresses_go_on_to_the_next_app(stage: Stage, path: str) -> None:
    async with visiting(stage) as client:
        assert (await client.get(path)).status_code == 418
        assert (await client.post(path)).status_code == 418


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
async def test_only_reading_is_allowed_here(stage: Stage, method: str) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        got = await client.request(method, f"/a/{asset.id}")
        assert got.status_code == 405
        assert got.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_pages_of_other_sites_may_ask_for_parts(stage: Stage) -> None:
    async with visiting(stage) as client:
        got = await client.options(
            "/file/x", headers={"origin": "https://x.test", "access-control-request-method": "GET"}
        )
        assert (got.status_code, got.content) == (204, b"")
        assert got.headers["access-control-allow-origin"] == "*"
        assert "Range" in got.headers["access-control-allow-headers"]


# --- HEAD, conditions, ranges ---------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["disk", "cloud"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"range": "bytes=10-19"},
        {"range": "bytes=-5"},
        {"range": "bytes=99999-"},
        {"if-none-match": "*"},
        {"if-match": '"x"'},
    ],
)
async def test_head_is_get_without_the_body(
    stage: Stage, channel: str, headers: dict[str, str]
) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage) as client:
        for _ in range(2):
            got = await client.get(f"/a/{asset.id}", headers=headers)
            head = await client.head(f"/a/{asset.id}", headers=headers)
            assert (head.status_code, head.content) == (got.status_code, b"")
            assert head.headers == got.headers
            if got.status_code != 304:
                assert int(head.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize("channel", ["disk", "cloud"])
@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=5000-", slice(5000, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-", slice(None)),
        ("bytes=10-19,20-29,15-25", slice(10, 30)),
    ],
)
async def test_one_range_gives_that_part(
    stage: Stage, channel: str, header: str, part: slice
) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage) as client:
        for _ in range(2):
            got = await client.get(f"/a/{asset.id}", headers={"range": header})
            assert (got.status_code, got.content) == (206, BODY[part])
            start, stop, _ = part.indices(len(BODY))
            assert got.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(BODY)}"
            assert int(got.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_several_ranges_come_as_one_body_of_parts(stage: Stage, channel: str) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage) as client:
        got = await client.get(f"/a/{asset.id}", headers={"range": "bytes=0-9,100-109,-10"})
    assert got.status_code == 206
    assert int(got.headers["content-length"]) == len(got.content)
    assert read_parts(got.headers["content-type"], got.content) == {
        f"bytes 0-9/{len(BODY)}": BODY[:10],
        f"bytes 100-109/{len(BODY)}": BODY[100:110],
        f"bytes {len(BODY) - 10}-{len(BODY) - 1}/{len(BODY)}": BODY[-10:],
    }


def read_parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """Content-Range to bytes of each part of a multipart/byteranges body."""
    boundary = content_type.partition("boundary=")[2].encode()
    found: dict[str, bytes] = {}
    before, *parts, end = body.split(b"\r\n--" + boundary)
    assert (before, end) == (b"", b"--\r\n")
    for part in parts:
        head, _, data = part.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.strip().split(b"\r\n"))
        found[fields[b"content-range"].decode()] = data
    return found


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_a_range_beyond_the_end_is_416_with_the_length(stage: Stage, channel: str) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage) as client:
        got = await client.get(f"/a/{asset.id}", headers={"range": f"bytes={len(BODY)}-"})
        assert got.status_code == 416
        assert got.headers["content-range"] == f"bytes */{len(BODY)}"


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_an_empty_asset_is_empty_and_has_no_ranges(stage: Stage, channel: str) -> None:
    asset = await stage.publish(b"", channel=channel)
    async with visiting(stage) as client:
        for _ in range(2):
            got = await client.get(f"/a/{asset.id}")
            assert (got.status_code, got.content) == (200, b"")
            assert got.headers["content-length"] == "0"
        ranged = await client.get(f"/a/{asset.id}", headers={"range": "bytes=0-"})
        assert (ranged.status_code, ranged.headers["content-range"]) == (416, "bytes */0")


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_what_the_client_has_is_not_sent_again(stage: Stage, channel: str) -> None:
    asset = await stage.publish(BODY, channel=channel)
    async with visiting(stage) as client:
        first = await client.get(f"/a/{asset.id}")
        for headers in (
            {"if-none-match": first.headers["etag"]},
            {"if-none-match": f'"x", W/{first.headers["etag"]}'},
            {"if-modified-since": first.headers["last-modified"]},
        ):
            for _ in range(2):
                got = await client.get(f"/a/{asset.id}", headers=headers)
                assert (got.status_code, got.content) == (304, b"")
                assert got.headers["etag"] == first.headers["etag"]
                assert got.headers["cache-control"] == first.headers["cache-control"]
                assert "content-length" not in got.headers
                assert "content-type" not in got.headers


async def test_a_condition_that_must_hold_and_does_not_is_412(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        got = await client.get(f"/a/{asset.id}", headers={"if-match": '"other"'})
        assert got.status_code == 412
        assert got.text.startswith("Error: ")


async def test_two_lines_of_one_header_count_as_one_list(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    lines = [("if-none-match", '"x"'), ("if-none-match", f'"{asset.sha256[:32]}"')]
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}", headers=lines)).status_code == 304


async def test_a_repeated_request_is_not_taken_for_another_one(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    address = f"/a/{asset.id}"
    asked: list[tuple[dict[str, str], str, int, bytes]] = [
        ({}, "", 200, BODY),
        ({"range": "bytes=0-4"}, "", 206, BODY[:5]),
        ({"range": "bytes=0-5"}, "", 206, BODY[:6]),
        ({"if-none-match": "*"}, "", 304, b""),
        ({"if-none-match": '"x"'}, "", 200, BODY),
        ({}, "?v=3", 200, BODY),
    ]
    async with visiting(stage) as client:
        for _ in range(3):
            for headers, query, status, content in asked:
                got = await client.get(address + query, headers=headers)
                assert (got.status_code, got.content) == (status, content)
                immutable = "immutable" in got.headers["cache-control"]
                assert immutable is bool(query)


# --- aliases, time, pages -------------------------------------------------------------------------


async def test_an_old_alias_redirects_to_the_current_one_with_its_query(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    await stage.catalogue.write(
        lambda records: records.aliases.set_current(asset.id, "b/é (1).jpg")
    )
    async with visiting(stage) as client:
        for _ in range(2):
            got = await client.get("/file/a/photo.jpg?x=1&y=2")
            assert got.status_code == 302
            assert got.headers["location"] == "/file/b/%C3%A9%20%281%29.jpg?x=1&y=2"
            assert got.headers["cache-control"] == "no-cache"
        got = await client.get("/file/a/photo.jpg", follow_redirects=True)
        assert got.content == BODY


async def test_a_name_with_a_comma_wins_over_the_path_that_it_may_stand_for(stage: Stage) -> None:
    async with visiting(stage) as client:
        await stage.publish(b"slash", alias="a/b.jpg")
        assert (await client.get("/file/a,b.jpg")).content == b"slash"
        await stage.publish(b"comma", alias="a,b.jpg")
        assert (await client.get("/file/a,b.jpg")).content == b"comma"
        assert (await client.get("/file/a/b.jpg")).content == b"slash"


async def test_a_name_is_found_in_every_form_that_unicode_has_for_it(stage: Stage) -> None:
    await stage.publish(BODY, alias="a/é.jpg")
    async with visiting(stage) as client:
        for path in ("/file/a/%C3%A9.jpg", "/file/a/e%CC%81.jpg", "/file/a%2Fé.jpg"):
            assert (await client.get(path)).status_code == 200


async def test_an_asset_is_gone_when_its_time_is_over_though_it_is_kept(stage: Stage) -> None:
    asset = await stage.publish(BODY, expires_at=NOW + timedelta(seconds=60))
    now = NOW
    async with visiting(stage, clock=lambda: now) as client:
        for passed, status in [(0, 200), (30, 200), (59, 200), (60, 410), (61, 410)]:
            now = NOW + timedelta(seconds=passed)
            got = await client.get(f"/a/{asset.id}")
            assert got.status_code == status
            if status == 200:
                assert got.headers["cache-control"] == f"public, max-age={60 - passed}"


async def test_other_sites_may_be_kept_from_embedding(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    rules = Rules(referers=frozenset({"Friend.test"}), referer_missing=False)
    async with visiting(stage, rules) as client:
        for referer, status in [
            ("https://friend.test/page", 200),
            ("http://our.host/studio", 200),
            ("https://evil.test/", 403),
            ("https://friend.test.evil.test/", 403),
            ("", 403),
            ("https://friend.test/page", 200),
        ]:
            got = await client.get(
                f"/a/{asset.id}", headers={"referer": referer} if referer else {}
            )
            assert got.status_code == status, referer


async def test_without_the_catalogue_nothing_is_served_after_a_second(stage: Stage) -> None:
    asset = await stage.publish(BODY)
    async with visiting(stage) as client:
        assert (await client.get(f"/a/{asset.id}")).status_code == 200
        await asyncio.to_thread(stage.catalogue.close)
        await asyncio.sleep(TRUSTED_FOR)
        got = await client.get(f"/a/{asset.id}")
        assert (got.status_code, got.headers["retry-after"]) == (503, "1")
        assert got.text.startswith("Error: ")


async def test_a_fault_of_our_own_tells_nothing_about_itself(stage: Stage) -> None:
    asset = await stage.publish(BODY, visibility=Visibility.PRIVATE)

    async def broken(headers: object) -> Actor:
        raise RuntimeError("a secret")

    async with visiting(stage, viewer=broken) as client:
        got = await client.get(f"/a/{asset.id}")
        assert got.status_code == 500
        assert "secret" not in got.text
