"""The studio's pages as people meet them: by thumb, by keyboard, without scripts, read aloud."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from scripts.pictures import DESK, PAGES, PHONE
from scripts.studio import OWNER, PASSWORD
from tests.support.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

    from scripts.studio import Studio

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SECURITY = {"Content-Security-Policy": "script-src 'self'; style-src 'self'"}
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]


def visit(context: BrowserContext, url: str, complaints: list[str]) -> Page:
    """Open a page, collecting what the browser complains of."""
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.extend([said.text] * is_complaint(said)))
    page.goto(url)
    return page


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether the browser reports a fault. That no picture can be made of something is shown."""
    return said.type == "error" and "/a/" not in said.location["url"]


FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"
"""Nothing scrolls sideways."""


def first_asset(page: Page, here: Studio) -> str:
    """The address of an asset's own page."""
    page.goto(f"{here.url}/studio/library?folder=trips")
    return f"{here.url}{page.locator('a.tile').first.get_attribute('href')}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [*PAGES, "channels/new", "library?trash=1", "library?q=nothing"])
def test_a_page_fits_its_window(
    signed_in: BrowserContext, here: Studio, place: str, size: tuple[int, int]
) -> None:
    complaints: list[str] = []
    page = visit(signed_in, f"{here.url}/studio/{place}", complaints)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_function(FITS)  # a grid is laid anew by its script: it may take a moment
    page.close()
    assert not complaints


@pytest.mark.parametrize("place", ["upload", "channels", "tokens", "devices", "jobs"])
def test_a_page_that_is_zoomed_in_flows_anew(
    signed_in: BrowserContext, here: Studio, place: str
) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": 320, "height": 640})  # 1280 at 400 %, as WCAG 1.4.10 says
    page.goto(f"{here.url}/studio/{place}")
    page.wait_for_function(FITS)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", [*PAGES, "channels/new"])
def test_a_page_can_be_read_aloud(
    signed_in: BrowserContext, here: Studio, place: str, scheme: Any
) -> None:
    page = signed_in.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{here.url}/studio/{place}")
    assert not violations(page)


@pytest.mark.parametrize("place", ["sign-in", "nowhere"])
def test_the_threshold_can_be_read_aloud(browser: Browser, here: Studio, place: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{here.url}/{place}")
    found = violations(page)
    context.close()
    assert not found


def test_an_asset_can_be_read_aloud(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    page.goto(first_asset(page, here))
    assert not violations(page)


def violations(page: Page, *, close: bool = True) -> list[str]:
    """What axe finds, and where; closes the page."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    if close:
        page.close()
    return [
        f"{rule['id']}: {rule['help']}: {[node['html'][:120] for node in rule['nodes']]}"
        for rule in found["violations"]
    ]


def test_photos_become_links_without_scripts(
    browser: Browser, here: Studio, photos: list[Path]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{here.url}/")
    page.get_by_label("Name").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{here.url}/studio/upload")
    page.set_input_files("input[type=file]", photos[3:5])
    page.get_by_role("button", name="Send to your studio").click()
    links = [box.input_value() for box in page.locator(".line-copy input").all()]
    context.close()
    assert len(links) == 2
    for link, photo in zip(links, photos[3:5], strict=True):
        with urlopen(link) as answer:
            assert answer.read() == photo.read_bytes()


def test_a_link_is_copied_with_one_press(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    page.goto(first_asset(page, here))
    box = page.locator(".copy").first
    box.get_by_role("button").click()
    assert page.evaluate("navigator.clipboard.readText()") == box.locator("input").input_value()
    assert page.get_by_role("status").last.inner_text() == "Copied"
    page.close()


def test_the_keyboard_reaches_the_content_at_once(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    page.goto(f"{here.url}/studio/library")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.close()
    assert outline == "solid"


def test_times_are_said_as_a_person_would(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    page.goto(f"{here.url}/studio/devices")
    said = page.locator("time").first
    words, exact = said.inner_text(), said.get_attribute("title")
    page.close()
    assert words == "now" or "ago" in words
    assert exact


def test_the_jobs_page_follows_what_goes_on(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        body = route.fetch().text()
        moving = ' hx-get="/studio/jobs" hx-trigger="every 1s" hx-select="#jobs"'
        moving += f' hx-swap="outerMorph" data-asked="{len(asked)}"'
        route.fulfill(
            body=re.sub(
                r'<div id="jobs"[^>]*>',
                f'<div id="jobs"{moving if len(asked) < 3 else ""}>',
                body,
            ),
            content_type="text/html",
            headers=SECURITY,
        )

    page.route("**/studio/jobs", answer)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
    page.goto(f"{here.url}/studio/jobs")
    page.locator("#jobs[data-asked='2']").wait_for()
    page.locator("#jobs:not([data-asked])").wait_for()
    page.wait_for_timeout(1500)
    assert len(asked) == 3, "nothing moves any more"
    assert not complaints
    assert "ago" in page.locator("#jobs").inner_text()
    page.close()
