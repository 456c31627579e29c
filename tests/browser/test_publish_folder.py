"""A folder becomes a gallery in a real browser: walked to, named, put in order, published."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts import pictures
from scripts.pictures import DESK, PHONE
from scripts.studio import Studio, studio
from tests.browser.test_studio import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

GALLERIES = "/studio/galleries"
PATIENCE = 60_000
WEDDING = "2026-05-30 Anna & Ben"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, photos: list[Path]) -> Iterator[Studio]:
    """A studio whose channel has folders of photos that nobody has read yet."""
    with studio(tmp_path_factory.mktemp("shelf")) as made:
        for folder, some in (("Church", photos[:3]), ("Party", photos[3:5])):
            place = made.originals / WEDDING / folder
            place.mkdir(parents=True)
            for number, photo in enumerate(some, start=1):
                shutil.copy(photo, place / f"{folder} {number}.jpg")
        (made.originals / "Empty").mkdir()
        yield made


@pytest.fixture(scope="module")
def page(browser: Browser, shelf: Studio) -> Iterator[Page]:
    with pictures.looking(browser, DESK, "light", shelf) as page:
        page.set_default_timeout(PATIENCE)
        yield page


@pytest.fixture(scope="module")
def gallery(page: Page, shelf: Studio) -> str:
    """The address of a gallery that was made by walking to its folder."""
    page.goto(f"{shelf.url}{GALLERIES}")
    page.get_by_role("link", name="Make your first gallery").click()
    page.get_by_role("link", name=re.compile("Anna & Ben")).click()
    expect(page.get_by_role("link", name=re.compile("Church"))).to_be_visible()
    page.get_by_role("button", name="Use this folder").click()
    expect(page.get_by_label("Title")).to_have_value("Anna & Ben")
    expect(page.get_by_label("Day")).to_have_value("2026-05-30")
    page.get_by_role("button", name="Make gallery").click()
    page.wait_for_url(re.compile(r"/studio/galleries/\w+\?said="))
    return page.url.partition("?")[0]


def names(page: Page) -> list[str]:
    return page.locator(".arrange-name").all_inner_texts()


def test_its_photos_come_in_while_one_looks_on(page: Page, gallery: str) -> None:
    expect(page.locator(".arrange-tile")).to_have_count(5, timeout=PATIENCE)
    expect(page.locator(".arrange-section")).to_have_text(["Church", "Party"])
    assert violations(page, close=False) == []


def test_photos_are_put_in_order_by_keyboard_and_by_drag(page: Page, gallery: str) -> None:
    page.goto(gallery)
    page.locator(".arrange-tile input").nth(2).focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#said")).to_contain_text("Order saved")
    assert names(page)[:3] == ["Church 1.jpg", "Church 3.jpg", "Church 2.jpg"]
    page.reload()
    assert names(page)[:3] == ["Church 1.jpg", "Church 3.jpg", "Church 2.jpg"]
    tiles = page.locator(".arrange-tile")
    tiles.nth(2).drag_to(tiles.nth(0))
    expect(page.locator("#said")).to_contain_text("Order saved")
    page.reload()
    assert names(page)[:3] == ["Church 2.jpg", "Church 1.jpg", "Church 3.jpg"]
    tiles.nth(0).drag_to(tiles.nth(4))
    page.reload()
    assert names(page)[:3] == ["Church 2.jpg", "Church 1.jpg", "Church 3.jpg"]


def test_it_is_published_and_a_new_photo_appears_by_itself(
    page: Page, gallery: str, shelf: Studio, photos: list[Path]
) -> None:
    page.goto(gallery)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".gallery-head .badge")).to_have_text("Published")
    shutil.copy(photos[0], shelf.originals / WEDDING / "Party" / "Party 9.jpg")
    page.get_by_label(re.compile("More for")).click()
    page.get_by_role("button", name="Look for new photos").click()
    expect(page.locator(".arrange-tile")).to_have_count(6, timeout=PATIENCE)


def test_what_is_selected_in_the_library_goes_into_it(
    page: Page, gallery: str, shelf: Studio
) -> None:
    page.goto(f"{shelf.url}/studio/library?q=Party")
    page.wait_for_selector(".grid.live")
    page.locator(".tile").first.focus()
    page.keyboard.press("Space")
    page.locator("#tray [data-do=gallery]").click()
    sheet = page.locator("#gallery-sheet")
    sheet.get_by_label("Its title").fill("Best of")
    sheet.get_by_role("button", name="Put them in").click()
    page.wait_for_url(re.compile(r"said=gallery-chosen"))
    expect(page.locator(".arrange-tile")).to_have_count(1)


@pytest.mark.parametrize("part", ["", "/about", "/sections", "/look", "/access", "/folders"])
def test_every_part_fits_a_phone_and_is_accessible(page: Page, gallery: str, part: str) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    try:
        page.goto(gallery + part)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        assert violations(page, close=False) == []
    finally:
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def test_the_rest_of_the_studio_is_behind_one_button_on_a_phone(page: Page, shelf: Studio) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    try:
        page.goto(f"{shelf.url}{GALLERIES}")
        page.locator(".rail-more summary").click()
        page.locator(".rail-more").get_by_role("link", name="Jobs").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    finally:
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
