"""The one object that doors, jobs and commands use for galleries."""

from __future__ import annotations

from fanlight.galleries.choosing import Choosing
from fanlight.galleries.folders import Walking
from fanlight.galleries.making import Making
from fanlight.galleries.parts import Parts
from fanlight.galleries.viewing import Viewing


class Galleries(Making, Parts, Choosing, Walking, Viewing):
    """What owners do with galleries, and what viewers read. Each base is one group of actions."""
