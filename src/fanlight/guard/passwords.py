"""Passwords: argon2id, off the event loop, with bounded memory and the same cost for everybody."""

from __future__ import annotations

import asyncio
import base64
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fanlight.errors import Invalid, Throttled

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SHORTEST, LONGEST = 8, 1000
"""Characters of a password."""
MEMORY = 19 * 1024
"""KiB one hash takes; with the rounds below what OWASP asks of argon2id at least."""
ROUNDS = 2
WAITING = 32
"""Hashes that may wait for their turn; one more is told to come back."""


class Passwords:
    """Hashes and checks passwords on one thread of its own: 19 MiB at a time, whoever knocks."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY, parallelism=1)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobodys = _unknown_hash()

    async def hash(self, password: str) -> str:
        """What is kept of a password. Raises Invalid (`invalid.password`), Throttled."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise Invalid(
                f"A password has {SHORTEST} to {LONGEST} characters.",
                remedy="Choose a longer one; several words are easy to remember.",
                code="invalid.password",
                about="password",
            )
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """Whether it is the password; `kept=None` (no such user) takes as long and says no."""
        if len(password) > LONGEST:
            return False
        good = await self._run(lambda: self._matches(password, kept or self._nobodys))
        return good and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise Throttled(retry_after=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def _bytes(password: str) -> bytes:
    """NFKC, so that the same keys pressed on another machine are the same password."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")


def _unknown_hash() -> str:
    """A hash of nothing, with today's parameters."""

    def random(length: int) -> str:
        return base64.b64encode(os.urandom(length)).decode().rstrip("=")

    return f"$argon2id$v=19$m={MEMORY},t={ROUNDS},p=1${random(16)}${random(32)}"
