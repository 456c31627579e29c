"""A gallery taken away in a browser: with its script, and without any."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from fanlight.app import build
from fanlight.config import Settings
from fanlight.galleries.making import Draft
from fanlight.gallery_model import GalleryRules, GalleryState, Right
from fanlight.model import SERVER
from scripts.galleries import publish as scripted
from scripts.pictures import DESK, PHONE
from scripts.studio import Studio, studio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Download

PIN = "4711"
WITHIN = 30_000
UNTIL_IT_BEGINS = """() => {
  const sheet = document.querySelector(".download-sheet");
  sheet?.querySelector(".primary:enabled")?.click();
  return sheet === null;
}"""
"""Somebody who was told to wait presses the button again and again."""


async def publish(data: Path) -> str:
    """A gallery of all that is there, with a pin; its address."""
    settings: dict[str, Any] = {"data": data}
    use = build(Settings(**settings))
    rules = GalleryRules(rights=frozenset(Right))
    draft = Draft("Anna & Ben", state=GalleryState.PUBLISHED, rules=rules)
    gallery = await use.galleries.create(SERVER, draft)
    page = await use.library.page(SERVER, folder="trips")
    await use.galleries.choose(SERVER, gallery.id, [asset.id for asset in page.items])
    await use.galleries.change(SERVER, gallery.id, pin=PIN)
    await use.stop()
    return f"/g/{gallery.slug}"


@pytest.fixture(scope="module")
def open_house(
    tmp_path_factory: pytest.TempPathFactory, photos: list[Path]
) -> Iterator[tuple[Studio, str]]:
    with studio(tmp_path_factory.mktemp("house")) as made:
        made.upload(*photos[:3], folder="trips")
        with ThreadPoolExecutor(1) as pool:  # in this thread Playwright has its loop
            path = pool.submit(lambda: asyncio.run(publish(made.server.data))).result()
        yield made, made.url + path


def names_in(download: Download, folder: Path) -> set[str]:
    download.save_as(folder / "got.zip")
    with ZipFile(folder / "got.zip") as found:
        assert found.testzip() is None
        return set(found.namelist()) - {"about this download.txt"}


def test_the_sheet_counts_asks_for_the_pin_and_waits_for_what_is_made(
    browser: Browser, open_house: tuple[Studio, str], photos: list[Path], tmp_path: Path
) -> None:
    _, base = open_house
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    page = context.new_page()
    page.goto(base)
    page.wait_for_selector("body[data-hands]")
    page.locator("#download").click()
    sheet = page.locator(".download-sheet")
    expect(sheet.get_by_role("status")).to_contain_text("3 photos", timeout=WITHIN)
    sheet.get_by_text("1024").first.click()
    sheet.locator("input[inputmode=numeric]").fill(PIN)
    with page.expect_download(timeout=120_000) as begun:
        sheet.get_by_role("button", name="Download").click()
    assert begun.value.suggested_filename == "Anna & Ben.zip"
    assert names_in(begun.value, tmp_path) == {path.name for path in photos[:3]}
    context.close()


def test_without_a_script_pages_lead_to_the_same(
    browser: Browser, open_house: tuple[Studio, str], photos: list[Path], tmp_path: Path
) -> None:
    _, base = open_house
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(base)
    page.locator("#download").click()
    expect(page.locator("main")).to_contain_text("3 photos", timeout=WITHIN)
    page.get_by_role("button", name="Download").click()
    page.locator("#pin").fill(PIN)
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download").click()
    assert names_in(begun.value, tmp_path) == {path.name for path in photos[:3]}
    context.close()


@pytest.fixture(scope="module")
def stormed(
    tmp_path_factory: pytest.TempPathFactory, photos: list[Path]
) -> Iterator[tuple[Studio, str]]:
    """A studio of its own: whoever guesses too often waits at every door of it."""
    with studio(tmp_path_factory.mktemp("stormed")) as made:
        made.upload(*photos[:3], folder="trips")
        yield made, made.url + scripted(made.server.data, "Guarded", "trips", pin=PIN).base


def test_a_wrong_pin_is_told_in_the_dialog_and_too_many_have_to_wait(
    browser: Browser, stormed: tuple[Studio, str], tmp_path: Path, photos: list[Path]
) -> None:
    _, base = stormed
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto(base)
    page.wait_for_selector("body[data-hands]")
    page.locator("#download").click()
    sheet = page.locator(".download-sheet")
    expect(sheet.get_by_role("status")).to_contain_text("3 photos", timeout=WITHIN)
    go = sheet.get_by_role("button", name="Download")
    go.click()
    pin = sheet.get_by_label("PIN")
    expect(pin).to_be_focused()
    expect(pin).to_have_attribute("aria-invalid", "true")
    pin.fill("0000")
    go.click()
    expect(sheet.get_by_role("alert")).to_contain_text("This is not the pin")
    expect(pin).to_have_attribute("aria-invalid", "true")
    for guess in range(9):
        answer = context.request.post(
            f"{base}/pin", form={"pin": f"{guess}"}, headers={"Accept": "application/json"}
        )
        assert answer.status == 401
    go.click()
    expect(sheet.get_by_role("alert")).to_contain_text("Too many tries")
    pin.fill(PIN)
    expect(sheet.get_by_role("alert")).to_be_empty()
    with page.expect_download() as begun:
        page.wait_for_function(UNTIL_IT_BEGINS, polling=500)
    assert names_in(begun.value, tmp_path) == {path.name for path in photos[:3]}
    page.reload()
    page.wait_for_selector("body[data-hands]")
    page.locator("#download").click()
    expect(sheet.get_by_role("status")).to_contain_text("3 photos")
    expect(pin).to_have_count(0)
    context.close()
