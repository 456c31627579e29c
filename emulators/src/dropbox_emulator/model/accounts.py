"""People and teams, and the space they have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

GIB = 1024**3
AccountType = Literal["basic", "pro", "business"]


@dataclass(slots=True)
class Team:
    """A team with a shared space; members have a folder of their own in it."""

    id: str
    name: str
    root_namespace: str
    tree: str
    quota: int = 3 * 1024 * GIB
    members: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Account:
    """Somebody with a Dropbox. ``home_namespace`` is where ``""`` points by default."""

    id: str
    uid: str
    given_name: str
    surname: str
    email: str
    password: str
    home_namespace: str
    root_namespace: str
    type: AccountType = "basic"
    email_verified: bool = True
    suspended: bool = False
    links_banned: bool = False
    quota: int = 2 * GIB
    team: str | None = None
    member_id: str | None = None
    home_path: str | None = None
    is_admin: bool = False
    locale: str = "en"
    country: str = "DE"

    @property
    def display_name(self) -> str:
        """Given name and surname."""
        return f"{self.given_name} {self.surname}".strip()

    @property
    def initials(self) -> str:
        """Two letters, as in ``abbreviated_name``."""
        return (self.given_name[:1] + self.surname[:1]).upper()


@dataclass(slots=True)
class Namespace:
    """A named place in a tree: a home, a team's root, a member's folder, an App folder."""

    id: str
    tree: str
    mount: str = ""
    owner: str | None = None
    app: str | None = None
