"""What an archive is planned of."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One object in an archive."""

    name: str
    """With its folders, `/` between them; made by `Names`."""
    size: int
    modified: int
    """Seconds since 1970."""
