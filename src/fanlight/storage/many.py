"""Abilities for many objects at once: a few calls instead of one for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from fanlight.errors import StorageError
from fanlight.storage.base import Commit, Entry


@runtime_checkable
class PutsMany(Protocol):
    """Can store many small objects in a few calls."""

    async def send_many(self, bodies: Sequence[bytes]) -> Sequence[str]:
        """A session for each body, which it holds whole. At most `traits.together` of them."""
        ...

    async def commit_many(self, commits: Sequence[Commit]) -> Sequence[Entry | StorageError]:
        """Make objects of them, each or its error, in the same order. At most `traits.together`.

        What is raised is about all: then nobody knows which of them were made.
        """
        ...


@dataclass(frozen=True, slots=True)
class Relocation:
    """An object, and the path that it or its copy shall have."""

    locator: str
    path: str


@runtime_checkable
class MovesMany(Protocol):
    """Can move and copy many objects in a few calls."""

    async def move_many(self, moves: Sequence[Relocation]) -> Sequence[Entry | StorageError]:
        """As many `move`s, each with its own answer, in the same order.

        At most `traits.together`. What is raised is about all: then nobody knows which were moved.
        """
        ...

    async def copy_many(self, copies: Sequence[Relocation]) -> Sequence[Entry | StorageError]:
        """The same for `copy`."""
        ...


@runtime_checkable
class DeletesMany(Protocol):
    """Can remove many objects in a few calls."""

    async def delete_many(self, locators: Sequence[str]) -> Sequence[bool | StorageError]:
        """As many `delete`s: true or the error of each. As `MovesMany.move_many`."""
        ...
