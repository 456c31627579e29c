"""`make pictures`: the pictures in the documentation, taken of a real studio in a real browser.

python -m scripts.pictures [--all FOLDER]
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import findings, guide, sample_photos
from scripts.gallery_scenes import OWNERS, VISITORS
from scripts.scenes import (
    MOVING,
    SIGNED_IN,
    SIGNED_OUT,
    Scene,
    Stage,
    sign_in,
    wait_for_pictures,
)
from scripts.studio import Studio, studio
from tests.support.server import serving

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]
DESK, PHONE = (1440, 900), (390, 844)
SIZES = {"desk": DESK, "phone": PHONE}
WALLS = {"light": "#e8e4dc", "dark": "#08090b"}
PATIENCE = 90_000
"""Milliseconds for a scene to come about on a busy machine."""
DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = ("upload", "library", "channels", "tokens", "devices", "jobs")


@contextmanager
def browser() -> Generator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def looking(
    opened: Browser, size: tuple[int, int], scheme: str, here: Studio | None = None
) -> Generator[Page]:
    """A page of that size and scheme, signed in if a studio is given."""
    context = opened.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2 if size == PHONE else 1,
    )
    try:
        page = context.new_page()
        if here:
            sign_in(page, here.url)
        yield page
    finally:
        context.close()


def take(page: Page, path: Path, *, moving: bool = False) -> None:
    """One picture, when all of it is there; of what is `moving`, at once."""
    if not moving:
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)  # what fades in has come
    page.screenshot(path=path, type="jpeg", quality=92)


def rounded(picture: Image.Image, radius: int) -> Image.Image:
    """The picture's corners as a mask, smooth."""
    large = Image.new("L", (picture.width * 4, picture.height * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, *large.size), radius * 4, fill=255)
    return large.resize(picture.size, Image.Resampling.LANCZOS)


def beside(desk: Path, phone: Path, to: Path, *, wall: str, scale: float = 1) -> None:
    """A desk's picture and a phone's side by side on a quiet wall."""
    canvas = Image.new("RGB", (round(1600 * scale), round(860 * scale)), wall)
    places = ((desk, 1152, (48, 70), 14), (phone, 312, (1240, 92), 30))
    for path, width, (left, top), radius in places:
        picture = Image.open(path)
        size = round(width * scale), round(picture.height * width * scale / picture.width)
        shown = picture.resize(size, Image.Resampling.LANCZOS)
        place = round(left * scale), round(top * scale)
        canvas.paste(shown, place, rounded(shown, round(radius * scale)))
    canvas.save(to, quality=80, optimize=True, progressive=True)


def series(
    opened: Browser, stage: Stage, out: Path, scenes: dict[str, Scene], *, inside: bool
) -> None:
    """Each scene at both sizes, light and dark."""
    with ExitStack() as kept:
        looks: dict[str, Page] = {}
        for scheme in WALLS:
            for name, size in SIZES.items():
                here = stage.here if inside else None
                page = kept.enter_context(looking(opened, size, scheme, here))
                page.set_default_timeout(PATIENCE)
                looks[f"{name}-{scheme}"] = page
        for scene, play in scenes.items():
            for look, page in looks.items():
                play(page, stage)
                take(page, out / f"{scene}-{look}.jpg", moving=scene in MOVING)


def compose(out: Path) -> None:
    """From single pictures: one of each scene by day and by night, and the README's."""
    for scene in (*SIGNED_OUT, *VISITORS, *OWNERS, *SIGNED_IN):
        for scheme, wall in WALLS.items():
            desk, phone = (out / f"{scene}-{name}-{scheme}.jpg" for name in ("desk", "phone"))
            beside(desk, phone, out / f"{scene}-{scheme}.jpg", wall=wall, scale=0.75)
    desk, phone = out / "upload-sending-desk-light.jpg", out / "library-phone-dark.jpg"
    beside(desk, phone, out / "fanlight.jpg", wall=WALLS["light"])


def main() -> None:
    """Take them all, and keep what is wanted."""
    parser = argparse.ArgumentParser(description="Make the documentation's pictures anew.")
    parser.add_argument("--all", type=Path, help="keep every picture, in this folder")
    wanted = parser.parse_args().all
    with tempfile.TemporaryDirectory(prefix="fanlight-pictures-") as place:
        folder = Path(place)
        out = wanted or folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        photos = list(sample_photos.write(folder / "photos", 32, edge=1500))
        with studio(folder, duplicates="store") as here, serving(folder / "new") as new:
            here.upload(*photos[:22], folder="trips/2026")
            here.upload(*photos[22:26], folder="weddings")
            wait_for_pictures(here)
            stage = Stage(here, new, photos[8:20])
            with browser() as opened:
                series(opened, stage, out, SIGNED_OUT, inside=False)
                series(opened, stage, out, VISITORS, inside=False)
                series(opened, stage, out, OWNERS | SIGNED_IN, inside=True)
        findings.make(out)
        guide.make(out)
        compose(out)
        if not wanted:
            keep(out)


def keep(out: Path) -> None:
    """Put what pages show into the documentation, and take away what none shows any more."""
    for name in sorted(shown()):
        print(shutil.copy(out / name, DOCS / "pictures" / name))
    for path in (DOCS / "pictures").glob("*.jpg"):
        if path.name not in shown():
            path.unlink()


def shown() -> set[str]:
    """The pictures that pages show."""
    pages = [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return set(re.findall(r"pictures/([\w-]+\.jpg)\)", text))


if __name__ == "__main__":
    main()
