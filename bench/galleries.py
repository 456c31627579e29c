"""What a gallery costs the server: pages, warm thumbs and cold ones, by its visitors' addresses.

Every request is a visitor's, with the cookie that says they know the password. Pages and warm
thumbs come from one server process on a core of its own; cold thumbs are asked for as a browser
does, those of the first screen first, on eight connections. The peers' figures were measured on a
machine like the one that these limits were set on, and are printed beside ours.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench.cloud import beside, connected, with_emulator
from bench.gallery_page import EDGE, FEW, MANY, hang, know
from bench.nginx import serving_static
from bench.photos import copies
from bench.renditions import burst
from bench.report import Row, middle, table
from bench.serving import pin
from bench.wrk import Load, Request, Run, missing
from dropbox_emulator.pictures.photos import make_photo
from fanlight import config
from fanlight.app import build
from fanlight.galleries.making import Draft
from fanlight.gallery_model import GalleryRules, GalleryState, Right
from fanlight.model import SERVER, Role
from scripts import sample_photos
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence

    from bench.cloud import Cloud
    from fanlight.app import Fanlight
    from tests.support.server import Server

ACCEPT = "image/avif,image/webp,*/*"
PASSWORD = "a window that lets the sky in"
PICPEAK_LISTS, LISTED = 15.0, 20.0
"""Lists of 500 photos a second that PicPeak gives, and how many times as many we shall."""
PIGALLERY_THUMBS, MADE = 5.6, 1.3
"""Thumbs of 24 MP a second that PiGallery2 makes, and how many times as many we shall."""
WARM_THUMBS, OF_NGINX = 1500.0, 0.2
"""Thumbs a second, or as much of what nginx sends: one of them must be reached."""
WITHIN = 1.10
SCREEN, FIRST_SCREEN, ALL = 24, 2.0, 60.0
"""Tiles of a first screen, and the seconds that they and all photos may take from the cloud."""
numbers = count(1)


@dataclass(frozen=True)
class Visited:
    """A gallery that somebody has come in to."""

    server: Server
    base: str
    cookie: str
    ids: tuple[str, ...]

    @property
    def headers(self) -> dict[str, str]:
        """What every request of theirs has."""
        return {"Cookie": self.cookie, "Accept": ACCEPT}

    def request(self, path: str = "") -> Request:
        """One for wrk."""
        return Request(self.base + path, ("Cookie", self.cookie), ("Accept", ACCEPT))

    def thumbs(self) -> list[str]:
        """The address of each thumb, in the gallery's order."""
        return [f"{self.base}/p/{one}/thumb" for one in self.ids]

    def get(self, path: str) -> tuple[bytes, float]:
        """What is answered, and in how many seconds."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status} {body[:200]!r}")
        return body, time.perf_counter() - began


# --- galleries ----------------------------------------------------------------------------------


async def _local(fanlight: Fanlight, path: Path) -> str:
    """A channel that is a folder, read once."""
    await fanlight.accounts.add_user(SERVER, "ada", PASSWORD, role=Role.OWNER)
    channel = await fanlight.channels.add(
        SERVER, provider="local", name="Photos", options={"path": str(path)}
    )
    await fanlight.library.index(SERVER, channel.id)
    return channel.id


async def _publish(fanlight: Fanlight, channel_id: str, folder: str) -> tuple[str, tuple[str, ...]]:
    """A gallery of a folder that asks for the password: its slug, and its photos in order."""
    use = fanlight.galleries
    rules = GalleryRules(rights=frozenset(Right), camera=True)
    made = await use.create(
        SERVER, Draft(f"Gallery {next(numbers)}", state=GalleryState.PUBLISHED, rules=rules)
    )
    await use.add_source(SERVER, made.id, channel_id, folder)
    made = await use.change(SERVER, made.id, password=PASSWORD)
    ids: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await use.items(SERVER, made.id, after=after or None)
        ids += [one.asset.id for one in page.items]
        after = page.next
    return made.slug, tuple(ids)


def prepared(
    data: Path, work: Callable[[Fanlight], Awaitable[Any]], settings: dict[str, Any]
) -> Any:
    """Do something to a data folder that no server uses yet."""

    async def run() -> Any:
        fanlight = build(config.Settings(data=data, **settings))
        try:
            await fanlight.pictures.start()
            return await work(fanlight)
        finally:
            await fanlight.stop()

    data.mkdir(exist_ok=True)
    return asyncio.run(run())


def come_in(server: Server, slug: str, ids: tuple[str, ...]) -> Visited:
    """Tell the password, as a visitor's browser does."""
    base = f"/g/{slug}"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "fanlight_keeps=1"}
    connection.request("POST", f"{base}/password", urlencode({"password": PASSWORD}), headers)
    answer = connection.getresponse()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    connection.close()
    if answer.status != 303 or not cookie:
        raise AssertionError(f"not let in: {answer.status}")
    return Visited(server, base, cookie, ids)


