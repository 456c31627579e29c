"""From a folder in the cloud to a client's picks, through what `make demo` serves."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from scripts import pictures, walk, walk_gallery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from scripts.studio import Studio

PICKS = 12


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, EmulatorHandle]]:
    with walk.world(tmp_path_factory.mktemp("client")) as made:
        yield made


def connected(page: Page, here: Studio, service: EmulatorHandle, photo: Path) -> None:
    """The account is connected, as the Dropbox guide leads to it."""
    way = walk.Walk(page, here, service, photo)
    redirect = way.be_led()
    way.create_app()
    way.register(redirect)
    way.submit()
    way.fill_in()
    way.connect("connected")


def test_a_folder_is_published_looked_at_picked_from_and_downloaded(
    browser: Browser,
    world: tuple[Studio, EmulatorHandle],
    photos: list[Path],
    tmp_path: Path,
) -> None:
    here, service = world
    with pictures.looking(browser, pictures.DESK, "light", here) as page:
        page.set_default_timeout(pictures.PATIENCE)
        connected(page, here, service, photos[0])
        owner = walk_gallery.Publishing(page, here)
        owner.choose()
        owner.make()
        owner.guard()
        address = owner.publish()

        width, height = pictures.PHONE
        phone = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=True, reduced_motion="reduce"
        )
        visitor = phone.new_page()
        visitor.set_default_timeout(pictures.PATIENCE)
        client = walk_gallery.Looking(visitor, address)
        client.come_in()
        assert visitor.evaluate("document.documentElement.scrollWidth") <= width
        client.pick(PICKS)
        client.send("Anna")

        seen = owner.see(PICKS)
        assert "Anna" in seen
        assert f"{PICKS} picks" in seen

        archive, cookies = client.archive()
        whole = walk_gallery.whole(archive, cookies)
        cut = len(whole) // 2
        assert walk_gallery.resumed(archive, cookies, tmp_path / "all.zip", cut) == whole
        names = zipfile.ZipFile(io.BytesIO(whole)).namelist()
        assert sum(name.lower().endswith(".jpg") for name in names) == 14
        phone.close()
