"""A rendition says who made the picture and whose it is, and nothing else: never the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.recipes import Format, Recipe
from fanlight.renditions.steps import credit
from tests.renditions.conftest import Maker
from tests.support.originals import good, painting

SPEAKING = ["told.jpg", "told.png", "told.webp", "told.tif", "told.avif", "phone.heic"]
TRACES = (b"GPS", b"gps", painting.SECRET_PLACE, b"Sample", b"Dusk", b"lake", b"http://", b"acsp")


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("name", SPEAKING)
def test_nothing_but_the_credit_is_left(maker: Maker, name: str, form: Format) -> None:
    shown, made = maker.make(name, Recipe(100, 100), form)
    data = Path(made.target).read_bytes()
    assert not [trace for trace in TRACES if trace in data]
    said = read_facts(data, len(data))
    assert said.spot is None
    assert (said.camera, said.lens, said.caption, said.taken_at) == ("", "", "", None)
    assert not shown.getexif().get_ifd(0x8825)
    assert "icc_profile" not in shown.info


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.GIF])
def test_the_credit_is_kept(maker: Maker, form: Format) -> None:
    _, made = maker.make("told.jpg", Recipe(100, 100), form)
    data = Path(made.target).read_bytes()
    said = read_facts(data, len(data))
    assert (said.creator, said.copyright) == (painting.ARTIST, painting.COPYRIGHT)


def test_what_says_nothing_of_its_maker_carries_no_exif(maker: Maker) -> None:
    shown, _ = maker.make("p3.jpg", Recipe(100, 100))
    assert "exif" not in shown.info


def test_a_rendition_is_stored_upright(maker: Maker) -> None:
    for form in Format:
        shown, _ = maker.make("turned-6.jpg", Recipe(100, 100), form)
        assert shown.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize(("creator", "owner"), [("Jo", ""), ("", "©"), ("A" * 900, "B" * 901)])
def test_the_block_can_be_read_again(creator: str, owner: str) -> None:
    said = Image.Exif()
    said.load(credit.block(creator, owner))
    texts = [str(said.get(tag, "")).encode("latin-1").decode() for tag in (0x013B, 0x8298)]
    assert texts == [creator[: credit.LONGEST], owner[: credit.LONGEST]]


def test_without_anything_to_say_there_is_no_block() -> None:
    assert credit.block("", "") == b""
    assert good.made("told.jpg")
