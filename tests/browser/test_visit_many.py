"""A gallery of more photos than one page: going anywhere in it, and coming back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from bench.gallery_page import hang
from fanlight.cli.opening import opened as opened_by
from fanlight.galleries.viewing import PAGE
from fanlight.model import Facts
from scripts import sample_photos
from scripts.galleries import Published, publish
from scripts.pictures import DESK, PHONE
from scripts.studio import studio
from tests.browser.test_gallery import SIZES, look, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from fanlight.app import Fanlight
    from fanlight.catalogue import Records
    from scripts.studio import Studio

COUNT = 1100
"""In four parts; of 200 a page, the last has 100."""
WHOLE = 0.99
"""A row scrolls by whole pixels, and its names are not so wide."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Published]]:
    """Without pictures: nothing new is learned of a photo, so that every place stays."""
    with studio(tmp_path_factory.mktemp("many"), pictures=False) as here:
        painted = list(sample_photos.write(tmp_path_factory.mktemp("painted"), 6, edge=160))
        hang(here.originals, painted, "many", COUNT)
        yield here, publish(here.server.data, "Many", "many")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = opened(browser, DESK)
    yield context.new_page()
    context.close()


@pytest.fixture
def late(many: tuple[Studio, Published]) -> Published:
    """Photos of which nobody knows yet how large they are."""
    here, _ = many
    painted = sorted((here.originals / "many").rglob("*.jpg"))
    folder = f"late-{uuid4().hex}"
    hang(here.originals, painted[:1], folder, 2 * PAGE)
    return publish(here.server.data, folder, folder)


