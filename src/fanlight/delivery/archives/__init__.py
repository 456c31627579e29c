"""Archives of any set of assets: planned, prepared where renditions are wanted, and delivered.

A plan is written down when somebody asks for an archive, and never changes: so a download that
broke off an hour ago finds the same bytes, whatever happened to the assets since. What may not be
had any more when its turn comes is not: see `docs/decisions/archives.md`.
"""

from __future__ import annotations

from fanlight.delivery.archives.archives import Archives
from fanlight.delivery.archives.planning import Asked

__all__ = ["Archives", "Asked"]
