"""The one object that doors use for who comes in to galleries."""

from __future__ import annotations

from fanlight.sharing.keeping import Keeping
from fanlight.sharing.knocking import Knocking
from fanlight.sharing.linking import Linking


class Sharing(Knocking, Linking, Keeping):
    """Keys, proofs, share links and viewers. Each base is one group of actions."""
