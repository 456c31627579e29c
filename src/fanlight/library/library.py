"""The one object that doors, jobs and commands use for assets."""

from __future__ import annotations

from fanlight.library.batch import Batching
from fanlight.library.browse import Browsing
from fanlight.library.folder import FolderReading
from fanlight.library.forget import Forgetting
from fanlight.library.publish import Publishing
from fanlight.library.reconcile import Reconciling
from fanlight.library.upload import Uploading


class Library(Uploading, Browsing, Batching, Publishing, Reconciling, FolderReading, Forgetting):
    """What people do with their originals. Each base is one group of actions."""
