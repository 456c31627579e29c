"""A new user's way: create the app, forget Submit, be told so, mend it, connect, test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dropbox_emulator.pytest_plugin import EmulatorThread
from dropbox_emulator.settings import Settings
from scripts import pictures
from scripts.studio import studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from scripts.studio import Studio


@pytest.fixture(scope="module")
def service() -> Iterator[EmulatorHandle]:
    thread = EmulatorThread(Settings())
    handle = thread.start()
    handle.control.add_account("ann@example.org", given_name="Ann", surname="Lee")
    yield handle
    thread.stop()


@pytest.fixture(scope="module")
def house(service: EmulatorHandle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("connect")
    with studio(folder, services=f"dropbox={service.addresses.http}") as made:
        yield made


def make_app(page: Page, base: str, redirect: str) -> tuple[str, str, str]:
    """Create an app in the console and register the redirect URI; its page, key and secret."""
    page.goto(f"{base}/developers/apps")
    page.get_by_role("button", name="Sign in as Ann").click()
    page.goto(f"{base}/developers/apps/create")
    page.locator("input[name=access][value=app_folder]").check()
    page.fill("input[name=name]", "my-fanlight")
    agree = page.locator("input[name=agree]")
    if agree.count():
        agree.check()
    page.locator("form:has(input[name=access]) button.primary").click()
    page.wait_for_url("**/developers/apps/info/*")
    app = page.url.split("?")[0]
    page.get_by_label("Redirect URI").fill(redirect)
    page.locator("form:has(input[value=add_redirect]) button").click()
    page.goto(f"{app}?secret=shown")
    return app, page.inner_text("#app-key"), page.inner_text("#app-secret")


def allow(page: Page) -> None:
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/studio/channels/*")


def test_forgetting_submit_is_told_and_mended(
    browser: Browser, service: EmulatorHandle, house: Studio
) -> None:
    base = service.addresses.http
    with pictures.looking(browser, pictures.DESK, "light", house) as page:
        page.goto(f"{house.url}/studio/channels/new?provider=dropbox")
        redirect = page.locator("#redirect-here").input_value()
        assert redirect == f"{house.url}/api/oauth/dropbox/callback"
        app, key, secret = make_app(page, base, redirect)

        # ticked, but left without Submit
        page.goto(f"{app}/permissions")
        page.locator("input[value='files.content.write']").check()

        page.goto(f"{house.url}/studio/channels/new?provider=dropbox")
        page.fill("#name", "Main Dropbox")
        page.fill("#option-app_key", key)
        page.fill("#option-app_secret", secret)
        assert page.locator("#root").input_value() == "fanlight"
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/studio/channels/*")
        assert "Not connected" in page.inner_text("main")
        page.get_by_role("button", name="Connect Dropbox").first.click()
        allow(page)
        told = page.inner_text("main")
        assert "files.content.write" in told
        assert "Submit was not pressed" in told
        assert secret not in page.content()

        page.goto(f"{app}/permissions")
        for scope in ("files.content.write", "files.metadata.write", "files.content.read"):
            page.locator(f"input[value='{scope}']").check()
        page.get_by_role("button", name="Submit").click()

        page.goto(f"{house.url}/studio/channels")
        page.get_by_role("link", name="Main Dropbox").click()
        page.get_by_role("button", name="Reconnect").first.click()
        allow(page)
        assert "Healthy" in page.inner_text("main")
        assert "ann@example.org" in page.inner_text("main")
        assert "App folder" in page.inner_text("main")

        page.get_by_role("button", name="Test", exact=True).click()
        page.wait_for_selector(".trial")
        assert "The test went through" in page.inner_text(".trial")
