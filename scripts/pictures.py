"""`make pictures`: the pictures in the documentation, taken of a real studio in a real browser.

python -m scripts.pictures [--out docs/pictures]
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import sample_photos
from scripts.studio import OWNER, PASSWORD, Studio, studio

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]
DESK, PHONE = (1440, 900), (390, 844)
SIZES = {"desk": DESK, "phone": PHONE}
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
            page.goto(f"{here.url}/sign-in")
            page.fill("[name=name]", OWNER)
            page.fill("[name=password]", PASSWORD)
            page.click("button.primary")
            page.wait_for_url("**/studio/**")
        yield page
    finally:
        context.close()


def take(page: Page, path: Path) -> None:
    """One picture, when all of it is there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, type="jpeg", quality=88)


def send_some(page: Page, here: Studio, photos: list[Path]) -> None:
    """Give photos to the window, so that the page shows links."""
    page.goto(f"{here.url}/studio/upload")
    page.set_input_files("#file", photos)
    page.locator("[data-state=done] canvas").nth(len(photos) - 1).wait_for()


def rounded(picture: Image.Image, radius: int) -> Image.Image:
    """The picture's corners as a mask, smooth."""
    large = Image.new("L", (picture.width * 4, picture.height * 4), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, *large.size), radius * 4, fill=255)
    return large.resize(picture.size, Image.Resampling.LANCZOS)


def together(desk: Path, phone: Path, to: Path) -> None:
    """The README's picture: desk and phone side by side on a quiet wall."""
    canvas = Image.new("RGB", (1600, 860), "#e8e4dc")
    places = ((desk, 1152, (48, 70), 14), (phone, 312, (1240, 92), 30))
    for path, width, place, radius in places:
        picture = Image.open(path)
        height = round(picture.height * width / picture.width)
        shown = picture.resize((width, height), Image.Resampling.LANCZOS)
        canvas.paste(shown, place, rounded(shown, radius))
    canvas.save(to, quality=88, optimize=True)


def series(opened: Browser, here: Studio, photos: list[Path], out: Path) -> None:
    """Each page of the studio, at both sizes, light and dark."""
    for name, size in SIZES.items():
        for scheme in ("light", "dark"):
            with looking(opened, size, scheme) as page:
                page.goto(f"{here.url}/sign-in")
                take(page, out / f"sign-in-{name}-{scheme}.jpg")
            with looking(opened, size, scheme, here) as page:
                for place in PAGES:
                    page.goto(f"{here.url}/studio/{place}")
                    take(page, out / f"{place}-{name}-{scheme}.jpg")
                send_some(page, here, photos)
                take(page, out / f"links-{name}-{scheme}.jpg")
                page.goto(f"{here.url}/studio/library?folder=trips")
                page.click(".tile >> nth=0")
                page.wait_for_selector("#panel-title")
                take(page, out / f"asset-{name}-{scheme}.jpg")


def main() -> None:
    """Take them all, and keep what is wanted."""
    parser = argparse.ArgumentParser(description="Make the documentation's pictures anew.")
    parser.add_argument("--all", type=Path, help="keep every picture, in this folder")
    wanted = parser.parse_args().all
    with tempfile.TemporaryDirectory(prefix="fanlight-pictures-") as place:
        folder = Path(place)
        out = wanted or folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        photos = list(sample_photos.write(folder / "photos", 14, edge=1500))
        small = list(sample_photos.write(folder / "small", 3, edge=900))
        with studio(folder) as here, browser() as opened:
            here.upload(*photos, folder="trips")
            series(opened, here, small, out)
        together(out / "links-desk-light.jpg", out / "links-phone-dark.jpg", out / "upload.jpg")
        for name in [] if wanted else sorted(shown()):
            print(shutil.copy(out / name, DOCS / "pictures" / name))


def shown() -> set[str]:
    """The pictures that pages show."""
    pages = [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return set(re.findall(r"pictures/([\w-]+\.jpg)\)", text))


if __name__ == "__main__":
    main()
