"""The library by mouse, keyboard and thumb: found, opened, selected, changed, taken back."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from fanlight.catalogue import Catalogue, Seal
from fanlight.model import Asset, Kind, Placement, PlacementState, Visibility
from fanlight.renditions import thumbhash
from scripts import pictures
from scripts.pictures import PHONE
from scripts.studio import OWNER, PASSWORD, Studio, studio
from tests.browser.test_studio import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Route

MANY = 2000
ORANGE = thumbhash.encode(6, 4, bytes((230, 140, 40, 255)) * 24)
LIBRARY = "/studio/library"


def fill(here: Studio) -> None:
    """Assets whose bytes nobody asks for: enough to scroll through."""
    database = next(here.server.data.glob("*.db"))
    with sqlite3.connect(database) as rows:
        (channel,) = rows.execute("SELECT id FROM channel").fetchone()
    born, chance = datetime(2024, 1, 1, tzinfo=UTC), Random(5)

    def entries() -> Iterator[tuple[Asset, Placement, str]]:
        for number in range(MANY):
            at = born + timedelta(minutes=number)
            name, wide = f"many-{number:04}.jpg", chance.choice([600, 1500, 1333, 2333])
            asset = Asset(
                f"many{number:04}", name, "many", "", Kind.PICTURE, "image/jpeg", 1000 + number,
                f"{number:064x}", 1, Visibility.PUBLIC, None, at, at,
                width=wide, height=1000, placeholder=ORANGE,
            )  # fmt: skip
            placement = Placement(
                f"place{number:04}", asset.id, channel, f"many/{name}", "1", asset.size,
                PlacementState.MISSING, True, at, at,
            )  # fmt: skip
            yield asset, placement, f"many/{name}"

    catalogue = Catalogue.open(
        f"sqlite:///{database}", seal=Seal.from_file(here.server.data / "key")
    )
    catalogue.write_now(lambda records: records.assets.add_many(entries()))
    catalogue.close()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, photos: list[Path]) -> Iterator[Studio]:
    """A studio with a few photographs and very many names."""
    with studio(tmp_path_factory.mktemp("full")) as made:
        made.upload(*photos, folder="trips")
        fill(made)
        yield made


@pytest.fixture(scope="module")
def desk(browser: Browser, full: Studio) -> Iterator[BrowserContext]:
    with pictures.looking(browser, pictures.DESK, "light", full) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield page.context


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    opened = desk.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    opened.close()
    assert not faults


def look(page: Page, full: Studio, query: str = "", *, ready: bool = True) -> None:
    """Open the library, its script at work."""
    page.goto(f"{full.url}{LIBRARY}?{query}")
    if ready:
        page.wait_for_selector(".grid.live")
        page.wait_for_selector("[data-drawer]:not([hidden])")


def names(page: Page) -> list[str]:
    """The names of the tiles that are in the page, in their order."""
    return page.locator(".tile .tile-name").all_text_contents()


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)


# --- one asset ------------------------------------------------------------------------------------


def test_one_is_found_opened_changed_deleted_and_brought_back(page: Page, full: Studio) -> None:
    look(page, full, "folder=trips")
    before = names(page)
    page.get_by_role("searchbox").fill(before[1][:-4])
    expect(page.locator(".tile")).to_have_count(1)
    page.locator(".tile").click()
    panel = page.locator("#panel")
    expect(panel.locator("#panel-title")).to_have_text(before[1])
    assert re.search(r"/studio/assets/[\w-]+$", page.url), "it has an address of its own"

    panel.locator("#name").fill("renamed.jpg")
    panel.locator("#folder").fill("trips/new")
    panel.locator("#tags").fill("lake, dawn")
    panel.get_by_role("button", name="Save").click()
    said(page, "Saved")
    expect(page.locator(".tile .tile-name")).to_have_text("renamed.jpg")
    expect(panel.locator("#tags")).to_have_value("lake, dawn")

    panel.get_by_role("button", name="Move to the trash").click()
    said(page, "Moved to the trash")
    expect(page.locator(".tile")).to_have_count(0)
    expect(page.locator("#grid-foot")).to_have_text("Nothing is left here.")
    page.locator("#said button").click()
    said(page, "Restored")
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator("#grid-foot")).to_be_hidden()
    look(page, full, "folder=trips/new")
    assert names(page) == ["renamed.jpg"]
    page.locator(".tile").click()
    panel.locator("#name").fill(before[1])
    panel.locator("#folder").fill("trips")
    panel.get_by_role("button", name="Save").click()
    said(page, "Saved")


def test_what_is_wrong_is_said_in_the_panel_and_nothing_is_lost(page: Page, full: Studio) -> None:
    look(page, full, "folder=trips")
    first, second = names(page)[:2]
    page.locator(".tile").first.click()
    panel = page.locator("#panel")
    panel.locator("#name").fill(second)
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("alert")).to_be_visible()
    assert names(page)[0] == first


def test_arrows_go_to_the_neighbours_and_escape_goes_back_to_the_grid(
    page: Page, full: Studio
) -> None:
    look(page, full, "folder=many")
    library = page.url
    order = names(page)
    page.locator(".tile").nth(1).click()
    title = page.locator("#panel-title")
    expect(title).to_have_text(order[1])
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text(order[2])
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text(order[0])
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.url == library
    expect(page.locator(".tile:focus .tile-name")).to_have_text(order[0])


def test_the_address_of_an_open_asset_is_a_page_of_its_own(page: Page, full: Studio) -> None:
    look(page, full, "folder=trips")
    page.locator(".tile").first.click()
    expect(page.locator("#panel-title")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("#panel").count() == 0
    page.go_back()
    page.wait_for_selector(".grid.live")


def test_links_are_made_for_every_size(page: Page, full: Studio) -> None:
    look(page, full, "folder=trips")
    page.locator(".tile").first.click()
    links = page.locator("#links")
    links.get_by_role("link", name="Medium").click()
    expect(links.get_by_label("URL", exact=True)).to_have_value(re.compile(r"/a/[\w-]+/medium$"))
    links.get_by_role("button", name="Copy Markdown").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"!\[.+\]\(http.+/medium\)", copied)


# --- many -----------------------------------------------------------------------------------------


def test_a_range_is_selected_changed_deleted_and_brought_back(page: Page, full: Studio) -> None:
    look(page, full, "folder=many&sort=name")
    order = names(page)
    page.locator(".tile").nth(2).hover()
    page.locator(".tile").nth(2).locator(".tile-check").click()
    page.locator(".tile").nth(6).click(modifiers=["Shift"])
    expect(page.locator("#tray-count")).to_have_text("5 selected")
    page.locator(".tile").nth(4).click(modifiers=["Control"])
    expect(page.locator(".tile[aria-selected=true]")).to_have_count(4)

    page.get_by_role("button", name="Tags").click()
    page.get_by_label("Add").fill("batch")
    page.get_by_role("button", name="Change tags").click()
    said(page, "Tags changed: 4 assets")

    page.get_by_role("button", name="Copy links").click()
    page.get_by_label("Written as").select_option("url")
    page.get_by_role("dialog").get_by_role("button", name="Copy", exact=True).click()
    said(page, "Copied 4 links")
    assert len(page.evaluate("navigator.clipboard.readText()").split("\n")) == 4

    count = page.locator("h1 .count")
    before = int(count.inner_text().replace(",", ""))
    page.get_by_role("button", name="Delete", exact=True).click()
    said(page, "Moved to the trash: 4 assets")
    expect(count).to_have_text(f"{before - 4:,}")
    gone = {order[at] for at in (2, 3, 5, 6)}
    assert not gone & set(names(page))
    page.locator("#said button").click()
    said(page, "Restored: 4 assets")
    expect(count).to_have_text(f"{before:,}")
    assert names(page)[:8] == order[:8], "everything stands where it stood"
    look(page, full, "tag=batch")
    assert set(names(page)) == gone


def test_a_band_selects_what_it_touches(page: Page, full: Studio) -> None:
    look(page, full, "folder=many")
    boxes = [page.locator(".tile").nth(at).bounding_box() for at in (0, 1)]
    assert boxes[0]
    assert boxes[1]
    page.mouse.move(boxes[0]["x"] + 20, boxes[0]["y"] + 60)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 10, boxes[0]["y"] + 90, steps=5)
    page.wait_for_timeout(100)
    page.mouse.up()
    expect(page.locator("#tray-count")).to_have_text("2 selected")
    assert page.locator("#panel").is_hidden(), "drawing a band opens nothing"
    page.keyboard.press("Escape")
    expect(page.locator("#tray")).to_be_hidden()


def test_moving_out_of_a_folder_takes_them_out_of_the_view(page: Page, full: Studio) -> None:
    look(page, full, "folder=many&sort=name")
    first = names(page)[0]
    page.locator(".tile").first.click(modifiers=["Control"])
    page.get_by_role("button", name="Move").click()
    page.locator("#move-folder").fill("elsewhere")
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    said(page, "Moved to elsewhere: 1 asset")
    assert first not in names(page)
    look(page, full, "folder=elsewhere")
    assert names(page) == [first]


# --- the keyboard alone ---------------------------------------------------------------------------


def test_many_are_downloaded_as_one_archive(page: Page, full: Studio, tmp_path: Path) -> None:
    look(page, full, "folder=trips")
    wanted = set(names(page)[:3])
    for at in range(3):
        page.locator(".tile").nth(at).click(modifiers=["Control"])
    page.locator("#tray [data-do=download]").click()
    sheet = page.locator("#archive-sheet")
    counted = re.compile(r"3 originals.*[kM]B")
    expect(sheet.locator("#archive-facts")).to_contain_text(counted, timeout=30_000)
    for size, extension in (("Originals", None), ("Small", ".jpg")):
        if not sheet.is_visible():
            page.locator("#tray [data-do=download]").click()
        sheet.get_by_text(size).first.click()
        with page.expect_download() as begun:
            sheet.get_by_role("button", name="Download").click()
        assert begun.value.suggested_filename == "trips.zip"
        begun.value.save_as(tmp_path / "got.zip")
        with ZipFile(tmp_path / "got.zip") as found:
            assert found.testzip() is None
            got = set(found.namelist()) - {"about this download.txt"}
        assert len(got) == 3
        if extension is None:
            assert got == wanted
        else:
            assert all(name.endswith(extension) for name in got)


def test_everything_is_reached_by_keyboard(page: Page, full: Studio) -> None:
    look(page, full, "folder=many&sort=name")
    order = names(page)
    page.keyboard.press("Tab")
    while not page.locator(".tile:focus").count():
        page.keyboard.press("Tab")
    focused = page.locator(".tile:focus .tile-name")
    expect(focused).to_have_text(order[0])
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_text(order[1])
    page.keyboard.press("ArrowDown")
    assert focused.inner_text() not in order[:3], "the row below"
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#tray-count")).to_have_text("3 selected")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#tray-count")).to_have_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.locator("#tray")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".tile:focus")).to_have_count(1)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(page.locator(".tile:focus")).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("Control+a")
    expect(page.locator("#tray-count")).to_have_text(re.compile(r"\d+ selected"))


def test_all_there_are_can_be_selected_and_not_only_what_is_loaded(
    page: Page, full: Studio
) -> None:
    look(page, full, "folder=many")
    total = f"{int(page.locator('#grid').get_attribute('data-total') or 0):,}"
    page.locator(".tile").first.focus()
    page.keyboard.press("Control+a")
    expect(page.locator("#tray-count")).not_to_have_text(f"{total} selected")
    page.get_by_role("button", name=f"Select all {total}").click()
    expect(page.locator("#tray-count")).to_have_text(f"{total} selected")
    expect(page.locator("#tray-all")).to_be_hidden()
    page.keyboard.press("Control+a")
    expect(page.locator("#tray-all")).to_be_visible()
    page.get_by_role("button", name="Select nothing").click()
    expect(page.locator("#tray")).to_be_hidden()


def test_the_tab_key_leads_out_of_the_grid(page: Page, full: Studio) -> None:
    look(page, full, "folder=many")
    page.locator(".tile").first.focus()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.tile')")


# --- by thumb -------------------------------------------------------------------------------------


@pytest.fixture
def thumb(browser: Browser, desk: BrowserContext, full: Studio) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        storage_state=desk.storage_state(),
    )
    yield context.new_page()
    context.close()


def long_press(page: Page, at: int) -> None:
    box = page.locator(".tile").nth(at).bounding_box()
    assert box
    touch: Any = page.context.new_cdp_session(page)
    spot = {"x": box["x"] + 30, "y": box["y"] + 30}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [spot]})
    page.wait_for_timeout(600)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_long_press_begins_selecting_and_taps_go_on(thumb: Page, full: Studio) -> None:
    look(thumb, full, "folder=many")
    long_press(thumb, 0)
    expect(thumb.locator("#tray")).to_be_visible()
    thumb.locator(".tile").nth(2).tap()
    expect(thumb.locator(".tile[aria-selected=true]")).to_have_count(2)
    buttons = thumb.locator("#tray button:visible").all()
    assert len(buttons) >= 6
    for button in buttons:
        box = button.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0], "within the thumb's reach"
        assert box["height"] >= 44
    thumb.locator("#tray [data-do=clear]").tap()
    thumb.locator(".tile").nth(1).tap()
    expect(thumb.locator("#panel-title")).to_be_visible()
    wide = thumb.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    thumb.go_back()
    expect(thumb.locator("#panel")).to_be_hidden()


# --- places ---------------------------------------------------------------------------------------


def top_tile(page: Page) -> tuple[str, float]:
    """The first tile that reaches into the window, and where it stands there."""
    name, top = page.evaluate(
        """() => {
            const name = (el) => el.querySelector('.tile-name').textContent;
            const seen = [...document.querySelectorAll('.tile')]
                .map((el) => [name(el), el.getBoundingClientRect()])
                .filter(([, box]) => box.bottom > 0)
                .sort(([, a], [, b]) => a.top - b.top || a.left - b.left);
            return [seen[0][0], seen[0][1].top];
        }"""
    )
    return name, top


def number_of(name: str) -> int:
    """Of `many-0420.jpg`."""
    return int(name[5:9])


def middle_tile(page: Page) -> tuple[float, float]:
    """Where in the window to click on a tile that is all in it."""
    x, y = page.evaluate(
        """() => {
            const boxes = [...document.querySelectorAll('.tile')]
                .map((el) => el.getBoundingClientRect())
                .filter((box) => box.top > 150 && box.bottom < innerHeight);
            return [boxes[0].x + boxes[0].width / 2, boxes[0].y + boxes[0].height / 2];
        }"""
    )
    return x, y


def scroll_down(page: Page, to: int) -> None:
    """Scroll as a person does, until so many are known."""
    known = "Number(document.querySelector('.tile:last-of-type').getAttribute('aria-posinset'))"
    while page.evaluate(known) < to:
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(60)
    page.wait_for_timeout(400)


def test_the_trash_is_emptied_by_thumb_as_well(thumb: Page, full: Studio) -> None:
    look(thumb, full, "folder=trips")
    address = thumb.locator(".tile").first.get_attribute("href")
    thumb.goto(f"{full.url}{address}")
    thumb.get_by_role("button", name="Move to the trash").tap()
    expect(thumb.get_by_role("button", name="Restore")).to_be_visible()
    look(thumb, full, "trash=1")
    expect(thumb.get_by_role("link", name="Empty the trash")).to_be_visible()
    thumb.goto(f"{full.url}{address}")
    thumb.get_by_role("button", name="Restore").tap()
    expect(thumb.get_by_role("button", name="Move to the trash")).to_be_visible()


def test_two_thousand_scroll_by_without_jumps_or_twins(page: Page, full: Studio) -> None:
    look(page, full, "folder=many&sort=name")
    page.mouse.move(700, 500)
    page.evaluate(
        """() => {
            window.wrong = [];
            const place = new Map();
            const watch = () => {
                const tiles = [...document.querySelectorAll('.tile')];
                const ids = tiles.map((el) => el.id);
                if (new Set(ids).size !== ids.length) window.wrong.push('twins');
                if (tiles.length > 250) window.wrong.push('too many: ' + tiles.length);
                for (const el of tiles) {
                    const before = place.get(el.id);
                    if (before && before !== el.style.transform) window.wrong.push(el.id);
                    place.set(el.id, el.style.transform);
                }
                window.seen = place.size;
                requestAnimationFrame(watch);
            };
            watch();
        }"""
    )
    scroll_down(page, MANY - 3)
    page.keyboard.press("End")
    expect(page.locator("#grid-foot")).to_have_text("That is all.")
    assert page.evaluate("window.wrong") == []
    order = names(page)
    assert order == sorted(order)
    assert order[-1] == f"many-{MANY - 1:04}.jpg"
    assert page.evaluate("window.seen") >= MANY - 3


@pytest.mark.parametrize("way", ["elsewhere", "panel", "folder"])
def test_back_returns_to_the_same_place(page: Page, full: Studio, way: str) -> None:
    look(page, full, "folder=many")
    page.mouse.move(700, 500)
    scroll_down(page, 400)
    before = top_tile(page)
    if way == "elsewhere":
        page.goto(f"{full.url}/studio/jobs")
        page.wait_for_load_state()
    elif way == "panel":
        page.mouse.click(*middle_tile(page))
        expect(page.locator("#panel-title")).to_be_visible()
        page.goto(f"{full.url}/studio/jobs")
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_contain_text("many-")
    else:
        page.evaluate("document.querySelector('.crumbs a').click()")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Library")
    page.go_back()
    page.wait_for_selector(".grid.live")
    expect(page.get_by_text(before[0])).to_be_attached()
    page.wait_for_timeout(500)
    after = top_tile(page)
    assert after[0] == before[0]
    assert after[1] == pytest.approx(before[1], abs=3)


@pytest.mark.parametrize("late", ["library", "desk"])
@pytest.mark.parametrize("way", ["panel", "folder"])
def test_back_before_the_scripts_have_come_shows_what_the_address_says(
    page: Page, full: Studio, way: str, late: str
) -> None:
    look(page, full, "folder=many")
    if way == "panel":
        page.locator(".tile").first.click()
        expect(page.locator("#panel-title")).to_be_visible()
    else:
        page.locator(".crumbs a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Library")
    page.goto(f"{full.url}/studio/jobs")
    script = f"**/assets/{late}-*.js"
    page.route(script, lambda route: None)
    with page.expect_request(script):
        page.go_back(wait_until="commit")
    page.evaluate("history.back()")
    page.wait_for_url("**folder=many*", wait_until="commit")
    page.unroute(script)  # what was held goes on
    expect(page.get_by_role("heading", level=1)).to_contain_text("many")
    expect(page.locator(".grid.live .tile").first).to_have_attribute("href", re.compile("many"))
    page.wait_for_selector("[data-drawer]:not([hidden])")
    assert "folder=many" in page.url


def test_a_link_into_the_middle_begins_there(page: Page, browser: Browser, full: Studio) -> None:
    look(page, full, "folder=many&sort=name")
    page.mouse.move(700, 500)
    scroll_down(page, 500)
    page.wait_for_url("**after=**")
    address, there = page.url, top_tile(page)[0]
    context = browser.new_context(storage_state=page.context.storage_state())
    other = context.new_page()
    other.goto(address)
    other.wait_for_selector(".grid.live")
    first = names(other)[0]
    other.get_by_role("link", name="Show from the beginning").click()
    expect(other.locator(".tile .tile-name").first).to_have_text(re.compile("many-000"))
    context.close()
    assert 0 <= number_of(there) - number_of(first) < 60, "with the page that was at the top"


def test_what_is_typed_is_found_and_the_address_follows(page: Page, full: Studio) -> None:
    look(page, full)
    box = page.get_by_role("searchbox")
    box.click()
    page.keyboard.type("many-1234", delay=40)
    expect(page.locator(".tile")).to_have_count(1)
    assert names(page) == ["many-1234.jpg"]
    expect(box).to_be_focused()
    assert "q=many-1234" in page.url
    box.fill("zebra")
    expect(page.get_by_role("heading", name="Nothing is called that")).to_be_visible()
    page.go_back()
    expect(page.locator(".tile").nth(5)).to_be_visible()
    expect(box).to_have_value("")


def test_a_server_that_is_away_is_said_and_tried_again(page: Page, full: Studio) -> None:
    look(page, full, "folder=many")
    page.mouse.move(700, 500)
    page.route("**/library/tiles*", lambda route: route.abort())
    foot = page.locator("#grid-foot")
    while not foot.get_by_role("button", name="Try now").count():
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(60)
    expect(foot).to_contain_text("does not answer")
    page.unroute("**/library/tiles*")
    foot.get_by_role("button", name="Try now").click()
    scroll_down(page, 150)


def test_folders_open_one_in_the_other(page: Page, full: Studio) -> None:
    look(page, full, "folder=trips")
    page.get_by_role("button", name="Folders").click()
    tree = page.get_by_role("navigation", name="Folders")
    expect(tree.get_by_role("link", name="trips")).to_have_attribute("aria-current", "page")
    tree.get_by_role("link", name="many").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("many")
    expect(tree.get_by_role("link", name="many")).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Close folders").click()
    expect(page.locator("#drawer")).to_be_hidden()


def test_the_list_is_remembered(page: Page, full: Studio) -> None:
    look(page, full, "folder=trips")
    page.get_by_role("link", name="List").click()
    expect(page.locator(".grid.list")).to_be_visible()
    look(page, full, "folder=trips")
    expect(page.locator(".grid.list")).to_be_visible()
    page.get_by_role("link", name="Grid").click()
    expect(page.locator(".grid.list")).to_have_count(0)


# --- looks ----------------------------------------------------------------------------------------


def test_a_placeholder_has_the_colour_of_its_picture(page: Page, full: Studio) -> None:
    look(page, full, "folder=many")
    seen = page.evaluate(
        """() => {
            const ghost = document.querySelector('.tile.ghostly .tile-ghost');
            return [...ghost.getContext('2d').getImageData(8, 8, 1, 1).data];
        }"""
    )
    assert seen == pytest.approx([230, 140, 40, 255], abs=8)


def test_nothing_moves_while_the_page_comes_up(page: Page, full: Studio) -> None:
    page.add_init_script(
        """new PerformanceObserver((list) => {
            window.shifted ??= 0;
            for (const shift of list.getEntries()) window.shifted += shift.value;
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    look(page, full, "folder=many")
    page.wait_for_timeout(600)
    assert page.evaluate("window.shifted ?? 0") < 0.01


def test_a_photo_pressed_before_the_panel_has_come_opens_in_it(page: Page, full: Studio) -> None:
    held: list[Route] = []
    page.route("**/assets/desk-*.js", lambda route: held.append(route))
    with page.expect_request("**/assets/desk-*.js"):
        page.goto(f"{full.url}{LIBRARY}?folder=trips", wait_until="commit")
    page.locator("#grid.live .tile").first.click()
    expect(page.locator("#panel")).to_be_hidden()
    held.pop().continue_()
    expect(page.locator("#panel-title")).to_be_visible()
    expect(page.locator("#grid")).to_be_visible()


BOXES = """() => [...document.querySelectorAll('#grid > .tile')].slice(0, 12).map((tile) => {
    const { x, y, width, height } = tile.getBoundingClientRect();
    return [tile.id, x, y, width, height];
})"""


@pytest.mark.parametrize("view", ["grid", "list"])
def test_the_grid_stands_before_its_script_and_stays_when_that_comes(
    page: Page, full: Studio, view: str
) -> None:
    held: list[Route] = []
    page.route("**/assets/view-*.js", lambda route: held.append(route))
    with page.expect_request("**/assets/view-*.js"):
        page.goto(f"{full.url}{LIBRARY}?folder=many&view={view}", wait_until="commit")
    laid = page.locator("#grid.laid:not(.live)")
    expect(laid).to_be_visible()
    before = page.evaluate(BOXES)
    width = page.evaluate("document.querySelector('#grid').clientWidth")
    assert max(x + w for _, x, _, w, _ in before) - min(x for _, x, *_ in before) == width
    held.pop().continue_()
    page.wait_for_selector("#grid.live")
    assert page.evaluate(BOXES) == before
    again = page.context.new_page()
    again.goto(f"{full.url}{LIBRARY}?view=grid")
    again.close()


@pytest.mark.parametrize("state", ["panel", "selection", "sheet", "drawer", "list", "trash"])
def test_every_state_can_be_read_aloud(page: Page, full: Studio, state: str) -> None:
    look(page, full, "folder=trips")
    if state == "panel":
        page.locator(".tile").first.click()
        expect(page.locator("#panel-title")).to_be_visible()
    elif state in ("selection", "sheet"):
        page.locator(".tile").first.click(modifiers=["Control"])
        if state == "sheet":
            page.get_by_role("button", name="Who sees it").click()
    elif state == "drawer":
        page.get_by_role("button", name="Folders").click()
        expect(page.locator(".tree-name").first).to_be_visible()
    elif state == "list":
        look(page, full, "folder=trips&view=list")
    else:
        page.goto(f"{full.url}{LIBRARY}?trash=1")
    page.wait_for_timeout(400)
    again = page.context.new_page()
    found = violations(page)
    again.goto(f"{full.url}{LIBRARY}?view=grid")
    again.evaluate("localStorage.clear()")
    again.close()
    assert not found


def test_the_page_holds_at_twice_the_size(page: Page, full: Studio) -> None:
    page.set_viewport_size({"width": 720, "height": 450})  # 1440 x 900 at 200 %
    look(page, full, "folder=many")
    page.locator(".tile").first.click()
    expect(page.locator("#panel-title")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_without_a_script_there_are_links_and_pages(browser: Browser, full: Studio) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{full.url}/sign-in")
    page.get_by_label("Name").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{full.url}{LIBRARY}?folder=many&sort=name")
    first = page.locator(".tile .tile-name").all_text_contents()
    page.get_by_role("link", name="Next").click()
    assert not set(first) & set(page.locator(".tile .tile-name").all_text_contents())
    page.get_by_label("Search names and tags").fill("many-0777")
    page.get_by_role("button", name="Show").click()
    page.locator("a.tile").click()
    assert page.get_by_role("heading", level=1).inner_text() == "many-0777.jpg"
    page.locator("#tags").fill("plain")
    page.get_by_role("button", name="Save").click()
    assert page.locator("#tags").input_value() == "plain"
    context.close()
