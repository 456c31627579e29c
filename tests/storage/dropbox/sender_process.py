"""Puts objects until it is killed, and says of each one that was answered: path, checksum."""

from __future__ import annotations

import asyncio
import json
import random
import sys

from fanlight.errors import StorageError
from fanlight.outgoing import Http
from fanlight.storage.dropbox import Dropbox
from fanlight.storage.store import Store
from fanlight.storage.surroundings import Surroundings
from tests.storage.dropbox.conftest import QUICK, chunks


class Given:
    def __init__(self, token: str) -> None:
        self._token = token

    async def get(self) -> str:
        return self._token

    async def renew(self, stale: str) -> str:
        return stale


async def main(address: str, token: str) -> None:
    around = Surroundings(Http(), Given(token), address)
    store = Store(Dropbox(around), name="sender", policy=QUICK)

    async def put(number: int) -> None:
        data = random.Random(number).randbytes(1000 + number)
        try:
            stored = await store.put(
                f"kill/{number}", chunks(data), ticket=f"t{number}", size=len(data)
            )
        except StorageError:
            return
        assert stored.entry.checksum is not None
        print("stored", stored.entry.path, stored.entry.checksum.value, flush=True)

    await asyncio.gather(*(put(number) for number in range(300)))


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
