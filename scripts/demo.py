"""`make demo`: the whole way from a photograph to its link, on a data folder that is thrown away.

python scripts/demo.py [--port 8000] [--photos 12] [--once]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from scripts import sample_photos, studio, walk

EDIT = '{"path": "/Weddings", "count": 1, "seed": 2}'


def tell(words: str = "") -> None:
    """A line for whoever watches."""
    print(words, flush=True)


def journey(folder: Path, port: int, count: int, *, once: bool) -> None:
    """A studio, photographs, upload, links; then serve until Ctrl-C."""
    tell(f"Making {count} photographs ...")
    paths = list(sample_photos.write(folder / "photos", count, edge=1800))
    with walk.world(folder, port) as (here, service):
        tell(f"Uploading them: fanlight upload photos/* --to {here.url} --token TOKEN")
        links = here.upload(*paths, folder="trips")
        tell()
        for link in links:
            tell(f"  {link}")
        with urlopen(links[0], timeout=10) as answer:
            same = answer.read() == paths[0].read_bytes()
        tell()
        tell(f"The first one came back {'as it went in' if same else 'CHANGED'}.")
        if once:
            sys.exit(0 if same else 1)
        tell()
        tell(f"  Studio:    {here.url}/   name: {studio.OWNER}   password: {studio.PASSWORD}")
        tell(f"  Token:     {here.token}")
        tell(f"  Originals: {here.originals}")
        addresses = service.addresses
        tell(f"  Dropbox:   {addresses.http}/developers/apps   (emulated; sign in as Ann)")
        tell("             Docs lead through it: docs/guides/dropbox.md")
        tell(f"  Gallery:   {here.url}/studio/galleries/new   (connect it first)")
        tell(f"             Publish {walk.WEDDING!r}: docs/guides/client-gallery.md")
        tell(f"  Edit a photo there: curl {addresses.control}/files/photos -d '{EDIT}'")
        tell()
        tell("Press Ctrl-C to stop; all of it is removed then.")
        signal.pause()


def main() -> None:
    """Run it in a folder of its own."""
    parser = argparse.ArgumentParser(description="Show the way from a photograph to its link.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--photos", type=int, default=12)
    parser.add_argument("--once", action="store_true", help="do not stay and serve")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryDirectory(prefix="fanlight-demo-") as folder,
        suppress(KeyboardInterrupt),
    ):
        journey(Path(folder), studio.free_port(given.port), given.photos, once=given.once)


if __name__ == "__main__":
    main()
