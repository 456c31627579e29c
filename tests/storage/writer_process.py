"""Puts objects for ever, to be killed: `python -m tests.storage.writer_process FOLDER SEED`.

Says `name` on a line when the put of an object has returned. Each object ends with the checksum
of what comes before it.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

from fanlight.storage.local import Local

WRITERS = 6
SIZES = (10, 50_000, 400_000, 1_200_000, 2_500_000)


def whole(data: bytes) -> bool:
    """Whether these are the bytes of one object, all of them and no others."""
    return hashlib.sha256(data[:-32]).digest() == data[-32:]


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 200_000):
        yield data[start : start + 200_000]


async def _write(provider: Local, luck: random.Random, writer: int) -> None:
    for number in count():
        data = luck.randbytes(luck.choice(SIZES))
        data += hashlib.sha256(data).digest()
        again = number % 3 == 2
        path = f"w{writer}/same" if again else f"w{writer}/d{number % 7}/{number}"
        await provider.put(path, _chunks(data), ticket=f"{writer}-{number}", overwrite=again)
        sys.stdout.write(f"{path}\n")
        sys.stdout.flush()


async def _main(folder: str, seed: str) -> None:
    provider, luck = Local(Path(folder)), random.Random(seed)
    await asyncio.gather(*(_write(provider, luck, writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2]))
