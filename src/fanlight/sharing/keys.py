"""Keys: by which address somebody comes, and what they show for it.

A visitor's base carries their right: `/g/<slug>` is a gallery's own address, `/s/<token>` a share
link. Where no cookie shall keep a proof, or none can, it stands in the base, after `~`:
`/g/<slug>~p<proof>`. So nothing expires under an open page, and pictures prove themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from fanlight.model import NOBODY, Actor

_BASE = re.compile(
    rb"/(?:g/([a-z0-9]+(?:-[a-z0-9]+)*)|s/([A-Za-z0-9_-]{16,64}))"
    rb"((?:~[peiv][A-Za-z0-9_-]{16,64}){0,4})(?=/|$)"
)
_LONGEST_SLUG = 80
_KINDS = {"p": "password", "e": "entry", "i": "pin", "v": "viewer"}


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a visitor shows beside the address: by cookies, or within the base."""

    password: str = field(default="", repr=False)
    """That they knew the password."""
    entry: str = field(default="", repr=False)
    """That they were counted among those who may come in by a share link."""
    pin: str = field(default="", repr=False)
    """That they knew the pin for downloads."""
    viewer: str = field(default="", repr=False)
    """Who they are: the token of a viewer."""
    actor: Actor = NOBODY
    """Who is signed in here: the owner looks in."""

    def over(self, other: Proofs) -> Proofs:
        """These proofs, and those of `other` where there is none."""
        return Proofs(
            self.password or other.password,
            self.entry or other.entry,
            self.pin or other.pin,
            self.viewer or other.viewer,
            other.actor if self.actor is NOBODY else self.actor,
        )


NONE = Proofs()


@dataclass(frozen=True, slots=True)
class Key:
    """An address that leads into a gallery: exactly one of `slug` and `token`."""

    slug: str = ""
    token: str = field(default="", repr=False)
    proofs: Proofs = NONE
    """Those within the address."""

    @property
    def door(self) -> str:
        """The address without proofs."""
        return f"/g/{self.slug}" if self.slug else f"/s/{self.token}"

    @property
    def base(self) -> str:
        """The address as it was asked for: everything that a visitor sees lies below it."""
        shown = ((letter, getattr(self.proofs, name)) for letter, name in _KINDS.items())
        return self.door + "".join(f"~{letter}{text}" for letter, text in shown if text)

    def carrying(self, proofs: Proofs) -> Key:
        """The address with these proofs in it, too."""
        return replace(self, proofs=proofs.over(self.proofs))


def parse(path: bytes) -> tuple[Key, bytes] | None:
    """The key that a path begins with, and the rest of the path; `None` if there is none.

    `path` as it came, percent-encoded: a base has only letters that are never encoded.
    """
    found = _BASE.match(path)
    if found is None:
        return None
    slug, token, proofs = found.groups()
    if slug and len(slug) > _LONGEST_SLUG:
        return None
    key = Key(slug.decode(), "") if slug else Key("", token.decode())
    if proofs:
        key = replace(key, proofs=_proofs(proofs.decode()))
    return key, path[found.end() :]


def _proofs(text: str) -> Proofs:
    found: dict[str, Any] = {}
    for one in text[1:].split("~"):
        found.setdefault(_KINDS[one[0]], one[1:])
    return Proofs(**found)
