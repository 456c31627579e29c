"""A photographer's way from a folder in the cloud to a client's picks, in real browsers.

For a test and for the guide, over the world that `make demo` serves, once its account is connected.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.walk import NAME, PATIENCE, WEDDING, nobody_looks

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from scripts.studio import Studio
    from scripts.walk import Take

PASSWORD = "anna und ben"


@dataclass
class Publishing:
    """The owner's half, on a page that is signed in at the studio."""

    page: Page
    here: Studio
    take: Take = nobody_looks
    home: str = ""
    """The gallery's page in the studio."""

    def choose(self) -> None:
        """Walk to the folder, which is there already, and use it."""
        self.page.goto(f"{self.here.url}/studio/galleries/new")
        if (channel := self.page.get_by_role("link", name=NAME)).count():
            channel.first.click()
        folder = self.page.locator(".browser-folder", has_text=WEDDING)
        folder.wait_for()
        self.take(self.page, "folders")
        folder.get_by_role("checkbox").check()
        self.page.get_by_role("button", name="Use the ticked folders").click()

    def make(self) -> None:
        """Take the name as it is, and wait for the photos."""
        self.page.locator("#title").wait_for()
        self.take(self.page, "name")
        self.page.get_by_role("button", name="Make gallery").click()
        self.page.locator(".arrange-tile").nth(13).wait_for(timeout=PATIENCE * 1000)
        self.home = self.page.url.split("?")[0]
        self.take(self.page, "photos")

    def guard(self) -> None:
        """Ask for a password, and let originals be downloaded."""
        self.page.goto(f"{self.home}/access")
        self.page.locator("input[name='right.original']").check()
        self.page.fill("#password", PASSWORD)
        self.take(self.page, "access")
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_load_state()

    def publish(self) -> str:
        """Open it; its address."""
        self.page.goto(self.home)
        self.page.get_by_role("button", name="Publish", exact=True).click()
        self.page.get_by_text("Published", exact=True).first.wait_for()
        return str(self.page.locator(".gallery-address").get_attribute("href"))

    def see(self, picks: int) -> str:
        """The page of picks, as they were sent; its words."""
        self.page.goto(f"{self.home}/picks")
        self.page.locator(".picks-list", has_text="Sent").wait_for()
        self.page.locator(".wanted-photo").nth(picks - 1).wait_for()
        self.take(self.page, "picks")
        return self.page.inner_text("main")


@dataclass
class Looking:
    """The client's half, on a phone that knows nothing of the studio."""

    page: Page
    address: str
    take: Take = nobody_looks

    def come_in(self) -> None:
        """Tell the password."""
        self.page.goto(self.address)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.take(self.page, "password")
        self.page.get_by_role("button", name="Come in").click()
        self.page.locator(".tile .heart").first.wait_for()
        self.take(self.page, "gallery")

    def pick(self, count: int) -> None:
        """Give so many photos a heart, from the first on, and wait until all are kept."""
        for number in range(count):
            heart = self.page.locator(".tile .heart").nth(number)
            heart.scroll_into_view_if_needed()
            with self.page.expect_response(lambda answer: "/picks/" in answer.url):
                heart.click()
        self.page.locator(".tray-count", has_text=f"{count}").wait_for()
        self.take(self.page, "picked")

    def send(self, name: str) -> None:
        """Send the list."""
        self.page.locator(".tray-send").click()
        self.page.get_by_label("Your name").fill(name)
        self.take(self.page, "send")
        self.page.locator(".sheet-body .primary").click()
        self.page.get_by_role("heading", name="Sent").wait_for()
        self.take(self.page, "sent")

    def archive(self) -> tuple[str, str]:
        """The address of the archive of all originals, and the cookies it is asked for with."""
        cookies = self.page.context.cookies(self.address)
        said = "; ".join(f"{one.get('name')}={one.get('value')}" for one in cookies)
        return f"{self.address}/archive?size=original", said


def whole(address: str, cookies: str) -> bytes:
    """What `curl` makes of an archive."""
    curl = ("curl", "--silent", "--fail", "--cookie", cookies, address)
    return subprocess.run(curl, check=True, capture_output=True, timeout=PATIENCE).stdout


def resumed(address: str, cookies: str, to: Path, cut: int) -> bytes:
    """The same when the line breaks after so many bytes, and it goes on with `-C -`."""
    curl = ("curl", "--silent", "--fail", "--cookie", cookies, "--output", str(to))
    subprocess.run((*curl, "--range", f"0-{cut - 1}", address), check=True, timeout=PATIENCE)
    if to.stat().st_size != cut:
        return b""
    subprocess.run((*curl, "--continue-at", "-", address), check=True, timeout=PATIENCE)
    return to.read_bytes()
