"""Which paths can be used, decided once for providers that are addressed by path."""

from __future__ import annotations

import re

from fanlight.errors import BadLocator

RESERVED = ".fanlight"
"""The folder in which a provider may keep unfinished objects; never listed, read or written."""

LONGEST_NAME = 255
LONGEST_PATH = 3072
"""In bytes of UTF-8. Together with a root it stays below what system calls take (4096)."""

_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_UNWRITABLE = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")
_TICKET = re.compile(r"[A-Za-z0-9_-]{1,100}")


def parts(path: str) -> tuple[str, ...]:
    """The names along a relative path that is to be read; `""` has none. BadLocator.

    Says no to absolute paths, empty names, `.`, `..`, the reserved folder, NUL and text that is
    not Unicode. Anything else may be there already, put by somebody else.
    """
    if not path:
        return ()
    names = tuple(path.split("/"))
    if _UNREADABLE.search(path):
        raise BadLocator("A path cannot contain NUL or broken Unicode.")
    for name in names:
        if name in ("", ".", "..", RESERVED):
            raise BadLocator(f"A path cannot contain the name {name!r}.")
    return names


def object_parts(locator: str) -> tuple[str, ...]:
    """The same for one object, which the root is not. BadLocator."""
    names = parts(locator)
    if not names:
        raise BadLocator("An object needs a name.")
    return names


def new_parts(path: str) -> tuple[str, ...]:
    """The names along the path of an object to be made. BadLocator.

    Stricter than `parts`: no control characters, names of at most 255 bytes, not the root.
    """
    names = object_parts(path)
    if _UNWRITABLE.search(path):
        raise BadLocator("A name cannot contain control characters.")
    if len(path.encode()) > LONGEST_PATH:
        raise BadLocator(f"A path cannot be longer than {LONGEST_PATH} bytes.")
    if any(len(name.encode()) > LONGEST_NAME for name in names):
        raise BadLocator(f"A name cannot be longer than {LONGEST_NAME} bytes.")
    return names


def checked_ticket(ticket: str) -> str:
    """A ticket fit to be part of a name. BadLocator."""
    if not _TICKET.fullmatch(ticket):
        raise BadLocator("A ticket is 1 to 100 letters, digits, hyphens and underscores.")
    return ticket
