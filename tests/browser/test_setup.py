"""The first minutes with a new server: from its setup link to the first link of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from tests.browser.test_studio import SIZES, violations
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.support.server import Server


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody owns yet."""
    with serving(tmp_path / "data", log_level="warning") as server:
        yield server


def opened(browser: Browser, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    return context.new_page()


def look(page: Page) -> None:
    """Each screen fits, and can be read aloud."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} scrolls sideways"
    assert not violations(page, close=False), page.url


@pytest.mark.parametrize("size", SIZES)
def test_three_screens_lead_to_a_first_link(
    browser: Browser, new: Server, photos: list[Path], size: tuple[int, int]
) -> None:
    page = opened(browser, size)
    page.goto(new.url)
    look(page)
    page.goto(new.setup_link())
    look(page)
    page.keyboard.type("ada")  # the first field waits for it
    page.keyboard.press("Tab")
    page.keyboard.type("a window that lets the sky in")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Where are your photos?").wait_for()
    look(page)
    assert not page.get_by_label("The folder, as this server knows it").is_visible()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Your first link").wait_for()
    page.set_input_files("#file", photos[0])
    page.locator("[data-state=done]").wait_for()
    look(page)
    with urlopen(str(page.locator(".line-link").get_attribute("title"))) as answer:
        assert answer.read() == photos[0].read_bytes()
    page.get_by_role("link", name="Open your studio").click()
    page.get_by_role("heading", name="Upload").wait_for()
    page.context.close()


def test_photos_that_are_here_already_are_in_the_library_afterwards(
    browser: Browser, new: Server, photos: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "kept.jpg").write_bytes(photos[1].read_bytes())
    page = opened(browser, (1440, 900))
    page.goto(new.setup_link())
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("a window that lets the sky in")
    page.get_by_role("button", name="Become the owner").click()
    page.get_by_label("In a folder that is here already").check()
    page.get_by_label("The folder, as this server knows it").fill(str(folder))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Your first link").wait_for()
    page.goto(f"{new.url}/studio/jobs")
    line = page.locator(".line", has_text="Read This server into the library")
    line.locator(".badge", has_text="Done").wait_for()  # the page follows by itself
    found: dict[str, Any] = page.request.get(f"{new.url}/api/v1/assets").json()
    page.context.close()
    assert [one["name"] for one in found["items"]] == ["kept.jpg"]
