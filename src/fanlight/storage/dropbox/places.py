"""Where things are: our paths and locators, Dropbox's paths and ids.

A locator is an id (`id:…`): it stays the object's own through moves, renames and edits. Wherever a
locator is taken a path will do too, so that one can be looked up without walking to it. An id
reaches all that the app can see; what lies outside the channel's root is said to be missing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from unicodedata import normalize

from fanlight.errors import BadLocator, ObjectMissing
from fanlight.storage.base import Checksum, Entry
from fanlight.storage.dropbox.content_hash import KIND
from fanlight.storage.dropbox.refusals import Wire
from fanlight.storage.names import new_parts, object_parts, parts

LONGEST_NAME = 255
TIME = "%Y-%m-%dT%H:%M:%SZ"

_ID = re.compile(r"id:[A-Za-z0-9_-]{16,64}")


class Root:
    """A channel's folder at Dropbox; `""` is all that the app can see."""

    def __init__(self, root: str) -> None:
        self.names = parts(root)
        self.path = "".join(f"/{name}" for name in self.names)
        self._folded = tuple(fold(name) for name in self.names)

    def there(self, locator: str) -> str:
        """What names an object in a call. BadLocator."""
        if _ID.fullmatch(locator):
            return locator
        return self.path + "".join(f"/{name}" for name in object_parts(locator))

    def folder(self, locator: str) -> str:
        """What names a folder in a call; the root if it is `""`. BadLocator."""
        return self.there(locator) if locator else self.path

    def new(self, path: str) -> str:
        """What names an object that is to be made. BadLocator."""
        names = new_parts(path)
        if any(len(name) > LONGEST_NAME or name != name.rstrip(" ") for name in names):
            raise BadLocator("Dropbox takes no names that are so long, or that end in a space.")
        if "\\" in path:
            raise BadLocator("Dropbox takes no names with a backslash.")
        return self.path + "".join(f"/{name}" for name in names)

    def inside(self, wire: Wire) -> str | None:
        """The path below the root of what Dropbox describes; `None` if it is not below it."""
        shown = str(wire.get("path_display") or wire.get("path_lower") or "")
        names = shown.split("/")[1:]
        depth = len(self.names)
        if tuple(fold(name) for name in names[:depth]) != self._folded or len(names) <= depth:
            return None
        return normalize("NFC", "/".join(names[depth:]))

    def entry(self, wire: Wire) -> Entry:
        """The entry of a file. ObjectMissing if it is a folder, or not below the root."""
        path = self.inside(wire)
        if path is None or wire.get(".tag") in ("folder", "deleted"):
            raise ObjectMissing
        return _object(wire, path)

    def shown(self, wire: Wire) -> Entry | None:
        """The entry of a file or folder; `None` if it cannot be read, or is not below the root."""
        path = self.inside(wire)
        if path is None:
            return None
        if wire.get(".tag") == "folder":
            return Entry(str(wire["id"]), path, 0, "", datetime.fromtimestamp(0, UTC), folder=True)
        return _object(wire, path) if "content_hash" in wire else None


def fold(name: str) -> str:
    """A name as Dropbox compares it."""
    return normalize("NFC", name).lower()


def _object(wire: Wire, path: str) -> Entry:
    """The version is the checksum: it stays when an object is moved, and changes with its bytes."""
    digest = str(wire.get("content_hash", ""))
    return Entry(
        locator=str(wire["id"]),
        path=path,
        size=int(wire["size"]),
        version=digest,
        modified_at=datetime.fromisoformat(wire["client_modified"]),
        checksum=Checksum(KIND, digest),
    )


def stamp(moment: datetime) -> str:
    """A time as Dropbox writes it: whole seconds."""
    return moment.astimezone(UTC).strftime(TIME)
