"""What a token endpoint gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ORDINARY_LIFE = 3600.0
"""Seconds an access token lives where the service does not say."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token, and whatever else came with it."""

    access_token: str = field(repr=False)
    life: float
    """Seconds the access token lives."""
    refresh_token: str = field(default="", repr=False)
    scopes: frozenset[str] | None = None
    """What was granted; `None` where the answer does not say."""


def read(answer: Mapping[str, Any]) -> Grant | None:
    """The grant in an answer of a token endpoint; `None` if it has none."""
    access = answer.get("access_token")
    if not isinstance(access, str) or not access:
        return None
    scope, refresh = answer.get("scope"), answer.get("refresh_token")
    return Grant(
        access,
        _seconds(answer.get("expires_in")),
        refresh if isinstance(refresh, str) else "",
        frozenset(scope.split()) if isinstance(scope, str) else None,
    )


def _seconds(given: Any) -> float:
    try:
        return max(0.0, float(given))
    except (TypeError, ValueError):
        return ORDINARY_LIFE
