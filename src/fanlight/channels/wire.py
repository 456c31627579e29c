"""The few requests that connecting makes by itself: forms to a token endpoint, a look at a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fanlight.oauth import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fanlight.outgoing import Http

MOST = 1 << 20
"""Bytes of an answer that are looked at."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a service shows at an address, without following where it leads."""

    status: int
    text: str
    at: datetime | None
    """The service's own clock."""


class Wire:
    """Sends them through the one door."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Send a form. Raises StorageUnavailable."""
        kind = FORM if form else {}
        body = urlencode(dict(form)).encode()
        async with await self._http.send(
            "POST", url, headers={**headers, **kind}, body=body
        ) as answer:
            return Reply(answer.status, await answer.read(MOST), answer.retry_after)

    async def look(self, url: str) -> Page:
        """Open a page as a browser that is nobody yet would. Raises StorageUnavailable."""
        async with await self._http.send("GET", url, headers={"Accept": "text/html"}) as answer:
            text = (await answer.read(MOST)).decode("utf-8", "replace")
            return Page(answer.status, text, answer.date)
