"""Proofs seen a moment ago, so that a burst of requests costs one look into the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.model import Actor

LASTS = 0.5
"""Seconds; revocation in another process takes effect after that, in this one at once."""
MOST = 4096


class Seen:
    """Actors by the hash of their proof, for half a second."""

    def __init__(self) -> None:
        self._actors: dict[str, tuple[datetime, Actor]] = {}

    def get(self, proof: str, now: datetime) -> Actor | None:
        """Who was seen with this proof a moment ago."""
        found = self._actors.get(proof)
        if found is None or not 0 <= (now - found[0]).total_seconds() < LASTS:
            return None
        return found[1]

    def put(self, proof: str, actor: Actor, now: datetime) -> Actor:
        """Remember who it is."""
        if len(self._actors) >= MOST:
            self._actors.clear()
        self._actors[proof] = (now, actor)
        return actor

    def forget(self, proof: str) -> None:
        """Look again next time."""
        self._actors.pop(proof, None)

    def clear(self) -> None:
        """Look again for everybody."""
        self._actors.clear()
