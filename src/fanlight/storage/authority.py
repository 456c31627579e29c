"""How a provider that is reached by OAuth declares it, and how it is given access tokens.

From the declaration come the consent page's address, the page that leads the owner through the
service's own console, the comparison of what is granted with what is needed, and the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fanlight.model import Finding


class AccessTokens(Protocol):
    """Where a provider gets access tokens from. Raises what `oauth.Tokens` raises."""

    async def get(self) -> str:
        """A token that is good for a while yet."""
        ...

    async def renew(self, stale: str) -> str:
        """Another one than `stale`, which the service has refused."""
        ...


@dataclass(frozen=True, slots=True)
class Right:
    """One scope, what it is good for, and which channels need it."""

    scope: str
    allows: str
    """In the owner's words: `Reads your account's name and space`."""
    storing: bool = True
    """Whether a channel that takes uploads needs it."""
    reading: bool = False
    """Whether a channel that is only read from needs it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways that the console offers, and what follows from taking it."""

    name: str
    follows: str
    advised: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the service's own console."""

    title: str
    says: tuple[str, ...]
    """What to do there, a sentence or two each."""
    address: str = ""
    """Where to go, if it is another page."""
    choices: tuple[Choice, ...] = ()
    shows: str = ""
    """What to lay out for copying: `redirect` (every redirect URI) or `scopes`."""
    trap: str = ""
    """What is easily overlooked here."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A page that the service shows the owner instead of sending them back to us."""

    says: str
    """Words on that page by which it is known."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class OAuth:
    """One service's OAuth, and how an owner gets an app there."""

    authorize: str
    token: str
    revoke: str
    rights: tuple[Right, ...]
    guide: Callable[[bool], tuple[Step, ...]]
    """The steps in the console, for a channel that stores or for one that only reads."""
    lacking: Callable[[tuple[str, ...]], Finding]
    """What to say of scopes that are needed and were not granted."""
    unsubmitted: Callable[[tuple[str, ...]], Finding]
    """What to say of scopes that the app itself does not have."""
    refusals: tuple[Refusal, ...] = ()
    asking: Mapping[str, str] = field(default_factory=dict[str, str])
    """More parameters for the consent page."""
    again: Mapping[str, str] = field(default_factory=dict[str, str])
    """More of them to have consent asked although it was given before."""
    key: str = "app_key"
    """The name of the option that is the app's key."""
    secret: str = "app_secret"  # noqa: S105 - the name of an option
    """The name of the option that is the app's secret."""
    root: str = "fanlight"
    """The folder that is advised for a channel that stores."""
    note: str = ""
    """What else is good to know before one begins."""

    def scopes(self, *, storing: bool) -> tuple[str, ...]:
        """What to ask for, and no more."""
        return tuple(one.scope for one in self.rights if (one.storing if storing else one.reading))
