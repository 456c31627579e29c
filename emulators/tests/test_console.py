"""The App Console, walked as the documents tell people to walk it."""

from __future__ import annotations

import re

import pytest

from dropbox_emulator.pytest_plugin import EmulatorHandle

from .support import form
from .test_oauth import Browser


@pytest.fixture
def browser(emulator: EmulatorHandle) -> Browser:
    emulator.control.add_account("ann@example.org", given_name="Ann", surname="Lee")
    return Browser(emulator)


def make_app(browser: Browser, access: str = "full") -> str:
    reply = browser.post("/developers/apps/create", api="scoped", access=access, name="Photo wall")
    assert reply.status == 302, reply.text
    return reply.headers["location"].rpartition("/")[2]


def test_signing_in_is_needed_and_leads_back(emulator: EmulatorHandle, browser: Browser) -> None:
    from .support import http

    reply = http(browser.address, "GET", "/developers/apps")
    assert reply.headers["location"].startswith("/login?cont=%2Fdevelopers%2Fapps")
    wrong = form(browser.address, "/login", {"email": "ann@example.org", "password": "no"})
    assert wrong.status == 403
    sneaky = form(
        browser.address,
        "/login",
        {"email": "ann@example.org", "password": "password", "cont": "//evil.example"},
    )
    assert sneaky.headers["location"] == "/developers/apps"


def test_create_settings_secret(emulator: EmulatorHandle, browser: Browser) -> None:
    key = make_app(browser)
    secret = emulator.control.send("apps")["apps"][0]["app_secret"]
    page = browser.get(f"/developers/apps/info/{key}").text
    assert key in page
    assert secret not in page
    assert secret in browser.get(f"/developers/apps/info/{key}?secret=shown").text


def test_create_explains_mistakes(browser: Browser) -> None:
    reply = browser.post("/developers/apps/create", api="scoped", name="")
    assert reply.status == 422
    assert "Choose the type of access" in reply.text
    make_app(browser)
    taken = browser.post("/developers/apps/create", api="scoped", access="full", name="PHOTO WALL")
    assert "This name is taken" in taken.text


def test_redirect_uris_must_be_https_or_local(emulator: EmulatorHandle, browser: Browser) -> None:
    key = make_app(browser)
    page = f"/developers/apps/info/{key}"
    assert browser.post(page, action="add_redirect", value="http://example.org/").status == 422
    for uri in ("https://example.org/cb", "http://localhost:8080/cb"):
        assert browser.post(page, action="add_redirect", value=uri).status == 302
    browser.post(page, action="remove_redirect", value="https://example.org/cb")
    assert emulator.control.send("apps")["apps"][0]["redirect_uris"] == ["http://localhost:8080/cb"]


def test_ticks_do_nothing_until_submit(emulator: EmulatorHandle, browser: Browser) -> None:
    key = make_app(browser)
    page = f"/developers/apps/info/{key}/permissions"
    token = re.search(
        r'id="generated-token" value="([^"]+)"',
        browser.post(f"/developers/apps/info/{key}", action="token").text,
    )
    assert token
    shown = browser.get(page).text
    box = r'value="files\.metadata\.read"\s+checked'
    assert not re.search(box, shown)
    # Leaving the page and coming back: nothing was kept, because nothing was sent.
    assert not re.search(box, browser.get(page).text)
    assert emulator.control.send("apps")["apps"][0]["scopes"] == ["account_info.read"]
    browser.post(page, scope="files.content.read")
    assert re.search(box, browser.get(page).text), "what a scope needs is ticked with it"
    assert emulator.control.send("apps")["apps"][0]["scopes"] == [
        "account_info.read",
        "files.content.read",
        "files.metadata.read",
    ]


def test_forms_of_strangers_are_refused(emulator: EmulatorHandle, browser: Browser) -> None:
    key = make_app(browser)
    fields = {"csrf": "wrong", "scope": "files.content.read"}
    form(
        browser.address,
        f"/developers/apps/info/{key}/permissions",
        fields,
        {"Cookie": browser.cookie},
    )
    assert emulator.control.send("apps")["apps"][0]["scopes"] == ["account_info.read"]


def test_apps_of_others_are_not_shown(emulator: EmulatorHandle, browser: Browser) -> None:
    key = make_app(browser)
    emulator.control.add_account("bo@example.org")
    other = Browser(emulator, "bo@example.org")
    assert other.get(f"/developers/apps/info/{key}").status == 404


def test_status_and_deletion(emulator: EmulatorHandle, browser: Browser) -> None:
    key = make_app(browser)
    page = f"/developers/apps/info/{key}"
    browser.post(page, action="status", value="production")
    assert emulator.control.send("apps")["apps"][0]["status"] == "production"
    browser.post(page, action="delete_app")
    assert emulator.control.send("apps")["apps"] == []
