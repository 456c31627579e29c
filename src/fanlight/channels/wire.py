"""The few requests that connecting makes by itself: forms to a token endpoint, a look at a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from fanlight.errors import StorageUnavailable
from fanlight.oauth import Reply

SECONDS = 20.0
MOST = 1 << 20
"""Bytes of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a service shows at an address, without following where it leads."""

    status: int
    text: str
    at: datetime | None
    """The service's own clock."""


class Wire:
    """Opened on first use; closed with the channels."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Send a form. Raises StorageUnavailable."""
        try:
            async with self._http().post(
                url, data=dict(form) or None, headers=headers, allow_redirects=False
            ) as answer:
                body = await answer.content.read(MOST)
                return Reply(answer.status, body, _seconds(answer.headers.get("Retry-After")))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise _unreachable(url, error) from None

    async def look(self, url: str) -> Page:
        """Open a page as a browser that is nobody yet would. Raises StorageUnavailable."""
        try:
            async with self._http().get(url, allow_redirects=False) as answer:
                text = (await answer.content.read(MOST)).decode("utf-8", "replace")
                return Page(answer.status, text, _moment(answer.headers.get("Date")))
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise _unreachable(url, error) from None

    async def close(self) -> None:
        """Give the connections up. May be called twice."""
        if self._session is not None:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=jar, trust_env=True)
        return self._session


def _unreachable(url: str, error: Exception) -> StorageUnavailable:
    host = url.split("/")[2] if "://" in url else url
    why = "it did not answer in time" if isinstance(error, TimeoutError) else "no connection"
    return StorageUnavailable(f"{host} cannot be reached: {why}.")


def _seconds(given: str | None) -> float | None:
    try:
        return None if given is None else float(given)
    except ValueError:
        return None


def _moment(given: str | None) -> datetime | None:
    try:
        return None if given is None else parsedate_to_datetime(given).astimezone(UTC)
    except ValueError:
        return None
