"""The site as a whole: its name and its clock, kept, checked, and known to every process."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Invalid, Unauthenticated
from fanlight.model import NOBODY, SERVER
from fanlight.site import SETTING, Site, SiteDesk
from tests.support.records import NOW

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue

pytestmark = pytest.mark.anyio


def a_desk(catalogue: Catalogue, at: float = 0) -> SiteDesk:
    return SiteDesk(catalogue, clock=lambda: NOW, monotonic=lambda: at)


async def test_a_new_site_has_no_name_and_goes_by_utc(catalogue: Catalogue) -> None:
    assert await a_desk(catalogue).get() == Site("", "UTC")


def test_what_ends_at_midnight_has_the_day_before_for_its_last() -> None:
    berlin, midnight = Site(zone="Europe/Berlin"), datetime(2026, 6, 14, 22, 0, tzinfo=UTC)
    assert berlin.day(midnight) == date(2026, 6, 15)
    assert berlin.last_day(midnight) == date(2026, 6, 14)
    assert berlin.last_day(midnight + timedelta(hours=1)) == date(2026, 6, 15)
    assert Site().last_day(midnight) == date(2026, 6, 14)


async def test_what_is_given_is_changed_and_holds_at_once(catalogue: Catalogue) -> None:
    desk = a_desk(catalogue)
    await desk.get()
    await desk.change(SERVER, name="  Ada \n Lumière ")
    assert await desk.get() == Site("Ada Lumière", "UTC")
    await desk.change(SERVER, zone="Europe/Berlin")
    assert await desk.get() == Site("Ada Lumière", "Europe/Berlin")
    assert (await desk.change(SERVER, name="", zone="")) == Site("", "UTC")


async def test_what_another_process_changed_is_known_a_moment_later(catalogue: Catalogue) -> None:
    now = [0.0]
    here = SiteDesk(catalogue, clock=lambda: NOW, monotonic=lambda: now[0])
    assert (await here.get()).name == ""
    await a_desk(catalogue).change(SERVER, name="Ada")
    assert (await here.get()).name == ""
    now[0] += 1
    assert (await here.get()).name == "Ada"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "a" * 101}, "invalid.name"),
        ({"name": "a\x1bb"}, "invalid.name"),
        ({"contact": "ask me"}, "invalid.contact"),
        ({"contact": "Ada <ada@example.com>"}, "invalid.contact"),
        ({"contact": "javascript:alert(1)"}, "invalid.contact"),
        ({"contact": "ftp://example.com"}, "invalid.contact"),
        ({"zone": "Middle/Earth"}, "invalid.zone"),
        ({"zone": "Europe"}, "invalid.zone"),
        ({"zone": "../../etc/passwd"}, "invalid.zone"),
        ({"zone": "\0"}, "invalid.zone"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(
    sqlite_catalogue: Catalogue, change: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await a_desk(sqlite_catalogue).change(SERVER, **change)
    assert (refused.value.public_code, refused.value.about) == (code, next(iter(change)))
    assert await a_desk(sqlite_catalogue).get() == Site()


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("", ""),
        (" ada@example.com ", "mailto:ada@example.com"),
        ("what?ever&more@example.com", "mailto:what%3Fever%26more@example.com"),
        ("https://example.com/contact", "https://example.com/contact"),
    ],
)
async def test_a_contact_is_a_link_to_mail_or_to_a_page(
    sqlite_catalogue: Catalogue, contact: str, link: str
) -> None:
    assert (await a_desk(sqlite_catalogue).change(SERVER, contact=contact)).contact_link == link


async def test_only_who_manages_the_server_changes_it(sqlite_catalogue: Catalogue) -> None:
    with pytest.raises(Unauthenticated):
        await a_desk(sqlite_catalogue).change(NOBODY, name="Ada")


async def test_a_zone_that_the_server_lost_is_said_in_utc(sqlite_catalogue: Catalogue) -> None:
    kept = {"name": "Ada", "zone": "Atlantis/Capital"}
    await sqlite_catalogue.write(lambda records: records.settings.set(SETTING, kept))
    assert (await a_desk(sqlite_catalogue).get()).clock.key == "UTC"
