"""An emulated service with one account and one app, and a browser of few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from fanlight.errors import StorageUnavailable
from fanlight.oauth import App, Endpoint, Reply, Service

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from dropbox_emulator.client import Control
    from dropbox_emulator.pytest_plugin import EmulatorHandle

BACK = "https://photos.example.com/api/oauth/back"
EMAIL, PASSWORD = "ann@example.org", "password"
SCOPES = ("account_info.read", "files.content.read", "files.metadata.read")


@dataclass
class Town:
    """The service, our app there, and how to talk with both."""

    base: str
    control: Control
    http: aiohttp.ClientSession
    app: App

    @property
    def service(self) -> Service:
        return Service(
            authorize=f"{self.base}/oauth2/authorize",
            token=f"{self.base}/oauth2/token",
            revoke=f"{self.base}/2/auth/token/revoke",
            asking={"token_access_type": "offline"},
            again={"force_reapprove": "true"},
        )

    def endpoint(self, app: App | None = None) -> Endpoint:
        return Endpoint(self.service, app or self.app, self.post)

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        try:
            async with self.http.post(url, data=dict(form) or None, headers=headers) as answer:
                return Reply(answer.status, await answer.read())
        except aiohttp.ClientError:
            raise StorageUnavailable from None

    async def consent(self, address: str, decision: str = "allow") -> dict[str, str]:
        """Open the consent page, sign in if asked, press a button; the query that comes back."""
        form = {"email": EMAIL, "password": PASSWORD, "cont": ""}
        async with self.http.post(f"{self.base}/login", data=form):
            page = (await self.shown(address))[1]
        proof = re.search(r'name="csrf" value="([^"]*)"', page)
        assert proof, page
        data = {"csrf": proof[1], "decision": decision}
        async with self.http.post(address, data=data, allow_redirects=False) as answer:
            query = urlsplit(answer.headers["Location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    async def shown(self, address: str) -> tuple[int, str]:
        """Status and text of a page."""
        async with self.http.get(address) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def town(dropbox_emulator: EmulatorHandle) -> AsyncGenerator[Town]:
    control = dropbox_emulator.control
    control.add_account(EMAIL, given_name="Ann", surname="Lee", password=PASSWORD)
    made = control.add_app("Photos", redirect_uris=[BACK], scopes=list(SCOPES))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        app = App(made["app_key"], made["app_secret"])
        yield Town(dropbox_emulator.addresses.http, control, http, app)
