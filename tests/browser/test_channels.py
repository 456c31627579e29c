"""Channels' cards: what is pressed changes the card in place, and all works without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts import pictures
from tests.browser.test_studio import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from scripts.studio import Studio

TITLES = """() => {
    window.titles = [];
    const note = () => {
        const now = [
            document.querySelector(".trial h2")?.textContent,
            document.querySelectorAll(".trial .badge.ok").length,
        ].join(" ");
        if (window.titles.at(-1) !== now) window.titles.push(now);
    };
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}"""


@pytest.fixture
def cards(signed_in: BrowserContext, here: Studio) -> Iterator[Page]:
    """The cards, with their script at work."""
    page = signed_in.new_page()
    page.set_default_timeout(pictures.PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{here.url}/studio/channels")
    page.wait_for_load_state("networkidle")
    yield page
    page.close()
    assert not complaints


def test_a_test_shows_each_step_as_it_is_taken(cards: Page) -> None:
    cards.evaluate(TITLES)
    cards.get_by_role("button", name="Test", exact=True).click()
    expect(cards.locator(".card .trial")).to_contain_text("The test went through")
    assert cards.url.endswith("/studio/channels")
    seen = cards.evaluate("window.titles")
    assert [one for one in seen if one.startswith("Testing")], "it was shown while it went on"
    assert seen[-1] == "The test went through 3"
    counts = [int(one.rpartition(" ")[2]) for one in seen if one[0].isupper()]
    assert counts == sorted(counts), "no step is taken back"
    assert cards.get_by_role("button", name="Test", exact=True).is_visible()
    assert not violations(cards, close=False)


def test_a_card_is_switched_in_place(cards: Page) -> None:
    menu = cards.get_by_label("More for This server")
    for press, badge in (("Switch off", "Switched off"), ("Switch on", "Healthy")):
        menu.click()
        cards.get_by_role("button", name=press, exact=True).click()
        expect(cards.locator(".card .badge").first).to_have_text(badge)
        expect(menu).to_be_focused()
    assert cards.url.endswith("/studio/channels")


def test_looking_again_says_so_where_one_is(cards: Page) -> None:
    cards.get_by_label("More for This server").click()
    cards.get_by_role("button", name="Check again").click()
    expect(cards.get_by_role("status").first).to_contain_text("Checked just now")
    assert cards.url.endswith("/studio/channels")


def test_all_of_it_works_without_a_script(browser: Browser, here: Studio) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    pictures.sign_in(page, here.url)
    page.goto(f"{here.url}/studio/channels")
    page.get_by_role("button", name="Test", exact=True).click()
    assert "The test went through" in page.inner_text(".card .trial")
    assert page.locator(".trial .badge.ok").count() == 3
    page.goto(f"{here.url}/studio/channels")
    page.get_by_label("More for This server").click()
    page.get_by_role("button", name="Check again").click()
    assert "Checked just now" in page.inner_text("main")
    context.close()
