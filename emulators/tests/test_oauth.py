"""OAuth: authorize, code exchange, PKCE, refresh, revoke, and the three scope failures."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from dropbox_emulator.pytest_plugin import EmulatorHandle

from .support import Dropbox, Reply, form, http

CALLBACK = "http://localhost:9999/callback"
READ = ["files.metadata.read", "files.content.read"]


class Browser:
    """Signs in and presses buttons, without a real browser."""

    def __init__(self, handle: EmulatorHandle, email: str = "ann@example.org") -> None:
        self.address = handle.addresses.http
        reply = form(self.address, "/login", {"email": email, "password": "password", "cont": ""})
        self.cookie = reply.headers["set-cookie"].partition(";")[0]

    def get(self, path: str) -> Reply:
        return http(self.address, "GET", path, None, {"Cookie": self.cookie})

    def post(self, path: str, **fields: str) -> Reply:
        page = self.get(path)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert csrf, page.text
        fields["csrf"] = csrf[1]
        return form(self.address, path, fields, {"Cookie": self.cookie})

    def authorize(self, app: dict[str, Any], **params: str) -> dict[str, str]:
        """Press Allow; answers what came back to the redirect URI."""
        path = authorize_path(app, **params)
        reply = self.post(path, decision="allow")
        assert reply.status == 302, reply.text
        return answer(reply)


def authorize_path(app: dict[str, Any], **params: str) -> str:
    base = {"client_id": app["app_key"], "response_type": "code", "redirect_uri": CALLBACK}
    return "/oauth2/authorize?" + urlencode(base | params)


def answer(reply: Reply) -> dict[str, str]:
    return {
        key: each[0] for key, each in parse_qs(urlsplit(reply.headers["location"]).query).items()
    }


@pytest.fixture
def app(emulator: EmulatorHandle) -> dict[str, Any]:
    emulator.control.add_account("ann@example.org", given_name="Ann", surname="Lee")
    return emulator.control.add_app("Photo wall", scopes=READ, redirect_uris=[CALLBACK])


def exchange(handle: EmulatorHandle, app: dict[str, Any], code: str, **more: str) -> Reply:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": app["app_key"],
        "client_secret": app["app_secret"],
    }
    fields = {key: value for key, value in (fields | more).items() if value}
    return form(handle.addresses.http, "/oauth2/token", fields)


def refresh(handle: EmulatorHandle, app: dict[str, Any], text: str, **more: str) -> Reply:
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": text,
        "client_id": app["app_key"],
        "client_secret": app["app_secret"],
    }
    fields = {key: value for key, value in (fields | more).items() if value}
    return form(handle.addresses.http, "/oauth2/token", fields)


def client(handle: EmulatorHandle, app: dict[str, Any], token: str) -> Dropbox:
    return Dropbox(handle, token, app, {})


def test_the_whole_journey(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    browser = Browser(emulator)
    page = browser.get(authorize_path(app, token_access_type="offline", state="s 1")).text
    assert "Photo wall" in page
    assert "files.content.read" in page
    back = browser.authorize(app, token_access_type="offline", state="s 1")
    assert back["state"] == "s 1"
    token = exchange(emulator, app, back["code"]).json
    assert token["token_type"] == "bearer"
    assert token["expires_in"] == 14400
    assert token["scope"] == "account_info.read files.content.read files.metadata.read"
    assert token["uid"].isdigit()
    assert token["account_id"].startswith("dbid:")
    assert client(emulator, app, token["access_token"]).ok("files/list_folder", {"path": ""})
    again = refresh(emulator, app, token["refresh_token"]).json
    assert set(again) == {"access_token", "expires_in", "token_type"}
    for text in (token["access_token"], again["access_token"]):
        assert client(emulator, app, text).call("check/user", {"query": "x"}).status == 200


def test_cancel_goes_back_with_access_denied(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    path = authorize_path(app, state="x")
    back = answer(Browser(emulator).post(path, decision="cancel"))
    assert back["error"] == "access_denied"
    assert back["state"] == "x"
    assert "chose not to give" in back["error_description"]


def test_online_has_no_refresh_token(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    back = Browser(emulator).authorize(app, token_access_type="online")
    assert "refresh_token" not in exchange(emulator, app, back["code"]).json


def test_legacy_token_does_not_expire(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    back = Browser(emulator).authorize(app, token_access_type="legacy")
    token = exchange(emulator, app, back["code"]).json
    assert "expires_in" not in token
    emulator.control.advance(10 * 365 * 86400)
    assert client(emulator, app, token["access_token"]).call("check/user", {}).status == 200


def test_without_redirect_the_code_is_shown(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    browser = Browser(emulator)
    query = urlencode({"client_id": app["app_key"], "response_type": "code"})
    page = browser.post(f"/oauth2/authorize?{query}", decision="allow").text
    code = re.search(r'data-token="([^"]+)"', page)
    assert code
    assert exchange(emulator, app, html.unescape(code[1]), redirect_uri="").status == 200


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"client_id": "xyz"}, 'Invalid client_id: "xyz".'),
        ({"redirect_uri": CALLBACK + "/"}, "Invalid redirect_uri. It must exactly match"),
        ({"scope": "sharing.write"}, "No scope requested can be granted for this app."),
        ({"response_type": "magic"}, "Invalid response_type"),
    ],
)
def test_mistakes_are_shown_and_never_redirected(
    emulator: EmulatorHandle, app: dict[str, Any], params: dict[str, str], text: str
) -> None:
    reply = Browser(emulator).get(authorize_path(app, **params))
    assert reply.status == 400
    assert "Error (400)" in reply.text
    assert text in html.unescape(reply.text)


def test_approval_is_remembered_unless_forced(
    emulator: EmulatorHandle, app: dict[str, Any]
) -> None:
    browser = Browser(emulator)
    exchange(emulator, app, browser.authorize(app)["code"])
    assert browser.get(authorize_path(app)).status == 302
    assert browser.get(authorize_path(app, force_reapprove="true")).status == 200


def test_partial_grant_is_the_intersection(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    back = Browser(emulator).authorize(app, scope="files.metadata.read files.content.write")
    scope = exchange(emulator, app, back["code"]).json["scope"]
    assert scope == "account_info.read files.metadata.read"


def test_include_granted_scopes(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    browser = Browser(emulator)
    more = {"include_granted_scopes": "user"}
    assert browser.get(authorize_path(app, scope=READ[1], **more)).status == 400
    exchange(emulator, app, browser.authorize(app, scope=READ[0])["code"])
    back = browser.authorize(app, scope=READ[1], **more)
    scope = exchange(emulator, app, back["code"]).json["scope"]
    assert scope == "account_info.read files.content.read files.metadata.read"


@pytest.mark.parametrize("method", ["S256", "plain"])
def test_pkce(emulator: EmulatorHandle, app: dict[str, Any], method: str) -> None:
    verifier = "v" * 43
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    challenge = digest.rstrip("=") if method == "S256" else verifier
    browser = Browser(emulator)
    params = {"code_challenge": challenge, "code_challenge_method": method}
    params |= {"token_access_type": "offline", "force_reapprove": "true"}
    code = browser.authorize(app, **params)["code"]
    wrong = exchange(emulator, app, code, client_secret="", code_verifier="w" * 43)
    assert wrong.json["error"] == "invalid_grant"
    token = exchange(emulator, app, code, client_secret="", code_verifier=verifier).json
    assert refresh(emulator, app, token["refresh_token"], client_secret="").status == 200


def test_error_bodies_of_the_exchange(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    browser = Browser(emulator)
    code = browser.authorize(app)["code"]
    gone = {
        "error_description": "code doesn't exist or has expired",
        "error": "invalid_grant",
    }
    assert exchange(emulator, app, "nope").json == gone
    assert exchange(emulator, app, code, redirect_uri=CALLBACK + "2").json == {
        "error_description": "redirect_uri mismatch",
        "error": "invalid_grant",
    }
    wrong = exchange(emulator, app, code, client_secret="wrong")
    assert wrong.status == 400
    assert wrong.json["error"] == "invalid_client: Invalid client_id or client_secret"
    assert exchange(emulator, app, code, scope="x").status == 400
    assert exchange(emulator, app, code).status == 200
    assert exchange(emulator, app, code).json == gone


def test_codes_expire(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    code = Browser(emulator).authorize(app)["code"]
    emulator.control.advance(601)
    assert exchange(emulator, app, code).json["error"] == "invalid_grant"


def test_error_bodies_of_the_refresh(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    assert refresh(emulator, app, "abc").json["error_description"] == "refresh token is malformed"
    unknown = refresh(emulator, app, "rt.unknown").json
    assert unknown["error_description"] == "refresh token is invalid or revoked"
    wrong = refresh(emulator, app, grant["refresh_token"], client_secret="wrong")
    assert "invalid_client" in wrong.json["error"]


def test_narrower_scope_on_refresh(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    token = refresh(emulator, app, grant["refresh_token"], scope="files.metadata.read").json
    assert token["scope"] == "files.metadata.read"
    reply = client(emulator, app, token["access_token"]).call("users/get_current_account")
    assert reply.status == 401
    assert reply.json["error"] == {".tag": "missing_scope", "required_scope": "account_info.read"}


def test_access_tokens_expire_on_the_clock(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    dbx = client(emulator, app, grant["access_token"])
    emulator.control.advance(14399)
    assert dbx.call("check/user", {}).status == 200
    emulator.control.advance(2)
    reply = dbx.call("check/user", {})
    assert reply.status == 401
    assert reply.json["error"] == {".tag": "expired_access_token"}
    assert refresh(emulator, app, grant["refresh_token"]).status == 200


def test_revoke_ends_the_whole_grant(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    sibling = refresh(emulator, app, grant["refresh_token"]).json["access_token"]
    assert client(emulator, app, grant["access_token"]).call("auth/token/revoke").status == 200
    for token in (grant["access_token"], sibling):
        reply = client(emulator, app, token).call("check/user", {})
        assert reply.json["error"] == {".tag": "invalid_access_token"}
    assert refresh(emulator, app, grant["refresh_token"]).json["error"] == "invalid_grant"


def test_the_app_lacks_the_scope(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    dbx = client(emulator, app, grant["access_token"])
    reply = dbx.call("files/delete_v2", {"path": "/x"})
    assert reply.status == 400
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text == (
        'Error in call to API function "files/delete_v2": Your app '
        f"(ID: {app['app_id']}) is not permitted to access this endpoint because it does not have "
        "the required scope 'files.content.write'. The owner of the app can enable the scope for "
        "the app using the Permissions tab on the App Console."
    )


def test_the_token_lacks_the_scope(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    emulator.control.change_app(app["app_key"], scopes=[*READ, "files.content.write"])
    token = refresh(emulator, app, grant["refresh_token"]).json["access_token"]
    reply = client(emulator, app, token).call("files/delete_v2", {"path": "/x"})
    assert reply.status == 401
    assert reply.json["error"]["required_scope"] == "files.content.write"


def test_fifty_users_start_the_clock(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    control = emulator.control
    for number in range(50):
        control.add_account(f"u{number}@example.org")
        control.grant(app["app_key"], f"u{number}@example.org")
    path = authorize_path(app)
    assert Browser(emulator).get(path).status == 200
    control.advance(15 * 86400)
    assert Browser(emulator).get(path).status == 403
    control.change_app(app["app_key"], status="production")
    assert Browser(emulator).get(path).status == 200


def test_app_authentication(dbx: Dropbox) -> None:
    pair = f"{dbx.app['app_key']}:{dbx.app['app_secret']}".encode()
    headers = {
        "Authorization": "Basic " + base64.b64encode(pair).decode(),
        "Content-Type": "application/json",
    }
    reply = http(dbx.address, "POST", "/2/check/app", b'{"query": "hi"}', headers)
    assert reply.json == {"result": "hi"}
    headers["Authorization"] = "Basic " + base64.b64encode(b"a:b").decode()
    assert http(dbx.address, "POST", "/2/check/app", b"{}", headers).status == 401


def test_connected_apps_page_disconnects(emulator: EmulatorHandle, app: dict[str, Any]) -> None:
    grant = emulator.control.grant()
    browser = Browser(emulator)
    assert "Photo wall" in browser.get("/account/connected_apps").text
    browser.post("/account/connected_apps", app=app["app_key"])
    reply = client(emulator, app, grant["access_token"]).call("check/user", {})
    assert reply.status == 401
