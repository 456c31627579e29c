"""Small objects that are put at the same time are stored together, by one committer per account.

Nobody waits for company: what comes while nothing is under way is put by itself, at once. What
comes meanwhile gathers, goes up in one call and is committed in one more. The commits of all
processes that use the account take turns; how many objects one takes grows while all goes well,
and shrinks when the service is pressed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from fanlight.errors import (
    AlreadyExists,
    ObjectMissing,
    RateLimited,
    StorageError,
    StorageUnavailable,
)
from fanlight.storage.base import Commit, Entry, Traits
from fanlight.storage.calls import Calls
from fanlight.storage.many import PutsMany
from fanlight.storage.pace import Lane
from fanlight.storage.shared import COMMITTER, Shared

log = structlog.get_logger(__name__)

SENDERS = 4
"""Calls that carry bytes up at once."""
FIRST = 100
"""Objects in a commit, before it is known how that goes."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """Somebody waits for an object; with its bytes, or with a session that holds them."""

    commit: Commit
    data: bytes = field(repr=False)
    done: asyncio.Future[Entry]
    tries: int = 0
    unclear: bool = False
    """The reply to a commit was lost: it may have worked."""


class Gathering:
    """One channel's. `together` is how many objects a commit takes now."""

    def __init__(self, puts: PutsMany, traits: Traits, calls: Calls, shared: Shared) -> None:
        self.together = min(FIRST, traits.together)
        self._puts = puts
        self._traits = traits
        self._calls = calls
        self._shared = shared
        self._parcels: deque[_Waiting] = deque()
        self._commits: deque[_Waiting] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._senders = 0
        self._alone = 0
        self._committing = False

    @property
    def idle(self) -> bool:
        """Whether nothing is under way that one could join."""
        return not (self._alone or self._senders or self._committing or self._commits)

    async def put(self, commit: Commit, data: bytes) -> Entry:
        """Store an object that is all there, together with others. Raises as `Puts.put`."""
        return await self._wait(self._parcels, commit, data)

    async def commit(self, commit: Commit) -> Entry:
        """Make an object of a session, together with others. Raises as `Puts.put`."""
        return await self._wait(self._commits, commit, b"")

    async def alone(self, put: Callable[[], Awaitable[Entry]]) -> Entry:
        """Run a put that commits by itself, in turn with all other commits."""
        self._alone += 1
        try:
            async with self._shared.alone(COMMITTER):
                return await put()
        finally:
            self._alone -= 1

    async def close(self) -> None:
        """Stop. Who still waits is told that it is not known."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._give_up()

    # --- within -----------------------------------------------------------------------------------

    async def _wait(self, queue: deque[_Waiting], commit: Commit, data: bytes) -> Entry:
        waiting = _Waiting(commit, data, asyncio.get_running_loop().create_future())
        queue.append(waiting)
        self._drive()
        return await waiting.done

    def _drive(self) -> None:
        """Begin what can begin."""
        while self._parcels and self._senders < SENDERS:
            self._senders += 1
            self._begin(self._send(self._next_parcels()))
        if self._commits and not self._committing:
            self._committing = True
            self._begin(self._commit())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _next_parcels(self) -> list[_Waiting]:
        """As many as one call takes; who has given up is left out."""
        batch: list[_Waiting] = []
        size = 0
        while self._parcels and len(batch) < self.together:
            size += len(self._parcels[0].data)
            if batch and size > self._traits.together_bytes:
                break
            waiting = self._parcels.popleft()
            if not waiting.done.done():
                batch.append(waiting)
        return batch

    def _next_commits(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._commits and len(batch) < self.together:
            waiting = self._commits.popleft()
            if not waiting.done.done():
                waiting.tries += 1
                batch.append(waiting)
        return batch

    async def _send(self, batch: list[_Waiting]) -> None:
        bodies = [one.data for one in batch]
        try:
            if bodies:
                sessions = await self._calls.tried(
                    "send-many", lambda: self._puts.send_many(bodies), lane=Lane.PIECE
                )
                for waiting, session in zip(batch, sessions, strict=True):
                    waiting.commit = replace(waiting.commit, session=session)
                    waiting.data = b""
                self._commits += batch
        except StorageError as error:
            _fail(batch, error)
        except Exception:
            log.exception("storage.not-sent")
            _fail(batch, _unknown())
        except BaseException:
            _fail(batch, _unknown())
            raise
        finally:
            self._senders -= 1
            self._drive()

    async def _commit(self) -> None:
        batch: list[_Waiting] = []
        try:
            async with self._shared.alone(COMMITTER):
                batch = self._next_commits()
                if batch:
                    commits = [one.commit for one in batch]
                    results = await self._calls.waiting(lambda: self._puts.commit_many(commits))
                    await self._take(batch, results)
        except StorageError as error:
            await self._again(batch, error)
        except Exception:  # no turn to be had: the catalogue cannot be asked, say
            log.exception("storage.not-committed")
            _fail(batch, _unknown())
            self._give_up()
        except BaseException:
            _fail(batch, _unknown())
            raise
        finally:
            self._committing = False
            self._drive()

    async def _take(self, batch: list[_Waiting], results: Iterable[Entry | StorageError]) -> None:
        """Give everybody their answer; who was only too early stays in the queue."""
        early: list[_Waiting] = []
        pressed: RateLimited | None = None
        for waiting, result in zip(batch, results, strict=True):
            if isinstance(result, RateLimited) and waiting.tries <= self._calls.attempts:
                early.append(waiting)
                pressed = result
            elif not waiting.done.done():
                _answer(waiting, result)
        if pressed is None:
            self.together = min(self.together * 2, self._traits.together)
            return
        self._shrink()
        if await self._calls.pressed(pressed):
            self._commits.extendleft(reversed(early))
        else:
            _fail(early, pressed)

    async def _again(self, batch: list[_Waiting], error: StorageError) -> None:
        """All of a commit has failed: nobody knows which were made, unless it was refused."""
        self._shrink()
        refused = isinstance(error, RateLimited)
        tries = max((one.tries for one in batch), default=0)
        patient = not isinstance(error, RateLimited) or await self._calls.pressed(error)
        passing = refused or isinstance(error, StorageUnavailable)
        if not passing or not patient or tries > self._calls.attempts:
            _fail(batch, error)
        else:
            for waiting in batch:
                waiting.unclear = waiting.unclear or not refused
            if not refused:
                await self._calls.rest(tries)
            self._commits.extendleft(reversed(batch))

    def _give_up(self) -> None:
        """Nobody shall wait for what will not come."""
        for queue in (self._parcels, self._commits):
            _fail(queue, _unknown())
            queue.clear()

    def _shrink(self) -> None:
        self.together = max(1, self.together // 2)


def _answer(waiting: _Waiting, result: Entry | StorageError) -> None:
    if isinstance(result, Entry):
        waiting.done.set_result(result)
    elif isinstance(result, ObjectMissing) or (
        waiting.unclear and isinstance(result, AlreadyExists)
    ):
        # The session is gone, or the path is taken: perhaps by this very object.
        waiting.done.set_exception(_unknown())
    else:
        waiting.done.set_exception(result)


def _fail(batch: Iterable[_Waiting], error: StorageError) -> None:
    for waiting in batch:
        if not waiting.done.done():
            waiting.done.set_exception(
                _unknown() if waiting.unclear and not isinstance(error, RateLimited) else error
            )


def _unknown() -> StorageUnavailable:
    return StorageUnavailable("The storage did not say whether it has stored this.")
