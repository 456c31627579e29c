"""The design language: contrast, and one vocabulary for styles, templates and documentation."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache

import pytest

from tests.support.source import DOCS, PACKAGE, ROOT

STYLES = ROOT / "frontend" / "src" / "styles"

TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")

# words on their grounds: 4.5 to 1
WORDS = [
    *[("ink", ground) for ground in ("paper", "card", "well", "sky-soft", "ok-soft")],
    *[("ink", ground) for ground in ("warn-soft", "bad-soft")],
    *[("soft", ground) for ground in ("paper", "card", "well", "sky-soft")],
    ("paper", "ink"),
    ("sky", "paper"),
    ("sky", "card"),
    ("sky-ink", "sky-soft"),
    ("ok-ink", "ok-soft"),
    ("warn-ink", "warn-soft"),
    *[("bad-ink", ground) for ground in ("bad-soft", "paper", "card")],
]

# edges of controls, focus and progress: 3 to 1
SHAPES = [
    *[("edge", ground) for ground in ("paper", "card")],
    *[("sky", ground) for ground in ("paper", "card", "well")],
    *[(health, ground) for health in ("ok", "warn", "bad") for ground in ("paper", "card")],
]


@cache
def tokens() -> dict[str, tuple[str, str]]:
    """The colours: light and dark."""
    found = TOKEN.findall((STYLES / "tokens.css").read_text("utf-8"))
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), WORDS)
def test_words_can_be_read(front: str, ground: str, scheme: int) -> None:
    assert contrast(tokens()[front][scheme], tokens()[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), SHAPES)
def test_shapes_can_be_seen(front: str, ground: str, scheme: int) -> None:
    assert contrast(tokens()[front][scheme], tokens()[ground][scheme]) >= 3


def test_colours_stand_in_one_table() -> None:
    for sheet in STYLES.glob("*.css"):
        if sheet.name != "tokens.css":
            strays = re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", sheet.read_text("utf-8"))
            assert not strays, f"{sheet.name}: give the colour a name in tokens.css"


def test_every_token_that_is_used_exists() -> None:
    text = "\n".join(sheet.read_text("utf-8") for sheet in STYLES.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", text))
    assert used <= set(re.findall(r"^\s*--([\w-]+):", text, re.MULTILINE))


@cache
def styled() -> set[str]:
    """Every class that the styles know."""
    text = "\n".join(sheet.read_text("utf-8") for sheet in STYLES.glob("*.css"))
    text = re.sub(r'/\*.*?\*/|url\(.*?\)|"[^"]*"', "", text, flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", text)
    return set(re.findall(r"\.([a-z][\w-]*)", selectors))


def test_every_class_is_in_the_design_language() -> None:
    page = (DOCS / "design-language.md").read_text("utf-8")
    sample = "\n".join(p.read_text("utf-8") for p in (ROOT / "frontend/sample").glob("*.html"))
    missing = {name for name in styled() if not re.search(rf"[\"'. `]{name}[\"' `.,:<]", page)}
    assert not missing, "describe them in docs/design-language.md"
    assert styled() & set(re.findall(r"[\w-]+", sample))


def test_templates_use_the_design_language() -> None:
    strays: list[str] = []
    for template in sorted((PACKAGE / "web").rglob("*.html")):
        text = template.read_text("utf-8")
        for value in re.findall(r'\bclass="([^"]*)"', text):
            plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{\{.*", " ", value)
            strays += [
                f"{template.relative_to(PACKAGE)}: {name}"
                for name in plain.split()
                if name not in styled()
            ]
        strays += [f"{template.name}: style=" for _ in re.findall(r'\sstyle="', text)]
    assert not strays


def sent(*entries: str) -> set[str]:
    """Scripts and styles that pages with these entries may load, sooner or later."""
    folder = PACKAGE / "web" / "static" / "bundle"
    built = json.loads((folder / "manifest.json").read_text("utf-8"))
    found, wanted = set[str](), list(entries)
    while wanted:
        made = built[wanted.pop()]
        if made["file"] not in found:
            found |= {made["file"], *made.get("css", ())}
            wanted += [*made.get("imports", ()), *made.get("dynamicImports", ())]
    return {name for name in found if name.endswith((".js", ".css"))}


def weight(names: set[str]) -> int:
    """Bytes, compressed."""
    folder = PACKAGE / "web" / "static" / "bundle"
    return sum(len(gzip.compress((folder / name).read_bytes())) for name in names)


STUDIO = ("src/studio.ts", "src/library.ts", "src/live.ts", "src/upload/island.ts")
VISITORS = ("src/gallery/gallery.ts", "src/gallery/door.ts", "src/styles/gallery.css")


@pytest.mark.parametrize("entries", [STUDIO, VISITORS], ids=["studio", "visitors"])
def test_script_and_style_are_light(entries: tuple[str, ...]) -> None:
    assert weight(sent(*entries)) < 100_000


def test_visitors_get_nothing_of_the_studio() -> None:
    ours = {name.split("-")[0] for name in sent(*VISITORS)}
    assert not ours & {"assets/htmx", "assets/studio", "assets/desk", "assets/island"}