# --- pages and warm thumbs ----------------------------------------------------------------------


@contextmanager
def warm(folder: Path) -> Generator[dict[int, Visited]]:
    """A gallery of few and one of many, everything made that they show."""
    originals, data = folder / "originals", folder / "data"
    painted = list(sample_photos.write(folder / "painted", 24, EDGE))
    for number in (FEW, MANY):
        hang(originals, painted, str(number), number)

    async def furnish(fanlight: Fanlight) -> dict[int, tuple[str, tuple[str, ...]]]:
        channel_id = await _local(fanlight, originals)
        made = {number: await _publish(fanlight, channel_id, str(number)) for number in (FEW, MANY)}
        await fanlight.catalogue.write(lambda records: know(records, made[MANY][1]))
        await fanlight.pictures.prepare()
        return made

    made = prepared(data, furnish, {})
    with serving(data, log_level="warning") as server:
        yield {number: come_in(server, *one) for number, one in made.items()}


def pages(folder: Path, rounds: int, wanted: int) -> Iterator[Row]:
    """The lists and the pages of both galleries, and thumbs beside nginx."""
    cores = sorted(os.sched_getaffinity(0))
    with warm(folder) as galleries:
        few, many = galleries[FEW], galleries[MANY]
        static = saved(few, folder / "static")
        process = few.server.process
        assert process is not None
        pin(process.pid, cores[0])
        load = Load(folder, cores[-1])

        def run(requests: Sequence[Request], connections: int = 8) -> Run:
            return load.run(
                few.server.port, process.pid, requests, connections=connections, wanted=wanted
            )

        listed = [few.request(path) for path in lists(few)]
        run(listed)
        lists_per_second = middle([run(listed).per_second / len(listed) for _ in range(rounds)])
        yield Row(
            f"all {FEW} photos as JSON, in {len(listed)} requests",
            f"{lists_per_second:.0f}/s ({lists_per_second * len(listed):.0f} requests)",
            f"PicPeak {PICPEAK_LISTS:.0f}/s",
            lists_per_second / PICPEAK_LISTS,
            LISTED,
        )
        run([few.request()])
        run([many.request()])
        both = [(run([few.request()]), run([many.request()])) for _ in range(rounds)]
        per_second = middle([one.per_second for one, _ in both])
        yield Row(
            f"the page of {FEW} photos",
            f"{per_second:.0f}/s",
            f"PicPeak {PICPEAK_LISTS:.0f}/s (its list)",
            per_second / PICPEAK_LISTS,
            LISTED,
        )
        costs = [(1 / one.per_cpu_second, 1 / other.per_cpu_second) for one, other in both]
        yield Row(
            f"the page of {MANY} photos, processor time",
            f"{middle([other for _, other in costs]) * 1000:.2f} ms",
            f"{middle([one for one, _ in costs]) * 1000:.2f} ms of {FEW}",
            middle([other / one for one, other in costs]),
            WITHIN,
            at_most=True,
        )
        thumbs = [few.request(path.removeprefix(few.base)) for path in few.thumbs()]
        names = [Request(f"/{path.name}") for path in sorted(static.iterdir())]
        with serving_static(static, folder / "nginx", cores[0]) as (port, pid):
            run(thumbs, 32)
            rates = [
                (
                    load.run(port, pid, names, connections=32, wanted=wanted).per_second,
                    run(thumbs, 32).per_second,
                )
                for _ in range(rounds)
            ]
        ours, theirs = middle([one for _, one in rates]), middle([one for one, _ in rates])
        yield Row(
            f"{FEW} warm thumbs, each judged",
            f"{ours:,.0f}/s",
            f"nginx {theirs:,.0f}/s, or {WARM_THUMBS:,.0f}/s",
            max(ours / WARM_THUMBS, middle([our / their for their, our in rates]) / OF_NGINX),
            1.0,
        )


def lists(gallery: Visited) -> list[str]:
    """The addresses, below the base, of a gallery's photos page after page."""
    found, after = ["/items"], ""
    while True:
        page = json.loads(gallery.get(f"{gallery.base}/items{after}")[0])
        if not page["next"]:
            return found
        after = f"?{urlencode({'after': page['next']})}"
        found.append(f"/items{after}")


def saved(gallery: Visited, folder: Path) -> Path:
    """The thumbs as plain files, for nginx."""
    folder.mkdir()
    for number, path in enumerate(gallery.thumbs()):
        (folder / f"{number:04}.webp").write_bytes(gallery.get(path)[0])
    return folder


