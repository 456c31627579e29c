"""A new user's way at Dropbox, step by step in a real browser: for a test, and for the guide.

Create the app in the console, forget Submit, be told so, mend it, connect, upload, publish a photo
that was there, and see it change. Each step ends where a picture is worth taking.
"""

from __future__ import annotations

import base64
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from dropbox_emulator.pytest_plugin import EmulatorThread
from dropbox_emulator.settings import Settings
from scripts import sample_photos
from scripts.studio import Studio, studio

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from dropbox_emulator.pytest_plugin import EmulatorHandle

FOLDER = "Weddings"
WEDDING = "Anna and Ben"
"""The folder in it that becomes a gallery."""
THERE = "DSC_0001.jpg"
"""A photograph that lies there already."""
NAME = "Main Dropbox"
SCOPES = ("files.metadata.write", "files.content.write", "files.content.read")
PATIENCE = 120.0
"""Seconds until what changes there must be seen here, on a busy machine."""

Take = Callable[["Page", str], None]


@contextmanager
def dropbox() -> Generator[EmulatorHandle]:
    """An emulated Dropbox with one account and some photographs."""
    thread = EmulatorThread(Settings())
    handle = thread.start()
    try:
        handle.control.add_account("ann@example.org", given_name="Ann", surname="Lee")
        handle.control.photos(6, f"/{FOLDER}")
        with tempfile.TemporaryDirectory(prefix="fanlight-wedding-") as place:
            for number, photo in enumerate(sample_photos.write(Path(place), 14, edge=1200), 1):
                text = base64.b64encode(photo.read_bytes()).decode()
                path = f"/{FOLDER}/{WEDDING}/AB_{number:04}.jpg"
                handle.control.send("files/put", path=path, base64=text)
        yield handle
    finally:
        thread.stop()


@contextmanager
def world(folder: Path, port: int = 0) -> Generator[tuple[Studio, EmulatorHandle]]:
    """What `make demo` serves: a studio, and a Dropbox to connect to it."""
    with (
        dropbox() as service,
        studio(folder, port, services=f"dropbox={service.addresses.http}") as here,
    ):
        yield here, service


def nobody_looks(page: Page, name: str) -> None:
    """Take no picture."""


