"""A new user's way through what `make demo` serves, exactly as the guide shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts import pictures, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from scripts.studio import Studio


GUIDE = pictures.DOCS / "guides" / "dropbox.md"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, EmulatorHandle]]:
    with walk.world(tmp_path_factory.mktemp("connect")) as made:
        yield made


def test_from_the_console_to_a_published_photo_that_changes(
    browser: Browser, world: tuple[Studio, EmulatorHandle], photos: list[Path]
) -> None:
    here, service = world
    with pictures.looking(browser, pictures.DESK, "light", here) as page:
        page.set_default_timeout(pictures.PATIENCE)
        seen: list[str] = []
        way = walk.Walk(page, here, service, photos[0], lambda _, name: seen.append(name))
        redirect = way.be_led()
        assert redirect == f"{here.url}/api/oauth/dropbox/callback"
        way.create_app()
        way.register(redirect)
        way.tick()

        way.fill_in()
        assert "Not connected" in way.says()
        way.connect("told")
        assert "Connected, with something to mend" in way.says()
        assert "Submit was not pressed" in way.says()
        assert "files.content.write" in way.says()
        assert way.secret not in page.content()

        way.submit()
        way.connect("connected")
        assert "Healthy" in way.says()
        assert "ann@example.org" in way.says()
        assert "Full Dropbox" in way.says()
        way.test()
        assert "The test went through" in page.inner_text(".trial")

        link = way.upload()
        assert walk.content_of(link) == photos[0].read_bytes()
        stored = [one["path"] for one in service.control.tree()]
        (path,) = [one for one in stored if one.endswith(photos[0].name)]
        assert path.startswith(f"/{walk.FOLDER}/")

        way.index()
        link = way.publish(walk.THERE)
        assert walk.content_of(link) not in (b"", photos[1].read_bytes())
        after = photos[1].read_bytes()
        way.edit(walk.THERE, after)
        assert walk.until(link, after), "the same link shows what is there now"
    guide = GUIDE.read_text("utf-8")
    assert not [name for name in seen if f"pictures/dropbox-{name}.jpg" not in guide]
