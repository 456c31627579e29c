"""A storm over Dropbox: what was answered as stored is there once, and what is read is right."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from fanlight.errors import StorageError
from fanlight.storage.base import Commit, Entry
from fanlight.storage.dropbox.content_hash import content_hash
from fanlight.storage.shared import Shared
from fanlight.storage.store import Stored
from tests.storage.dropbox.conftest import Shop
from tests.support.emulated import Emulated, OwnDoor

pytestmark = pytest.mark.anyio

COUNT = 300
STORM: dict[str, tuple[float, dict[str, int]]] = {
    "rate_limited": (0.10, {"retry_after": 0}),
    "server_error": (0.05, {"status": 503}),
    "connection_reset": (0.05, {}),
    "lost_reply": (0.02, {}),
    "truncated_body": (0.01, {"after_bytes": 50}),
}


def storm(shop: Shop) -> None:
    for number, (kind, (share, more)) in enumerate(STORM.items()):
        shop.fault(kind, "files/*", share=share, seed=number, **more)


def body(number: int) -> bytes:
    return random.Random(number).randbytes(1000 + number)


async def test_a_storm_over_uploads_and_reads_loses_and_doubles_nothing(shop: Shop) -> None:
    storm(shop)
    puts = (
        shop.put(f"storm/{number:04}.jpg", body(number), f"t{number}") for number in range(COUNT)
    )
    results = await asyncio.gather(*puts, return_exceptions=True)
    assert all(isinstance(one, Stored | StorageError) for one in results)
    stored = {n: one.entry for n, one in enumerate(results) if isinstance(one, Stored)}
    assert len(stored) > COUNT * 0.9
    reads = (shop.read(entry.locator) for entry in stored.values())
    got = await asyncio.gather(*reads, return_exceptions=True)
    shop.control.clear_faults()
    right = [
        body(number) == data
        for number, data in zip(stored, got, strict=True)
        if isinstance(data, bytes)
    ]
    assert all(right)
    assert len(right) > len(stored) * 0.9
    assert all(isinstance(one, bytes | StorageError) for one in got)
    account = shop.emulated.account["account_id"]
    there = {one["path"]: one for one in shop.control.tree(account=account) if "size" in one}
    for number in stored:
        assert there[f"/storm/{number:04}.jpg"]["content_hash"] == content_hash(body(number))
    assert len(there) <= COUNT


class Counting(OwnDoor):
    """Counts how many commit at once, over all of them."""

    now, most = 0, 0

    async def commit_many(self, commits: Sequence[Commit]) -> Sequence[Entry | StorageError]:
        Counting.now += 1
        Counting.most = max(Counting.most, Counting.now)
        try:
            return await super().commit_many(commits)
        finally:
            Counting.now -= 1


async def test_in_a_storm_too_there_is_only_one_committer(
    shop: Shop, emulated: Emulated, shared: Shared
) -> None:
    storm(shop)
    shops = [Shop(emulated, Counting(emulated.around()), shared) for _ in range(2)]
    await asyncio.gather(
        *(
            one.put(f"{name}/{number}", body(number), f"{name}{number}")
            for name, one in zip("ab", shops, strict=True)
            for number in range(60)
        ),
        return_exceptions=True,
    )
    for one in shops:
        await one.store.close()
    assert Counting.most == 1


async def test_a_kill_in_the_middle_loses_nothing_that_was_answered(
    shop: Shop, emulated: Emulated, tmp_path: Path
) -> None:
    storm(shop)
    token = await emulated.tokens.get()
    arguments = json.dumps({"address": emulated.handle.addresses.http, "token": token})
    sender = [sys.executable, "-m", "tests.storage.dropbox.sender_process", arguments]
    process = subprocess.Popen(sender, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
    assert process.stdout is not None
    answered: list[list[str]] = []
    for line in process.stdout:
        if line.startswith("stored ") and line.endswith("\n"):
            answered.append(line.split())
            if len(answered) == 60:
                process.kill()
    process.wait()
    process.stdout.close()
    shop.control.clear_faults()
    account = emulated.account["account_id"]
    there = {
        one["path"]: one["content_hash"]
        for one in shop.control.tree(account=account)
        if "size" in one
    }
    assert len(answered) >= 60
    for _, path, digest in answered:
        assert there["/" + path] == digest
    results = await asyncio.gather(
        *(
            shop.put(f"kill/{number}", body(number), f"t{number}", overwrite=True)
            for number in range(COUNT)
        )
    )
    assert {one.entry.path for one in results} == {f"kill/{number}" for number in range(COUNT)}
    assert len(shop.tree()) == COUNT


RCLONE = Path(sys.executable).with_name("rclone")


def rclone(emulated: Emulated, folder: Path, *arguments: str) -> str:
    """A second client, which nobody here wrote, at the same account."""
    grant = emulated.control.grant(
        str(emulated.app["app_key"]), str(emulated.account["account_id"])
    )
    token = {**grant, "expiry": "2099-01-01T00:00:00Z", "token_type": "bearer"}
    config = folder / "rclone.conf"
    config.write_text(
        f"[cloud]\ntype = dropbox\nclient_id = {emulated.app['app_key']}\n"
        f"client_secret = {emulated.app['app_secret']}\ntoken = {json.dumps(token)}\n"
    )
    addresses = emulated.handle.addresses
    found = subprocess.run(
        [str(RCLONE), "--config", str(config), "--ca-cert", str(addresses.ca_file), *arguments],
        env={"HTTPS_PROXY": str(addresses.proxy), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout + found.stderr


async def test_rclone_sees_what_we_have_stored(
    shop: Shop, emulated: Emulated, tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    (folder / "a").mkdir(parents=True)
    names = ["plain.jpg", "a/😀 Übung.jpg", "a/empty", "a/large"]
    for number, name in enumerate(names):
        data = b"" if name == "a/empty" else body(number) * (9000 if name == "a/large" else 1)
        (folder / name).write_bytes(data)
        await shop.put(f"seen/{name}", data, f"t{number}")
    run = asyncio.get_running_loop().run_in_executor
    said = await run(None, rclone, emulated, tmp_path, "check", str(folder), "cloud:seen")
    assert "0 differences found" in said
    sums = await run(
        None, rclone, emulated, tmp_path, "hashsum", "dropbox", str(folder / "a/large")
    )
    assert sums.split()[0] == content_hash((folder / "a/large").read_bytes())
