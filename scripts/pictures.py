"""`make pictures`: the pictures in the documentation, taken of a real studio in a real browser.

python -m scripts.pictures [--out docs/pictures]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import sample_photos
from scripts.studio import OWNER, PASSWORD, Studio, studio

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]
DESK, PHONE = (1440, 900), (390, 844)
SIZES = {"desk": DESK, "phone": PHONE}
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
    """Upload through the form, so that the page shows links."""
    page.goto(f"{here.url}/studio/upload")
    page.set_input_files("input[type=file]", photos)
    page.click(".drop button.primary")
    page.wait_for_selector(".line")


def together(desk: Path, phone: Path, to: Path) -> None:
    """The README's picture: the phone in front of the desk."""
    back, front = Image.open(desk), Image.open(phone)
    front.thumbnail((300, 650))
    canvas = Image.new("RGB", (back.width, back.height + 40), "#f1eee7")
    canvas.paste(back, (0, 0))
    left, top = back.width - front.width - 48, canvas.height - front.height - 16
    frame = Image.new("RGB", (front.width + 12, front.height + 12), "#0b0c0e")
    canvas.paste(frame, (left - 6, top - 6))
    canvas.paste(front, (left, top))
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
                page.click(".line-name >> nth=0")
                take(page, out / f"asset-{name}-{scheme}.jpg")


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description="Make the documentation's pictures anew.")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fanlight-pictures-") as folder:
        photos = list(sample_photos.write(Path(folder) / "photos", 14, edge=1500))
        small = list(sample_photos.write(Path(folder) / "small", 3, edge=900))
        with studio(Path(folder)) as here, browser() as opened:
            here.upload(*photos, folder="trips")
            series(opened, here, small, out)
    together(out / "links-desk-light.jpg", out / "links-phone-dark.jpg", out / "upload.jpg")
    for path in sorted(out.glob("*.jpg")):
        print(path)


if __name__ == "__main__":
    main()
