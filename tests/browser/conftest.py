"""A real studio with a few photographs, and Debian's Chromium to look at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from scripts import pictures, sample_photos, studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext


# Playwright keeps an event loop running in this thread while it is open: module by module, so that
# it is closed before anybody else's tests want a loop of their own
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(pictures.CHROMIUM).exists():
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    expect.set_options(timeout=pictures.PATIENCE)
    with pictures.browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(sample_photos.write(tmp_path_factory.mktemp("photos"), 5, edge=480))


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory, photos: list[Path]) -> Iterator[studio.Studio]:
    with studio.studio(tmp_path_factory.mktemp("studio")) as made:
        made.upload(*photos[:3], folder="trips")
        yield made


@pytest.fixture(scope="module")
def signed_in(browser: Browser, here: studio.Studio) -> Iterator[BrowserContext]:
    """A context that stays signed in, with the clipboard allowed; pages tell of every complaint."""
    with pictures.looking(browser, pictures.DESK, "light", here) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield page.context
