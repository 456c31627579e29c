"""Makes renditions for ever, to be killed: `python -m tests.renditions.maker_process CACHE PHOTO`.

Says the path of each on a line. A third argument is the format to make them in.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from fanlight.renditions.limits import Limits
from fanlight.renditions.recipes import PRESETS, Format
from fanlight.renditions.renditions import Key, Renditions
from tests.renditions.rig import Original


async def _main(folder: Path, photo: Path, form: Format | None = None) -> None:
    renditions = Renditions(folder, cache_bytes=1 << 30, workers=2, limits=Limits())
    await renditions.start()
    for number in count():
        names = [f"{number}-{each}" for each in range(4)]
        made = await asyncio.gather(
            *(
                renditions.make(
                    Key(name, PRESETS["large" if form else "small"], form), Original(photo, name)
                )
                for name in names
            )
        )
        for rendition in made:
            sys.stdout.write(f"{rendition.path}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2]), *map(Format, sys.argv[3:])))
