"""A progress bar, at a terminal only: in scripts and logs nothing moves."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator


class Progress(Protocol):
    """What a command tells while it works."""

    def add(self, count: int) -> None:
        """So many bytes more are behind us."""
        ...

    def done(self) -> None:
        """One thing more is finished."""
        ...


class Silence:
    """Nobody is watching."""

    def add(self, count: int) -> None:
        """See `Progress`."""

    def done(self) -> None:
        """See `Progress`."""


@contextmanager
def progress_bar(total: int, things: int) -> Generator[Progress]:
    """A bar over `total` bytes of so many things, on standard error."""
    if not sys.stderr.isatty():
        yield Silence()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.fields[finished]} of {task.fields[things]}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, finished=0, things=things)

        class Shown:
            finished = 0

            def add(self, count: int) -> None:
                bar.advance(task, count)

            def done(self) -> None:
                self.finished += 1
                bar.update(task, finished=self.finished)

        yield Shown()


async def told(done: int, total: int | None, message: str) -> None:
    """The progress of a use case, on one line that is written over again and again."""
    if sys.stderr.isatty():
        of = f" of {total}" if total else ""
        sys.stderr.write(f"\r\033[K{done}{of} {message[:60]}")
        sys.stderr.flush()
