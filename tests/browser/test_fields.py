"""A form that cannot be taken: the field is said, marked, and has the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_studio import violations

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

    from scripts.studio import Studio


def test_the_field_that_is_wrong_comes_first_to_hand(
    signed_in: BrowserContext, here: Studio
) -> None:
    page = signed_in.new_page()
    page.goto(f"{here.url}/studio/channels/new?provider=local")
    page.fill("#name", "Photos")
    page.fill("#option-path", "not absolute")
    page.get_by_role("button", name="Add channel").click()
    page.locator("#option-path-wrong").wait_for()
    field = page.get_by_label("Folder", exact=True)
    assert page.evaluate("document.activeElement.id") == "option-path"
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator("#name").input_value() == "Photos"
    assert not violations(page)


def test_what_is_wrong_with_a_choice_is_said_there(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    page.goto(f"{here.url}/studio/tokens")
    page.fill("#name", "Nothing allowed")
    page.locator("[name='scope.upload']").uncheck()
    page.get_by_role("button", name="Make token").click()
    page.locator("#scopes-wrong").wait_for()
    assert page.evaluate("document.activeElement.id") == "scopes"
    assert not violations(page)


def test_a_panel_says_it_in_place(signed_in: BrowserContext, here: Studio) -> None:
    page = signed_in.new_page()
    page.goto(f"{here.url}/studio/library?folder=trips")
    page.wait_for_selector(".grid.live")
    page.locator(".tile").first.click()
    page.locator("#panel #tags").fill("t" * 300)
    page.locator("#panel").get_by_role("button", name="Save").click()
    page.locator("#panel #tags-wrong").wait_for()
    page.wait_for_function("document.activeElement.id === 'tags'")
    assert page.locator("#panel #tags").input_value() == "t" * 300
    page.close()
