"""What the documentation shows of a gallery: first screen, picks, one photo, and its door."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scripts.clients import come
from scripts.galleries import Published, publish

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from scripts.scenes import Scene, Stage

FOLDER = "trips"
PICKED = (1, 2, 5)


@cache
def _published(data: Path, title: str, password: str = "") -> Published:
    return publish(data, title, FOLDER, password=password)


def _open(page: Page, stage: Stage) -> None:
    shown = _published(stage.here.server.data, "First light")
    page.goto(stage.here.url + shown.base)
    page.locator(".tile .heart").first.wait_for(state="attached")


def _down(page: Page) -> None:
    """Bring the photos into the window."""
    bar = page.locator("#bar")
    page.evaluate("window.scrollTo(0, document.querySelector('#photos').offsetTop - 260)")
    bar.wait_for(state="visible")
    page.wait_for_load_state("networkidle")


def gallery(page: Page, stage: Stage) -> None:
    """The first screen."""
    _open(page, stage)


def gallery_picks(page: Page, stage: Stage) -> None:
    """Photos, some of them picked."""
    _open(page, stage)
    _down(page)
    for number in PICKED:
        heart = page.locator(".tile .heart").nth(number)
        heart.scroll_into_view_if_needed()
        with page.expect_response("**/picks/**"):
            heart.click(force=True)
    _down(page)


def gallery_photo(page: Page, stage: Stage) -> None:
    """One photo over everything."""
    _open(page, stage)
    _down(page)
    page.locator(".tile-open").first.click()
    page.locator(".pswp[data-open]").wait_for()


def gallery_door(page: Page, stage: Stage) -> None:
    """The door of a gallery that asks for a password."""
    shown = _published(stage.here.server.data, "Anna and Ben", "anna und ben")
    page.goto(stage.here.url + shown.base)


# --- the same for its owner ----------------------------------------------------------------------


@cache
def _met(data: Path) -> str:
    """A gallery that clients have come to; its page."""
    shown = _published(data, "Anna and Ben", "anna und ben")
    come(data, shown.id)
    return f"/studio/galleries/{shown.id}"


def _own(part: str = "") -> Scene:
    """One of the pages of that gallery."""

    def scene(page: Page, stage: Stage) -> None:
        page.goto(f"{stage.here.url}{_met(stage.here.server.data)}{part}")

    return scene


def galleries(page: Page, stage: Stage) -> None:
    """All of them, once somebody came."""
    _met(stage.here.server.data)
    page.goto(f"{stage.here.url}/studio/galleries")


OWNERS: dict[str, Scene] = {
    "galleries": galleries,
    "owner-photos": _own(),
    "owner-access": _own("/access"),
    "owner-links": _own("/links"),
    "owner-picks": _own("/picks"),
    "owner-viewers": _own("/viewers"),
    "owner-activity": _own("/activity"),
}
VISITORS: dict[str, Scene] = {
    "gallery": gallery,
    "gallery-picks": gallery_picks,
    "gallery-photo": gallery_photo,
    "gallery-door": gallery_door,
}
