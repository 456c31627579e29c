"""The upload page, as a photographer uses it: twenty photos at once, a bad one, a bad line."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import expect

from scripts import sample_photos
from scripts.pictures import PHONE
from tests.browser.test_studio import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

    from scripts.studio import Studio

SENDS = re.compile(r"/api/v1/assets\?name=")
"""The requests that carry originals."""

DROP = """(files) => {
    const carried = new DataTransfer();
    for (const [name, type, content] of files) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        carried.items.add(new File([bytes], name, { type }));
    }
    for (const type of ["dragenter", "dragover", "drop"])
        document.querySelector(".drop").dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twenty photos that differ from all others, so that none is there already."""
    folder = tmp_path_factory.mktemp("twenty")
    return list(sample_photos.write(folder, 20, edge=640, quality=85))


@pytest.fixture
def page(signed_in: BrowserContext, here: Studio) -> Iterator[Page]:
    """The upload page, with nothing remembered."""
    opened = signed_in.new_page()
    opened.goto(f"{here.url}/studio/upload")
    opened.evaluate("localStorage.clear()")
    opened.reload()
    yield opened
    opened.context.set_offline(False)
    opened.close()


def drop(page: Page, *paths: Path) -> None:
    """Drag originals over the window and let go."""
    files = [
        (path.name, "image/jpeg", base64.b64encode(path.read_bytes()).decode()) for path in paths
    ]
    page.evaluate(DROP, files)


def lines(page: Page, state: str) -> Any:
    return page.locator(f".upload-line[data-state={state}]")


def wait_for_end(page: Page, stored: int) -> None:
    """Until so many are stored and nothing is on its way."""
    page.locator("[data-count]", has_text=f"{stored} link").wait_for()


COPIED = "async (text) => (await navigator.clipboard.readText()) === text"


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def refusal(status: int, code: str, title: str, **more: Any) -> dict[str, Any]:
    body = {"status": status, "code": code, "title": title, "remedy": "Do this.", **more}
    return {
        "status": status,
        "content_type": "application/problem+json",
        "body": json.dumps({"temporary": False, **body}),
    }


# --- the way of twenty photos --------------------------------------------------------------------


def test_twenty_photos_are_dropped_and_their_links_taken_away(
    page: Page, twenty: list[Path]
) -> None:
    # each goes through here, so that they cannot all have arrived before somebody looks
    page.route("**/api/v1/assets*", lambda route: route.continue_())
    drop(page, *twenty)
    page.locator(".drop.receiving").wait_for()
    page.locator("progress[data-total]").wait_for()
    page.wait_for_function("document.title.includes(' of 20')")
    wait_for_end(page, 20)
    assert page.locator(".drop.receiving").count() == 0
    assert "of 20" not in page.title()
    facts = lines(page, "done").first.locator(".line-facts").inner_text()
    assert "stored in This server, checksum verified" in facts
    page.get_by_role("button", name="Copy all").click()
    links = clipboard(page).splitlines()
    assert len(set(links)) == 20
    for link, path in zip(links, twenty, strict=True):
        with urlopen(link) as answer:
            assert answer.read() == path.read_bytes()


def test_links_are_copied_in_every_form(page: Page, photos: list[Path]) -> None:
    drop(page, photos[0])
    wait_for_end(page, 1)
    name = photos[0].name
    taken: dict[str, str] = {}
    for label in ("URL", "Markdown", "HTML", "BBCode"):
        page.get_by_role("button", name=label, exact=True).click()
        page.get_by_role("button", name=f"Copy {name}").click()
        taken[label] = clipboard(page)
    url = taken["URL"]
    assert taken["Markdown"] == f"![{name}]({url})"
    assert taken["HTML"] == f'<img src="{url}" alt="{name}">'
    assert taken["BBCode"] == f"[img]{url}[/img]"
    page.get_by_role("button", name="Your own").click()
    page.get_by_label("Your own form").fill("{name} -> {url} ({id})")
    page.get_by_label("Links lead to").select_option("medium")
    page.get_by_role("button", name=f"Copy {name}").click()
    ident = url.rpartition("/")[2].partition(".")[0]
    assert clipboard(page) == f"{name} -> {url.rpartition('/')[0]}/{ident}/medium ({ident})"


def test_what_was_chosen_is_remembered(page: Page, photos: list[Path]) -> None:
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Folder").fill("kept/2026")
    page.get_by_label("Name in the link").select_option("origin")
    drop(page, photos[1])
    wait_for_end(page, 1)
    page.get_by_role("button", name="Markdown").click()
    page.reload()
    assert "This server / kept / 2026" in page.locator(".drop-to").inner_text()
    drop(page, photos[1])
    wait_for_end(page, 1)
    assert page.locator(".line-link").inner_text().startswith("![")
    asset_id = str(page.locator("a.line-name").get_attribute("href")).rpartition("/")[2]
    found = page.request.get(f"{page.url.partition('/studio')[0]}/api/v1/assets/{asset_id}").json()
    assert found["folder"] == "kept/2026"
    assert found["alias"].startswith(f"kept/2026/{photos[1].stem}")


def test_a_folder_keeps_its_folders(page: Page, here: Studio, tmp_path: Path) -> None:
    for path in ("walk/a.txt", "walk/deep/b.txt", "walk/.DS_Store"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(tmp_path / "walk")
    wait_for_end(page, 2)
    found = page.request.get(f"{here.url}/api/v1/assets?folder=walk&deep=true").json()["items"]
    assert sorted(one["folder"] for one in found) == ["walk", "walk/deep"]


def test_a_picture_is_pasted_and_gets_a_name(page: Page) -> None:
    page.evaluate(
        """() => {
            const held = new DataTransfer();
            held.items.add(new File(["pixels"], "image.png", { type: "image/png" }));
            const paste = new ClipboardEvent("paste", { clipboardData: held, bubbles: true });
            document.body.dispatchEvent(paste);
        }"""
    )
    wait_for_end(page, 1)
    assert page.locator(".line-name").inner_text().startswith("Pasted 20")


def test_a_thousand_stay_in_hand(page: Page) -> None:
    page.route(SENDS, lambda route: None)  # nothing ever comes of them
    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            for (let at = 0; at < 1000; at++) carried.items.add(new File(["x"], `${at}.txt`));
            document.querySelector(".drop").dispatchEvent(
                new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried }));
        }"""
    )
    page.locator(".upload-line").nth(999).wait_for(state="attached")
    page.get_by_role("button", name="Cancel all").click()
    page.locator("[data-count]", has_text="Nothing is on its way").wait_for()
    assert lines(page, "cancelled").count() == 1000
    page.unroute(SENDS)


