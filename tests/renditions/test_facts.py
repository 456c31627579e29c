"""What originals say about themselves is read, once, and what hostile ones say does no harm."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanlight.model import Facts, Spot
from fanlight.renditions.facts import exif, iptc, place, xmp
from fanlight.renditions.facts.pixels import dominant
from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.order import Done
from tests.renditions.conftest import Maker
from tests.support.originals import good, handmade, hostile, painting
from tests.support.workers import Worker

SHOT = Facts(
    width=painting.WIDTH,
    height=painting.HEIGHT,
    taken_at=datetime(2026, 6, 14, 2, 52, 10, 250_000, tzinfo=UTC),
    taken_offset=120,
    camera="Sample Mk II",
    lens="Sample 24-85 mm",
    exposure=1 / 250,
    aperture=4.0,
    iso=400,
    focal_length=35.0,
    caption=painting.CAPTION,
    creator=painting.ARTIST,
    copyright=painting.COPYRIGHT,
    keywords=painting.KEYWORDS,
    rating=4,
    spot=Spot(painting.LATITUDE, painting.LONGITUDE, painting.ALTITUDE),
)
TOLD = ["told.jpg", "told.png", "told.webp", "told.tif", "told.avif", "phone.heic"]
HEAD = 1 << 18


@pytest.mark.parametrize("name", TOLD)
def test_what_camera_and_editor_wrote_is_read(maker: Maker, name: str) -> None:
    facts = maker.facts(name)
    assert replace(facts, colour="", placeholder=None) == SHOT


@pytest.mark.parametrize("name", TOLD)
def test_the_first_bytes_say_the_same(name: str) -> None:
    data = good.made(name)
    assert read_facts(data[:HEAD], len(data)) == SHOT


def test_what_a_camera_wrote_into_its_raw_is_read_in_each_makers_way() -> None:
    bare = replace(SHOT, caption="", keywords=(), rating=None, width=None, height=None)
    heads = {
        handmade.told_dng(): SHOT,
        handmade.told_cr3(): bare,
        handmade.told_raf(good.jpeg()): replace(SHOT, width=None, height=None),
    }
    for head, facts in heads.items():
        assert read_facts(head, len(head)) == facts


LATE = {"cmyk.jpg", "16-bit.tif", "cmyk.tif", "deflate.tif"} | {
    "plain.jp2",
    "clip.mp4",
    "turned.mp4",
    "clip.webm",
    "clip.ts",
    "16-bit.jp2",
}
"""Their size stands behind a large profile or the pixels, or is not looked for."""


@pytest.mark.parametrize("name", [name for name in good.MAKES if name not in LATE])
def test_the_size_stands_in_the_first_bytes(maker: Maker, name: str) -> None:
    data = good.made(name)
    facts, decoded = read_facts(data[:4096], len(data)), maker.facts(name)
    assert (facts.width, facts.height) == (decoded.width, decoded.height)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_picture_upright(maker: Maker, orientation: int) -> None:
    facts = maker.facts(f"turned-{orientation}.jpg")
    assert (facts.width, facts.height) == (painting.WIDTH, painting.HEIGHT)
    assert facts.orientation == orientation


def test_iptc_is_read_where_there_is_nothing_else(maker: Maker) -> None:
    facts = maker.facts("flat.psd")
    assert facts.caption == painting.CAPTION
    assert (facts.creator, facts.copyright) == (painting.ARTIST, painting.COPYRIGHT)
    assert facts.keywords == painting.KEYWORDS


def test_a_video_says_how_long_it_is_and_when_it_was_taken(maker: Maker) -> None:
    facts = maker.facts("clip.mp4")
    assert (facts.width, facts.height) == (painting.WIDTH, painting.HEIGHT)
    assert facts.duration == pytest.approx(2.0, abs=0.2)
    assert facts.taken_at == datetime(2026, 6, 14, 2, 52, 10, tzinfo=UTC)
    assert facts.frames == 1
    assert facts.spot == Spot(47.2905, -11.5, 574.0)


@pytest.mark.parametrize(
    ("said", "spot"),
    [
        ("+47.2905-011.5000+574.000/", Spot(47.2905, -11.5, 574.0)),
        ("-33.8568+151.2153/", Spot(-33.8568, 151.2153)),
        ("+97.0000+000.0000/", None),
        ("somewhere", None),
        ("", None),
    ],
)
def test_a_place_is_read_as_videos_write_it(said: str, spot: Spot | None) -> None:
    assert place.from_iso6709(said) == spot


def test_a_moving_picture_says_how_many_frames_it_has_and_how_long_it_lasts(maker: Maker) -> None:
    facts = maker.facts("moving.gif")
    assert facts.frames == 5
    assert facts.duration == pytest.approx(0.4)


def test_only_what_can_be_seen_through_has_alpha(maker: Maker) -> None:
    assert maker.facts("alpha.png").alpha
    assert not maker.facts("opaque-alpha.png").alpha
    assert not maker.facts("baseline.jpg").alpha


def test_the_colour_is_that_of_the_picture(maker: Maker) -> None:
    assert maker.facts("drawing.svg").colour == "#204060"


def test_a_cut_out_on_nothing_has_the_colour_of_what_is_seen() -> None:
    clear, red = bytes([0, 0, 0, 0]), bytes([200, 16, 16, 255])
    assert dominant(clear * 90 + red * 10) == "#c81010"
    assert dominant(clear * 100) == ""


# --- the parts ----------------------------------------------------------------------------------


def block(*entries: handmade.Entry) -> bytes:
    return b"II*\0" + struct.pack("<I", 8) + handmade.directory(8, list(entries))


def test_the_time_of_a_camera_without_offset_is_taken_for_utc() -> None:
    found = exif.read(Facts(), block(handmade.text(0x0132, b"2026:06:14 04:52:10")))
    assert found.taken_at == datetime(2026, 6, 14, 4, 52, 10, tzinfo=UTC)
    assert found.taken_offset is None


@pytest.mark.parametrize(
    "when",
    [b"0000:00:00 00:00:00", b"    :  :     :  :  ", b"2026:13:01 00:00:00", b"", b"\xff" * 30],
)
def test_a_time_that_is_none_is_left_out(when: bytes) -> None:
    assert exif.moment(when) is None


def test_a_time_at_the_beginning_of_all_time_is_left_out() -> None:
    assert exif.moment(b"0001:01:01 00:00:00", b"+02:00") is None


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [("+02:00", 120), ("-03:30", -210), ("+00:00", 0), ("", None), ("+99:00", None), ("Z", None)],
)
def test_offsets_are_minutes_east(offset: str, minutes: int | None) -> None:
    assert exif.minutes_east(offset) == minutes


def test_a_brand_is_not_said_twice() -> None:
    make, model = handmade.text(0x010F, b"NIKON CORPORATION"), handmade.text(0x0110, b"NIKON Z 8")
    assert exif.read(Facts(), block(make, model)).camera == "NIKON Z 8"
    model = handmade.text(0x0110, b"EOS R5")
    make = handmade.text(0x010F, b"Canon")
    assert exif.read(Facts(), block(make, model)).camera == "Canon EOS R5"


def test_what_cameras_write_where_a_caption_belongs_is_none() -> None:
    chatter = handmade.text(0x010E, b"OLYMPUS DIGITAL CAMERA         ")
    assert exif.read(Facts(), block(chatter)).caption == ""


def test_values_of_the_wrong_kind_are_left_out() -> None:
    wrong = (
        handmade.text(0x0112, b"upside down"),
        handmade.entry(0x010F, 3, 7),
        handmade.entry(0x4746, 3, 99),
        handmade.text(0x8769, b"nowhere"),
    )
    assert exif.read(Facts(), block(*wrong)) == Facts()


def test_fractions_without_a_denominator_are_left_out() -> None:
    inner = handmade.entry(0x829A, 5, 1, 0)
    outer = handmade.entry(0x8769, 4, 26)
    data = block(outer) + handmade.directory(26, [inner])
    assert exif.read(Facts(), data).exposure is None


def test_texts_lose_what_would_break_a_page() -> None:
    caption = handmade.text(0x010E, b"a\x07b\xe2\x80\xaec" + b"x" * 5000)
    found = exif.read(Facts(), block(caption)).caption
    assert found.startswith("abcxxx")
    assert len(found) == 2000


def test_a_place_needs_both_coordinates_and_must_be_on_earth() -> None:
    packet = '<r xmlns:e="http://ns.adobe.com/exif/1.0/" {}/>'
    both = 'e:GPSLatitude="47,17.43N" e:GPSLongitude="11,30,0W"'
    assert xmp.read(Facts(), packet.format(both).encode()).spot == Spot(47.2905, -11.5)
    for wrong in (
        'e:GPSLatitude="47,17.43N"',
        'e:GPSLatitude="97,17.43N" e:GPSLongitude="11,30,0W"',
        'e:GPSLatitude="x" e:GPSLongitude=""',
        'e:GPSLatitude="nanN" e:GPSLongitude="infE"',
    ):
        assert xmp.read(Facts(), packet.format(wrong).encode()).spot is None


def test_entities_in_xmp_are_not_opened() -> None:
    packet = (
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        '<r xmlns:d="http://purl.org/dc/elements/1.1/"><d:rights>&e;</d:rights></r>'
    )
    assert xmp.read(Facts(), packet.encode()) == Facts()


def test_xmp_that_ends_in_the_middle_gives_what_came_before() -> None:
    packet = painting.xmp()
    found = xmp.read(Facts(), packet[: packet.index(b"<dc:subject>")])
    assert found.rating == 4
    assert found.creator == painting.ARTIST


def test_iptc_of_old_writers_is_not_unicode() -> None:
    data = b"\x1c\x02\x78\x00\x06" + "Dämmer".encode("latin-1")
    assert iptc.read(Facts(), data).caption == "Dämmer"


@given(st.binary(max_size=400))
def test_no_block_however_wrong_is_more_than_unsaid(data: bytes) -> None:
    exif.read(Facts(), b"II*\0\x08\0\0\0" + data)
    iptc.read(Facts(), b"\x1c" + data)
    iptc.resources(b"8BIM" + data)
    xmp.read(Facts(), b"<a>" + data)


@pytest.mark.parametrize("name", [*TOLD, "flat.psd", "moving.gif", "preview.dng", "alpha.webp"])
def test_heads_that_are_damaged_say_what_they_can(name: str) -> None:
    data = good.made(name)
    for damaged in (*hostile.flipped(data, name), *hostile.truncated(data)):
        facts = read_facts(damaged[:HEAD], len(damaged))
        assert facts.orientation in range(1, 9)


def test_knotted_metadata_does_not_cost_the_picture(worker: Worker, tmp_path: Path) -> None:
    for name in ("knotted-exif.jpg", "laughing-xmp.jpg", "bombed-text.png"):
        answer = worker.make(tmp_path, hostile.MAKES[name]())
        assert isinstance(answer, Done)
        assert answer.facts is not None
        assert (answer.facts.width, answer.facts.orientation) == (painting.WIDTH, 1)
