"""Watch: keep channels up to date while nobody asks.

One run serves all channels and all processes; the job engine sees to it that there is one. Each
channel that was read once to its end has a watcher, which waits for the service's word (a long
poll), reads what has changed, and waits again; so has one whose folders galleries show. Where the
service cannot say, it looks now and then.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import CursorLost, FanlightError, NotFound, RateLimited
from fanlight.library.follow import Following
from fanlight.model import SERVER
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.model import Reading
    from fanlight.storage.store import Store

    Progress = Callable[[int, int | None, str], Awaitable[None]]

log = structlog.get_logger(__name__)

LOOK = 5.0
"""Seconds between two looks for channels that have come, gone or been read for the first time."""
POLL = 900.0
"""Seconds between two looks into a channel whose service does not say when something changes."""
EMPTY = 60.0
"""Seconds between two looks for the root of a channel, which is made with the first upload."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds of silence after a failure; they double with each that follows."""


@dataclass(slots=True)
class _Watcher:
    """One channel that is followed."""

    channel_id: str
    store: Store
    watch: bool
    task: asyncio.Task[None] | None = None
    failures: int = 0
    complained: set[str] = field(default_factory=set[str])


class Watching(Following):
    """Follow every channel that tells what has changed."""

    async def follow(self, progress: Progress, *, watch: bool = True, look: float = LOOK) -> None:
        """Read what changes, until cancelled or until there is no channel to follow.

        With `watch` services are asked to say when something changes.
        `progress(channels, None, message)` is called at each look; what it raises ends the run.
        """
        watchers: dict[str, _Watcher] = {}
        try:
            while stores := await self._to_follow():
                for channel_id, watcher in tuple(watchers.items()):
                    if stores.get(channel_id) is not watcher.store:
                        _stop(watchers.pop(channel_id))
                for channel_id, store in stores.items():
                    if channel_id not in watchers:
                        watchers[channel_id] = self._watcher(channel_id, store, watch=watch)
                await progress(len(watchers), None, _message(len(watchers)))
                await asyncio.sleep(look)
        finally:
            tasks = [_stop(watcher) for watcher in watchers.values()]
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _to_follow(self) -> dict[str, Store]:
        """The stores of the channels to follow: another one once a channel was changed."""
        stores: dict[str, Store] = {}
        for channel_id in (*await self.followed(), *await self.followed_in_part()):
            with suppress(FanlightError):  # removed in this moment, or not finished
                stores[channel_id] = await self._channels.stores.get(channel_id)
        return stores

    async def followed(self) -> tuple[str, ...]:
        """The channels that are in use, tell what has changed, and were read to their end once."""
        return await self._in_use(lambda reading: reading.whole)

    async def followed_in_part(self) -> tuple[str, ...]:
        """Those of which galleries show folders, and of which nothing else was read."""
        return await self._in_use(lambda reading: reading.in_part)

    async def _in_use(self, condition: Callable[[Reading], bool]) -> tuple[str, ...]:
        roster = await self._channels.stores.roster()
        readings = await self._catalogue.read(lambda records: records.readings.all())
        return tuple(
            channel.id
            for channel in roster.channels.values()
            if channel.enabled and channel.id in readings and condition(readings[channel.id])
        )

    def _watcher(self, channel_id: str, store: Store, *, watch: bool) -> _Watcher:
        watcher = _Watcher(channel_id, store, watch and store.can(Ability.WATCH))
        watcher.task = asyncio.create_task(self._keep_up(watcher), name=f"follow-{channel_id}")
        return watcher

    async def _keep_up(self, watcher: _Watcher) -> None:
        """The life of a watcher. Failures are waited out: what happened meanwhile is not lost."""
        while True:
            try:
                await self.catch_up(SERVER, watcher.channel_id)
                watcher.failures = 0
                watcher.complained.clear()
                pause = await self._wait(watcher)
            except NotFound:
                return
            except FanlightError as error:
                pause = _pause_after(watcher, error)
            except Exception:
                log.exception("follow.failed", channel=watcher.channel_id)
                pause = LONGEST_PAUSE
            await asyncio.sleep(pause)

    async def _wait(self, watcher: _Watcher) -> float:
        """Wait for a change; how long to wait more before it is read."""
        reading = await self.reading(watcher.channel_id)
        if not watcher.watch or reading is None:
            return POLL
        if not reading.cursor:
            return EMPTY
        while True:
            try:
                watched = await watcher.store.watch(reading.cursor)
            except CursorLost:
                return 0.0
            if watched.changed:
                return watched.pause
            await asyncio.sleep(watched.pause)


def _stop(watcher: _Watcher) -> asyncio.Task[None]:
    assert watcher.task is not None  # noqa: S101 -- made together
    watcher.task.cancel()
    return watcher.task


def _pause_after(watcher: _Watcher, error: FanlightError) -> float:
    """How long to leave the channel alone. The log says each kind of failure once."""
    if error.public_code not in watcher.complained:
        watcher.complained.add(error.public_code)
        log.warning("follow.interrupted", channel=watcher.channel_id, code=error.public_code)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**watcher.failures)
    watcher.failures = min(watcher.failures + 1, 30)
    if isinstance(error, RateLimited):
        return max(error.retry_after or 0.0, FIRST_PAUSE)
    return pause if error.temporary else LONGEST_PAUSE


def _message(channels: int) -> str:
    return f"Following {channels} channel{'' if channels == 1 else 's'}."
