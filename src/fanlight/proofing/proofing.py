"""The one object that doors, jobs and commands use for picks and comments."""

from __future__ import annotations

from fanlight.proofing.cloud import BringingBack
from fanlight.proofing.commenting import Commenting
from fanlight.proofing.lists import Listing
from fanlight.proofing.picking import Picking


class Proofing(Picking, Listing, Commenting, BringingBack):
    """What viewers give back, and what the owner makes of it. Each base is a group of actions."""
