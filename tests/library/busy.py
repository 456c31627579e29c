"""A process that uploads, links, moves, deletes and purges until it is killed.

Run as `python -m tests.library.busy DATABASE KEY SEED`; prints a line for each asset that was
acknowledged (`+ id sha256`) and for each that is about to be removed (`- id`).
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

from fanlight.catalogue import Catalogue, Seal
from fanlight.channels import Channels
from fanlight.errors import FanlightError
from fanlight.library import Library, UploadRequest
from fanlight.model import SERVER
from tests.library.world import body

LEASE = 1.0


def now() -> datetime:
    return datetime.now(UTC)


def open_library(database: str, key: str, holder: str) -> tuple[Catalogue, Channels, Library]:
    catalogue = Catalogue.open(database, seal=Seal([key]))
    channels = Channels(catalogue, clock=now)
    library = Library(
        catalogue,
        channels,
        clock=now,
        holder=holder,
        naming="origin",
        duplicates="link",
        max_upload=0,
        intent_lease=LEASE,
        trash_days=0,
    )
    return catalogue, channels, library


async def be_busy(library: Library, chance: Random) -> None:
    """One person who never rests."""
    mine: list[str] = []
    while True:
        content = b"%d" % chance.randrange(60) * chance.choice((1, 1000, 700_000))
        with suppress(FanlightError):
            request = UploadRequest(f"{chance.randrange(30)}.txt", f"f{chance.randrange(3)}")
            asset = (await library.upload(SERVER, request, body(content))).asset
            print(f"+ {asset.id} {hashlib.sha256(content).hexdigest()}", flush=True)
            mine.append(asset.id)
            other = chance.choice(mine)
            if chance.random() < 0.5:
                await library.move(SERVER, other, folder=f"f{chance.randrange(5)}")
            if chance.random() < 0.4:
                mine.remove(other)
                print(f"- {other}", flush=True)
                await library.purge(SERVER, other)


async def main(database: str, key: str, seed: str) -> None:
    _, _, library = open_library(database, key, f"busy {seed}")
    await asyncio.gather(*(be_busy(library, Random(f"{seed} {n}")) for n in range(8)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
