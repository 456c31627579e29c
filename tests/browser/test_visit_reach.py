"""A gallery within everybody's reach: by thumb, zoomed in, in every language, beside a notch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from fanlight.words import LANGUAGES, page_words
from scripts import sample_photos
from scripts.galleries import Published, publish
from scripts.pictures import PATIENCE, PHONE
from tests.browser.test_embedding import Change
from tests.browser.test_gallery import PASSWORD, open_photo, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from scripts.studio import Studio

PIN = "4711"
TOUCHED = "a, button, summary, input, textarea"
SMALL = """(touched) => [...document.querySelectorAll(touched)].filter((each) => {
  const over = document.querySelector('dialog[open]') ?? document.querySelector('.pswp');
  if (!each.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
  if (over && !over.contains(each)) return false;
  const target = each.closest('label') ?? each;
  const {width, height} = target.getBoundingClientRect();
  return each.className !== 'skip' && Math.min(width, height) < 43.5;
}).map((each) => each.outerHTML.slice(0, 120))"""
"""What a thumb misses, of what it may touch now."""


@pytest.fixture(scope="module")
def guarded(here: Studio, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A gallery with everything there is, behind a password."""
    photos = list(sample_photos.write(tmp_path_factory.mktemp("reach"), 4, edge=460))
    here.upload(*photos[:2], folder="reach/Getting ready")
    here.upload(*photos[2:], folder="reach/The ceremony at the lake")
    known = {"password": PASSWORD, "pin": PIN}
    return publish(here.server.data, "Anna and Ben", "reach", **known)


@pytest.fixture(scope="module")
def change(here: Studio, guarded: Published) -> Change:
    made = Change(here)
    made.id = guarded.id
    return made


@pytest.fixture
def phone(browser: Browser, here: Studio) -> Iterator[Page]:
    """A visitor on a phone, whose picks are forgotten afterwards."""
    context = opened(browser, PHONE)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def come_in(page: Page, here: Studio, gallery: Published) -> None:
    page.goto(here.url + gallery.base)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.locator("body[data-hands]").wait_for()


def pick(page: Page, number: int) -> None:
    page.evaluate("document.querySelector('#photos').scrollIntoView()")  # a low window has no tile
    heart = page.locator(".tile .heart").nth(number)
    heart.scroll_into_view_if_needed()
    with page.expect_response("**/picks/**"):
        heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_all_that_is_touched_is_as_large_as_a_thumb(
    phone: Page, here: Studio, guarded: Published
) -> None:
    phone.goto(here.url + guarded.base)
    missed = {"door": phone.evaluate(SMALL, TOUCHED)}
    come_in(phone, here, guarded)
    pick(phone, 0)
    missed["grid"] = phone.evaluate(SMALL, TOUCHED)
    phone.locator(".tray-list").click()
    missed["lists"] = phone.evaluate(SMALL, TOUCHED)
    close(phone)
    phone.locator(".tray-send").click()
    missed["send"] = phone.evaluate(SMALL, TOUCHED)
    close(phone)
    phone.locator("#download").click()
    missed["download"] = phone.evaluate(SMALL, TOUCHED)
    close(phone)
    open_photo(phone, 0)
    missed["photo"] = phone.evaluate(SMALL, TOUCHED)
    phone.keyboard.press("c")
    said = phone.locator(".comment-form textarea").first
    said.fill("Lovely")
    phone.locator(".comment-form .button").first.click()
    expect(phone.locator(".comment-acts .link").first).to_be_visible()
    missed["panel"] = phone.evaluate(SMALL, TOUCHED)
    phone.goto(f"{here.url}{guarded.base}/me")
    missed["me"] = phone.evaluate(SMALL, TOUCHED)
    assert {name: found for name, found in missed.items() if found} == {}


def test_the_panel_leaves_the_photo_in_sight_on_a_phone(
    phone: Page, here: Studio, guarded: Published
) -> None:
    come_in(phone, here, guarded)
    open_photo(phone, 1)
    phone.keyboard.press("i")
    panel = phone.locator(".beside")
    expect(panel).to_be_visible()
    phone.wait_for_function(
        """() => {
          const photo = document.querySelector('.pswp__item[aria-hidden="false"] .pswp__img');
          const panel = document.querySelector('.beside');
          if (!photo) return false;
          const foot = photo.getBoundingClientRect().bottom;
          return foot > 0 && foot <= panel.getBoundingClientRect().top + 1;
        }"""
    )


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if tag != "en"])
def test_every_language_fits_a_phone(
    phone: Page, here: Studio, guarded: Published, change: Change, tag: str
) -> None:
    change(look={"language": tag})
    words = page_words(tag)
    phone.goto(here.url + guarded.base)
    expect(phone.get_by_role("button", name=words.come_in)).to_be_visible()
    wide = {"door": too_wide(phone)}
    come_in(phone, here, guarded)
    pick(phone, 0)
    pick(phone, 1)
    expect(phone.locator(".tray-count")).to_contain_text(words("of", n=2, of=30))
    wide["grid"] = too_wide(phone)
    phone.locator(".tray-list").click()
    wide["lists"] = too_wide(phone)
    close(phone)
    phone.locator(".tray-send").click()
    expect(phone.get_by_text(words("send_lede", n=2))).to_be_visible()
    wide["send"] = too_wide(phone)
    close(phone)
    phone.locator("#download").click()
    expect(phone.locator(".plan")).to_contain_text(words("photos", n=2))
    wide["download"] = too_wide(phone)
    close(phone)
    open_photo(phone, 0)
    phone.keyboard.press("i")
    expect(phone.locator(".beside")).to_contain_text(words.note_hint)
    wide["panel"] = too_wide(phone)
    phone.goto(f"{here.url}{guarded.base}/me")
    wide["me"] = too_wide(phone)
    assert {name: found for name, found in wide.items() if found} == {}


WIDE = """() => [...document.querySelectorAll('button, a, h1, h2, p, label, legend, dt, dd')]
  .filter((each) => {
    if (!each.checkVisibility({visibilityProperty: true})) return false;
    if (each.closest('.parts, .tile, .skip, .pswp__item, .spoken')) return false;
    const {left, right} = each.getBoundingClientRect();
    const cut = each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1;
    const flows = getComputedStyle(each).display === 'inline';
    return left < -1 || right > innerWidth + 1 || (cut && !flows);
  }).map((each) => each.outerHTML.slice(0, 100))"""
"""Words that are cut off, or reach beyond the window. The row of parts is scrolled."""


def too_wide(page: Page) -> list[str]:
    found: list[str] = page.evaluate(WIDE)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page")
    return found


@pytest.mark.parametrize("size", [(640, 400), (320, 256)], ids=["200 %", "400 %"])
def test_a_page_that_is_zoomed_in_loses_nothing(
    browser: Browser, here: Studio, guarded: Published, change: Change, size: tuple[int, int]
) -> None:
    change(look={"language": "en"})
    context = opened(browser, size)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    come_in(page, here, guarded)
    pick(page, 0)
    assert too_wide(page) == []
    for name in ("#download", "#find summary", ".tray-send", ".tool-mine"):
        expect(page.locator(name)).to_be_visible()
    page.locator(".tray-send").click()
    send = page.locator(".sheet-body .primary")
    send.scroll_into_view_if_needed()
    expect(send).to_be_in_viewport()
    close(page)
    open_photo(page, 0)
    page.keyboard.press("i")
    note = page.locator("#note")
    note.scroll_into_view_if_needed()
    expect(note).to_be_in_viewport()
    assert too_wide(page) == []
    context.close()
