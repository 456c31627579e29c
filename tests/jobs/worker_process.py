"""A worker in a process of its own, to be killed: `worker_process.py URL KEY FOLDER`.

Its one task notes in `FOLDER/journal` when it begins and when it ends. Some wait in between until
there is a `FOLDER/go on`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from fanlight.catalogue import Catalogue
from fanlight.catalogue.seal import Seal
from fanlight.jobs import Pace, Run, Task, open_engine

SLOTS = 4


async def main(url: str, key: Path, folder: Path) -> None:
    journal = os.open(folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def note(run: Run) -> None:
        number = run.arguments["number"]
        os.write(journal, f"begin {number}\n".encode())
        await asyncio.sleep(0.05)
        while run.arguments["wait"] and not (folder / "go on").exists():
            await asyncio.sleep(0.01)
        os.write(journal, f"end {number}\n".encode())

    catalogue = Catalogue.open(url, seal=Seal.from_file(key))
    engine = open_engine(catalogue, url, pace=Pace(poll=0.1, lease=2.5, grace=0.3))
    engine.declare(Task("note", note, retries=0))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await engine.work(slots=SLOTS, stop=stop)
    catalogue.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
