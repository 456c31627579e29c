"""Names and paths: what a person's name for an upload becomes in addresses and in storage.

One name has two faces. The *shown* name is what people see and search, as it came. The *clean* name
is one component of a path that is an alias and, at the same time, the object's path in its channel;
so it must be safe in an unquoted address and in every kind of storage:

* blanks, brackets, quotes and characters with a meaning in addresses, shells or storage services
  become `_`, one for one; letters of every script, emoji and `-._!` stay;
* a comma is one of them, because clients of the compatible door may write `,` for `/` in an
  address: as no alias we make has a comma, such an address has one meaning;
* everything is in NFC, so a name in NFD collides with its twin, as it should;
* a component of dots only, a name that Windows reserves (`CON.txt` -> `CON_.txt`), a dot at the end
  and the name of our own folder in a local channel are made harmless with `_`;
* invisible format characters (direction overrides, soft hyphens) go, joiners within emoji and
  words stay; a NUL, another control character or half a surrogate pair is refused with BadName.

The naming modes are those of the compatible door: `default` `<folder/><ms><4 digits>_<name>`,
`index` `<folder/><n>.<ext>`, `origin` `<folder/><name>` with ` (1)` before the extension when
taken, `short` `<folder/><8 letters or digits>.<ext>`.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Literal, cast, get_args

from fanlight.errors import BadName, Invalid
from fanlight.library.sniff import extension_for

Naming = Literal["default", "index", "origin", "short"]

LONGEST_NAME = 200
"""Bytes of a clean name; leaves room for what the modes put before and after it."""
LONGEST_SHOWN = 255
"""Bytes of a shown name."""
LONGEST_FOLDER = 700
"""Bytes of a folder's path."""
DEEPEST = 32
"""Folders within folders."""
UNNAMED = "unnamed"

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

_plain = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-.]*[A-Za-z0-9_]", re.ASCII)
_unsafe = re.compile(r"""[\s"#$%&'()*+,/:;<=>?@\[\\\]^`{|}~]""")
_dots = re.compile(r"\.+")
_extension = re.compile(r"(?:\.tar)?\.[A-Za-z0-9_]{1,16}", re.IGNORECASE)
_reserved = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_blanks = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]")
_controls = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_invisible = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def chosen(mode: str | None, otherwise: Naming) -> Naming:
    """The naming mode that a client's word means. Raises Invalid for an unknown one."""
    if not mode:
        return otherwise
    if mode not in get_args(Naming):
        raise Invalid(
            f"There is no naming mode {mode[:40]!r}.",
            remedy=f"Use one of: {', '.join(get_args(Naming))}.",
            code="invalid.naming",
        )
    return cast("Naming", mode)


def divide(name: str, folder: str) -> tuple[str, str]:
    """The folder and the bare name of an upload, both still as they came.

    Without a folder the directory part of the name is the folder.
    """
    directory, _, bare = name.replace("\\", "/").rpartition("/")
    return folder or directory, bare


def shown_name(raw: str, media_type: str | None = None) -> str:
    """The name to show: its last part in NFC, without what nobody can see, at most 255 bytes.

    A name of nothing becomes `unnamed` with an extension for the media type. Raises BadName.
    """
    bare = _tidy(raw.replace("\\", "/").rpartition("/")[2]).strip()
    if not bare.strip("."):
        return UNNAMED + extension_for(media_type)
    return shorten(bare, LONGEST_SHOWN)


def clean_name(raw: str) -> str:
    """One component of a path, at most 200 bytes, its extension kept. Raises BadName."""
    if len(raw) <= LONGEST_NAME and _plain.fullmatch(raw) and not _reserved.match(raw):
        return raw
    return shorten(_component(_tidy(raw)) or UNNAMED, LONGEST_NAME)