# --- cold thumbs --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """Seconds until a gallery that nobody has looked at is seen."""

    screen: float
    whole: float


def look(gallery: Visited) -> Seen:
    """Open the page, then show the tiles of the first screen, then all others."""
    _, took = gallery.get(gallery.base)
    thumbs = gallery.thumbs()
    ask = partial(burst, gallery.server.port, headers=gallery.headers)
    screen = took + SCREEN / ask(thumbs[:SCREEN])
    rest = thumbs[SCREEN:]
    return Seen(screen, screen + len(rest) / ask(rest))


def local(folder: Path, number: int) -> Iterator[Row]:
    """Photographs of 24 MP in a folder, published a moment ago."""
    photos, data = folder / "photos", folder / "data"
    for _ in copies(photos, number, quality=60):
        pass

    async def furnish(fanlight: Fanlight) -> tuple[str, tuple[str, ...]]:
        return await _publish(fanlight, await _local(fanlight, photos), "")

    made = prepared(data, furnish, {})
    with serving(data, log_level="warning") as server:
        seen = look(come_in(server, *made))
    rate = number / seen.whole
    yield Row(
        f"{number} cold thumbs of 24 MP out of a folder (screen {seen.screen:.1f} s)",
        f"{rate:.1f}/s",
        f"PiGallery2 {PIGALLERY_THUMBS:g}/s",
        rate / PIGALLERY_THUMBS,
        MADE,
    )


def remote(cloud: Cloud, number: int) -> Iterator[Row]:
    """Photographs in a folder of an emulated account, published a moment ago."""
    hang_in_cloud(cloud, number)
    settings: dict[str, Any] = {"services": f"dropbox={cloud.addresses['https']}"}

    async def furnish(fanlight: Fanlight) -> tuple[str, tuple[str, ...]]:
        await fanlight.accounts.add_user(SERVER, "ada", PASSWORD, role=Role.OWNER)
        options = {name: str(cloud.app[name]) for name in ("app_key", "app_secret")}
        channel = await fanlight.channels.add(
            SERVER, provider="dropbox", name="Cloud", options=options, root=""
        )
        await fanlight.channels.connecting.paste(SERVER, channel.id, cloud.refresh_token)
        await fanlight.library.catch_up(SERVER, channel.id)
        return await _publish(fanlight, channel.id, "Wedding")

    data = cloud.folder / "data"
    cloud.control.behave(latency="none")
    made = prepared(data, furnish, settings)
    cloud.control.behave(latency="typical")
    with serving(data, log_level="warning", **settings) as server:
        seen = look(come_in(server, *made))
    for what, took, limit in (
        (f"first screen of {SCREEN} cold tiles from Dropbox", seen.screen, FIRST_SCREEN),
        (f"all {number} cold tiles from Dropbox", seen.whole, ALL),
    ):
        shown = f"{took:.2f} s", f"limit {limit:.0f} s"
        yield Row(what, *shown, took / limit, 1.0, at_most=True)


def hang_in_cloud(cloud: Cloud, number: int) -> None:
    """Photographs at the service, each with bytes of its own."""
    source = cloud.folder / "photos"
    source.mkdir()
    made = [make_photo(one, long_edge=1600).data for one in range(10)]
    for one in range(number):
        (source / f"{one:04}.jpg").write_bytes(made[one % len(made)] + one.to_bytes(4, "big"))
    cloud.control.copy_folder(str(source), "/Wedding")


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    seconds: int
    photos: int
    only: str


def arguments() -> Arguments:
    """What is to be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--photos", type=int, default=FEW, help="of the cold galleries")
    parser.add_argument("--only", default="pages,local,cloud")
    return parser.parse_args(namespace=Arguments())


def main() -> None:
    """Print the tables; what comes from the cloud in a second run, beside the emulator."""
    given, addresses = arguments(), beside()
    parts: dict[str, Callable[[Path], Iterator[Row]]] = {
        "pages": partial(pages, rounds=given.rounds, wanted=given.seconds),
        "local": partial(local, number=given.photos),
    }
    if addresses is not None:
        parts = {"cloud": lambda folder: remote(connected(addresses, folder), given.photos)}
    elif "pages" in given.only and (lacking := missing()):
        sys.exit(lacking)
    titles = {
        "pages": "A gallery's pages and warm thumbs",
        "local": "A cold gallery, from a folder",
        "cloud": "A cold gallery, from Dropbox",
    }
    for name in given.only.split(","):
        if name in parts:
            with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
                print(table(titles[name], list(parts[name](Path(folder)))), flush=True)
    if addresses is None and "cloud" in given.only:
        sys.exit(with_emulator("galleries"))


if __name__ == "__main__":
    main()