# --- what goes wrong -----------------------------------------------------------------------------


def test_one_that_fails_does_not_hold_up_the_others_and_can_be_tried_again(
    page: Page, twenty: list[Path]
) -> None:
    bad = twenty[2].name

    def refuse(route: Route) -> None:
        if bad in route.request.url:
            route.fulfill(**refusal(507, "storage-full", "The storage is full."))
        else:
            route.continue_()

    page.route(SENDS, refuse)
    drop(page, *twenty[:6])
    wait_for_end(page, 5)
    assert "The storage is full. Do this." in lines(page, "failed").inner_text()
    assert "1 failed" in page.locator("[data-facts]").inner_text()
    page.unroute(SENDS)
    page.get_by_role("button", name="Try 1 again").click()
    wait_for_end(page, 6)
    assert lines(page, "failed").count() == 0


def test_a_pause_is_waited_for_and_said(page: Page, photos: list[Path]) -> None:
    asked: list[str] = []

    def pause(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            said = refusal(
                503, "rate-limited", "The storage service asked for a pause.", temporary=True
            )
            route.fulfill(**said, headers={"Retry-After": "4"})
        else:
            route.continue_()

    page.route(SENDS, pause)
    drop(page, photos[0])
    paused = lines(page, "pausing").locator(".line-facts")
    paused.wait_for()
    assert "This server asked for a pause, going on in" in paused.inner_text()
    page.locator("[data-facts]", has_text="going on in").wait_for()
    wait_for_end(page, 1)
    assert len(asked) == 2


def test_a_server_in_trouble_is_tried_again(page: Page, photos: list[Path]) -> None:
    tries: list[str] = []

    def fail_once(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.fulfill(status=502, body="<html>a gateway's own page</html>")
        else:
            route.continue_()

    page.route(SENDS, fail_once)
    drop(page, photos[0])
    wait_for_end(page, 1)
    assert len(tries) == 2


def test_one_is_cancelled_and_sent_after_all(page: Page, twenty: list[Path]) -> None:
    held: list[Route] = []
    page.route(SENDS, lambda route: held.append(route))
    drop(page, *twenty[:2])
    first = page.get_by_role("button", name=f"Cancel {twenty[0].name}")
    first.wait_for()
    first.click()
    assert "nothing was stored" in lines(page, "cancelled").inner_text()
    held[1].continue_()
    page.unroute(SENDS)
    wait_for_end(page, 1)
    page.get_by_role("button", name=f"Send after all {twenty[0].name}").click()
    wait_for_end(page, 2)


def test_without_a_connection_it_waits_and_goes_on_by_itself(
    page: Page, twenty: list[Path]
) -> None:
    held: list[Route] = []
    page.route(SENDS, lambda route: held.append(route))
    drop(page, *twenty[:5])
    lines(page, "sending").nth(2).wait_for()
    page.context.set_offline(True)
    gone = page.get_by_role("heading", name="The connection is gone")
    gone.wait_for()
    assert lines(page, "waiting").count() == 5
    assert lines(page, "failed").count() == 0
    page.unroute(SENDS)
    page.context.set_offline(False)
    wait_for_end(page, 5)
    assert not gone.is_visible()


def test_an_answer_that_was_lost_is_looked_up_before_it_is_sent_again(
    page: Page, here: Studio, twenty: list[Path], tmp_path: Path
) -> None:
    sent = tmp_path / "sent once.jpg"
    sent.write_bytes(twenty[4].read_bytes() + b"and no more")
    posts: list[int] = []

    def lose_the_answer(route: Route) -> None:
        proof = {"X-CSRF-Token": route.request.headers["x-csrf-token"]}
        # a browser does not tell what it sends of a file, so the test sends it in its place
        answer = page.request.post(route.request.url, data=sent.read_bytes(), headers=proof)
        posts.append(answer.status)
        route.abort("connectionreset")

    page.route(SENDS, lose_the_answer)
    drop(page, sent)
    wait_for_end(page, 1)
    assert posts == [201]
    found = page.request.get(f"{here.url}/api/v1/assets?q=sent+once").json()["items"]
    assert len(found) == 1
    shown = page.locator("a.line-name").get_attribute("href")
    assert shown == f"/studio/assets/{found[0]['id']}"


def test_what_the_browser_cannot_show_gets_its_picture_from_the_server(
    page: Page, photos: list[Path], tmp_path: Path
) -> None:
    scan = tmp_path / "scan.tiff"
    Image.open(photos[2]).save(scan)
    page.set_input_files("#file", scan)
    badge = page.locator(".line-photo")
    expect(badge).to_have_text("TIFF")
    wait_for_end(page, 1)
    picture = badge.locator("img")
    expect(picture).to_be_visible()
    assert re.search(r"/a/\w+/thumb$", str(picture.get_attribute("src")))


def test_who_was_signed_out_goes_on_after_signing_in(page: Page, photos: list[Path]) -> None:
    page.route(
        SENDS, lambda route: route.fulfill(**refusal(401, "unauthenticated", "Sign in first."))
    )
    drop(page, photos[0])
    page.get_by_role("heading", name="You were signed out").wait_for()
    page.unroute(SENDS)
    page.get_by_role("button", name="Go on").click()
    wait_for_end(page, 1)


def test_leaving_is_asked_about_only_while_something_is_on_its_way(
    page: Page, photos: list[Path]
) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.route(SENDS, lambda route: None)
    drop(page, photos[0])
    lines(page, "sending").wait_for()
    page.locator("h1").click()  # a browser asks only for who has touched the page
    page.reload()
    assert asked == ["beforeunload"]
    page.reload()
    assert asked == ["beforeunload"]


# --- for everybody -------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_can_be_read_aloud(page: Page, twenty: list[Path], scheme: Any) -> None:
    def some(route: Route) -> None:
        if twenty[1].name in route.request.url:
            route.fulfill(**refusal(507, "storage-full", "The storage is full."))
        elif twenty[2].name in route.request.url:
            return
        else:
            route.continue_()

    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.route(SENDS, some)
    drop(page, *twenty[:4])
    lines(page, "done").nth(1).wait_for()
    lines(page, "failed").wait_for()
    page.get_by_role("button", name="Your own").click()
    page.get_by_role("button", name="Change").click()
    assert not violations(page)


def test_it_is_all_done_by_keyboard(page: Page, photos: list[Path]) -> None:
    page.locator("form[data-upload][data-live]").wait_for()
    choose = page.get_by_role("button", name="Choose photos")
    # a key is sent at once, without a look at the page: the browser must have been told to ask
    # for files here by then, so the focus comes after that and before the key
    with page.expect_file_chooser(timeout=90_000) as chooser:
        choose.focus()
        expect(choose).to_be_focused()
        page.keyboard.press("Enter")
    chooser.value.set_files(photos[0])
    wait_for_end(page, 1)
    page.get_by_role("button", name=f"Copy {photos[0].name}").focus()
    page.keyboard.press("Enter")
    link = page.locator(".line-link").get_attribute("title")
    page.wait_for_function(COPIED, arg=link)  # what is copied takes a moment to be there


def test_it_is_all_in_reach_of_a_thumb(
    browser: Browser, signed_in: BrowserContext, here: Studio, photos: list[Path]
) -> None:
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        has_touch=True,
        is_mobile=True,
        storage_state=signed_in.storage_state(),
    )
    page = context.new_page()
    page.goto(f"{here.url}/studio/upload")
    assert page.get_by_role("heading", name="Choose photos, or anything").is_visible()
    drop(page, *photos[:2])
    wait_for_end(page, 2)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    boxes = [button.bounding_box() for button in page.locator("main .button:visible").all()]
    context.close()
    assert wide <= 0
    heights = [box["height"] for box in boxes if box]
    assert heights
    assert min(heights) >= 36


# --- and on from there ---------------------------------------------------------------------------


def test_from_twenty_photos_to_one_that_is_deleted_and_brought_back(
    page: Page, here: Studio, twenty: list[Path], tmp_path: Path
) -> None:
    """The whole way: drag, watch, copy, find by name, open, delete, undo."""
    wanted = tmp_path / "the one to find.jpg"
    wanted.write_bytes(twenty[7].read_bytes())
    drop(page, *twenty[:7], wanted, *twenty[8:])
    page.locator("progress[data-total]").wait_for()
    wait_for_end(page, 20)
    page.get_by_role("button", name=f"Copy {wanted.name}").click()
    link = clipboard(page)
    ident = link.rpartition("/")[2].partition(".")[0]
    with urlopen(link) as answer:
        assert answer.read() == wanted.read_bytes()
    thumb = page.request.get(f"{here.url}/a/{ident}/thumb", headers={"Accept": "image/webp"})
    assert thumb.headers["content-type"] == "image/webp"
    page.get_by_role("link", name="Library").click()
    found = page.locator(".tile")
    expect(found.first).to_be_visible()
    page.get_by_role("searchbox").fill(wanted.stem)
    expect(found).to_have_count(1)
    found.click()
    panel = page.locator("#panel")
    expect(panel.locator("#panel-title")).to_have_text(wanted.name)
    panel.get_by_role("button", name="Move to the trash").click()
    expect(found).to_have_count(0)
    assert page.request.get(link).status == 404
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(found).to_have_count(1)
    assert page.request.get(link).status == 200
