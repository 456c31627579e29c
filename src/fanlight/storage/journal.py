"""What has happened to the objects in memory, with a limited past, and waiting for the next."""

from __future__ import annotations

import asyncio
import re
from collections import deque

from fanlight.errors import CursorLost

PAST = 10_000
"""Changes that are remembered."""
PATIENCE = 30.0
"""Seconds that a wait lasts at most."""

_CURSOR = re.compile(r"(\d{1,15})(?:-(.*))?", re.DOTALL)


class Journal:
    """Numbers changes from 0. A cursor is such a number, with a path while a listing goes on."""

    def __init__(self) -> None:
        self.end = 0
        self._paths: deque[str] = deque(maxlen=PAST)
        self._first = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def note(self, path: str) -> None:
        """Something has come to be, changed or gone at a path."""
        self._paths.append(path)
        self.end += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def forget(self) -> None:
        """Lose every cursor there is."""
        self._paths.clear()
        self.end += 1
        self._first = self.end

    @staticmethod
    def cursor(at: int, listed: str | None = None) -> str:
        """A cursor; with the last path `listed`, in the middle of a listing that began then."""
        return str(at) if listed is None else f"{at}-{listed}"

    def place(self, cursor: str | None) -> tuple[int, str | None]:
        """What a cursor says; no cursor begins a listing. CursorLost."""
        if cursor is None:
            return self.end, ""
        said = _CURSOR.fullmatch(cursor)
        if said is None or not self._begin <= int(said[1]) <= self.end:
            raise CursorLost
        return int(said[1]), said[2]

    def since(self, at: int, most: int) -> tuple[list[str], int]:
        """Paths at which something happened from number `at` on, and the number after them."""
        begin = at - self._begin
        touched = list(self._paths)[begin : begin + most]
        return list(dict.fromkeys(touched)), at + len(touched)

    async def wait(self, cursor: str) -> bool:
        """Whether something happens after a cursor, within our patience. CursorLost."""
        if self.place(cursor)[0] < self.end:
            return True
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(PATIENCE):
                await waiting
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)
        return True

    @property
    def _begin(self) -> int:
        return max(self._first, self.end - len(self._paths))
