"""Trying a channel: each step is told, and nothing is left behind."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from fanlight.errors import Forbidden, NotFound
from fanlight.library.trial import sunrise
from fanlight.model import SERVER, Actor, Scope
from tests.web.conftest import House, building, house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["building", "house"]

pytestmark = pytest.mark.anyio


async def body(content: bytes) -> AsyncIterator[bytes]:
    yield content


def left(house: House) -> list[str]:
    """What lies there, folders too, beside the one that the storage works in."""
    return [path.name for path in house.originals.rglob("*") if path.name != ".fanlight"]


async def test_a_picture_goes_the_whole_way_and_is_gone_again(house: House) -> None:
    assert house.channel is not None
    steps = await house.fanlight.trial.run(house.actor, house.channel.id)
    assert [(step.name, step.ok) for step in steps] == [
        ("Upload", True),
        ("Read by its link", True),
        ("Remove", True),
    ]
    assert "/a/" in steps[1].says
    assert left(house) == []


async def test_the_first_step_that_fails_says_why(house: House) -> None:
    assert house.channel is not None
    house.originals.rmdir()
    steps = await house.fanlight.trial.run(house.actor, house.channel.id)
    assert [(step.name, step.ok) for step in steps] == [("Upload", False)]
    assert steps[0].says
    assert steps[0].remedy


async def test_what_is_only_read_from_is_only_read(house: House) -> None:
    assert house.channel is not None
    await house.fanlight.channels.update(SERVER, house.channel.id, uploads=False)
    steps = await house.fanlight.trial.run(house.actor, house.channel.id)
    assert [step.name for step in steps] == ["List"]
    (house.originals / "theirs.jpg").write_bytes(b"x" * 100)
    steps = await house.fanlight.trial.run(house.actor, house.channel.id)
    assert [(step.name, step.ok) for step in steps] == [("List", True), ("Read", True)]
    assert "100 bytes of theirs.jpg" in steps[1].says
    assert left(house) == ["theirs.jpg"]


async def test_trying_needs_the_right_to_manage(house: House) -> None:
    assert house.channel is not None
    with pytest.raises(Forbidden):
        await house.fanlight.trial.run(
            Actor("ann", scopes=frozenset({Scope.UPLOAD})), house.channel.id
        )
    with pytest.raises(NotFound):
        await house.fanlight.trial.run(SERVER, "nowhere")


def test_the_picture_is_one() -> None:
    with Image.open(io.BytesIO(sunrise())) as picture:
        picture.load()
        assert picture.size == (48, 48)
        assert picture.getpixel((0, 0)) != picture.getpixel((0, 47))


async def test_who_stops_listening_leaves_nothing_behind(house: House) -> None:
    assert house.channel is not None
    steps = house.fanlight.trial.steps(house.actor, house.channel.id)
    async for step in steps:
        assert step.name == "Upload"
        assert left(house)
        break
    await steps.aclose()
    assert left(house) == []
