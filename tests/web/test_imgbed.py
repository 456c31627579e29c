"""The door for image-bed clients, as recorded from the original (reference: its HTTP contract)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import Scope
from tests.web.conftest import House
from tests.web.wire import BOUNDARY, END, TYPE, part

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

pytestmark = pytest.mark.anyio

CODE = "let-me-in-please"
PHOTO = {"file": ("photo.jpg", b"\xff\xd8\xff\xe0 not much of a photo", "image/jpeg")}


@pytest.fixture
async def coded(building: Callable[..., House]) -> House:
    """A server with an upload code."""
    made = building(upload_code=CODE)
    await made.set_up()
    return made


async def src(client: httpx2.AsyncClient, query: str = "", files: Any = PHOTO) -> str:
    answer = await client.post(f"/upload?{query}", files=files)
    assert answer.status_code == 200, answer.text
    (entry,) = answer.json()
    return entry["src"]


# --- who may upload ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/upload", "/upload/"])
@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "{}"])
async def test_a_token_is_taken_as_bearer_and_bare(house: House, path: str, form: str) -> None:
    client = house.client(Authorization=form.format(await house.token(Scope.UPLOAD)))
    answer = await client.post(path, files=PHOTO)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(r"/file/\d{13,}\d{4}_photo\.jpg", answer.json()[0]["src"])
    assert list(answer.json()[0]) == ["src"]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        (f"?authCode={CODE}", {}),
        ("", {"Referer": f"http://elsewhere.example/?authCode={CODE}"}),
        ("", {"authCode": CODE}),
        ("", {"Cookie": f"authCode={CODE}"}),
        (f"?authCode={CODE}", {"Authorization": f"Bearer {CODE}"}),
        (f"?authCode={CODE}", {"Authorization": "Bearer fl_wrong"}),
    ],
    ids=["query", "referer", "header", "cookie", "code as bearer too", "wrong token"],
)
async def test_the_upload_code_is_taken_wherever_clients_put_it(
    coded: House, query: str, headers: dict[str, str]
) -> None:
    answer = await coded.client(**headers).post(f"/upload{query}", files=PHOTO)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {}),
        ("?authCode=wrong", {}),
        ("?authCode=wrong", {"authCode": CODE}),
        ("", {"Authorization": "Bearer fl_wrong"}),
        ("", {"Authorization": "Basic YWRhOnB3"}),
        ("", {"Cookie": "fanlight_session=forged"}),
    ],
    ids=["nothing", "wrong code", "the first code counts", "wrong token", "basic", "forged cookie"],
)
async def test_without_a_right_proof_the_answer_is_the_word_clients_know(
    coded: House, query: str, headers: dict[str, str]
) -> None:
    answer = await coded.client(**headers).post(f"/upload{query}", files=PHOTO)
    assert (answer.status_code, answer.text) == (401, "Unauthorized")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (await coded.fanlight.library.page(coded.actor, deep=True)).items == ()


async def test_without_a_code_in_the_settings_strangers_may_not_upload(house: House) -> None:
    answer = await house.client().post("/upload?authCode=", files=PHOTO)
    assert answer.status_code == 401


async def test_a_signed_in_browser_may_upload_from_our_pages_only(house: House) -> None:
    _, secret = await house.fanlight.accounts.sign_in(
        "ada", "correct horse battery", address="127.0.0.1", user_agent=""
    )
    cookie = {"Cookie": f"fanlight_session={secret}"}
    ours = {"Origin": "http://test", "Sec-Fetch-Site": "same-origin"}
    assert (await house.client(**cookie, **ours).post("/upload", files=PHOTO)).status_code == 200
    theirs = {"Origin": "http://evil.test", "Sec-Fetch-Site": "same-site"}
    assert (await house.client(**cookie, **theirs).post("/upload", files=PHOTO)).status_code == 401


@pytest.mark.parametrize("scope", [Scope.READ, Scope.LIST, Scope.DELETE])
async def test_a_token_without_the_right_to_upload_is_refused(house: House, scope: Scope) -> None:
    answer = await (await house.bearer(scope)).post("/upload", files=PHOTO)
    assert answer.status_code == 403


async def test_a_token_of_one_folder_uploads_there_only(house: House) -> None:
    client = await house.bearer(Scope.UPLOAD, folder="trips")
    assert (await src(client, "uploadNameType=origin")) == "/file/trips/photo.jpg"
    assert (await src(client, "uploadFolder=trips/2026&uploadNameType=origin")).startswith(
        "/file/trips/2026/"
    )
    answer = await client.post("/upload?uploadFolder=private", files=PHOTO)
    assert answer.status_code == 403


async def test_an_expired_token_is_refused(house: House) -> None:
    soon = datetime.now(UTC) + timedelta(milliseconds=30)
    client = await house.bearer(Scope.UPLOAD, expires_at=soon)
    while datetime.now(UTC) < soon:
        pass
    assert (await client.post("/upload", files=PHOTO)).status_code == 401


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("naming", "pattern"),
    [
        ("", r"/file/a/\d{13}\d{1,4}_photo\.jpg"),
        ("default", r"/file/a/\d{13}\d{1,4}_photo\.jpg"),
        ("unheard-of", r"/file/a/\d{13}\d{1,4}_photo\.jpg"),
        ("index", r"/file/a/\d+\.jpg"),
        ("origin", r"/file/a/photo\.jpg"),
        ("short", r"/file/a/[A-Za-z0-9]{8}\.jpg"),
    ],
)
async def test_the_naming_modes(house: House, naming: str, pattern: str) -> None:
    client = await house.bearer()
    given = await src(client, f"uploadNameType={naming}&uploadFolder=a")
    assert re.fullmatch(pattern, given), given


async def test_a_taken_name_gets_a_number(house: House) -> None:
    client = await house.bearer()
    names = [await src(client, "uploadNameType=origin") for _ in range(3)]
    assert names == ["/file/photo.jpg", "/file/photo (1).jpg", "/file/photo (2).jpg"]


async def test_the_address_is_not_percent_encoded_and_can_be_asked_for_both_ways(
    house: House,
) -> None:
    client = await house.bearer()
    files = {"file": ("x y(1)#é.jpg", b"bytes", "image/jpeg")}
    given = await src(client, "uploadNameType=origin&uploadFolder=../q//w", files)
    assert given == "/file/_/q/w/x_y_1__é.jpg"
    for path in (given, "/file/_/q/w/x_y_1__%C3%A9.jpg", "/file/_,q,w,x_y_1__é.jpg"):
        answer = await house.client().get(path)
        assert (answer.status_code, answer.content) == (200, b"bytes"), path


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("/a/b", "p.jpg", "/file/a/b/p.jpg"),
        ("a/b/", "p.jpg", "/file/a/b/p.jpg"),
        ("", "c/d/p.jpg", "/file/c/d/p.jpg"),
        ("a", "c/d/p.jpg", "/file/a/p.jpg"),
        ("a\\b", "p.jpg", "/file/a/b/p.jpg"),
        ("", "../../etc/passwd", "/file/_/_/etc/passwd"),
        ("", "trips\\p.jpg", "/file/trips/p.jpg"),
    ],
)
async def test_folders(house: House, folder: str, name: str, expected: str) -> None:
    client = await house.bearer()
    files = {"file": (name, b"bytes", "image/jpeg")}
    assert await src(client, f"uploadNameType=origin&uploadFolder={folder}", files) == expected


@pytest.mark.parametrize(
    "name",
    ["a" * 4000 + ".jpg", "🌅🏔.jpg", "مرحبا.jpg", "CON", "a,b.jpg", "x%2Fy.jpg", "..", "   ", "."],
)
async def test_odd_names_become_addresses_that_work(house: House, name: str) -> None:
    client = await house.bearer()
    files = {"file": (name, name.encode(), "image/jpeg")}
    given = await src(client, "uploadNameType=origin", files)
    assert (await house.client().get(given)).content == name.encode()


async def test_twins_in_two_normal_forms_do_not_overwrite_each_other(house: House) -> None:
    client = await house.bearer()
    composed = await src(client, "uploadNameType=origin", {"file": ("caf\u00e9.jpg", b"one")})
    decomposed = await src(client, "uploadNameType=origin", {"file": ("cafe\u0301.jpg", b"two")})
    assert composed != decomposed
    assert (await house.client().get(composed)).content == b"one"
    assert (await house.client().get(decomposed)).content == b"two"


async def test_the_options_may_stand_in_the_form_before_the_file(house: House) -> None:
    client = await house.bearer()
    body = (
        part('name="uploadNameType"', b"origin")
        + part('name="uploadFolder"', b"from/form")
        + part('name="file"; filename="p.jpg"', b"x")
        + END
    )
    headers = {"Content-Type": TYPE}
    answer = await client.post("/upload", content=body, headers=headers)
    assert answer.json() == [{"src": "/file/from/form/p.jpg"}]
    answer = await client.post("/upload?uploadFolder=query", content=body, headers=headers)
    assert answer.json() == [{"src": "/file/query/p.jpg"}]


# --- answers -------------------------------------------------------------------------------------


async def test_the_full_form_is_absolute_by_what_was_asked(house: House) -> None:
    client = await house.bearer()
    assert await src(client, "returnFormat=full&uploadNameType=origin") == (
        "http://test/file/photo.jpg"
    )


async def test_the_full_form_is_absolute_by_the_public_address(
    building: Callable[..., House],
) -> None:
    house = building(public_url="https://photos.example.com")
    await house.set_up()
    client = await house.bearer()
    assert await src(client, "returnFormat=full&uploadNameType=origin") == (
        "https://photos.example.com/file/photo.jpg"
    )


@pytest.mark.parametrize(
    "query",
    [
        "uploadChannel=telegram",
        "uploadChannel=unheard-of&channelName=nobody",
        "channelName=Second",
        "uploadChannel=local",
        "serverCompress=true&autoRetry=true&uploadChannel=cfr2",
    ],
)
async def test_channels_are_found_by_name_or_kind_and_else_the_default_is_taken(
    house: House, query: str
) -> None:
    second = house.originals.parent / "second"
    second.mkdir()
    await house.fanlight.channels.add(
        house.actor, provider="local", name="Second", options={"path": str(second)}
    )
    client = await house.bearer()
    await src(client, f"{query}&uploadNameType=origin")
    holder = second if "Second" in query else house.originals
    assert (holder / "photo.jpg").exists()


async def test_without_any_channel_the_answer_is_a_400(building: Callable[..., House]) -> None:
    house = building()
    await house.set_up()
    assert house.channel is not None
    await house.fanlight.channels.remove(house.actor, house.channel.id)
    answer = await (await house.bearer()).post("/upload", files=PHOTO)
    assert answer.status_code == 400
    assert answer.text.startswith("Error: ")


async def test_other_methods_are_refused_with_what_is_allowed(house: House) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await house.client().request(method, "/upload")
        assert answer.status_code == 405
        assert "POST" in answer.headers["allow"]


async def test_the_preflight_names_the_headers_clients_send(house: House) -> None:
    for path in ("/upload", "/upload/"):
        answer = await house.client(Origin="https://a.example").options(path)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert {"Content-Type", "Authorization", "authCode"} <= set(
            answer.headers["access-control-allow-headers"].split(", ")
        )


# --- bodies that are wrong -----------------------------------------------------------------------


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + END


FILE = part('name="file"; filename="p.jpg"', b"bytes")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", TYPE),
        (b"", ""),
        (b"raw bytes", "image/jpeg"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (body(), TYPE),
        (body(part('name="other"; filename="p.jpg"', b"x")), TYPE),
        (body(FILE, FILE), TYPE),
        (body(FILE)[:-4], TYPE),
        (body(FILE)[:60], TYPE),
        (body(part('name="file"; filename=""', b"")), TYPE),
        (body(part('name="file"', b"no name, no type")), TYPE),
        (body(FILE), TYPE.replace(BOUNDARY, "another")),
        (body(FILE), "multipart/form-data"),
        (body(part('name="file"; filename="a\0b.jpg"', b"x")), TYPE),
    ],
    ids=[
        "nothing",
        "nothing at all",
        "not a form",
        "a form without files",
        "an empty form",
        "another field",
        "two files",
        "no end",
        "half",
        "nothing chosen",
        "neither name nor type",
        "another boundary",
        "no boundary",
        "NUL in the name",
    ],
)
async def test_a_bad_body_is_a_400_and_nothing_is_stored(
    house: House, content: bytes, content_type: str
) -> None:
    client = await house.bearer()
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await client.post("/upload", content=content, headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.text.startswith("Error: ")
    assert (await house.fanlight.library.page(house.actor, deep=True)).items == ()
    assert [path for path in house.originals.rglob("*") if path.is_file()] == []


async def test_zero_bytes_are_an_upload_too(house: House) -> None:
    client = await house.bearer()
    given = await src(client, "uploadNameType=origin", {"file": ("empty.txt", b"")})
    assert (await house.client().get(given)).content == b""


async def test_more_than_the_limit_is_a_413_and_nothing_is_stored(
    building: Callable[..., House],
) -> None:
    house = building(max_upload=1000)
    await house.set_up()
    client = await house.bearer()
    assert (await client.post("/upload", files={"file": ("a", b"x" * 1000)})).status_code == 200
    answer = await client.post("/upload", files={"file": ("b", b"x" * 1001)})
    assert answer.status_code == 413
    assert len((await house.fanlight.library.page(house.actor, deep=True)).items) == 1
