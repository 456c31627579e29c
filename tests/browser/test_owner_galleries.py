"""The owner's pages of galleries that have clients: read aloud, by thumb, by any clock."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts import clients, galleries, pictures
from scripts.pictures import DESK, PHONE
from tests.browser.test_studio import FITS, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from scripts.studio import Studio

PAGES = (
    *("", "/about", "/sections", "/look", "/access", "/links", "/picks", "/viewers", "/activity"),
    *("/folders", "/remove"),
)
BESIDE = ("galleries", "galleries/new", "notices", "site", "library/trash/empty")


@dataclass
class Shown:
    """A page of the studio, and the gallery that people came to."""

    page: Page
    url: str
    home: str


@pytest.fixture(scope="module")
def gallery(here: Studio) -> str:
    """The id of a gallery with links, picks, comments, sections; others stand beside it."""
    made = galleries.publish(here.server.data, clients.LONG, "trips")
    clients.come(here.server.data, made.id, links=3, sections=4, galleries=3)
    return made.id


@pytest.fixture(
    scope="module",
    params=[(DESK, "light"), (PHONE, "dark")],
    ids=["desk-light", "phone-dark"],
)
def shown(
    browser: Browser, here: Studio, gallery: str, request: pytest.FixtureRequest
) -> Iterator[Shown]:
    size, scheme = request.param
    with pictures.looking(browser, size, scheme, here) as page:
        page.set_default_timeout(pictures.PATIENCE)
        yield Shown(page, here.url, f"{here.url}/studio/galleries/{gallery}")


def check(page: Page, address: str) -> None:
    """It fits its window, with everything folded out, and axe finds nothing."""
    page.goto(address)
    page.evaluate("for (const one of document.querySelectorAll('details.more')) one.open = true")
    page.wait_for_function(FITS)
    assert violations(page, close=False) == []


@pytest.mark.parametrize("part", PAGES)
def test_a_page_of_a_gallery_fits_and_can_be_read_aloud(shown: Shown, part: str) -> None:
    check(shown.page, shown.home + part)


@pytest.mark.parametrize("place", BESIDE)
def test_a_page_beside_it_fits_and_can_be_read_aloud(shown: Shown, place: str) -> None:
    check(shown.page, f"{shown.url}/studio/{place}")


def test_what_somebody_is_at_on_the_page_of_picks_outlasts_its_being_brought_up_to_date(
    shown: Shown,
) -> None:
    page = shown.page
    page.goto(f"{shown.home}/picks")
    card = page.locator(".picks-list").first
    copying = card.get_by_role("button", name="Copy for Lightroom")
    expect(copying).to_be_visible()
    compared = page.get_by_role("checkbox", name="Anna Lindqvist: My picks")
    compared.check(force=True)
    words = page.locator(".thread-answer textarea").first
    words.fill("It is bri")
    card.get_by_text("Take away").click()
    page.evaluate("document.querySelector('#picks').dataset.old = 'yes'")
    expect(page.locator("#picks:not([data-old])")).to_be_attached(timeout=pictures.PATIENCE)
    expect(card.get_by_role("link", name="Names for Capture One")).to_be_visible()
    expect(copying).to_be_visible()
    expect(compared).to_be_checked()
    expect(words).to_have_value("It is bri")


def test_the_question_before_somebody_is_forgotten_can_be_read_aloud(shown: Shown) -> None:
    shown.page.goto(f"{shown.home}/viewers")
    asking = shown.page.get_by_role("link", name="Forget Anna Lindqvist").get_attribute("href")
    check(shown.page, f"{shown.url}{asking}")


def test_somebody_is_handed_what_is_kept_of_them_and_then_forgotten(
    browser: Browser, here: Studio
) -> None:
    made = galleries.publish(here.server.data, "Here to be forgotten", "trips")
    home = f"{here.url}/studio/galleries/{made.id}"
    with pictures.looking(browser, PHONE, "light", here) as page:
        page.set_default_timeout(pictures.PATIENCE)
        page.goto(f"{home}/access")
        page.locator("input[name='right.comment']").uncheck()
        page.get_by_role("button", name="Save").click()
        page.wait_for_load_state()
        clients.come(here.server.data, made.id)
        page.goto(f"{home}/viewers")
        with page.expect_download() as handed:
            page.get_by_role("link", name="Hand over what is kept of Anna Lindqvist").click()
        kept = json.loads(handed.value.path().read_bytes())
        assert kept["viewer"]["email"] == "anna@example.com"
        assert [len(one["picks"]) for one in kept["lists"]] == [3]
        page.get_by_role("link", name="Forget Anna Lindqvist").click()
        page.get_by_role("link", name="Cancel").click()
        page.get_by_role("link", name="Forget Anna Lindqvist").click()
        page.get_by_role("button", name="Forget Anna Lindqvist").click()
        page.wait_for_url(f"{home}/viewers*")
        expect(page.get_by_role("heading", name="Ben", exact=True)).to_be_visible()
        expect(page.get_by_text("Anna Lindqvist")).to_have_count(0)
        page.goto(f"{home}/picks")
        expect(page.get_by_text("Anna Lindqvist")).to_have_count(0)


def test_a_time_is_entered_by_the_clock_of_the_browser(
    browser: Browser, here: Studio, gallery: str
) -> None:
    address = f"{here.url}/studio/galleries/{gallery}/access"

    def looking(zone: str) -> Page:
        context = browser.new_context(timezone_id=zone, storage_state=kept)
        page = context.new_page()
        page.goto(address)
        expect(page.locator("[data-zone-name]").first).to_have_text(zone)
        return page

    with pictures.looking(browser, DESK, "light", here) as first:
        kept = first.context.storage_state()
        tokyo = looking("Asia/Tokyo")
        tokyo.fill("#opens_at", "2026-10-25T10:30")  # the second 02:30 of that night in Berlin
        tokyo.fill("#closes_at", "2026-12-01T08:00")
        tokyo.get_by_role("button", name="Save").click()
        expect(tokyo.locator(".said-above")).to_be_visible()
        assert tokyo.input_value("#opens_at") == "2026-10-25T10:30"
        tokyo.context.close()
        berlin = looking("Europe/Berlin")
        assert berlin.input_value("#opens_at") == "2026-10-25T02:30"
        assert berlin.input_value("#closes_at") == "2026-12-01T00:00"
        berlin.get_by_role("button", name="Save").click()
        expect(berlin.locator(".said-above")).to_be_visible()
        berlin.context.close()
        again = looking("Asia/Tokyo")
        assert again.input_value("#opens_at") == "2026-10-25T10:30"
        again.fill("#opens_at", "")
        again.fill("#closes_at", "")
        again.get_by_role("button", name="Save").click()
        expect(again.locator(".said-above")).to_be_visible()
        again.context.close()


def test_the_sites_zone_is_taken_from_the_browser_by_one_press(
    browser: Browser, here: Studio, gallery: str
) -> None:
    with pictures.looking(browser, DESK, "light", here) as first:
        context = browser.new_context(
            timezone_id="America/Lima", storage_state=first.context.storage_state()
        )
        page = context.new_page()
        page.goto(f"{here.url}/studio/site")
        page.get_by_role("button", name="America/Lima").click()
        assert page.input_value("#zone") == "America/Lima"
        context.close()
