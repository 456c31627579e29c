"""The one object that doors, jobs and commands use for assets."""

from __future__ import annotations

from fanlight.library.browse import Browsing
from fanlight.library.index import Indexing
from fanlight.library.move import Moving
from fanlight.library.reconcile import Reconciling
from fanlight.library.trash import Trash
from fanlight.library.update import Updating
from fanlight.library.upload import Uploading


class Library(Uploading, Browsing, Updating, Moving, Trash, Reconciling, Indexing):
    """What people do with their originals. Each base is one group of actions."""
