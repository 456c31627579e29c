"""An emulated service, an owner who goes there, and the channels that they connect."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp

from fanlight.channels import Channels
from fanlight.model import SERVER, Finding

if TYPE_CHECKING:
    from dropbox_emulator.client import Control
    from fanlight.catalogue import Catalogue
    from fanlight.channels.connecting import Return
    from fanlight.channels.state import State
    from fanlight.model import Channel

BACK = "https://photos.example.com/api/oauth/dropbox/callback"
EMAIL, PASSWORD, BROWSER = "ann@example.org", "password", "this browser"
ALL = (
    "account_info.read",
    "files.metadata.read",
    "files.metadata.write",
    "files.content.write",
    "files.content.read",
)


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Stage:
    """Everything in one place."""

    channels: Channels
    control: Control
    base: str
    http: aiohttp.ClientSession
    clock: Clock
    app: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def at(cls, catalogue: Catalogue, control: Control, base: str) -> Stage:
        clock = Clock()
        channels = Channels(catalogue, clock=clock, addresses={"dropbox": base})
        jar = aiohttp.CookieJar(unsafe=True)
        return cls(channels, control, base, aiohttp.ClientSession(cookie_jar=jar), clock)

    async def close(self) -> None:
        await self.channels.close()
        await self.http.close()

    def add_app(self, **more: object) -> None:
        """An account and its app at the service, with the redirect URI registered."""
        given = {"redirect_uris": [BACK], "scopes": list(ALL), **more}
        self.app = self.control.add_app("Photos", **given)

    async def add(
        self, *, key: str = "", secret: str = "", uploads: bool = True, root: str | None = None
    ) -> Channel:
        """A channel that is not connected yet."""
        return await self.channels.add(
            SERVER,
            provider="dropbox",
            name="Main",
            options={
                "app_key": key or self.app["app_key"],
                "app_secret": secret or self.app["app_secret"],
            },
            uploads=uploads,
            root=root,
        )

    async def connect(
        self,
        channel: Channel,
        *,
        decision: str = "allow",
        bound: str = BROWSER,
        email: str = EMAIL,
    ) -> Return:
        """Go to the service, press a button there, and come back."""
        departure = await self.channels.connecting.begin(
            SERVER, channel.id, bound=BROWSER, redirect_uri=BACK
        )
        back = await self.consent(departure.address, decision, email=email)
        return await self.channels.connecting.finish(
            SERVER,
            state=back["state"],
            bound=bound,
            code=back.get("code", ""),
            error=back.get("error", ""),
        )

    async def consent(
        self, address: str, decision: str = "allow", *, email: str = EMAIL
    ) -> dict[str, str]:
        """Open the consent page, sign in, press a button; the query that comes back."""
        form = {"email": email, "password": PASSWORD, "cont": ""}
        async with self.http.post(f"{self.base}/login", data=form):
            pass
        async with self.http.get(address) as shown:
            page = await shown.text()
        proof = re.search(r'name="csrf" value="([^"]*)"', page)
        assert proof, page
        data = {"csrf": proof[1], "decision": decision}
        async with self.http.post(address, data=data, allow_redirects=False) as answer:
            query = urlsplit(answer.headers["Location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    async def state(self, channel: Channel) -> State:
        return await self.channels.state(SERVER, channel.id)

    async def found(self, channel: Channel) -> dict[str, Finding]:
        """The findings that were kept, by code."""
        return {one.code: one for one in (await self.state(channel)).channel.findings}

    async def told(self, channel: Channel, code: str) -> None:
        """Wait for a finding that is looked into in the background."""
        async with asyncio.timeout(60):
            while code not in await self.found(channel):
                await asyncio.sleep(0.01)

    async def diagnosed(self, channel: Channel) -> dict[str, Finding]:
        """The findings of a diagnosis now."""
        await self.channels.check(SERVER, channel.id)
        return await self.found(channel)
