"""The library page over a million assets, in a real browser: how soon, how heavy, how sound.

Chromium and Lighthouse (npm) open it as a signed-in owner does. The newest sixty assets are real
photographs, so that the first screen is whole; a million more lie behind them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from bench.catalogue_seed import KEY, grow_sqlite, open_small
from bench.photos import OUT
from bench.report import Row, middle, table
from scripts import sample_photos
from scripts.pictures import CHROMIUM, DESK, browser, looking
from scripts.studio import OWNER, PASSWORD, SCOPES, Studio
from tests.support.server import run_cli, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Response

LIGHTHOUSE = "12.8.2"
FIRST_GRID_MS = 600.0
SCRIPT_BYTES = 60_000
SOUND = 95.0
SHOWN = 60
WATCH = """
const watch = new MutationObserver(() => {
  if (!document.querySelector(".tile img, .tile canvas, .tile")) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.gridAt = performance.now(); }));
});
watch.observe(document, { childList: true, subtree: true });
"""


def seed(data: Path, originals: Path) -> str:
    """A million assets, an owner, a channel that is a folder; a token to upload with."""
    path = data / "fanlight.db"
    open_small(f"sqlite:///{path}").close()
    grow_sqlite(path)
    with sqlite3.connect(path) as connection:
        options = json.dumps({"path": str(originals)})
        connection.execute("UPDATE connection SET options = ?", [options])
        connection.execute("UPDATE asset SET prepared = version")
    connection.close()
    owner = ("user", "add", OWNER, "--owner", "--password-stdin")
    run_cli(data, *owner, stdin=f"{PASSWORD}\n", key=KEY)
    said = run_cli(data, "token", "add", "bench", *SCOPES, key=KEY).stdout
    return said.split()[-1]


def is_shown(here: Studio) -> bool:
    """Whether all that is real has been prepared."""
    asked = Request(
        f"{here.url}/api/v1/assets?limit={SHOWN}", headers={"Authorization": f"Bearer {here.token}"}
    )
    with urlopen(asked, timeout=20) as answer:
        page: dict[str, Any] = json.load(answer)
    return all(one["placeholder"] and one["width"] < 6000 for one in page["items"])


def first_grid(opened: Browser, here: Studio) -> float:
    """Milliseconds from the click to painted tiles, nothing in the browser's cache."""
    with looking(opened, DESK, "light", here) as page:
        fresh = opened.new_context(
            storage_state=page.context.storage_state(),
            viewport={"width": DESK[0], "height": DESK[1]},
        )
        tab = fresh.new_page()
        tab.add_init_script(WATCH)
        tab.goto(f"{here.url}/studio/library")
        tab.wait_for_function("window.gridAt !== undefined")
        at = float(tab.evaluate("window.gridAt"))
        fresh.close()
    return at


def script_bytes(page: Page, here: Studio) -> int:
    """Bytes of all scripts of the page, compressed."""
    found: list[Response] = []
    page.on("response", lambda response: found.append(response))
    page.goto(f"{here.url}/studio/library")
    page.wait_for_load_state("networkidle")
    scripts = [one for one in found if one.request.resource_type == "script"]
    return sum(len(gzip.compress(one.body(), 6)) for one in scripts)


# --- Lighthouse ---------------------------------------------------------------------------------


def lighthouse() -> Path:
    """The program, fetched the first time."""
    folder = OUT / f"lighthouse-{LIGHTHOUSE}"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true}')
        quiet = ("--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts")
        wanted = f"lighthouse@{LIGHTHOUSE}"
        subprocess.run(["npm", "install", *quiet, wanted], cwd=folder, check=True)
    return program


def judged(page: Page, here: Studio, folder: Path, form: str) -> dict[str, float]:
    """Lighthouse's scores of the library page, 0 to 100; `form` is `desktop` or `phone`."""
    cookies = "; ".join(f"{one.get('name')}={one.get('value')}" for one in page.context.cookies())
    headers, report = folder / "headers.json", folder / f"{form}.json"
    headers.write_text(json.dumps({"Cookie": cookies}))
    flags = "--headless=new --no-sandbox --disable-background-networking --disable-gpu"
    command = [
        str(lighthouse()),
        f"{here.url}/studio/library",
        "--output=json",
        f"--output-path={report}",
        f"--extra-headers={headers}",
        f"--chrome-flags={flags}",
        "--only-categories=performance,accessibility,best-practices",
        "--quiet",
        *(["--preset=desktop"] if form == "desktop" else []),
    ]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM}, timeout=300)
    said: dict[str, Any] = json.loads(report.read_text())
    return {name: 100 * float(one["score"] or 0) for name, one in said["categories"].items()}


def soundness(page: Page, here: Studio, folder: Path) -> Iterator[Row]:
    """A row for each score, at both sizes."""
    for form in ("desktop", "phone"):
        for name, score in judged(page, here, folder, form).items():
            what = f"Lighthouse, {form}: {name.replace('-', ' ')}"
            yield Row(what, f"{score:.0f}", f"limit {SOUND:.0f}", score / SOUND, 1.0)


def measure(folder: Path, rounds: int) -> Iterator[Row]:
    """Everything."""
    data, originals = folder / "data", folder / "originals"
    data.mkdir()
    originals.mkdir()
    token = seed(data, originals)
    photos = list(sample_photos.write(folder / "photos", SHOWN, 1600))
    with serving(data, key=KEY, log_level="warning") as server, browser() as opened:
        here = Studio(server, originals, token)
        here.upload(*photos)
        while not is_shown(here):
            time.sleep(0.5)
        first_grid(opened, here)
        times = [first_grid(opened, here) for _ in range(rounds)]
        at = middle(times)
        limit = f"limit {FIRST_GRID_MS:.0f} ms"
        yield Row(
            "first grid painted", f"{at:.0f} ms", limit, at / FIRST_GRID_MS, 1.0, at_most=True
        )
        with looking(opened, DESK, "light", here) as page:
            size = script_bytes(page, here)
            shown = f"{size / 1000:.1f} kB", f"limit {SCRIPT_BYTES / 1000:.0f} kB"
            yield Row("scripts, compressed", *shown, size / SCRIPT_BYTES, 1.0, at_most=True)
            yield from soundness(page, here, folder)


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(namespace=Arguments())
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        print(
            table("The library page, 1,000,000 assets", list(measure(Path(folder), given.rounds)))
        )


if __name__ == "__main__":
    main()