def asked_for(page: Page) -> list[str]:
    """Filled with the cursor of each page of photos that is asked for from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if "/items?" in one.url else None)
    return found


def surveyed(page: Page, here: Studio, gallery: Published, path: str = "") -> None:
    """Open it, and wait until all places are known."""
    with page.expect_response(re.compile("/outline")):
        look(page, here, gallery, path)
    page.wait_for_function(
        "(count) => document.querySelector('#grid').offsetHeight > 3 * innerHeight"
        " && Number(document.querySelector('.tile').ariaSetSize) === count",
        arg=COUNT,
    )


def test_all_places_are_asked_for_once_the_first_screen_stands(
    page: Page, many: tuple[Studio, Published]
) -> None:
    surveyed(page, *many)
    asked, loaded = page.evaluate(
        """() => {
          const all = performance.getEntriesByType("resource");
          const outline = all.find((one) => one.name.includes("/outline"));
          return [outline.startTime, performance.getEntriesByType("navigation")[0].loadEventStart];
        }"""
    )
    assert asked >= min(loaded or 3000, 3000)  # where a picture hangs it is not waited for


def test_the_end_is_reached_by_a_key_without_all_that_comes_before(
    page: Page, many: tuple[Studio, Published]
) -> None:
    surveyed(page, *many)
    asked = asked_for(page)
    page.locator(".tile-open").first.focus()
    page.keyboard.press("End")
    expect(page.locator(f'.tile[aria-posinset="{COUNT}"] .tile-open')).to_be_focused()
    assert len(asked) <= 2
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f'.tile[aria-posinset="{COUNT - 1}"] .tile-open')).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator('.tile[aria-posinset="1"] .tile-open')).to_be_focused()


def test_the_scroll_bar_knows_how_far_it_is_and_nothing_moves_under_it(
    page: Page, many: tuple[Studio, Published]
) -> None:
    surveyed(page, *many)
    asked = asked_for(page)
    high = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator(f'.tile[aria-posinset="{COUNT}"]')).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") == high
    page.evaluate("(to) => window.scrollTo(0, to)", high / 2)
    middle = page.locator(".tile").first
    expect(middle).not_to_have_attribute("aria-posinset", str(COUNT))
    expect(middle).to_be_attached()
    assert page.evaluate("document.documentElement.scrollHeight") == high
    assert len(asked) <= 4


def test_parts_say_their_names_where_they_begin_also_far_down(
    page: Page, many: tuple[Studio, Published]
) -> None:
    surveyed(page, *many)
    page.locator(".tile-open").first.focus()
    page.keyboard.press("End")
    expect(page.locator(f'.tile[aria-posinset="{COUNT}"]')).to_be_visible()
    place = page.evaluate(
        "(count) => document.querySelector('#grid').offsetHeight * (3 / 4) - 200", COUNT
    )
    page.evaluate(
        "(y) => window.scrollBy(0, y - document.querySelector('#grid').offsetHeight)", place
    )
    page.evaluate("window.scrollBy(0, 300)")
    expect(page.get_by_role("heading", name="Part 4")).to_be_attached()


def test_back_from_elsewhere_comes_to_the_same_photo_far_down(
    page: Page, many: tuple[Studio, Published]
) -> None:
    surveyed(page, *many)
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight * 0.7)")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.tile')]"
        ".some((one) => one.ariaPosInSet > 400 && one.getBoundingClientRect().top > 100)"
    )
    before = page.evaluate(
        "[...document.querySelectorAll('.tile')]"
        ".find((one) => one.ariaPosInSet > 400 && one.getBoundingClientRect().top > 100).id"
    )
    top = page.locator(f"#{before}").evaluate("(found) => found.getBoundingClientRect().top")
    page.goto(f"{page.url}/me")
    page.go_back()
    page.wait_for_function(
        "([id, top]) => {"
        " const found = document.getElementById(id);"
        " return found && Math.abs(found.getBoundingClientRect().top - top) < 1;"
        "}",
        arg=[before, top],
    )


def test_a_photo_far_down_opens_by_its_address_and_closes_at_its_place(
    page: Page, many: tuple[Studio, Published]
) -> None:
    surveyed(page, *many)
    page.locator(".tile-open").first.focus()
    page.keyboard.press("End")
    last = page.locator(f'.tile[aria-posinset="{COUNT}"] .tile-open')
    expect(last).to_be_focused()
    address = last.get_attribute("href")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{many[0].url}{address}")
    expect(elsewhere.locator(".pswp[data-open] .around-place")).to_have_text("1,100 / 1,100")
    elsewhere.keyboard.press("ArrowLeft")
    before = f"1,099 / 1,100: IMG_{COUNT - 2}.jpg"
    expect(elsewhere.locator(".pswp")).to_have_attribute("aria-label", before)
    elsewhere.keyboard.press("Escape")
    expect(elsewhere.locator(f'.tile[aria-posinset="{COUNT - 1}"] .tile-open')).to_be_focused()


def test_the_row_of_parts_on_a_phone_follows_what_is_looked_at(
    browser: Browser, many: tuple[Studio, Published]
) -> None:
    context = opened(browser, PHONE)
    page = context.new_page()
    surveyed(page, *many)
    fourth = page.locator("#bar .part").nth(4)
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(fourth).to_have_class(re.compile("here"))
    expect(fourth).to_be_in_viewport(ratio=WHOLE)
    page.goto(f"{many[0].url}{fourth.get_attribute('href')}")
    expect(fourth).to_have_attribute("aria-current", "true")
    expect(fourth).to_be_in_viewport(ratio=WHOLE)
    context.close()


@pytest.mark.parametrize("without", ["switched off", "not coming"])
def test_without_the_script_all_photos_of_the_page_are_there(
    browser: Browser, many: tuple[Studio, Published], without: str
) -> None:
    here, gallery = many
    context = opened(browser, PHONE, script=without == "not coming")
    page = context.new_page()
    page.route(re.compile(r"/assets/gallery-[^/]*\.js"), lambda route: route.abort())
    page.goto(here.url + gallery.base)
    expect(page.locator(".tile")).to_have_count(200)
    expect(page.locator(".pager a")).to_be_attached()
    context.close()


SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shifted += one.hadRecentInput ? 0 : one.value;
}).observe({ type: "layout-shift", buffered: true });
"""
STILL = 0.02
"""Of what a browser calls a shift: a fifth of what is good."""


def learn(here: Studio, gallery: Published) -> None:
    """Read of all photos that they are upright, as another process does that prepares them."""

    async def action(fanlight: Fanlight) -> None:
        await fanlight.catalogue.write(upright)

    def upright(records: Records) -> None:
        for one in records.items.of(gallery.id):
            version = records.assets.get(one.asset_id).version
            records.facts.keep(one.asset_id, version, Facts(width=800, height=1200))

    with ThreadPoolExecutor(1) as beside:  # Playwright has a loop in this thread
        beside.submit(opened_by, here.server.data, action).result()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_jumps_while_sizes_become_known(
    browser: Browser, many: tuple[Studio, Published], late: Published, size: tuple[int, int]
) -> None:
    here, _ = many
    context = opened(browser, size)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    with page.expect_response(re.compile("/outline")):
        look(page, here, late)
    page.mouse.move(200, 400)
    for turn in range(40):
        if turn == 5:
            learn(here, late)
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(60)
    assert page.evaluate("Number(document.querySelector('.tile').ariaPosInSet)") > PAGE
    assert page.evaluate("window.shifted") < STILL
    page.reload()
    expect(page.locator(".tile").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifted") < STILL
    context.close()
