"""The library: originals put in, found, moved, deleted; channels indexed; crashes reconciled."""

from fanlight.library.library import Library
from fanlight.library.many import Batch
from fanlight.library.requests import KEEP, IndexReport, Opened, Report, Uploaded, UploadRequest

__all__ = [
    "KEEP",
    "Batch",
    "IndexReport",
    "Library",
    "Opened",
    "Report",
    "UploadRequest",
    "Uploaded",
]
