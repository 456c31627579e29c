"""Scopes: what an app may ask for, in the words of the consent page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A right. ``says`` completes the sentence "This app will be able to ..."."""

    name: str
    group: str
    says: str
    team: bool = False


SCOPES: tuple[Scope, ...] = (
    Scope("account_info.read", "Account info", "view basic information about your account"),
    Scope("account_info.write", "Account info", "edit basic information about your account"),
    Scope("files.metadata.read", "Files and folders", "view names and details of your files"),
    Scope("files.metadata.write", "Files and folders", "edit tags and properties of your files"),
    Scope("files.content.read", "Files and folders", "view the content of your files"),
    Scope("files.content.write", "Files and folders", "add, edit, move and delete your files"),
    Scope("sharing.read", "Collaboration", "view your sharing settings and shared links"),
    Scope("sharing.write", "Collaboration", "manage your sharing settings and shared links"),
    Scope("file_requests.read", "Collaboration", "view your file requests"),
    Scope("file_requests.write", "Collaboration", "manage your file requests"),
    Scope("contacts.read", "Collaboration", "view your manually added contacts"),
    Scope("contacts.write", "Collaboration", "manage your manually added contacts"),
    Scope("team_info.read", "Team", "view basic information about your team", team=True),
    Scope("team_data.member", "Team", "act for members of your team", team=True),
    Scope("members.read", "Team", "view the members of your team", team=True),
    Scope("groups.read", "Team", "view the groups of your team", team=True),
)

BY_NAME = {scope.name: scope for scope in SCOPES}
ALWAYS_ON = frozenset({"account_info.read"})
TEAM_SCOPES = frozenset(scope.name for scope in SCOPES if scope.team)

# Ticking a box on the Permissions page ticks what it needs.
NEEDS = {
    "account_info.write": ("account_info.read",),
    "files.metadata.write": ("files.metadata.read",),
    "files.content.read": ("files.metadata.read",),
    "files.content.write": ("files.metadata.read",),
    "sharing.write": ("sharing.read",),
    "file_requests.write": ("file_requests.read",),
    "contacts.write": ("contacts.read",),
}


def with_needs(scopes: set[str]) -> set[str]:
    """The scopes and what they need, and what is always on."""
    result = set(scopes) | ALWAYS_ON
    for scope in scopes:
        result.update(NEEDS.get(scope, ()))
    return result


def parse_scopes(text: str) -> set[str]:
    """Scopes from a space-separated parameter."""
    return set(text.split())


def scope_text(scopes: set[str]) -> str:
    """Scopes as the token endpoint writes them: sorted, separated by a space."""
    return " ".join(sorted(scopes))
