"""kill -9 of two processes in the middle of uploads, links, moves and removals."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from fanlight.model import SERVER
from tests.library.busy import LEASE, open_library
from tests.support.catalogues import KEY

if TYPE_CHECKING:
    from fanlight.library import Library
    from fanlight.model import Asset

pytestmark = pytest.mark.anyio

ROUNDS = 3
ROOT = Path(__file__).parents[2]


async def killed_while_busy(url: str, seed: int) -> list[str]:
    """What a busy process said until it was killed in the middle of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.library.busy", url, KEY, str(seed),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    said: list[str] = []
    chance = Random(seed)
    until = chance.randrange(10, 60)
    async for line in process.stdout:
        said.append(line.decode().strip())
        if len(said) == until:
            await asyncio.sleep(chance.random() / 50)
            with suppress(ProcessLookupError):
                process.kill()
    await process.wait()
    return [line for line in said if line]


async def content(library: Library, asset: Asset) -> str:
    """The checksum of what is really there."""
    opened = await library.open(SERVER, asset.id)
    digest = hashlib.sha256()
    async for piece in opened.body:
        digest.update(piece)
    await opened.body.aclose()
    return digest.hexdigest()


async def everything(library: Library) -> list[Asset]:
    found: list[Asset] = []
    after: str | None = None
    while True:
        page = await library.page(SERVER, limit=500, after=after)
        found += page.items
        after = page.next
        if after is None:
            return found


async def test_what_was_acknowledged_survives_and_nothing_is_left_over(
    catalogue_url: str, originals: Path
) -> None:
    catalogue, channels, library = open_library(catalogue_url, KEY, "test")
    await channels.add(SERVER, provider="local", name="Disk", options={"path": str(originals)})
    acknowledged: dict[str, str] = {}
    for seed in range(ROUNDS):
        said = await asyncio.gather(
            *(killed_while_busy(catalogue_url, 10 * seed + n) for n in range(2))
        )
        for word, *rest in map(str.split, said[0] + said[1]):
            if word == "+":
                acknowledged[rest[0]] = rest[1]
            elif word == "-":
                acknowledged.pop(rest[0], None)
    assert len(acknowledged) > ROUNDS, "hardly anything was uploaded: the test proves nothing"

    await asyncio.sleep(LEASE)
    await library.reconcile()

    visible = {asset.id: asset for asset in await everything(library)}
    assert acknowledged.items() <= {id_: one.sha256 for id_, one in visible.items()}.items()
    for asset in visible.values():
        assert await content(library, asset) == asset.sha256
    places = await catalogue.read(
        lambda records: [p for id_ in visible for p in records.placements.of(id_)]
    )
    objects = {
        str(path.relative_to(originals))
        for path in originals.rglob("*")
        if path.is_file() and ".fanlight" not in path.parts
    }
    assert {place.locator for place in places} == objects
    assert not list(originals.rglob("*.part"))
    assert not await catalogue.read(lambda records: records.intents.all())
    await library.close()
    await channels.close()
    catalogue.close()
