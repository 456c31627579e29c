"""What visitors do with one photo or video: look, play, take along, hide, come back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts import sample_photos
from scripts.galleries import Published, publish
from scripts.pictures import DESK, PHONE
from tests.browser.test_gallery import look, open_photo, opened
from tests.support.originals.good import video
from tests.support.server import run_cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from scripts.studio import Studio

SHARING = """
window.shared = [];
navigator.canShare = ({ files }) => files.every((file) => file.size > 0);
navigator.share = async ({ files }) => {
  window.shared.push(...files.map((file) => [file.name, file.type]));
};
"""
"""What a phone has, and a browser without a screen has not."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(sample_photos.write(tmp_path_factory.mktemp("day"), 3, edge=440))


@pytest.fixture(scope="module")
def shown(here: Studio, day: list[Path]) -> Published:
    """Three photos and a film, and a client's own link to them."""
    folder = here.originals / "day"
    folder.mkdir()
    for photo in day:
        (folder / photo.name).write_bytes(photo.read_bytes())
    (folder / "zz film.webm").write_bytes(video("webm", "libvpx"))
    return publish(here.server.data, "One day", "day", client="Anna")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = opened(browser, DESK)
    yield context.new_page()
    context.close()


def test_a_client_hides_a_photo_from_guests_and_shows_it_again(
    browser: Browser, page: Page, here: Studio, shown: Published
) -> None:
    guests = opened(browser, PHONE)
    guest = guests.new_page()
    look(page, here, shown.client)
    open_photo(page, 1)
    page.keyboard.press("i")
    page.get_by_role("button", name="Hide from guests").click()
    expect(page.get_by_role("button", name="Show to guests")).to_be_visible()
    expect(page.locator("#whisper")).to_have_text("Hidden from guests")
    look(guest, here, shown)
    expect(guest.locator(".tile")).to_have_count(3)
    page.reload()
    expect(page.locator(".tile.kept")).to_have_count(1)
    expect(page.locator(".pswp[data-open]")).to_be_visible()
    page.keyboard.press("i")
    page.get_by_role("button", name="Show to guests").click()
    expect(page.get_by_role("button", name="Hide from guests")).to_be_visible()
    look(guest, here, shown)
    expect(guest.locator(".tile")).to_have_count(4)
    guests.close()


def test_a_phone_saves_photos_by_its_share_sheet(
    browser: Browser, here: Studio, shown: Published, day: list[Path]
) -> None:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    context.add_init_script(SHARING)
    page = context.new_page()
    look(page, here, shown)
    open_photo(page, 0)
    page.locator(".around-foot").get_by_role("button", name="Download").click()
    sheet = page.locator(".download-sheet")
    expect(sheet.get_by_role("status")).to_contain_text("1 photo")
    sheet.get_by_role("button", name="Save to this device").click()
    expect(sheet).to_have_count(0)
    assert page.evaluate("window.shared") == [[day[0].name, "image/jpeg"]]
    page.keyboard.press("Escape")
    page.locator("#download").click()  # all of them are too many to hand over one by one
    expect(sheet.get_by_role("status")).to_contain_text("4 photos")
    expect(sheet.get_by_role("button", name="Save to this device")).to_be_hidden()
    context.close()


def test_a_photo_that_is_deleted_between_page_and_click_is_said_to_be_gone(
    page: Page, here: Studio, tmp_path: Path
) -> None:
    folder = here.originals / "short"
    folder.mkdir()
    for photo in sample_photos.write(tmp_path, 3, edge=900):
        (folder / photo.name).write_bytes(photo.read_bytes())
    look(page, here, publish(here.server.data, "Short", "short"))
    gone = str(page.locator(".tile-open").nth(1).get_attribute("href")).rpartition("/")[2]
    made = run_cli(here.server.data, "token", "add", "Deleting", "--scope", "delete")
    headers = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
    answer = page.request.delete(f"{here.url}/api/v1/assets/{gone}", headers=headers)
    assert answer.ok, answer.text()
    open_photo(page, 1)
    expect(page.get_by_text("This photo cannot be shown right now.")).to_be_visible()
    page.locator(".pswp").get_by_role("button", name="Pick ").click()
    expect(page.get_by_text("This photo is not in the gallery.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".pswp__item[aria-hidden='false'] img.pswp__img").last).to_be_visible()
    page.reload()
    expect(page.locator(".tile")).to_have_count(2)


def test_a_film_plays_from_where_one_wants(page: Page, here: Studio, shown: Published) -> None:
    look(page, here, shown)
    with page.expect_response(re.compile("/original")) as asked:
        open_photo(page, 3)
    player = page.locator("video.player")
    assert asked.value.status == 206
    page.wait_for_function("document.querySelector('video.player').readyState > 0")
    middle = player.evaluate("(film) => film.duration / 2")
    assert middle > 0
    player.evaluate(
        "(film, to) => new Promise((done) => { film.onseeked = done; film.currentTime = to; })",
        middle,
    )
    assert player.evaluate("(film) => film.currentTime") == pytest.approx(middle, abs=0.05)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".around-place")).to_have_text("3 / 4")
    assert player.evaluate_all("(films) => films.every((film) => film.paused)")


def test_a_slideshow_goes_on_by_itself_until_somebody_does_something(
    browser: Browser, here: Studio, shown: Published
) -> None:
    context = opened(browser, DESK)
    page = context.new_page()
    page.clock.install()
    look(page, here, shown)
    open_photo(page, 0)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Pause")).to_be_attached()
    for place in ("2 / 4", "3 / 4"):
        page.clock.run_for(5000)
        expect(page.locator(".around-place")).to_have_text(place)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Slideshow")).to_be_attached()
    expect(page.locator(".around-place")).to_have_text("2 / 4")
    context.close()


def test_what_is_known_of_a_photo_stands_beside_it(
    page: Page, here: Studio, shown: Published, day: list[Path]
) -> None:
    look(page, here, shown)
    open_photo(page, 0)
    info = page.get_by_role("button", name="About this photo")
    info.click()
    panel = page.get_by_role("complementary", name="About this photo")
    expect(panel.get_by_role("heading", name="Dawn over the ridges")).to_be_visible()
    expect(panel.get_by_text(day[0].name)).to_be_visible()
    expect(panel.get_by_text("Taken")).to_be_visible()
    expect(panel.get_by_text("14 June 2026")).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    expect(info).to_be_focused()


def test_a_dialog_gives_the_focus_back(page: Page, here: Studio, shown: Published) -> None:
    look(page, here, shown)
    page.locator("#download").click()
    expect(page.locator(".download-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".download-sheet")).to_have_count(0)
    expect(page.locator("#download")).to_be_focused()
