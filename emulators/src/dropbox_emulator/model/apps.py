"""Registered apps, as the App Console knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from ..scopes import ALWAYS_ON

Access = Literal["app_folder", "full"]

# Development status (recollection of the developer guide, not verified): at the 50th linked user a
# clock of two weeks starts, after which no more may link until production is granted.
LINKED_USERS_WARNING = 50
LINKED_USERS_LIMIT = 500
FREEZE_AFTER = 14 * 86400.0


@dataclass(slots=True)
class Webhook:
    """An address that wants to be told of changes, after it answered a challenge."""

    uri: str
    enabled: bool = False


@dataclass(slots=True)
class App:
    """An app. ``enabled_scopes`` is what was ticked *and submitted*."""

    key: str
    secret: str
    id: int
    name: str
    access: Access
    owner: str
    enabled_scopes: set[str] = field(default_factory=lambda: set(ALWAYS_ON))
    redirect_uris: list[str] = field(default_factory=list[str])
    webhooks: list[Webhook] = field(default_factory=list[Webhook])
    status: Literal["development", "production"] = "development"
    allow_implicit: bool = True
    allow_many_users: bool = True
    linked: list[str] = field(default_factory=list[str])
    cap_reached_at: float | None = None
    team_linking: bool = False

    def may_link(self, account_id: str, now: float) -> bool:
        """The 50-user rule of apps in development."""
        if self.status == "production" or account_id in self.linked:
            return True
        if not self.allow_many_users:
            return account_id == self.owner
        if len(self.linked) >= LINKED_USERS_LIMIT:
            return False
        return self.cap_reached_at is None or now < self.cap_reached_at + FREEZE_AFTER

    def link(self, account_id: str, now: float) -> None:
        """Count a user who approved the app."""
        if account_id not in self.linked:
            self.linked.append(account_id)
        if len(self.linked) >= LINKED_USERS_WARNING and self.cap_reached_at is None:
            self.cap_reached_at = now

    def folder_name(self) -> str:
        """Name of the App folder."""
        return self.name


def redirect_problem(uri: str) -> str | None:
    """Why a redirect URI cannot be registered, or ``None``: https, or http on localhost."""
    parts = urlsplit(uri)
    if not parts.scheme or not parts.hostname:
        return "Enter a full address, such as https://example.org/callback."
    if parts.fragment:
        return "A redirect URI cannot have a fragment (the part behind #)."
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        return "Redirect URIs must use https, except on localhost and 127.0.0.1."
    if parts.scheme in ("javascript", "data", "file"):
        return "This kind of address cannot receive a redirect."
    return None
