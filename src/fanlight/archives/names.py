"""Names in an archive: such that every system can unpack them, and none stands for two entries."""

from __future__ import annotations

import re
from unicodedata import normalize

LONGEST = 200
"""Bytes of one name; file systems take 255, and unpackers may add to it."""

_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]'
)
"""Separators, controls, what Windows forbids, and marks that make a name read as another."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
"""Devices of Windows, whatever their extension."""
_NAMELESS = "unnamed"


class Names:
    """Gives each entry of an archive a name of its own, in the order in which they come."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._folders: dict[str, str] = {}
        self._next: dict[str, int] = {}

    def name(self, folder: str, name: str) -> str:
        """The name of an entry in a folder (`""` for the top): safe, and given once.

        `folder` is one name, not a path: what looks like a separator in it is none.
        """
        clean = clean_name(name)
        return self._free(f"{self._folder(folder)}/{clean}" if folder else clean)

    def _folder(self, folder: str) -> str:
        """The same name for the same folder, another than that of any entry."""
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = self._free(clean_name(folder))
        return found

    def _free(self, path: str) -> str:
        if self._take(path):
            return path
        key = _folded(path)
        number = self._next.get(key, 2)
        while not self._take(another := numbered(path, number)):
            number += 1
        self._next[key] = number + 1
        return another

    def _take(self, path: str) -> bool:
        key = _folded(path)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True


def clean_name(name: str) -> str:
    """A name that every system takes, as much like the given one as can be."""
    clean = _UNSAFE.sub("_", normalize("NFC", name)).strip()
    stem, dot, extension = clean.rpartition(".")
    if not dot or not stem.strip(". ") or len(extension.encode()) > LONGEST // 4:
        stem, dot, extension = clean, "", ""
    extension = extension.rstrip(". ")
    stem = _cut(stem, LONGEST - len(dot) - len(extension.encode())).strip(" ")
    clean = f"{stem}{dot}{extension}".rstrip(". ")
    if not clean:
        return _NAMELESS
    if _RESERVED.fullmatch(clean.partition(".")[0].rstrip()):
        return f"_{clean}"
    return clean


def numbered(path: str, number: int) -> str:
    """`a/photo.jpg` as `a/photo-2.jpg`."""
    folder, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    return f"{folder}{slash}{stem}-{number}{dot}{extension}"


def _folded(path: str) -> str:
    """Equal for what is one name on a system that does not tell case apart."""
    return normalize("NFC", normalize("NFKC", path).casefold())


def _cut(text: str, most: int) -> str:
    return text.encode()[: max(1, most)].decode("utf-8", "ignore")
