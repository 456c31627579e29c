"""A gallery as its visitors use it: let in, looking, picking, going on, without a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts import sample_photos
from scripts.galleries import Published, publish
from scripts.pictures import DESK, PHONE
from tests.browser.test_studio import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from scripts.studio import Studio

PASSWORD = "anna und ben"
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


@pytest.fixture(scope="module")
def wedding(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Photos that the library has not got yet: equal ones are linked, wherever they are sent."""
    return list(sample_photos.write(tmp_path_factory.mktemp("wedding"), 5, edge=500))


@pytest.fixture(scope="module")
def shown(here: Studio, wedding: list[Path]) -> Published:
    """Five photos in two parts."""
    here.upload(*wedding[:2], folder="wedding/Dawn")
    here.upload(*wedding[2:], folder="wedding/Night")
    return publish(here.server.data, "First light", "wedding")


@pytest.fixture(scope="module")
def guarded(here: Studio, shown: Published) -> Published:
    """The same photos behind a password."""
    assert shown
    return publish(here.server.data, "Anna and Ben", "wedding", password=PASSWORD)


def opened(browser: Browser, size: tuple[int, int], *, script: bool = True) -> BrowserContext:
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        has_touch=size == PHONE,
        java_script_enabled=script,
        reduced_motion="reduce",
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor at a desk whose browser has nothing to complain about."""
    context = opened(browser, DESK)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def look(page: Page, here: Studio, gallery: Published, path: str = "") -> None:
    """Open it, and wait until all hands are there."""
    page.goto(here.url + gallery.base + path)
    expect(page.locator(".tile .heart").first).to_be_attached()
    page.wait_for_load_state("networkidle")


def open_photo(page: Page, number: int) -> None:
    page.locator(".tile-open").nth(number).click()
    expect(page.locator(".pswp[data-open] .around-place")).to_be_visible()


def test_a_password_lets_in_on_a_phone_and_is_remembered(
    browser: Browser, here: Studio, guarded: Published
) -> None:
    context = opened(browser, PHONE)
    page = context.new_page()
    page.goto(here.url + guarded.base)
    expect(page.locator("h1")).to_have_text("Anna and Ben")
    page.get_by_label("Password").fill("something else")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    expect(page.locator(".tile")).to_have_count(5)
    page.reload()
    expect(page.locator(".tile")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    context.close()


def test_the_lightbox_is_driven_by_keys_and_gives_the_focus_back(
    page: Page, here: Studio, shown: Published
) -> None:
    look(page, here, shown)
    open_photo(page, 1)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".around-place")).to_have_text("3 / 5")
    page.keyboard.press("End")
    expect(page.locator(".around-place")).to_have_text("5 / 5")
    page.keyboard.press("Home")
    expect(page.locator(".around-place")).to_have_text("1 / 5")
    page.keyboard.press("i")
    expect(page.locator(".beside")).to_be_visible()
    page.keyboard.press("i")
    page.keyboard.press("f")
    expect(page.locator(".around-heart")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(page.locator(".around-heart")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    expect(page.locator(".tile-open").first).to_be_focused()


def test_each_photo_has_its_address_and_back_comes_to_the_same_place(
    page: Page, here: Studio, shown: Published
) -> None:
    page.set_viewport_size({"width": 900, "height": 500})
    look(page, here, shown)
    page.locator(".tile-open").last.scroll_into_view_if_needed()
    open_photo(page, 4)
    before = page.evaluate("scrollY")
    expect(page).to_have_url(re.compile(rf"{shown.base}/p/\w+$"))
    address = page.url
    page.go_back()
    expect(page.locator(".pswp")).to_have_count(0)
    expect(page).to_have_url(here.url + shown.base)
    assert page.evaluate("scrollY") == before
    page.goto(address)
    expect(page.locator(".pswp[data-open] .around-place")).to_have_text("5 / 5")
    page.keyboard.press("Escape")
    expect(page).to_have_url(here.url + shown.base)
    expect(page.locator(".tile")).to_have_count(5)


def test_picks_need_no_name_survive_a_reload_and_are_sent_once(
    page: Page, here: Studio, shown: Published
) -> None:
    look(page, here, shown)
    for number in (0, 2):
        with page.expect_response(re.compile("/picks/")):
            page.locator(".tile .heart").nth(number).click()
    expect(page.locator(".tray-count .wide-only")).to_have_text("2 of 30 picked")
    look(page, here, shown)
    expect(page.locator(".tray-count .wide-only")).to_have_text("2 of 30 picked")
    expect(page.locator(".tile.picked")).to_have_count(2)
    page.get_by_role("button", name="Only mine").click()
    expect(page.locator(".tile")).to_have_count(2)
    page.get_by_role("button", name="Only mine").click()
    expect(page.locator(".tile")).to_have_count(5)
    page.locator(".tile").first.scroll_into_view_if_needed()
    page.locator(".tray-send").click()
    page.get_by_label("Your name").fill("Anna")
    page.locator(".sheet-body .primary").click()
    expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    link = page.locator("#personal").input_value()
    page.keyboard.press("Escape")
    expect(page.locator(".tile .heart").first).to_be_disabled()
    assert "/v/" in link


def test_a_personal_link_goes_on_elsewhere(
    browser: Browser, page: Page, here: Studio, shown: Published
) -> None:
    look(page, here, shown)
    with page.expect_response(re.compile("/picks/")):
        page.locator(".tile .heart").first.click()
    page.locator(".tile").first.scroll_into_view_if_needed()
    page.locator(".tray-list").click()
    link = page.locator("#personal").input_value()
    other = opened(browser, PHONE)
    phone = other.new_page()
    phone.goto(link)
    expect(phone.locator(".tile.picked")).to_have_count(1)
    with phone.expect_response(re.compile("/picks/")):
        phone.locator(".tile .heart").nth(1).click()
    other.close()
    page.keyboard.press("Escape")
    with page.expect_response(re.compile("/picks$")):  # what it did not know, it asks for
        page.locator(".tile .heart").nth(2).click()
    expect(page.locator(".tile.picked")).to_have_count(3)


def test_what_is_kept_about_a_visitor_has_their_link_to_copy(
    page: Page, here: Studio, shown: Published
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    look(page, here, shown)
    with page.expect_response(re.compile("/picks/")):
        page.locator(".tile .heart").first.click()
    page.goto(f"{here.url}{shown.base}/me")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#personal").input_value()
    assert "/v/" in copied


def test_what_was_picked_without_a_connection_is_sent_when_there_is_one(
    browser: Browser, here: Studio, shown: Published
) -> None:
    context = opened(browser, DESK)
    page = context.new_page()
    look(page, here, shown)
    page.route("**/picks/**", lambda route: route.fulfill(status=503, body="away"))
    page.locator(".tile .heart").first.click()
    expect(page.locator(".tray-quiet")).to_be_visible()
    expect(page.locator(".tile.picked")).to_have_count(1)
    page.unroute("**/picks/**")
    with page.expect_response(re.compile("/picks/")):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(".tray-quiet")).to_be_hidden()
    context.close()


def test_comments_are_text(page: Page, here: Studio, shown: Published) -> None:
    look(page, here, shown)
    open_photo(page, 0)
    page.keyboard.press("c")
    page.get_by_label("Say something about it").fill("<img src=x> lovely")
    page.get_by_role("button", name="Add comment").click()
    expect(page.locator(".comment-text")).to_have_text("<img src=x> lovely")
    expect(page.locator(".comment img")).to_have_count(0)


def test_names_are_searched_and_parts_looked_at(
    page: Page, here: Studio, shown: Published, wedding: list[Path]
) -> None:
    look(page, here, shown)
    page.get_by_role("link", name="Night").click()
    expect(page.locator(".tile")).to_have_count(3)
    expect(page).to_have_url(re.compile("section="))
    page.get_by_role("link", name="All").click()
    expect(page.locator(".tile")).to_have_count(5)
    page.locator("#find summary").click()
    page.get_by_role("searchbox").fill(wedding[1].stem)
    expect(page.locator(".tile")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".tile")).to_have_count(5)


def test_without_a_script_photos_are_links_to_pages_of_one(
    browser: Browser, here: Studio, shown: Published
) -> None:
    context = opened(browser, PHONE, script=False)
    page = context.new_page()
    page.goto(here.url + shown.base)
    expect(page.locator(".tile-open")).to_have_count(5)
    page.locator(".tile-open").first.click()
    expect(page.locator(".single-photo")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".single-place")).to_have_text("2 of 5")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download").first.click()
    assert saved.value.suggested_filename.endswith(".jpg")
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_nobody_is_shut_out(
    browser: Browser, here: Studio, shown: Published, guarded: Published, size: tuple[int, int]
) -> None:
    context = opened(browser, size)
    page = context.new_page()
    look(page, here, shown)
    assert violations(page, close=False) == []
    open_photo(page, 0)
    page.keyboard.press("i")
    expect(page.locator(".beside")).to_be_visible()
    expect(page.locator(".pswp--ui-visible")).to_be_visible()
    assert violations(page, close=False) == []
    for path in (f"{shown.base}/me", guarded.base, "/g/nothing-here", f"{shown.base}/embed"):
        page.goto(here.url + path)
        assert violations(page, close=False) == [], path
    context.close()


def test_no_visitor_asks_anybody_else(page: Page, here: Studio, shown: Published) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    look(page, here, shown)
    open_photo(page, 0)
    page.wait_for_load_state("networkidle")
    assert {url for url in asked if not url.startswith((here.url, "data:", "blob:"))} == set()
