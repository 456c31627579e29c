"""The tasks: what the server does by itself, or takes a while over.

A task only calls a use case of the objects it was made with, which may be done twice safely.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from fanlight.jobs.port import Run, Task
from fanlight.model import SERVER, Actor

RECONCILE = "reconcile"
EMPTY_TRASH = "empty_trash"
INDEX_CHANNEL = "index_channel"
PRUNE = "prune"

Progress = Callable[[int, int | None, str], Awaitable[None]]


class Housekeeping(Protocol):
    """The part of `library.Library` that tasks call."""

    async def reconcile(self) -> object:
        """Finish or remove what dead processes left half done."""
        ...

    async def empty_trash(self) -> object:
        """Purge what has been in the trash for long enough."""
        ...


class Indexing(Protocol):
    """The part of `library.Library` that reads channels."""

    async def index(
        self, actor: Actor, channel_id: str, progress: Progress | None = None
    ) -> object:
        """Read a channel's listing and changes into the catalogue."""
        ...


def make_tasks(
    library: Housekeeping, channels: Indexing, prune: Callable[[], Awaitable[None]]
) -> tuple[Task, ...]:
    """Every task of the server. `prune` forgets what nobody needs any more."""

    async def reconcile(run: Run) -> None:
        await run.check()
        await library.reconcile()

    async def empty_trash(run: Run) -> None:
        await run.check()
        await library.empty_trash()

    async def index_channel(run: Run) -> None:
        await channels.index(SERVER, run.arguments["channel_id"], run.progress)

    async def prune_all(run: Run) -> None:
        await run.check()
        await prune()

    # What comes round again by itself need not be tried again in between.
    return (
        Task(RECONCILE, reconcile, retries=0),
        Task(EMPTY_TRASH, empty_trash, retries=0),
        Task(PRUNE, prune_all, retries=0),
        Task(INDEX_CHANNEL, index_channel, retries=5, backoff=10, lock="channel:{channel_id}"),
    )