@dataclass
class Walk:
    """The way, on one page of a browser that is signed in at the studio."""

    page: Page
    here: Studio
    service: EmulatorHandle
    photo: Path
    """What is uploaded."""
    take: Take = nobody_looks
    app: str = ""
    key: str = ""
    secret: str = ""
    home: str = ""

    @property
    def base(self) -> str:
        """Where the service is."""
        return self.service.addresses.http

    def says(self) -> str:
        """The words of the page."""
        return self.page.inner_text("main")

    # --- at the console -----------------------------------------------------------------------

    def be_led(self) -> str:
        """The page with everything to copy; the redirect URI."""
        self.page.goto(f"{self.here.url}/studio/channels/new?provider=dropbox")
        self.take(self.page, "steps")
        return self.page.locator("#redirect-here").input_value()

    def create_app(self) -> None:
        """Create it, with access to all that is there."""
        self.page.goto(f"{self.base}/developers/apps")
        self.page.get_by_role("button", name="Sign in as Ann").click()
        self.page.goto(f"{self.base}/developers/apps/create")
        self.page.locator("input[name=access][value=full]").check()
        self.page.fill("input[name=name]", "my-fanlight")
        self.take(self.page, "create")
        self.page.get_by_role("button", name="Create app").click()
        self.page.wait_for_url("**/developers/apps/info/*")
        self.app = self.page.url.split("?")[0]

    def register(self, redirect: str) -> None:
        """Add the redirect URI; note key and secret."""
        self.page.get_by_label("Redirect URI").fill(redirect)
        self.page.locator("form:has(input[value=add_redirect]) button").click()
        self.page.locator("li code", has_text=redirect).wait_for()
        self.take(self.page, "redirect")
        self.page.goto(f"{self.app}?secret=shown")
        self.key = self.page.inner_text("#app-key")
        self.secret = self.page.inner_text("#app-secret")

    def tick(self) -> None:
        """Tick the permissions, and go no further: Submit is forgotten."""
        self.page.goto(f"{self.app}/permissions")
        for scope in SCOPES:
            self.page.locator(f"input[value='{scope}']").check()
        self.take(self.page, "ticked")

    def submit(self) -> None:
        """The same, to its end."""
        self.tick()
        self.page.get_by_role("button", name="Submit").click()
        self.page.get_by_role("status").wait_for()
        self.take(self.page, "submitted")

    # --- in the studio ------------------------------------------------------------------------

    def fill_in(self) -> None:
        """Fill in the form, and save."""
        self.page.goto(f"{self.here.url}/studio/channels/new?provider=dropbox")
        self.page.fill("#name", NAME)
        self.page.fill("#option-app_key", self.key)
        self.page.fill("#option-app_secret", self.secret)
        self.page.fill("#root", FOLDER)
        self.page.locator("#root").scroll_into_view_if_needed()
        self.take(self.page, "form")
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_url("**/studio/channels/*")
        self.home = self.page.url.split("?")[0]

    def connect(self, name: str) -> None:
        """Go there, allow it, and come back; `name` is what the picture is called."""
        self.page.goto(self.home)
        self.page.get_by_role("button", name="onnect").first.click()  # Connect or Reconnect
        allow = self.page.get_by_role("button", name="Allow")
        allow.wait_for()
        self.take(self.page, "consent")
        allow.click()
        self.page.wait_for_url(f"{self.home}*")
        self.take(self.page, name)

    def test(self) -> None:
        """Try the channel."""
        self.page.get_by_role("button", name="Test", exact=True).click()
        self.page.locator(".trial", has_text="The test").wait_for()
        self.take(self.page, "test")

    def upload(self) -> str:
        """Send a photograph there; its link."""
        self.page.goto(f"{self.here.url}/studio/upload")
        self.page.locator("#channel").evaluate(CHOOSE, NAME)
        self.page.set_input_files("#file", self.photo)
        line = self.page.locator("[data-state=done]")
        line.wait_for()
        self.take(self.page, "upload")
        return f"http://{line.locator('.line-link').inner_text().removeprefix('http://')}"

    def index(self) -> None:
        """See that what is there was read into the library, which began with connecting."""
        self.page.goto(f"{self.here.url}/studio/jobs")
        self.page.locator(".line", has_text=NAME).get_by_text("Done").first.wait_for()

    def publish(self, name: str) -> str:
        """Make a photograph public that lay there before; its link."""
        self.page.goto(f"{self.here.url}/studio/library?q={name}")
        self.page.locator(f"a[href^='/studio/assets/']:has-text('{name}')").first.click()
        publish = self.page.get_by_role("button", name="Publish", exact=True)
        publish.wait_for()
        self.take(self.page, "private")
        publish.click()
        publish.wait_for(state="detached")
        self.take(self.page, "published")
        return self.page.locator("#link-url").input_value()

    def edit(self, name: str, content: bytes) -> None:
        """Somebody saves another version of it at the service."""
        text = base64.b64encode(content).decode()
        self.service.control.send("files/put", path=f"/{FOLDER}/{name}", base64=text)


CHOOSE = """(list, name) => {
    list.value = [...list.options].find((one) => one.label === name).value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def content_of(link: str) -> bytes:
    """What a stranger gets; nothing where they get nothing."""
    try:
        with urlopen(link, timeout=60) as answer:
            return bytes(answer.read())
    except HTTPError:
        return b""


def until(link: str, content: bytes) -> bool:
    """Whether a link comes to give that content."""
    end = time.monotonic() + PATIENCE
    while content_of(link) != content:
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
