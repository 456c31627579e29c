"""The one door for outgoing HTTP: time-outs, proxy, address rules, user agent, failures.

Addresses are of two kinds. Those that the owner or a provider's own declaration gives may lead
anywhere, also to this machine. Those that were *found* in somebody's answer must be HTTPS and
public, whatever a name resolves to: else a service could have us ask our own network.

No redirect is followed, nothing is tried again, and nothing that was sent is ever logged.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from fanlight import __version__
from fanlight.errors import Invalid, StorageUnavailable
from fanlight.outgoing.straight import taken_over

# aiohttp is loaded by the first call: a server that makes none is some megabytes smaller
if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult
else:
    AbstractResolver = object

STALL = 30.0
"""Seconds without a single byte, in either direction, after which a call is given up."""
PIECE = 1 << 19
"""Bytes handed to a connection at once; a stall is noticed between two of them."""
LONGEST = 64 << 20
"""Bytes of an answer that is read whole."""
_CONNECT = 15.0
_KEPT = 20.0
_READ = 1 << 18

Sent = bytes | tuple[bytes, ...]
"""A body whose length is known; a tuple goes one behind the other."""


class Http:
    """Sends requests. Made anywhere, used in one event loop; connections are kept for reuse."""

    def __init__(self, *, proxy: str = "", agent: str = f"Fanlight/{__version__}") -> None:
        """`proxy` is an address such as `http://proxy.example:3128`; loopback never takes it."""
        self._proxy = proxy or None
        self._headers = {"User-Agent": agent, "Accept-Encoding": "identity"}
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Sent | AsyncIterator[bytes] = b"",
        stall: float = STALL,
        found: bool = False,
    ) -> Answer:
        """Send one request; the answer, as soon as its headers are here, whatever its status.

        What is known whole is sent with its length, an iterator in chunks. `found` says that the
        address came in an answer. Raises StorageUnavailable (`storage-unavailable.name`,
        `.refused`, `.certificate`, `.timeout`, `.broken`) and Invalid (`invalid.address`).
        """
        import aiohttp
        from yarl import URL

        self._check(url, found)
        given = {**(headers or {})}
        if isinstance(body, bytes):
            body = (body,)
        if isinstance(body, tuple):
            length = sum(map(len, body))
            given["Content-Length"] = str(length)
            body = body if length else ()
        try:
            async with _Stall(stall) as limit:
                response = await self._session(found).request(
                    method,
                    URL(url, encoded=True),
                    headers=given,
                    data=_watched(body, limit) if body else None,
                    allow_redirects=False,
                    proxy=None if _is_loopback(url) else self._proxy,
                    timeout=aiohttp.ClientTimeout(sock_connect=_CONNECT, sock_read=stall),
                )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise failure(error) from None
        return Answer(response, stall)

    async def close(self) -> None:
        """Close all connections. May be called twice."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()

    def _session(self, found: bool) -> aiohttp.ClientSession:
        import aiohttp

        session = self._sessions.get(found)
        if session is None:
            connector = aiohttp.TCPConnector(
                limit=0,  # how much an account may be driven is decided elsewhere
                keepalive_timeout=_KEPT,
                resolver=PublicOnly() if found else aiohttp.ThreadedResolver(),
            )
            session = self._sessions[found] = aiohttp.ClientSession(
                connector=connector,
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                read_bufsize=_READ,
            )
        return session

    def _check(self, url: str, found: bool) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _bad_address()
        if found and (parts.scheme != "https" or not _may_be_public(parts.hostname)):
            raise _bad_address()


class Answer:
    """What came back. `async with` it, or `aclose` it: an unread body ends its connection."""

    def __init__(self, response: aiohttp.ClientResponse, stall: float) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        """Names in any case."""
        self._response = response
        self._stall = stall

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def read(self, most: int = LONGEST) -> bytes:
        """The whole body. StorageUnavailable, also if it has more than `most` bytes."""
        gathered: list[bytes] = []
        size = 0
        async for piece in self.pieces():
            size += len(piece)
            if size > most:
                raise StorageUnavailable("The answer of the service is far too long.")
            gathered.append(piece)
        return b"".join(gathered)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it arrives. StorageUnavailable if it breaks, stalls or ends early."""
        import aiohttp

        try:
            if (taken := taken_over(self._response, self._stall)) is not None:
                begun, rest = taken
                if begun:
                    yield begun
                async for piece in rest:
                    yield piece
                return
            async for piece in self._response.content.iter_any():
                yield piece
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise failure(error) from None

    async def aclose(self) -> None:
        """Stop reading. May be called twice."""
        self._response.close()

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks us to wait, if it does."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return float(value)
        moment = _moment(value)
        return None if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())

    @property
    def date(self) -> datetime | None:
        """What the service's clock said, if it says."""
        return _moment(self.headers.get("Date", ""))


def failure(error: aiohttp.ClientError | OSError | TimeoutError) -> StorageUnavailable:
    """Our error for a call that came to no answer. It says nothing of what was sent."""
    import aiohttp

    if isinstance(error, TimeoutError):
        return _unavailable("The service did not answer in time.", "timeout")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return _unavailable("The name of the service cannot be found.", "name")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return _unavailable("The service's certificate was not accepted.", "certificate")
    if isinstance(error, aiohttp.ClientConnectorError):
        return _unavailable("The service cannot be reached.", "refused")
    return _unavailable("The connection to the service broke.", "broken")


def _unavailable(message: str, code: str) -> StorageUnavailable:
    return StorageUnavailable(message, code=f"{StorageUnavailable.code}.{code}")


def _bad_address() -> Invalid:
    return Invalid(
        "This address may not be asked.",
        remedy="Use a public address that begins with https://.",
        code="invalid.address",
    )


class _Stall:
    """The time-out of a call until its answer begins; it starts anew with each `progress`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timeout = asyncio.timeout(seconds)
        self._over = False

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over = True
        await self._timeout.__aexit__(kind, error, trace)

    def progress(self) -> None:
        """A piece was taken. After an early answer it no longer matters."""
        if not self._over and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + self._seconds)


async def _watched(
    body: tuple[bytes, ...] | AsyncIterator[bytes], limit: _Stall
) -> AsyncIterator[bytes | memoryview]:
    """The body in pieces that do not hold up a slow line for long."""
    if isinstance(body, tuple):
        for view in map(memoryview, body):
            for start in range(0, len(view), PIECE):
                yield view[start : start + PIECE]
                limit.progress()
    else:
        async for piece in body:
            yield piece
            limit.progress()


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _may_be_public(host: str) -> bool:
    """Whether a host is a public address, or a name of which only the resolver knows."""
    try:
        return _is_public(host)
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _is_public(address: str) -> bool:
    """ValueError for what is no address."""
    found = ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast


class PublicOnly(AbstractResolver):
    """Resolves names to public addresses alone: nobody can lead us into our own network."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        import aiohttp

        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The public ones among a name's addresses; OSError if there is none."""
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if _is_public(one["host"])]
        if not public:
            raise OSError("no public address")
        return public

    async def close(self) -> None:
        """Nothing is held."""
        await self._inner.close()
