"""What is known about one address: where it leads, how it is described, where its bytes are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.delivery.answers import Repeatable
    from fanlight.delivery.originals import Original
    from fanlight.delivery.representation import Representation
    from fanlight.model import Link
    from fanlight.pictures.forms import Form

Key = tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]
"""A request as far as a decision depends on it: path, query, and the headers that matter."""

MOST_ANSWERS = 4
"""Kept with one link; about 1 kB each."""


@dataclass(slots=True, eq=False)
class Known:
    """A resolved link. Kept by `LinkCache`, so everything in it must be safe to drop any time."""

    link: Link
    shown: Representation
    """As the catalogue describes it, until `original` says otherwise."""
    original: Original | None = None
    """Where its bytes were found last; `None` before the first look."""
    form: Form | None = None
    """The picture of it that is asked for; `None` for the original itself."""
    addresses: set[bytes] = field(default_factory=set[bytes])
    """Under what it is kept."""
    asked: bool = False
    """Since the cache last looked for something to drop."""
    answers: dict[Key, Repeatable] = field(default_factory=dict["Key", "Repeatable"])
    """What was decided before, for requests that are decided alike each time."""
    complained: bool = False
    """Whether the log has it already that a placement failed."""
    revoked: bool = False
    """No longer to be used: what it says has changed."""

    def remember(self, key: Key, answer: Repeatable) -> None:
        """Keep a decision that depends on nothing but the key and what is known here."""
        if len(self.answers) >= MOST_ANSWERS:
            self.answers.clear()
        self.answers[key] = answer

    def moved_to(self, original: Original) -> None:
        """Note where the bytes are, and that earlier decisions may not describe them."""
        self.original = original
        self.shown = original.shown
        self.answers.clear()
