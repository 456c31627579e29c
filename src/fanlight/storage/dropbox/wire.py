"""Calls to Dropbox: three styles, one token, our errors.

`rpc` takes and gives JSON; `upload` takes its argument in a header and bytes in the body;
`download` gives its result in a header and bytes in the body. Texts in headers are ASCII.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fanlight.errors import ReconnectNeeded, StorageUnavailable
from fanlight.outgoing import STALL, Answer, Http, Sent
from fanlight.storage.authority import AccessTokens
from fanlight.storage.dropbox.refusals import OtherRoot, StaleToken, Wire, refusal

HOSTS = {
    "api": "https://api.dropboxapi.com",
    "content": "https://content.dropboxapi.com",
    "notify": "https://notify.dropboxapi.com",
}
COMMIT = 300.0
"""Seconds that Dropbox may think about a commit."""


class Calls:
    """One account's calls. `address` stands in for all of Dropbox's hosts."""

    def __init__(
        self, http: Http, tokens: AccessTokens, *, address: str = "", team: bool = False
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._address = address
        self._team = team
        self._root = ""
        self._finding = asyncio.Lock()

    async def rpc(self, route: str, arg: object, *, host: str = "api", stall: float = STALL) -> Any:
        """JSON in, JSON out."""
        body = json.dumps(arg).encode()
        headers = {"Content-Type": "application/json"}
        async with await self._send(route, host, headers, body, stall) as answer:
            return _json(await answer.read())

    async def upload(
        self, route: str, arg: object, body: Sent = b"", *, stall: float = STALL
    ) -> Any:
        """Bytes in, JSON out."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Dropbox-API-Arg": header(arg),
        }
        async with await self._send(route, "content", headers, body, stall) as answer:
            return _json(await answer.read())

    async def download(
        self, route: str, arg: object, headers: Mapping[str, str]
    ) -> tuple[Wire, Answer]:
        """The result, and the answer whose body are the bytes. Close it."""
        given = {**headers, "Dropbox-API-Arg": header(arg)}
        answer = await self._send(route, "content", given, b"", STALL)
        try:
            return _json(answer.headers.get("Dropbox-API-Result", "").encode()), answer
        except BaseException:
            await answer.aclose()
            raise

    async def listen(self, route: str, arg: object, stall: float) -> Any:
        """JSON in and out on the host that must not be sent a token."""
        url = self._url("notify", route)
        headers = {"Content-Type": "application/json"}
        answer = await self._http.send(
            "POST", url, headers=headers, body=json.dumps(arg).encode(), stall=stall
        )
        async with answer:
            body = await answer.read()
            if answer.status != 200:
                raise refusal(answer.status, body, answer.retry_after)
            return _json(body)

    # --- within -----------------------------------------------------------------------------------

    async def _send(
        self, route: str, host: str, headers: Mapping[str, str], body: Sent, stall: float
    ) -> Answer:
        """One call; once more where only the token or the root was no longer right."""
        token = await self._tokens.get()
        for left in (2, 1, 0):
            given = {**headers, "Authorization": f"Bearer {token}", **await self._space(token)}
            try:
                return await self._once(self._url(host, route), given, body, stall)
            except StaleToken:
                if not left:
                    break
                token = await self._tokens.renew(token)
            except OtherRoot:
                if not left or not self._root:
                    raise StorageUnavailable("The account's team space cannot be opened.") from None
                self._root = ""
        raise ReconnectNeeded(code="reconnect-needed.refused")

    async def _once(self, url: str, headers: Mapping[str, str], body: Sent, stall: float) -> Answer:
        answer = await self._http.send("POST", url, headers=headers, body=body, stall=stall)
        if answer.status in (200, 206):
            return answer
        async with answer:
            said = await answer.read()
        raise refusal(answer.status, said, answer.retry_after) from None

    async def _space(self, token: str) -> dict[str, str]:
        """The header that opens a team's space: without it only the member's own is seen."""
        if not self._team:
            return {}
        async with self._finding:
            if not self._root:
                url = self._url("api", "users/get_current_account")
                headers = {
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {token}",
                }
                async with await self._once(url, headers, b"null", STALL) as answer:
                    found = _json(await answer.read())
                self._root = str(found["root_info"]["root_namespace_id"])
        return {"Dropbox-API-Path-Root": header({".tag": "root", "root": self._root})}

    def _url(self, host: str, route: str) -> str:
        return f"{self._address or HOSTS[host]}/2/{route}"


def header(arg: object) -> str:
    """JSON that may stand in a header."""
    return json.dumps(arg).replace("\x7f", "\\u007f")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise StorageUnavailable("Dropbox answers with something unreadable.") from None
