"""One factory per provider that runs the contract, with what it declares of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fanlight.storage import registry
from fanlight.storage.base import Ability, Provider
from fanlight.storage.local import Local
from fanlight.storage.memory import Memory
from tests.support.emulated import Emulated, emulator

PAGE = 50
ALL = frozenset(Ability)
MUST_RUN = frozenset(registry.PROVIDERS)
"""No skip for these. Others may raise Unavailable: a run against a real account, for instance."""


class Unavailable(Exception):
    """What this candidate needs is not there."""


@dataclass(frozen=True)
class Candidate:
    """A provider in the suite: how to make an empty one, what it can do, what it is forgiven."""

    name: str
    make: Callable[[Path], Provider]
    """Given an empty folder of the test's own. Its listings have pages of at most PAGE entries."""
    abilities: frozenset[Ability]
    """Declared, so that a lost ability is noticed; the suite selects its rules by them."""
    refuses: frozenset[str] = field(default_factory=frozenset[str])
    """Odd names (keys of `odd_names.NAMES`) that it says BadLocator to instead of keeping them."""
    folds_case: bool = False
    """Whether names that differ only in case are one name to it."""
    folds_unicode: bool = False
    """Whether NFC and NFD forms are one name to it."""


ON_DISK = frozenset({Ability.PUT, Ability.DELETE, Ability.MOVE, Ability.QUOTA, Ability.PATH})
IN_MEMORY = (ON_DISK - {Ability.PATH}) | {Ability.COPY, Ability.CHANGES, Ability.WATCH}
UNWRITABLE = frozenset({"newline", "tab", "delete", "256 bytes", "bidi control newline"})


def _linked(folder: Path) -> Local:
    """The option `path` may be a symbolic link: the suite runs through one, in a nested root."""
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    return Local(folder / "link", "clients/2026", page=PAGE)


def _local(folder: Path) -> Local:
    return Local(folder, page=PAGE)


AT_DROPBOX = ALL - {Ability.PATH}
UNWRITTEN_AT_DROPBOX = UNWRITABLE | {"trailing space", "backslash"}


def _dropbox(root: str) -> Callable[[Path], Provider]:
    """An account and app of its own at an emulator, which is one for the whole run."""

    def make(_: Path) -> Provider:
        emulated = Emulated(emulator())
        if root:
            emulated.make_folder(f"/{root}")
        return emulated.provider(root, page=PAGE)

    return make


CANDIDATES = (
    Candidate("memory", lambda _: Memory(page=PAGE), IN_MEMORY, UNWRITABLE),
    Candidate("memory-handles", lambda _: Memory(page=PAGE, handles=True), IN_MEMORY, UNWRITABLE),
    Candidate("local", _local, ON_DISK, UNWRITABLE),
    Candidate("local-linked", _linked, ON_DISK, UNWRITABLE),
    Candidate("dropbox", _dropbox(""), AT_DROPBOX, UNWRITTEN_AT_DROPBOX, True, True),
    Candidate("dropbox-root", _dropbox("Fotos/2026"), AT_DROPBOX, UNWRITTEN_AT_DROPBOX, True, True),
)
