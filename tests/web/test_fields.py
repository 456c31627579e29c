"""What is wrong with a form is said at the field it is about, which comes first to hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from fanlight.model import Scope
from tests.web.conftest import PASSWORD, House
from tests.web.test_studio import send, signed_in

if TYPE_CHECKING:
    import httpx2

pytestmark = pytest.mark.anyio

LONG = "x" * 101
KEPT = {"name": "Kept", "root": "below", "note": "typed"}


def complaint(page: httpx2.Response, field: str) -> str:
    """What is said at a field; that field is marked, described by it, and has the focus."""
    tag = re.search(rf'<(?:input|select|fieldset)[^>]*id="{field}"[^>]*>', page.text)
    assert tag, page.text
    assert 'aria-invalid="true"' in tag[0]
    assert "autofocus" in tag[0]
    assert re.search(rf'aria-describedby="{field}-wrong[" ]', tag[0])
    assert page.text.count("autofocus") == 1
    said = re.search(rf'<p class="wrong" id="{field}-wrong" role="alert">([^<]+)</p>', page.text)
    assert said, page.text
    assert page.text.count('role="alert"') == 1, "it is said once"
    return said[1]


async def test_a_new_channel(house: House) -> None:
    client, at = await signed_in(house), "/studio/channels/new?provider=local"

    async def add(**fields: str) -> httpx2.Response:
        given = {"provider": "local", "option.path": "/", **KEPT, **fields}
        return await send(client, at, "/studio/channels", **given)

    page = await add(name=LONG)
    assert page.status_code == 400
    assert "1 to 100 visible characters" in complaint(page, "name")
    assert 'value="below"' in page.text, "what was typed stays"
    assert "already" in complaint(await add(name="Here"), "name")
    assert "absolute path" in complaint(await add(**{"option.path": "photos"}), "option-path")
    assert "missing" in complaint(await add(**{"option.path": ""}), "option-path")
    assert "NUL" in complaint(await add(root="a\0b"), "root")
    page = await add(provider="floppy")
    assert 'role="alert"' in page.text
    assert "aria-invalid" not in page.text


async def test_a_channel_that_is_there(house: House) -> None:
    assert house.channel is not None
    client, home = await signed_in(house), f"/studio/channels/{house.channel.id}"
    fields = {"name": "", "option.path": str(house.originals)}
    page = await send(client, f"{home}/edit", home, **fields)
    assert complaint(page, "name")
    (house.originals / "a.txt").write_bytes(b"x")
    await house.fanlight.library.index(house.actor, house.channel.id)
    fields = {"name": "Here", "root": "elsewhere", "option.path": str(house.originals)}
    page = await send(client, f"{home}/edit", home, **fields)
    assert page.status_code == 409
    assert "There are assets" in complaint(page, "root")


async def test_a_new_token(house: House) -> None:
    client, at = await signed_in(house), "/studio/tokens"
    page = await send(client, at, at, name=LONG, **{"scope.upload": "yes"})
    assert "token's name" in complaint(page, "name").replace("&#39;", "'")
    page = await send(client, at, at, name="x", folder="a/../b", **{"scope.upload": "yes"})
    assert complaint(page, "folder")
    page = await send(client, at, at, name="x")
    assert complaint(page, "scopes")


async def test_an_asset(house: House) -> None:
    client = await signed_in(house)
    for name in ("a.txt", "b.txt"):
        (house.originals / name).write_bytes(name.encode())
    assert house.channel is not None
    await house.fanlight.library.index(house.actor, house.channel.id)
    found = await house.fanlight.library.page(house.actor)
    path = f"/studio/assets/{found.items[0].id}"
    form = {"name": found.items[0].name, "folder": "", "visibility": "public"}
    page = await send(client, path, path, **{**form, "name": found.items[1].name})
    assert "already" in complaint(page, "name")
    page = await send(client, path, path, **form, tags="t" * 400)
    assert complaint(page, "tags")
    assert f'value="{"t" * 400}"' in page.text, "what was typed stays"
    assert complaint(await send(client, path, path, **{**form, "folder": "a/" * 99}), "folder")
    assert complaint(await send(client, path, path, **form, expires="soon"), "expires")


async def test_passwords(house: House) -> None:
    client, at = await signed_in(house), "/studio/devices"
    to = f"{at}/password"
    assert "wrong" in complaint(await send(client, at, to, old="x", new="y" * 20), "old")
    assert complaint(await send(client, at, to, old=PASSWORD, new="short"), "new")


async def test_becoming_the_owner(bare: House) -> None:
    code = await bare.fanlight.accounts.setup_code()
    client, link = bare.client(), f"/setup?code={code}"
    page = await send(client, link, "/setup", code=code, name="ada", password="short")
    assert complaint(page, "password")
    page = await send(client, link, "/setup", code=code, name="x" * 99, password=PASSWORD)
    assert complaint(page, "name")


async def test_where_the_photos_are(house: House) -> None:
    client, at = await signed_in(house), "/setup/photos"
    for folder in ("", "photos", "/nowhere/at/all"):
        assert complaint(await send(client, at, at, where="folder", folder=folder), "folder")


async def test_programs_are_told_which_part_is_wrong(house: House) -> None:
    client = await house.bearer(Scope.MANAGE)
    wish = {"provider": "local", "name": "New", "options": {"path": "photos"}}
    answer = await client.post("/api/v1/channels", json=wish)
    assert (answer.status_code, answer.json()["about"]) == (400, "option.path")
    assert "about" not in (await client.get("/api/v1/channels/nowhere")).json()
