"""No symbolic link below a channel's folder leads out of it, wherever and whenever it appears."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from fanlight.errors import AlreadyExists, BadLocator, FanlightError, ObjectMissing, StorageError
from tests.storage.local_rig import Rig

pytestmark = pytest.mark.anyio

SECRET = b"secret" * 10


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    (folder / "deep").mkdir(parents=True)
    for path in ("secret", "deep/secret"):
        (folder / path).write_bytes(SECRET)
    return folder


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    (tmp_path / "root").mkdir()
    rig = Rig(tmp_path / "root")
    yield rig
    await rig.provider.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


LEVELS = ["link", "a/link", "a/b/c/link"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("absolute", [True, False])
async def test_a_linked_folder_is_not_entered_at_any_level(
    rig: Rig, outside: Path, level: str, absolute: bool
) -> None:
    link = rig.folder / level
    link.parent.mkdir(parents=True, exist_ok=True)
    up = Path("../" * (level.count("/") + 1))
    link.symlink_to(outside if absolute else up / outside.name)
    assert (link / "secret").read_bytes() == SECRET
    await rig.put("mine")
    before = contents(outside)
    for path in (f"{level}/secret", f"{level}/deep/secret"):
        calls: tuple[Callable[[], object], ...] = (
            lambda path=path: rig.provider.stat(path),
            lambda path=path: rig.provider.open(path),
            lambda path=path: rig.provider.delete(path),
            lambda path=path: rig.provider.move(path, "taken"),
            lambda path=path: rig.provider.move("mine", f"{path}-new"),
            lambda path=path: rig.put(path, b"x", overwrite=True),
            lambda path=path: rig.put(f"{path}-new", b"x"),
            lambda path=path: rig.put(f"{path}-new", b"x" * 3_000_000),
        )
        for call in calls:
            with pytest.raises(BadLocator):
                await call()  # type: ignore[misc]
        with pytest.raises(BadLocator):
            rig.provider.local_path(path)
    for folder in (level, f"{level}/deep"):
        with pytest.raises(BadLocator):
            await rig.provider.list(folder)
    assert contents(outside) == before
    assert await rig.read("mine") == b"bytes"
    assert rig.parts() == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("target", ["secret", "nothing"])
async def test_a_linked_object_is_not_read_and_not_written_through(
    rig: Rig, outside: Path, level: str, target: str
) -> None:
    link = rig.folder / level
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside / target)
    before = contents(outside)
    for call in (rig.provider.stat, rig.provider.open, rig.provider.delete):
        with pytest.raises(BadLocator):
            await call(level)
    with pytest.raises(BadLocator):
        rig.provider.local_path(level)
    with pytest.raises(BadLocator):
        rig.provider.local_version(link)
    with pytest.raises(AlreadyExists):
        await rig.put(level, b"x")
    assert link.name not in await rig.names(level.rpartition("/")[0])
    await rig.put(level, b"ours", overwrite=True)
    assert await rig.read(level) == b"ours"
    assert contents(outside) == before


async def test_the_place_for_unfinished_objects_cannot_be_a_link(rig: Rig, outside: Path) -> None:
    (rig.folder / ".fanlight").symlink_to(outside)
    (outside / "t.part").write_bytes(b"theirs")
    before = contents(outside)
    with pytest.raises(BadLocator):
        await rig.put("a", ticket="t")
    with pytest.raises(BadLocator):
        await rig.provider.discard("t")
    check = await rig.provider.check()
    assert not check.writable
    assert [finding.code for finding in check.findings] == ["local.bad-locator"]
    assert contents(outside) == before


async def test_the_folder_itself_may_be_a_link(tmp_path: Path, outside: Path) -> None:
    (tmp_path / "top").symlink_to(outside)
    rig = Rig(tmp_path / "top", "deep")
    assert await rig.read("secret") == SECRET
    await rig.put("a/b")
    assert (outside / "deep/a/b").read_bytes() == b"bytes"
    assert rig.provider.local_path("a/b").read_bytes() == b"bytes"
    await rig.provider.close()


async def test_a_root_below_the_folder_may_not(tmp_path: Path, outside: Path) -> None:
    (tmp_path / "top").mkdir()
    (tmp_path / "top/root").symlink_to(outside)
    rig = Rig(tmp_path / "top", "root")
    for call in (rig.provider.stat, rig.provider.open, rig.put):
        with pytest.raises(BadLocator):
            await call("secret")
    with pytest.raises(BadLocator):
        await rig.provider.list("")
    assert not (await rig.provider.check()).writable
    await rig.provider.close()


@contextmanager
def swapping(folder: Path, link: Path) -> Generator[None]:
    """All the while, `folder` is now itself, now a link that leads elsewhere, now missing."""
    stop = threading.Event()
    aside = folder.with_name("aside")

    def swap() -> None:
        while not stop.is_set():
            with suppress(OSError):
                folder.rename(aside)
                link.rename(folder)
            with suppress(OSError):
                folder.rename(link)
                aside.rename(folder)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        yield
    finally:
        stop.set()
        swapper.join()


@pytest.mark.parametrize("level", ["a", "a/b", "a/b/c"])
async def test_a_link_swapped_in_while_we_walk_leads_nowhere(
    rig: Rig, outside: Path, level: str
) -> None:
    (rig.folder / "a/b/c").mkdir(parents=True)
    (rig.folder / "a/b/c/secret").write_bytes(b"ours")
    rest = "a/b/c"[len(level) :].strip("/")
    (outside / rest).mkdir(parents=True, exist_ok=True)
    (outside / rest / "secret").write_bytes(SECRET)
    link = rig.folder / "link"
    link.symlink_to(outside)
    before = contents(outside)
    done = 0
    with swapping(rig.folder / level, link):
        for number in range(60):
            with suppress(FanlightError):
                assert await rig.read("a/b/c/secret") == b"ours"
                done += 1
            with suppress(FanlightError):
                await rig.put(f"a/b/c/new{number}", b"new")
            with suppress(FanlightError):
                await rig.put("a/b/c/secret", b"ours", overwrite=True)
            with suppress(FanlightError):
                await rig.provider.delete(f"a/b/c/new{number}")
            with suppress(StorageError):
                assert "deep" not in await rig.names("a/b/c")
    assert contents(outside) == before
    assert done, "the swapping left no chance to read"


async def test_a_removed_link_is_missing_and_no_longer_refused(rig: Rig, outside: Path) -> None:
    (rig.folder / "link").symlink_to(outside)
    (rig.folder / "link").unlink()
    with pytest.raises(ObjectMissing):
        await rig.provider.stat("link/secret")
    await rig.put("link/secret", b"ours")
    assert await rig.read("link/secret") == b"ours"
