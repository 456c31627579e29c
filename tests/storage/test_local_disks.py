"""Disks that are full, take no writes, or are two."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    ObjectMissing,
    ReadOnly,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from fanlight.model import Severity
from fanlight.storage import beneath
from tests.storage.disks import TINY, read_only, tiny_disk
from tests.storage.local_rig import Rig

pytestmark = pytest.mark.anyio

LARGE = os.urandom(3_000_000)


@pytest.fixture
async def rig() -> AsyncGenerator[Rig]:
    with TemporaryDirectory(prefix="disk-") as folder:
        rig = Rig(Path(folder))
        yield rig
        await rig.provider.close()


async def test_a_full_disk_is_said_and_nothing_is_left(rig: Rig) -> None:
    with tiny_disk(rig.folder) as real:
        await rig.put("before", b"x" * 1000)
        for size in (None, len(LARGE)):
            with pytest.raises(StorageFull):
                await rig.put("a/b/large", LARGE, size=size)
        assert rig.parts() == []
        assert await rig.read("before") == b"x" * 1000
        assert await rig.put("after", b"y" * 1000)
        if real:
            await fill_to_the_brim(rig)


async def fill_to_the_brim(rig: Rig) -> None:
    """Small objects until none fits, then one goes and one comes."""
    stored: list[str] = []
    for name in (f"s{number}" for number in range(TINY // 100_000 + 2)):
        with suppress(StorageFull):
            await rig.put(name, b"z" * 100_000)
            stored.append(name)
    assert TINY // 100_000 - 2 <= len(stored) <= TINY // 100_000
    assert rig.parts() == []
    check = await rig.provider.check()
    assert {finding.severity for finding in check.findings} <= {Severity.WARNING, Severity.PROBLEM}
    assert check.findings
    for name in stored:
        assert await rig.read(name) == b"z" * 100_000
    with pytest.raises(StorageFull):
        await rig.put("one-piece", LARGE[:1_000_000])
    await rig.provider.delete(stored[0])
    await rig.put("room", b"z" * 100_000)


SAID = {
    errno.ENOENT: ObjectMissing,
    errno.ENOTDIR: ObjectMissing,
    errno.ELOOP: BadLocator,
    errno.ENAMETOOLONG: BadLocator,
    errno.EEXIST: AlreadyExists,
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EROFS: ReadOnly,
    errno.EIO: StorageUnavailable,
    errno.ESTALE: StorageUnavailable,
    errno.EMFILE: StorageUnavailable,
}


@pytest.mark.parametrize("number", SAID, ids=errno.errorcode.get)
def test_what_the_system_says_has_a_name_of_ours(number: int) -> None:
    for writing in (True, False):
        error = beneath.translate(OSError(number, "text"), writing=writing)
        assert type(error) is SAID[number]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_missing_rights_are_told_apart_for_reading_and_writing(number: int) -> None:
    assert type(beneath.translate(OSError(number, ""), writing=True)) is ReadOnly
    reading = beneath.translate(OSError(number, ""), writing=False)
    assert reading.public_code == "storage.unreadable"
    assert not reading.temporary


async def test_a_read_only_folder_is_said_and_can_be_read(rig: Rig) -> None:
    await rig.put("a/b")
    with read_only(rig.folder):
        for call in (
            lambda: rig.put("c"),
            lambda: rig.put("c", LARGE),
            lambda: rig.put("a/b", overwrite=True),
            lambda: rig.provider.delete("a/b"),
            lambda: rig.provider.move("a/b", "c"),
        ):
            with pytest.raises(ReadOnly):
                await call()
        assert await rig.read("a/b") == b"bytes"
        assert await rig.names() == ["a"]
        check = await rig.provider.check()
        assert not check.writable
        assert [finding.code for finding in check.findings] == ["local.read-only"]
        assert check.findings[0].severity is Severity.WARNING
    await rig.put("c")


async def test_a_folder_on_another_disk_is_said(rig: Rig) -> None:
    (rig.folder / "other").mkdir()
    with tiny_disk(rig.folder / "other") as real:
        if not real:
            return
        with pytest.raises(StorageError, match="another disk"):
            await rig.put("other/a")
        assert rig.parts() == []
        assert await rig.names("other") == []
