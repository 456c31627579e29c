"""The pictures of the guides to Dropbox and to client galleries, taken on a new user's way.

python -m scripts.guide
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from scripts import sample_photos, walk, walk_gallery

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZE = (1180, 820)
WIDTH = 900
"""Pixels of a picture."""
TOP = {
    "redirect": "text=Redirect URIs",
    "form": "#name",
    "ticked": "text=Individual scopes",
    "test": ".trial",
}
"""What stands at the top of a picture, where that is not the top of its page."""


def taking(out: Path, guide: str, width: int = WIDTH) -> walk.Take:
    """What takes the pictures of one guide, so many pixels wide."""

    def take(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(300)  # what fades in has come
        if name in TOP:
            page.locator(TOP[name]).first.evaluate(UP)
        path = out / f"{guide}-{name}.jpg"
        page.screenshot(path=path, type="jpeg", quality=95)
        picture = Image.open(path)
        size = width, round(picture.height * width / picture.width)
        shown = picture.resize(size, Image.Resampling.LANCZOS)
        shown.save(path, quality=74, optimize=True, progressive=True)

    return take


def make(out: Path) -> None:
    """Walk the way once, and take them."""
    from scripts.pictures import PHONE, browser, looking  # which imports this

    with tempfile.TemporaryDirectory(prefix="fanlight-guide-") as place:
        folder = Path(place)
        photo, other = sample_photos.write(folder / "photos", 2, edge=1500)
        with (
            walk.world(folder) as (here, service),
            browser() as opened,
            looking(opened, SIZE, "light", here) as page,
        ):
            page.set_default_timeout(90_000)
            go(walk.Walk(page, here, service, photo, taking(out, "dropbox")), other)
            owner = walk_gallery.Publishing(page, here, taking(out, "client"))
            address = publish(owner)
            with looking(opened, PHONE, "dark") as phone:
                phone.set_default_timeout(90_000)
                look(walk_gallery.Looking(phone, address, taking(out, "client", NARROW)))
            owner.see(PICKS)
            page.goto(address)
            page.locator(".tile .heart").first.wait_for()  # its owner needs no password
            owner.take(page, "desk")


PICKS = 12
NARROW = 390


def publish(owner: walk_gallery.Publishing) -> str:
    """The photographer's half."""
    owner.choose()
    owner.make()
    owner.guard()
    return owner.publish()


def look(client: walk_gallery.Looking) -> None:
    """The client's half."""
    client.come_in()
    client.pick(PICKS)
    client.send("Anna")


UP = "(what) => scrollTo(0, what.getBoundingClientRect().top + scrollY - 120)"


def go(way: walk.Walk, other: Path) -> None:
    """The whole way."""
    redirect = way.be_led()
    way.create_app()
    way.register(redirect)
    way.tick()
    way.fill_in()
    way.connect("told")
    way.submit()
    way.connect("connected")
    way.test()
    way.upload()
    way.index()
    link = way.publish(walk.THERE)
    way.edit(walk.THERE, other.read_bytes())
    if not walk.until(link, other.read_bytes()):
        raise SystemExit("what changed at the service was not seen here")
    way.page.reload()
    way.take(way.page, "changed")


if __name__ == "__main__":
    make(PICTURES)
