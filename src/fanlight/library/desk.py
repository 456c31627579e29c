"""What every action of the library needs; `Library` is composed of groups of actions over it."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import structlog

from fanlight.errors import FanlightError
from fanlight.library.naming import Naming, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime
    from typing import Any

    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels import Channels
    from fanlight.library.requests import Duplicates
    from fanlight.model import Intent

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Desk:
    """The catalogue, the channels, the settings' values, and the work that is under way."""

    def __init__(
        self,
        catalogue: Catalogue,
        channels: Channels,
        *,
        clock: Callable[[], datetime],
        holder: str,
        naming: Naming | str,
        duplicates: Duplicates,
        max_upload: int,
        intent_lease: float,
        trash_days: int,
        arrived: Callable[[], None] = lambda: None,
        came: Callable[[str], None] = lambda _: None,
        gone: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Take values: `holder` names this process, `intent_lease` is in seconds.

        `max_upload` is in bytes, 0 for no limit. `arrived` is called, often, when there are new
        originals: it must be quick. So must `came`, told where (a channel) anything came or went.
        `gone` says of a `holder` whether its process is known to be no more.
        """
        self._catalogue = catalogue
        self._channels = channels
        self._clock = clock
        self._holder = holder
        self._naming: Naming = chosen(naming, "default")
        self._duplicates: Duplicates = duplicates
        self._max_upload = max_upload
        self._lease = timedelta(seconds=intent_lease)
        self._trash = timedelta(days=trash_days)
        self._arrived = arrived
        self._came = came
        self._gone = gone
        self._held: dict[str, Intent] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def renew_leases(self) -> None:
        """Tell other processes that what is under way here still is.

        To be called at least three times as often as leases last. Costs nothing while idle.
        """
        now = self._clock()
        old = [held.id for held in self._held.values() if now - held.created_at > self._lease / 4]
        if not old:
            return

        def unit(records: Records) -> None:
            for intent_id in old:
                if records.intents.find(intent_id) is not None:
                    records.intents.update(intent_id, lease_until=now + self._lease)

        await self._catalogue.write(unit)

    async def close(self) -> None:
        """Wait for clean-ups that go on after their request has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    # --- for the groups of actions ----------------------------------------------------------------

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something to its end whatever becomes of the request it belongs to."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_log_failure)
        return task

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Its result; when the request is cancelled meanwhile, it goes on without it."""
        task = self._spawn(work)
        task.remove_done_callback(_log_failure)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_log_failure)  # nobody else hears of it any more
            raise


def _log_failure(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, FanlightError):
        log.warning("library.work-failed", code=error.public_code)
    else:
        log.error("library.work-failed", exc_info=error)


def new_id() -> str:
    """A random id for intents and placements."""
    return secrets.token_hex(8)
