"""The journal of a tree: which paths changed, in order. Cursors are positions in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Change(NamedTuple):
    """A path whose state changed.

    ``cause`` is the deleted folder that took this path with it; ``None`` for a change of its own.
    """

    key: str
    cause: str | None = None


class Journal:
    """Append-only; a position is the number of changes before it."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def position(self) -> int:
        """The position after the newest change."""
        return len(self.changes)

    def add(self, key: str, cause: str | None = None) -> None:
        """Record a change."""
        self.changes.append(Change(key, cause))

    def last_touches(self, since: int) -> list[tuple[int, Change]]:
        """For each path touched since a position, its newest change, oldest first."""
        newest: dict[str, tuple[int, Change]] = {}
        for index in range(since, len(self.changes)):
            change = self.changes[index]
            newest.pop(change.key, None)
            newest[change.key] = (index, change)
        return list(newest.values())

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call back after every finished operation that changed something."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Callable[[], None]) -> None:
        """Stop calling back."""
        self._listeners.remove(listener)

    def publish(self) -> None:
        """An operation is complete: tell the listeners."""
        for listener in tuple(self._listeners):
            listener()
