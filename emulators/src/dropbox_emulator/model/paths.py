"""Paths: the key under which a name is found, and which names may be written.

Names are compared without regard to case, and (assumption, switchable) to Unicode normal form.
"""

from __future__ import annotations

import unicodedata

from ..errors import LookupFailed, WriteFailed

MAX_NAME = 255

# Sync clients never upload these (rclone's list, the help pages).
IGNORED_NAMES = frozenset(
    {"desktop.ini", "thumbs.db", ".ds_store", "icon\r", ".dropbox", ".dropbox.attr"}
)


def key_of(path: str, fold_unicode: bool = True) -> str:
    """The key of a display path: lower case, composed letters."""
    if path.isascii():
        return path.lower()
    if fold_unicode:
        path = unicodedata.normalize("NFC", path)
    return path.lower()


def parent_of(path: str) -> str:
    """The folder a path is in; ``""`` for the top level."""
    return path[: path.rindex("/")] if path else ""


def name_of(path: str) -> str:
    """The last component."""
    return path[path.rindex("/") + 1 :] if path else ""


def is_within(key: str, folder: str) -> bool:
    """Whether a key lies under a folder (and is not the folder itself)."""
    return key.startswith(folder + "/")


def check_lookup(path: str) -> None:
    """Refuse shapes that name nothing: empty components, a slash at the end, dots."""
    if path and (path.endswith("/") or "//" in path):
        raise LookupFailed("malformed_path")


def check_writable(path: str) -> None:
    """Refuse what the service does not store (rclone's encoder lists the characters)."""
    if path in ("", "/") or path.endswith("/") or "//" in path:
        raise WriteFailed("malformed_path")
    if not path.isascii() and any("\ud800" <= mark <= "\udfff" for mark in path):
        # Half a surrogate pair: it came through JSON escapes and has no UTF-8 form.
        raise WriteFailed("malformed_path")
    for name in path[1:].split("/"):
        if len(name) > MAX_NAME or name in (".", "..") or name.endswith(" "):
            raise WriteFailed("malformed_path")
        if any(mark in name for mark in "\\\0\x7f"):
            raise WriteFailed("malformed_path")
        if name.lower() in IGNORED_NAMES:
            raise WriteFailed("disallowed_name")


def numbered(path: str, number: int) -> str:
    """``/a/b (1).txt``: the automatic name for a conflict."""
    return _suffixed(path, f" ({number})")


def conflicted(path: str, number: int) -> str:
    """``/a/b (conflicted copy).txt``: the automatic name when an update came too late."""
    return _suffixed(path, " (conflicted copy)" if number == 0 else f" (conflicted copy {number})")


def _suffixed(path: str, suffix: str) -> str:
    folder, name = parent_of(path), name_of(path)
    stem, dot, extension = name.rpartition(".")
    if not stem:
        return f"{folder}/{name}{suffix}"
    return f"{folder}/{stem}{suffix}{dot}{extension}"
