"""Small and read-only disks: real ones where mounting is allowed, else the nearest thing."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

TINY = 2 << 20
NOBODY = 65534


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@contextmanager
def tiny_disk(folder: Path) -> Generator[bool]:
    """Make `folder` a disk of 2 MiB. Whether that worked: otherwise files end at that size."""
    if _run("mount", "-t", "tmpfs", "-o", f"size={TINY}", "tmpfs", str(folder)):
        try:
            yield True
        finally:
            assert _run("umount", str(folder)), "something still holds the disk"
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (TINY, before[1]))
    try:
        yield False
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(folder: Path) -> Generator[None]:
    """Make `folder` (which others must be able to reach) take no writes, also not from root."""
    text = str(folder)
    if _run("mount", "--bind", text, text):
        try:
            assert _run("mount", "-o", "remount,bind,ro", text)
            yield
        finally:
            assert _run("umount", text), "something still holds the disk"
        return
    with _without_rights(folder):
        yield


@contextmanager
def _without_rights(folder: Path) -> Generator[None]:
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    user = os.geteuid()
    for one in folders:
        one.chmod(0o555)
    if user == 0:  # to whom modes mean nothing
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for one in folders:
            one.chmod(0o755)
