"""A visitor's gallery in a real browser: how soon, how heavy, how smooth, how sound.

Chromium and Lighthouse (npm) open it as a phone does, nothing in their caches, the server's
renditions warm. Frames are judged by the browser's own trace while five thousand photos fly past.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.library import lighthouse
from bench.report import Row, middle, table
from scripts import sample_photos
from scripts.galleries import publish
from scripts.pictures import CHROMIUM, DESK, PHONE, browser
from scripts.studio import Studio, studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Response

FEW, MANY = 500, 5000
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


def longest_task(opened: Browser, url: str, folder: Path) -> float:
    """Milliseconds of the main thread's longest piece of work while the grid is scrolled fast."""
    context = opened.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    page = context.new_page()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    trace = folder / "trace.json"
    opened.start_tracing(page=page, path=trace, categories=["devtools.timeline", "toplevel"])
    for _ in range(120):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(16)
    opened.stop_tracing()
    context.close()
    return max(_tasks(json.loads(trace.read_text("utf-8"))["traceEvents"]))


def _tasks(events: list[dict[str, Any]]) -> Iterator[float]:
    """What each task of a page's main thread took of the processor, in milliseconds."""
    threads = {
        (one["pid"], one["tid"])
        for one in events
        if one.get("name") == "thread_name" and one["args"].get("name") == "CrRendererMain"
    }
    for one in events:
        task = str(one.get("name", "")).endswith("RunTask") and "tdur" in one
        if task and (one["pid"], one["tid"]) in threads:
            yield one["tdur"] / 1000


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
        urls[count] = here.url + made.base
    with browser() as opened:
        for url in urls.values():
            first_photo(opened, url)
        times: dict[int, list[float]] = {FEW: [], MANY: []}
        for _ in range(rounds):  # by turns: photos are prepared meanwhile
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
        longest = longest_task(opened, urls[MANY], folder)
        yield _row(f"longest task, {MANY} scrolled", longest, "ms", FRAME_MS)
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
