"""A visitor's gallery in a real browser: how soon, how heavy, how smooth, how sound.

Chromium and Lighthouse (npm) open it as a phone does, nothing in their caches, the server's
renditions warm: it has prepared all that is seen, and rests. Frames are judged by the browser's own
trace while five thousand photos fly past.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.frames import by_thumb, by_wheel, scrolled
from bench.library import lighthouse
from bench.report import Row, middle, table
from fanlight.cli.opening import opened as opened_by
from fanlight.model import Facts
from scripts import sample_photos
from scripts.galleries import publish
from scripts.pictures import CHROMIUM, DESK, PHONE, browser
from scripts.studio import Studio, studio
from tests.support.server import run_cli

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Response

    from fanlight.app import Fanlight
    from fanlight.catalogue import Records

FEW, MANY = 500, 5000
SEEN = 1000
"""Photos of a gallery that somebody comes to see; of the others only facts are known."""
EDGE = 720
FIRST_PHOTO_MS = 800.0
BEFORE_PICTURES = 300_000
SCRIPT_AND_STYLE = 100_000
FRAME_MS = 50.0
WITHIN = 1.10
SCORES = {"performance": 95.0, "accessibility": 100.0, "best-practices": 100.0}
TEXT = ("document", "script", "stylesheet", "font", "fetch", "other")
WATCH = """
document.addEventListener("load", (event) => {
  if (!event.target.matches?.(".cover-photo, .tile-photo")) return;
  const painted = () => { window.photoAt ??= performance.now(); };
  requestAnimationFrame(() => requestAnimationFrame(painted));
}, true);
"""


def hang(originals: Path, painted: list[Path], folder: str, count: int) -> None:
    """Photos with bytes of their own in a folder, in four parts."""
    for number in range(count):
        to = originals / folder / f"Part {number * 4 // count + 1}"
        to.mkdir(parents=True, exist_ok=True)
        body = painted[number % len(painted)].read_bytes()
        comment = f"{folder} {number:08d}".encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        (to / f"IMG_{number:04d}.jpg").write_bytes(body[:2] + segment + body[2:])


def know(records: Records, ids: Iterable[str]) -> None:
    """Facts of photos of which no picture is asked for."""
    facts = Facts(width=EDGE, height=EDGE * 2 // 3, placeholder=bytes(range(24)), camera="X100V")
    for asset_id in ids:
        records.facts.keep(asset_id, records.assets.get(asset_id).version, facts)


async def _foretell(fanlight: Fanlight, gallery_id: str) -> None:
    """Of photos that nobody will see, know what preparing them would tell."""
    catalogue = fanlight.catalogue
    items = await catalogue.read(lambda records: records.items.of(gallery_id))
    await catalogue.write(lambda records: know(records, [one.asset_id for one in items[SEEN:]]))


def wait_prepared(data: Path) -> None:
    """Until the server has nothing to do but to answer: only then is a gallery warm."""
    while json.loads(run_cli(data, "pictures", "status", "--json").stdout)["unprepared"]:
        time.sleep(1)


def phone(opened: Browser) -> BrowserContext:
    """A phone with an empty cache."""
    return opened.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )


def first_photo(opened: Browser, url: str) -> float:
    """Milliseconds until the first photo is painted: the cover."""
    context = phone(opened)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function("() => window.photoAt !== undefined")
    at = float(page.evaluate("window.photoAt"))
    context.close()
    return at


def weights(opened: Browser, url: str) -> dict[str, int]:
    """Bytes by kind, compressed, of all that comes before somebody opens a photo."""
    context = phone(opened)
    page = context.new_page()
    found: dict[str, int] = {}
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    for answer in answers:
        kind, body = answer.request.resource_type, answer.body()
        if kind in TEXT and not urlsplit(answer.url).path.endswith(".woff2"):
            body = gzip.compress(body, 6)
        found[kind] = found.get(kind, 0) + len(body)
    context.close()
    return found


def smoothness(opened: Browser, url: str, folder: Path) -> Iterator[Row]:
    """Frames and work while many fly past: by the wheel at a desk, by the thumb on a phone."""
    desk = opened.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    for how, context, move in (("wheel", desk, by_wheel), ("thumb", phone(opened), by_thumb)):
        found = scrolled(opened, context, url, move, folder / f"{how}.json")
        late, frames = found.over(FRAME_MS), len(found.frames)
        what = f"longest of {frames} frames, {MANY} by {how}"
        told = f"{found.longest:.0f} ms, {late} too long"
        yield Row(
            what, told, f"limit {FRAME_MS:.0f} ms", found.longest / FRAME_MS, 1.0, at_most=True
        )
        yield _row(f"longest task, {MANY} by {how}", max(found.tasks), "ms", FRAME_MS)


def judged(url: str, folder: Path) -> dict[str, float]:
    """Lighthouse's scores for a phone, 0 to 100."""
    report = folder / "lighthouse.json"
    command = [
        str(lighthouse()),
        url,
        "--output=json",
        f"--output-path={report}",
        "--chrome-flags=--headless=new --no-sandbox --disable-background-networking --disable-gpu",
        f"--only-categories={','.join(SCORES)}",
        "--quiet",
    ]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM}, timeout=300)
    said: dict[str, Any] = json.loads(report.read_text())
    return {name: 100 * float(one["score"] or 0) for name, one in said["categories"].items()}


