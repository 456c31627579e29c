"""Control: files, behind the backs of the clients."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.entries import FileEntry, FolderEntry
from ..model.views import View
from ..pictures.photos import make_photo
from .people import find_account

if TYPE_CHECKING:
    from ..server import Emulator

Wire = dict[str, Any]
Command = Callable[["Emulator", Wire], Awaitable[Wire]]


def _view(emulator: Emulator, arg: Wire) -> View:
    account = find_account(emulator, arg)
    root = account.root_namespace if arg.get("root") else account.home_namespace
    return emulator.world.view(account, root)


def _put(emulator: Emulator, view: View, path: str, data: bytes, modified: int | None) -> Wire:
    blob, size = emulator.world.store.put(data)
    stamp = emulator.world.clock.stamp() if modified is None else modified
    where, target = view.target(path)
    return where.metadata(where.tree.put_file(target, blob, size, stamp))


async def put_file(emulator: Emulator, arg: Wire) -> Wire:
    """Write a file from ``text``, ``base64`` or ``size`` (so many bytes of a pattern).

    ``export_as`` makes it a document that can only be exported.
    """
    if "text" in arg:
        data = str(arg["text"]).encode()
    elif "base64" in arg:
        data = base64.b64decode(arg["base64"])
    else:
        data = _pattern(int(arg["size"]), int(arg.get("seed", 0)))
    view = _view(emulator, arg)
    if arg.get("export_as"):
        blob, size = emulator.world.store.put(data)
        where, target = view.target(arg["path"])
        stamp = emulator.world.clock.stamp()
        entry = where.tree.put_file(target, blob, size, stamp, export_as=arg["export_as"])
        return where.metadata(entry)
    return _put(emulator, view, arg["path"], data, arg.get("client_modified"))


def _pattern(size: int, seed: int) -> bytes:
    # Different seeds differ in every 64-byte line, so that misplaced ranges show.
    line = f"{seed:08d}".encode()
    whole = b"".join(line + b"%055d\n" % number for number in range(size // 64 + 1))
    return whole[:size]


async def make_folder(emulator: Emulator, arg: Wire) -> Wire:
    """Make a folder with its parents."""
    view = _view(emulator, arg)
    where, target = view.target(arg["path"])
    there = where.tree.get(where.tree.key(target))
    return where.metadata(there if there is not None else where.tree.make_folder(target))


async def delete(emulator: Emulator, arg: Wire) -> Wire:
    """Delete a path."""
    where, entry = _view(emulator, arg).entry(arg["path"])
    metadata = where.metadata(entry)
    where.tree.remove(entry.path_lower)
    return metadata


async def move(emulator: Emulator, arg: Wire) -> Wire:
    """Move a path to a free one."""
    view = _view(emulator, arg)
    where, entry = view.entry(arg["from_path"])
    _, target = view.target(arg["to_path"])
    return where.metadata(where.tree.move(entry.path_lower, target))


async def listing(emulator: Emulator, arg: Wire) -> Wire:
    """The whole tree of an account: path, and size and hash of files."""
    view = _view(emulator, arg)
    found: list[Wire] = []
    for key in view.tree.listing(view.root, recursive=True):
        entry = view.tree.entries[key]
        row: Wire = {"path": view.display(entry), "id": entry.id}
        if isinstance(entry, FileEntry):
            row |= {"rev": entry.rev, "size": entry.size, "content_hash": entry.blob}
        found.append(row)
    return {"entries": found}


async def from_folder(emulator: Emulator, arg: Wire) -> Wire:
    """Copy a folder on disk into an account, with its times."""
    source, into = Path(arg["folder"]), str(arg.get("path", "")).rstrip("/")
    if not source.is_dir():
        raise ValueError(f"no such folder: {source}")
    view, store = _view(emulator, arg), emulator.world.store
    count = 0
    for path in sorted(source.rglob("*")):
        name = f"{into}/{path.relative_to(source).as_posix()}"
        where, target = view.target(name)
        if path.is_dir():
            if not isinstance(where.tree.get(where.tree.key(target)), FolderEntry):
                where.tree.make_folder(target)
            continue
        writer = store.writer()
        with path.open("rb") as file:
            while data := file.read(1024 * 1024):
                writer.write(data)
                await asyncio.sleep(0)
        size = writer.size
        where.tree.put_file(target, writer.commit(), size, int(path.stat().st_mtime))
        count += 1
    return {"files": count}


async def photos(emulator: Emulator, arg: Wire) -> Wire:
    """Write N generated photographs into a folder."""
    into = str(arg.get("path", "/Photos")).rstrip("/")
    view = _view(emulator, arg)
    names: list[str] = []
    for number in range(int(arg["count"])):
        photo = await asyncio.to_thread(
            make_photo,
            int(arg.get("first", 0)) + number,
            seed=int(arg.get("seed", 1)),
            long_edge=int(arg.get("long_edge", 1600)),
        )
        taken = int(photo.taken.replace(tzinfo=UTC).timestamp())
        names.append(f"{into}/{photo.name}")
        _put(emulator, view, names[-1], photo.data, taken)
    return {"paths": names}


async def many_files(emulator: Emulator, arg: Wire) -> Wire:
    """Write N tiny files, quickly, for measuring lists."""
    into = str(arg.get("path", "/Many")).rstrip("/")
    view, count = _view(emulator, arg), int(arg["count"])
    blob, size = emulator.world.store.put(b"x")
    stamp = emulator.world.clock.stamp()
    for number in range(count):
        where, target = view.target(f"{into}/file {number:06d}.txt")
        where.tree.put_file(target, blob, size, stamp)
        if number % 500 == 499:
            await asyncio.sleep(0)
    return {"files": count}


COMMANDS: dict[str, Command] = {
    "files/put": put_file,
    "files/make_folder": make_folder,
    "files/delete": delete,
    "files/move": move,
    "files/list": listing,
    "files/from_folder": from_folder,
    "files/photos": photos,
    "files/many": many_files,
}
