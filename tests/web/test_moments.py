"""Times in forms: entered by a clock whose zone is said, kept as instants, shown again as such."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Invalid
from fanlight.galleries.making import Draft
from fanlight.model import SERVER
from fanlight.site import Site
from fanlight.web.studio.moments import clock_of, moment
from tests.web.test_studio import send, signed_in

if TYPE_CHECKING:
    from tests.web.conftest import House

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entered(text: str, zone: str = BERLIN, kept: datetime | None = None) -> datetime | None:
    return moment({"opens_at": text, "zone": zone}, "opens_at", kept)


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-01-15T10:00", BERLIN, "2026-01-15T09:00"),
        ("2026-07-15T10:00", BERLIN, "2026-07-15T08:00"),
        ("2026-03-29T01:59", BERLIN, "2026-03-29T00:59"),
        ("2026-03-29T03:00", BERLIN, "2026-03-29T01:00"),
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),  # the first of the two
        ("2026-10-25T03:00", BERLIN, "2026-10-25T02:00"),
        ("2026-07-15T10:00", "Asia/Kathmandu", "2026-07-15T04:15"),
        ("2026-07-15T10:00", "UTC", "2026-07-15T10:00"),
        ("2026-07-15T10:00", "", "2026-07-15T10:00"),
    ],
)
def test_a_time_on_a_clock_is_an_instant(text: str, zone: str, instant: str) -> None:
    assert entered(text, zone) == at(instant)


@pytest.mark.parametrize("zone", ["UTC", BERLIN, "America/St_Johns", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    "instant",
    [
        *("2026-03-29T00:59:59", "2026-03-29T01:00:00", "2026-10-25T00:30:00"),
        *("2026-10-25T01:30:00", "2026-07-15T08:00:31", "2026-11-01T05:15:00"),
    ],
)
def test_what_nobody_touched_stays_the_same_instant(zone: str, instant: str) -> None:
    kept = at(instant)
    shown = clock_of(Site(zone=zone), None).face("opens_at", kept)
    assert entered(shown, zone, kept) == kept


def test_an_hour_that_clocks_leave_out_is_refused_with_the_way_on() -> None:
    with pytest.raises(Invalid) as refused:
        entered("2026-03-29T02:30")
    assert refused.value.about == "opens_at"
    assert "Europe/Berlin" in refused.value.public_message
    assert "hour later" in refused.value.public_remedy


@pytest.mark.parametrize(
    ("text", "zone", "about"),
    [
        ("soon", BERLIN, "opens_at"),
        ("0001-01-01T00:00", BERLIN, "opens_at"),
        ("2026-07-15T10:00", "Middle/Earth", "zone"),
    ],
)
def test_what_is_no_time_is_refused(text: str, zone: str, about: str) -> None:
    with pytest.raises(Invalid) as refused:
        entered(text, zone)
    assert refused.value.about == about


def field(page: str, name: str) -> tuple[str, str]:
    """What a time field shows, and the instant for the script."""
    (tag,) = re.findall(rf'<input id="{name}"[^>]*>', page)
    shown = re.findall(r' value="([^"]*)"', tag)
    instant = re.findall(r' data-instant="([^"]*)"', tag)
    return shown[0], instant[0] if instant else ""


@pytest.mark.anyio
async def test_the_access_page_says_times_by_the_sites_clock_and_takes_the_browsers(
    house: House,
) -> None:
    client = await signed_in(house)
    use = house.fanlight
    gallery = await use.galleries.create(SERVER, Draft("Wedding"))
    page = f"/studio/galleries/{gallery.id}/access"
    assert "Time zone: <span data-zone-name>UTC</span>" in (await client.get(page)).text
    await use.site.change(SERVER, zone=BERLIN)
    sent = {"opens_at": "2026-07-15T10:00", "closes_at": "2026-12-15T10:00", "zone": "Asia/Tokyo"}
    assert (await send(client, page, page, **sent)).status_code == 303
    kept = await use.galleries.get(SERVER, gallery.id)
    assert (kept.opens_at, kept.closes_at) == (at("2026-07-15T01:00"), at("2026-12-15T01:00"))
    shown = (await client.get(page)).text
    assert "Time zone: <span data-zone-name>Europe/Berlin</span>" in shown
    assert field(shown, "opens_at") == ("2026-07-15T03:00", "2026-07-15T01:00:00Z")
    assert field(shown, "closes_at") == ("2026-12-15T02:00", "2026-12-15T01:00:00Z")


@pytest.mark.anyio
async def test_what_was_typed_is_shown_again_with_its_zone(house: House) -> None:
    client = await signed_in(house)
    gallery = await house.fanlight.galleries.create(SERVER, Draft("Wedding"))
    page = f"/studio/galleries/{gallery.id}/access"
    sent = {"opens_at": "2026-03-29T02:30", "zone": BERLIN, "pin": "4711", "stars": "yes"}
    answer = await send(client, page, page, **sent)
    assert answer.status_code == 400
    assert field(answer.text, "opens_at") == ("2026-03-29T02:30", "")
    assert "Time zone: <span data-zone-name>Europe/Berlin</span>" in answer.text
    assert 'name="zone" value="Europe/Berlin">' in answer.text, "a script leaves it alone"
    assert 'value="4711"' in answer.text
    assert re.search(r'name="stars" value="yes" checked', answer.text)
