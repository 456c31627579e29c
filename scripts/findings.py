"""Every finding as the owner sees it: `docs/reference/findings.md` and its pictures.

python -m scripts.findings

Each is brought about for real, at a service that behaves like the real one, in the catalogue of a
running studio; then its card is looked at in a real browser, on a phone.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from dropbox_emulator.pytest_plugin import EmulatorThread
from dropbox_emulator.settings import Settings as EmulatorSettings
from fanlight.app import build
from fanlight.config import load
from fanlight.model import SERVER, Finding
from tests.channels.cases import CASES, Case
from tests.channels.stage import EMAIL, PASSWORD, Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from fanlight.catalogue import Catalogue
    from scripts.studio import Studio

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "reference" / "findings.md"
ONE_NAME = """document.querySelectorAll(".card-head a").forEach((name) => {
    name.textContent = name.textContent.replace(/ \\d+$/, "");
})"""
WIDTH = 440
"""Pixels of a picture."""
HEAD = """# Findings

What can be wrong with a channel, what it means, and how to mend it. Each of these was brought about
for real, at a service that behaves like the real one; the pictures are of the card on a phone.

Findings are looked for after connecting, by *Check again*, by `fanlight channel check` and
`fanlight doctor`, and when a call fails. The API has them as `findings`, each with its code.

This page and its pictures are written by `python -m scripts.findings`, and held to the code by a
test.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding, and the channel that has it."""

    case: Case
    finding: Finding
    channel_id: str


def key(case: Case) -> str:
    """What a picture is called after."""
    name = case.provoke.__name__  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    return f"finding-{name}".replace("_", "-")


def section(case: Case, finding: Finding) -> str:
    """One finding as the page tells of it."""
    lines = [
        f"## {finding.meaning}",
        "",
        f"`{finding.code}`, the card says *{case.word}*. {case.provoke.__doc__}",
        "",
        f"![{finding.meaning}](../pictures/{key(case)}.jpg)",
        "",
        finding.detail,
        "",
        *(f"* {label}: `{value}`" for label, value in finding.values),
        *([""] if finding.values else []),
        *(f"{number}. {step}" for number, step in enumerate(finding.steps, 1)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def masked(text: str) -> str:
    """The text without what is different each time: moments, and the port of a service."""
    return re.sub(r"\d\d:\d\d:\d\d|\d+ minutes|127\.0\.0\.1:\d+", "...", text)


async def bring_about(catalogue: Catalogue, service: EmulatorHandle, case: Case) -> Seen:
    """Have one finding in the catalogue, on a channel of its own name."""
    control = service.control
    control.reset()
    control.add_account(EMAIL, given_name="Ann", surname="Lee", password=PASSWORD)
    stage = Stage.at(catalogue, control, service.addresses.http)
    try:
        channel = await case.provoke(stage)
        found = await stage.found(channel)
        kept = await stage.channels.all(SERVER)
        await stage.channels.update(SERVER, channel.id, name=f"Main Dropbox {len(kept)}")
        await catalogue.write(
            lambda records: records.channels.update(channel.id, checked_at=_soon())
        )
    except Exception as error:
        raise SystemExit(f"{case.code}: {error!r}") from error
    finally:
        await stage.close()
    return Seen(case, found[case.code], channel.id)


def _soon() -> datetime:
    """Channels that were just looked at are left alone by their page, however slow all this is."""
    return datetime.now(UTC) + timedelta(hours=1)


@contextmanager
def emulator() -> Generator[EmulatorHandle]:
    """A service on this machine."""
    thread = EmulatorThread(EmulatorSettings())
    try:
        yield thread.start()
    finally:
        thread.stop()


async def bring_all_about(data: Path, service: EmulatorHandle) -> list[Seen]:
    """Have every finding in the catalogue of a studio."""
    fanlight = build(load(data=data))
    try:
        return [await bring_about(fanlight.catalogue, service, case) for case in CASES]
    finally:
        await fanlight.stop()


def take(opened: Browser, here: Studio, seen: list[Seen], out: Path) -> None:
    """A picture of each card, on a phone by day."""
    from scripts.pictures import PHONE, looking  # which imports this

    with looking(opened, PHONE, "light", here) as page:
        page.goto(f"{here.url}/studio/channels")
        page.evaluate("document.fonts.ready")
        page.evaluate(ONE_NAME)
        page.evaluate("document.querySelector('.rail').style.display = 'none'")
        for one in seen:
            card = page.locator(f"article[aria-labelledby='channel-{one.channel_id}']")
            path = out / f"{key(one.case)}.jpg"
            card.screenshot(path=path, type="jpeg", quality=95)
            picture = Image.open(path)
            size = WIDTH, round(picture.height * WIDTH / picture.width)
            shown = picture.resize(size, Image.Resampling.LANCZOS)
            shown.save(path, quality=76, optimize=True, progressive=True)


def write(seen: list[Seen]) -> None:
    """The page."""
    sections = (section(one.case, one.finding) for one in seen)
    PAGE.write_text("\n".join((HEAD, *sections)), encoding="utf-8")


def make(out: Path) -> None:
    """All of it: page and pictures."""
    from scripts.pictures import browser
    from scripts.studio import studio

    with tempfile.TemporaryDirectory(prefix="fanlight-findings-") as place, emulator() as service:
        services = f"dropbox={service.addresses.http}"
        with studio(Path(place), services=services, follow="off") as here:
            seen = asyncio.run(bring_all_about(here.server.data, service))
            write(seen)
            with browser() as opened:
                take(opened, here, seen, out)


if __name__ == "__main__":
    make(DOCS / "pictures")
