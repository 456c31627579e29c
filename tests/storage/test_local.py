"""What is special to a local folder: others write there too, and disks have their ways."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    Invalid,
    ObjectChanged,
    ObjectMissing,
    StorageUnavailable,
)
from fanlight.model import Severity
from fanlight.storage import beneath, registry
from fanlight.storage.local import Local
from tests.storage.local_rig import Rig, chunks

pytestmark = pytest.mark.anyio

LARGE = os.urandom(3_000_000)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    rig = Rig(tmp_path)
    yield rig
    await rig.provider.close()


# --- changes behind our back ----------------------------------------------------------------------


async def test_a_change_in_place_is_noticed_though_size_and_inode_stay(rig: Rig) -> None:
    entry = await rig.put("a", b"before")
    path = rig.folder / "a"
    with path.open("r+b") as file:
        file.write(b"after!")
    assert (await rig.provider.stat("a")).version != entry.version
    assert rig.provider.local_version(path) != entry.version
    with pytest.raises(ObjectChanged):
        await rig.read("a", version=entry.version)
    assert await rig.read("a") == b"after!"


async def test_a_replacement_is_noticed_though_size_and_time_stay(rig: Rig) -> None:
    entry = await rig.put("a", b"before")
    path, other = rig.folder / "a", rig.folder / "other"
    found = path.stat()
    other.write_bytes(b"after!")
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.rename(path)
    assert (await rig.provider.stat("a")).version != entry.version
    with pytest.raises(ObjectChanged):
        await rig.read("a", version=entry.version)


@pytest.mark.parametrize("change", ["write", "truncate", "append"])
async def test_a_change_in_the_middle_of_a_read_is_noticed(rig: Rig, change: str) -> None:
    await rig.put("a", LARGE)
    body = await rig.provider.open("a")
    got = await anext(aiter(body))
    with (rig.folder / "a").open("r+b") as file:
        if change == "write":
            file.seek(len(LARGE) - 1)
            file.write(b"!")
        elif change == "append":
            file.seek(0, os.SEEK_END)
            file.write(b"!")
        else:
            file.truncate(len(got) + 10)
    with pytest.raises(ObjectChanged):
        await anext(aiter(body))
    await body.aclose()


async def test_what_was_put_there_by_others_is_listed_and_read(rig: Rig) -> None:
    (rig.folder / "theirs").mkdir()
    (rig.folder / "theirs" / "line\nbreak").write_bytes(b"odd")
    listed = (await rig.provider.list("theirs")).entries
    assert [entry.path for entry in listed] == ["theirs/line\nbreak"]
    assert await rig.read(listed[0].locator) == b"odd"
    await rig.provider.delete(listed[0].locator)
    assert await rig.names() == []


async def test_what_is_no_plain_object_is_neither_listed_nor_opened(rig: Rig) -> None:
    os.mkfifo(rig.folder / "pipe")
    (rig.folder / "link").symlink_to("pipe")
    (rig.folder / os.fsdecode(b"latin-\xe9")).write_bytes(b"x")
    assert await rig.names() == []
    for call in (rig.provider.stat, rig.provider.open, rig.provider.delete):
        with pytest.raises(ObjectMissing):
            await call("pipe")
    assert (rig.folder / "pipe").is_fifo()


async def test_an_impossible_date_does_not_break_a_listing(rig: Rig) -> None:
    await rig.put("a")
    os.utime(rig.folder / "a", ns=(0, 2**62))
    os.utime(rig.folder / "a", (0, 300_000_000_000))
    assert await rig.names() == ["a"]


# --- unfinished objects ---------------------------------------------------------------------------


async def test_unfinished_objects_are_not_seen_and_can_be_discarded(rig: Rig) -> None:
    await rig.put("a")
    (rig.folder / ".fanlight" / "crashed.part").write_bytes(b"half")
    assert await rig.names() == ["a"]
    assert rig.parts() == ["crashed.part"]
    await rig.provider.discard("crashed")
    assert rig.parts() == []


async def test_a_ticket_can_be_used_again_after_a_crash(rig: Rig) -> None:
    await rig.put("a")
    (rig.folder / ".fanlight" / "again.part").write_bytes(b"half of something longer")
    await rig.put("b", b"whole", ticket="again")
    assert await rig.read("b") == b"whole"
    assert rig.parts() == []


async def test_while_it_is_written_an_object_is_not_there(rig: Rig) -> None:
    seen: list[list[str]] = []

    async def body() -> AsyncIterator[bytes]:
        async for piece in chunks(LARGE):
            seen.append(await rig.names())
            yield piece

    await rig.provider.put("a", body(), ticket="t")
    assert seen == [[]] * len(seen)
    assert await rig.names() == ["a"]


@pytest.mark.parametrize("size", [10, len(LARGE)])
async def test_nothing_unfinished_is_left_by_success_or_failure(rig: Rig, size: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for piece in chunks(LARGE[:size]):
            yield piece
        raise ValueError("the sender's own")

    await rig.put("a", LARGE[:size])
    with pytest.raises(AlreadyExists):
        await rig.put("a", LARGE[:size])
    with pytest.raises(ValueError, match="the sender's own"):
        await rig.provider.put("b", broken(), ticket="t")
    assert rig.parts() == []


async def test_a_put_cancelled_at_any_moment_is_whole_or_not_there(rig: Rig) -> None:
    for number, turns in enumerate(range(0, 60, 2)):
        data = LARGE[: 100 if number % 2 else len(LARGE)]
        putting = asyncio.create_task(rig.put(f"{number}", data))
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.sleep(turns / 5000)
        putting.cancel()
        with suppress(asyncio.CancelledError):
            await putting
        with suppress(ObjectMissing):
            assert await rig.read(f"{number}") == data
    await rig.provider.put("last", chunks(b"x"), ticket="last")


class Held:
    """A system call that waits, when it is reached, until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.reached = threading.Event()
        self.go = threading.Event()
        call = getattr(os, name)

        def held(*given: Any) -> Any:
            self.reached.set()
            assert self.go.wait(60)
            return call(*given)

        monkeypatch.setattr(os, name, held)

    async def wait(self) -> None:
        while not self.reached.is_set():
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("size", [10, len(LARGE)])
async def test_a_put_cancelled_before_it_is_in_place_never_will_be(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    await rig.put("other")
    syncing = Held(monkeypatch, "fsync")
    putting = asyncio.create_task(rig.put("a", LARGE[:size]))
    await syncing.wait()
    putting.cancel()
    await asyncio.sleep(0)
    syncing.go.set()
    with pytest.raises(asyncio.CancelledError):
        await putting
    while rig.parts():
        await asyncio.sleep(0.001)
    assert await rig.names() == ["other"]


async def test_a_descriptor_is_not_closed_under_a_read(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened() -> int:
        held = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
        return held.count(str(rig.folder / "a"))

    await rig.put("a")
    body = await rig.provider.open("a")
    reading = Held(monkeypatch, "pread")
    piece = asyncio.ensure_future(anext(aiter(body)))
    await reading.wait()
    piece.cancel()
    with pytest.raises(asyncio.CancelledError):
        await piece
    await body.aclose()
    assert opened() == 1
    reading.go.set()
    while opened():
        await asyncio.sleep(0.001)


async def test_descriptors_are_all_given_back(rig: Rig) -> None:
    def open_now() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    await rig.put("x/warm", LARGE)
    before = open_now()
    for number in range(5):
        await rig.put(f"x/{number}", LARGE)
        await rig.put(f"y/{number}")
        with pytest.raises(AlreadyExists):
            await rig.put(f"x/{number}", LARGE)
        with pytest.raises(AlreadyExists):
            await rig.put("x", b"small")
        for path in ("x", "nothing", "x/nothing", "x/0/y"):
            with pytest.raises(ObjectMissing):
                await rig.provider.open(path)
        with pytest.raises(ObjectChanged):
            await rig.provider.open("x/0", version="1-2-3")
        opening = asyncio.create_task(rig.provider.open("x/0"))
        await asyncio.sleep(0)
        opening.cancel()
        await rig.read(f"x/{number}")
        await rig.provider.move(f"y/{number}", f"z/{number}")
        await rig.provider.delete(f"z/{number}")
        rig.provider.local_path(f"x/{number}")
        await rig.provider.list("x")
        await rig.provider.check()
        await rig.provider.quota()
    await rig.read("x/0")
    assert open_now() == before


async def test_new_objects_have_the_rights_that_the_umask_gives(rig: Rig) -> None:
    await rig.put("folder/a")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((rig.folder / "folder/a").stat().st_mode) == 0o666 & ~umask
    assert stat.S_IMODE((rig.folder / "folder").stat().st_mode) == 0o777 & ~umask


# --- durability -----------------------------------------------------------------------------------


class Synced:
    """A spy on `os.fsync`: the path of each descriptor, and what its folder held at that moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[Path, set[str]]] = []
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, fd: int) -> None:
        path = Path(f"/proc/self/fd/{fd}").readlink()
        held = {below.name for below in path.iterdir()} if path.is_dir() else set[str]()
        self.calls.append((path, held))
        self._fsync(fd)

    def index(self, path: Path, holding: str = "") -> int:
        return next(
            number
            for number, (synced, held) in enumerate(self.calls)
            if synced == path and (not holding or holding in held)
        )


@pytest.mark.parametrize("size", [10, len(LARGE)])
async def test_bytes_then_names_are_made_durable(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    spy = Synced(monkeypatch)
    await rig.put("a/b/c", LARGE[:size], ticket="t")
    data = spy.index(rig.folder / ".fanlight" / "t.part")
    assert data < spy.index(rig.folder / "a" / "b", "c")
    assert spy.index(rig.folder, "a") < spy.index(rig.folder / "a" / "b", "c")
    assert spy.index(rig.folder / "a", "b") < spy.index(rig.folder / "a" / "b", "c")


async def test_moves_and_deletions_are_made_durable(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.put("a/b")
    await rig.put("a/other")
    await rig.put("c/other")
    spy = Synced(monkeypatch)
    await rig.provider.move("a/b", "c/d")
    assert spy.index(rig.folder / "c", "d") < spy.index(rig.folder / "a", "other")
    spy.calls.clear()
    await rig.provider.delete("c/d")
    assert (rig.folder / "c", {"other"}) in spy.calls


@pytest.mark.parametrize("rename", [beneath.rename_new, beneath.link_new, beneath.look_and_rename])
def test_no_way_of_renaming_replaces_anything(
    tmp_path: Path, rename: Callable[[int, str, int, str], None]
) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    fd = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(FileExistsError):
        rename(fd, "a", fd, "b")
    rename(fd, "a", fd, "c")
    with pytest.raises(FileNotFoundError):
        rename(fd, "a", fd, "d")
    os.close(fd)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"b": "b", "c": "a"}


async def test_two_hard_links_of_one_object_are_two_names(rig: Rig) -> None:
    await rig.put("a")
    os.link(rig.folder / "a", rig.folder / "A")
    with pytest.raises(AlreadyExists):
        await rig.provider.move("a", "A")
    assert await rig.names() == ["A", "a"]


# --- the root -------------------------------------------------------------------------------------


async def test_the_root_below_the_folder_is_made_by_the_first_put(tmp_path: Path) -> None:
    rig = Rig(tmp_path, "clients/2026")
    assert await rig.names() == []
    assert not (tmp_path / "clients").exists()
    await rig.put("a")
    assert (tmp_path / "clients/2026/a").read_bytes() == b"bytes"
    await rig.provider.delete("a")
    assert rig.folder.is_dir()
    await rig.provider.close()


@pytest.mark.parametrize("there", ["nothing", "an object"])
async def test_a_folder_that_is_not_there_is_said_and_never_made(
    tmp_path: Path, there: str
) -> None:
    top = tmp_path / "unmounted"
    if there == "an object":
        top.write_bytes(b"")
    rig = Rig(top, "root")
    calls = (
        lambda: rig.put("a"),
        lambda: rig.put("a", LARGE),
        lambda: rig.provider.list(""),
        lambda: rig.provider.stat("a"),
        lambda: rig.provider.open("a"),
        lambda: rig.provider.delete("a"),
        rig.provider.quota,
    )
    for call in calls:
        with pytest.raises(StorageUnavailable, match="is not there"):
            await call()
    check = await rig.provider.check()
    assert not check.writable
    assert [finding.code for finding in check.findings] == ["local.storage-unavailable"]
    assert check.findings[0].severity is Severity.PROBLEM
    assert check.findings[0].steps
    assert not top.is_dir()
    await rig.provider.close()


async def test_nested_channels_do_not_see_each_others_unfinished_objects(tmp_path: Path) -> None:
    outer, inner = Rig(tmp_path), Rig(tmp_path, "inner")
    await inner.put("a")
    assert (tmp_path / "inner/.fanlight").is_dir()
    assert await outer.names("inner") == ["a"]
    for rig in (outer, inner):
        await rig.provider.close()


@pytest.mark.parametrize("root", ["..", "a/../b", "/etc", "a//b", ".fanlight", "a\0"])
def test_a_root_outside_the_folder_is_refused(tmp_path: Path, root: str) -> None:
    with pytest.raises(BadLocator):
        registry.create("local", {"path": str(tmp_path)}, root)


@pytest.mark.parametrize("path", ["", "relative/path", "."])
def test_the_folder_is_an_absolute_path(path: str) -> None:
    with pytest.raises(Invalid) as caught:
        registry.create("local", {"path": path})
    assert caught.value.public_code == "invalid.option"


def test_a_folder_too_deep_for_system_calls_is_refused() -> None:
    with pytest.raises(BadLocator):
        Local(Path("/" + "x/" * 600))


async def test_after_closing_calls_are_refused_as_passing(rig: Rig) -> None:
    await rig.put("a", LARGE)
    body = await rig.provider.open("a")
    await rig.provider.close()
    for call in (lambda: rig.provider.stat("a"), lambda: rig.put("b"), lambda: anext(aiter(body))):
        with pytest.raises(StorageUnavailable):
            await call()
    await body.aclose()
