"""The moments that the documentation shows: each brings a page to where its picture is taken.

All of them are taken four times (desk and phone, light and dark) of one studio, one after another.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from scripts.studio import OWNER, PASSWORD, Studio
from tests.support.server import Server

SLOW_LINE = 150_000
"""Bytes a second that leave the house while a picture shows photos on their way."""


@dataclass
class Stage:
    """What scenes play with: a studio in use, one that nobody owns yet, and photos to send."""

    here: Studio
    new: Server
    photos: list[Path]


Scene = Callable[[Page, Stage], None]


def at(path: str) -> Scene:
    """A page of the studio as it is."""

    def scene(page: Page, stage: Stage) -> None:
        page.goto(f"{stage.here.url}{path}")

    return scene


# --- a new server --------------------------------------------------------------------------------


def setup_owner(page: Page, stage: Stage) -> None:
    """Who you are."""
    page.goto(stage.new.setup_link())


def setup_photos(page: Page, stage: Stage) -> None:
    """Where your photos are. The first who comes here becomes the owner."""
    page.goto(stage.new.setup_link())
    if page.locator("[name=code]").count():
        page.fill("[name=name]", OWNER)
        page.fill("[name=password]", PASSWORD)
        page.click("button.primary")
        page.wait_for_url("**/setup/photos")
    elif page.locator("[name=password]").count():
        sign_in(page, stage.new.url)
    page.goto(f"{stage.new.url}/setup/photos")
    page.evaluate("document.querySelector('.option code').textContent = '/srv/fanlight/originals'")


def setup_first_link(page: Page, stage: Stage) -> None:
    """Your first link."""
    page.goto(f"{stage.new.url}/setup/first")
    page.set_input_files("#file", stage.photos[0])
    page.locator("[data-state=done] canvas").wait_for()


def sign_in(page: Page, url: str) -> None:
    """Come in as the owner."""
    page.goto(f"{url}/sign-in")
    page.fill("[name=name]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/studio/**")


# --- uploading -----------------------------------------------------------------------------------


def on_the_way(page: Page, stage: Stage) -> None:
    """Some stored, some on their way, some waiting."""
    page.goto(f"{stage.here.url}/studio/upload")
    network = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 20, "downloadThroughput": -1}
    slow = limits | {"uploadThroughput": SLOW_LINE}
    network.send("Network.emulateNetworkConditions", slow)  # pyright: ignore[reportUnknownMemberType]
    page.set_input_files("#file", stage.photos)
    page.locator("[data-state=done] canvas").nth(1).wait_for()
    page.locator("[data-facts]", has_text="left").wait_for()
    page.wait_for_timeout(700)


def links_ready(page: Page, stage: Stage) -> None:
    """All stored, the links as Markdown."""
    page.goto(f"{stage.here.url}/studio/upload")
    page.set_input_files("#file", stage.photos[:5])
    page.locator("[data-state=done] canvas").nth(4).wait_for()
    page.locator("[data-count]", has_text="5 links ready").wait_for()
    page.click("[data-format=markdown]")


# --- the rest of the studio ----------------------------------------------------------------------


def panel(page: Page, stage: Stage) -> None:
    """One asset, opened in the library."""
    page.goto(f"{stage.here.url}/studio/library?folder=trips/2026")
    page.click(".tile >> nth=0")
    page.wait_for_selector("#panel-title")
    page.wait_for_function("() => document.querySelector('.detail-photo img')?.naturalWidth > 0")


def channels(page: Page, stage: Stage) -> None:
    """The channels, without the passing place of this studio."""
    page.goto(f"{stage.here.url}/studio/channels")
    page.evaluate(
        """document.querySelectorAll(".card-facts").forEach((facts) => {
            facts.textContent = facts.textContent.replace(/[/]tmp[/][^ ]+/, "/srv/photos");
        })"""
    )


def new_token(page: Page, stage: Stage) -> None:
    """A token just made, with what clients need; it is revoked when the next one is made."""
    page.goto(f"{stage.here.url}/studio/tokens")
    old = page.get_by_role("button", name="Revoke Writing desk")
    if old.count():
        old.first.click()
        page.wait_for_url("**/tokens?said=*")
    page.fill("#name", "Writing desk")
    page.click(".form .primary")
    page.wait_for_selector("#made")


def wait_for_pictures(here: Studio) -> None:
    """Until every original has its facts, so that the grid has its shapes."""
    asked = Request(
        f"{here.url}/api/v1/assets?limit=100", headers={"Authorization": f"Bearer {here.token}"}
    )
    for _ in range(240):
        with urlopen(asked) as answer:
            if all(one["width"] for one in json.load(answer)["items"]):
                return
        time.sleep(0.5)
    raise SystemExit("the pictures were not prepared in time")


SIGNED_OUT: dict[str, Scene] = {
    "setup-owner": setup_owner,
    "setup-photos": setup_photos,
    "setup-first-link": setup_first_link,
    "sign-in": at("/sign-in"),
    "nothing-here": at("/nothing/here"),
}
SIGNED_IN: dict[str, Scene] = {
    "library": at("/studio/library"),
    "asset": panel,
    "channels": channels,
    "channel-new": at("/studio/channels/new"),
    "jobs": at("/studio/jobs"),
    "devices": at("/studio/devices"),
    "site": at("/studio/site"),
    "notices": at("/studio/notices"),
    "tokens": new_token,
    "upload": at("/studio/upload"),
    "upload-sending": on_the_way,
    "upload-links": links_ready,
}
MOVING = {"upload-sending"}
"""Scenes that do not come to rest."""