def _row(what: str, value: float, unit: str, limit: float) -> Row:
    shown = f"{value:.0f} {unit}", f"limit {limit:.0f} {unit}"
    return Row(what, *shown, value / limit, 1.0, at_most=True)


def _light(opened: Browser, url: str) -> Iterator[Row]:
    found = weights(opened, url)
    scripts = found.get("script", 0) + found.get("stylesheet", 0)
    before = sum(size for kind, size in found.items() if kind in TEXT)
    yield _row("script and style, compressed", scripts / 1000, "kB", SCRIPT_AND_STYLE / 1000)
    yield _row("all before pictures", before / 1000, "kB", BEFORE_PICTURES / 1000)


def measure(here: Studio, folder: Path, rounds: int) -> Iterator[Row]:
    """Everything, over few photos and many."""
    painted = list(sample_photos.write(folder / "photos", 24, EDGE))
    urls: dict[int, str] = {}
    for count in (FEW, MANY):
        hang(here.originals, painted, f"gallery-{count}", count)
        made = publish(here.server.data, f"Gallery of {count}", f"gallery-{count}")
        opened_by(here.server.data, lambda fanlight, id_=made.id: _foretell(fanlight, id_))
        urls[count] = here.url + made.base
    wait_prepared(here.server.data)
    with browser() as opened:
        for url in urls.values():
            first_photo(opened, url)
        times: dict[int, list[float]] = {FEW: [], MANY: []}
        for _ in range(rounds):  # by turns: whatever else the machine does is shared by both
            for count, url in urls.items():
                times[count].append(first_photo(opened, url))
        few, many = middle(times[FEW]), middle(times[MANY])
        yield _row(f"first photo of {FEW}, warm", few, "ms", FIRST_PHOTO_MS)
        yield Row(
            f"first photo of {MANY}",
            f"{many:.0f} ms",
            f"{few:.0f} ms",
            many / few,
            WITHIN,
            at_most=True,
        )
        yield from _light(opened, urls[FEW])
        yield from smoothness(opened, urls[MANY], folder)
    for name, score in judged(urls[FEW], folder).items():
        what = f"Lighthouse, phone: {name.replace('-', ' ')}"
        yield Row(what, f"{score:.0f}", f"limit {SCORES[name]:.0f}", score / SCORES[name], 1.0)


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(namespace=Arguments())
    with tempfile.TemporaryDirectory() as name, studio(Path(name) / "studio") as here:
        rows = list(measure(here, Path(name), given.rounds))
    print(table("A visitor's gallery", rows))


if __name__ == "__main__":
    main()
