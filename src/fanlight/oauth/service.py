"""Where a service's OAuth lives, and as which app we come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Service:
    """The addresses of one service, and what its authorize page must be told beside the usual."""

    authorize: str
    token: str
    revoke: str = ""
    """Takes a POST with an access token and ends its grant; empty: the service has no such door."""
    asking: Mapping[str, str] = field(default_factory=dict[str, str])
    """More parameters for every authorization, such as the one that asks for a refresh token."""
    again: Mapping[str, str] = field(default_factory=dict[str, str])
    """More parameters to have the consent shown although it was given before."""


@dataclass(frozen=True, slots=True)
class App:
    """The owner's own app at the service. A public client has no secret."""

    key: str
    secret: str = field(default="", repr=False)