def clean_folder(raw: str) -> str:
    """A folder's path: `/` between clean components, none at the ends; `""` is the top.

    Empty and `.` components are left out. Raises BadName if it is too deep or too long.
    """
    if not raw:
        return ""
    components = [
        _component(part)
        for part in _tidy(raw.replace("\\", "/")).split("/")
        if part.strip() not in ("", ".")
    ]
    if len(components) > DEEPEST:
        raise BadName(
            f"Folders may be at most {DEEPEST} deep.", remedy="Use fewer folders.", about="folder"
        )
    path = "/".join(components)
    longest = max((_bytes(component) for component in components), default=0)
    if _bytes(path) > LONGEST_FOLDER or longest > LONGEST_NAME:
        raise BadName(
            f"The name of a folder may have {LONGEST_NAME} bytes, its whole path {LONGEST_FOLDER}.",
            remedy="Use shorter names for folders.",
            about="folder",
        )
    return path


def join(folder: str, name: str) -> str:
    """A path from a folder and a name."""
    return f"{folder}/{name}" if folder else name


def split(name: str) -> tuple[str, str]:
    """Stem and extension (with its dot, `.tar.gz` whole, `""` for none) of a bare name."""
    cut = name.rfind(".")
    if cut <= 0:
        return name, ""
    if name[:cut].lower().endswith(".tar") and cut > len(".tar"):
        cut -= len(".tar")
    stem, extension = name[:cut], name[cut:]
    return (stem, extension) if _extension.fullmatch(extension) else (name, "")


def numbered(path: str, number: int) -> str:
    """`a/b.jpg` -> `a/b (1).jpg`; 0 leaves it as it is."""
    if number == 0:
        return path
    folder, _, name = path.rpartition("/")
    stem, extension = split(name)
    return join(folder, f"{stem} ({number}){extension}")


def shorten(name: str, longest: int) -> str:
    """Cut the stem so that the whole has at most so many bytes of UTF-8."""
    if _bytes(name) <= longest:
        return name
    stem, extension = split(name)
    room = longest - _bytes(extension)
    kept = stem.encode()[:room].decode(errors="ignore").rstrip("\u200d .")
    return (kept or UNNAMED) + extension


def free_path(path: str, taken: Callable[[str], bool]) -> str:
    """`path`, or the same with the next free number before its extension.

    Asks about the logarithm of the number, so the ten-thousandth `image.png` is as quick.
    """
    if not taken(path):
        return path
    low, high = 0, 1
    while taken(numbered(path, high)):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if taken(numbered(path, middle)):
            low = middle
        else:
            high = middle
    return numbered(path, high)


def propose(
    mode: Naming,
    folder: str,
    name: str,
    *,
    now: datetime,
    taken: Callable[[str], bool],
    next_index: Callable[[str], int],
) -> str:
    """A free path for a clean name in a clean folder, by the rules of a naming mode."""
    if mode == "origin":
        return free_path(join(folder, name), taken)
    extension = split(name)[1]
    while True:
        if mode == "index":
            bare = f"{next_index(folder)}{extension}"
        elif mode == "short":
            bare = f"{random_word(8)}{extension}"
        else:
            bare = f"{int(now.timestamp() * 1000)}{secrets.randbelow(10_000):04d}_{name}"
        path = join(folder, bare)
        if not taken(path):
            return path


def random_word(length: int) -> str:
    """So many random letters and digits: ids of assets, `short` names."""
    number = secrets.randbits(length * 6)
    letters: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        letters.append(BASE62[digit])
    return "".join(letters)


def _tidy(text: str) -> str:
    """NFC, line breaks blank, invisible characters gone, controls refused with BadName."""
    if text.isascii() and text.isprintable():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadName("A name must be valid Unicode text.") from None
    text = _blanks.sub(" ", text)
    if _controls.search(text):
        raise BadName("A name may not have control characters.")
    return unicodedata.normalize("NFC", _invisible.sub("", text))


def _component(text: str) -> str:
    """One clean component of a tidy text; empty only for an empty text."""
    name = _unsafe.sub("_", text.strip())
    if _dots.fullmatch(name):
        return "_"
    if name.endswith("."):
        name = name.rstrip(".") + "_"
    if name.lower().startswith(".fanlight"):
        name = "_" + name[1:]
    return _reserved.sub(r"\1_", name, count=1) if _reserved.match(name) else name


def _bytes(text: str) -> int:
    return len(text.encode())
