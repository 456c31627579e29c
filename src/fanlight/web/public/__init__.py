"""The public doors: what visitors reach by a link."""

from __future__ import annotations

from fanlight.web.public.links import PublicLinks

__all__ = ["PublicLinks"]
