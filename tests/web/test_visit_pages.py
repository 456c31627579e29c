"""What visitors' pages say: every word in every language, colours that can be read, plain text."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from fanlight.galleries.viewing import SCREEN
from fanlight.gallery_model import CoverStyle, Layout, Look, Right, Theme
from fanlight.web.bundle import Bundle
from fanlight.web.studio.pages import Pages
from fanlight.web.visit.accent import PAPERS, READABLE, accents, contrast
from fanlight.web.visit.page import Opened, Threshold, VisitItem, VisitPage, VisitSection, written
from fanlight.words import LANGUAGES, page_words
from tests.support.source import PACKAGE, ROOT

TEMPLATES = sorted((PACKAGE / "web" / "templates").glob("visit-*.html"))
SCRIPTS = sorted((ROOT / "frontend" / "src" / "gallery").rglob("*.ts"))
NASTY = "</script><b onload=x>&\"'"


def item(number: int, **known: object) -> VisitItem:
    base = VisitItem(f"a{number}", f"IMG_{number}.jpg", 1, 6000, 4000, download=True)
    return VisitItem(**{**{name: getattr(base, name) for name in base.__slots__}, **known})  # type: ignore[arg-type]


THREE = tuple(item(n) for n in range(3))


def shown(pages: Pages, items: tuple[VisitItem, ...] = THREE, **known: object) -> str:
    """The page of a gallery."""
    base, words = "/g/first-light", known.get("words", page_words("en"))
    around = {"base": base, "words": words}
    tiles = pages.text("visit-tiles.html", page=around, items=items, plain=False, screen=SCREEN)
    wanted: dict[str, object] = {
        **around,
        "look": Look(),
        "title": "First light",
        "held_on": date(2026, 6, 14),
        "photos": 3,
        "photos_told": tuple(written(one.data) for one in items),
        "tiles": Markup(tiles),
        "cover": item(0),
        "rights": frozenset(Right),
    }
    page = VisitPage(**{**wanted, **known})  # type: ignore[arg-type]
    return pages.text("visit-gallery.html", page=page)


def state(said: str) -> Any:
    """What the page tells the script."""
    found = re.search(r'id="state">(.*?)</script>', said, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(Bundle(tmp_path))


def used() -> set[str]:
    """Every word that a template or a script asks for by name."""
    templates = "\n".join(path.read_text("utf-8") for path in TEMPLATES)
    scripts = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    names = set(re.findall(r"\bw\.(\w+)", templates)) - {"tag", "day", "number"}
    names |= set(re.findall(r'(?:\bw|words)\("(\w+)"', templates))
    return names | set(re.findall(r'said\(\s*"(\w+)"', scripts))


def test_every_word_that_is_used_exists_and_none_else() -> None:
    table = set(page_words("en").table)
    made = {f"flag_{colour}" for colour in ("red", "yellow", "green", "blue", "purple")}
    made |= {"guest"}  # who has said no name, among comments
    made |= {f"nothing{about}{more}" for about in ("", "_found", "_mine") for more in ("", "_lede")}
    chosen = set(
        re.findall(r'"(\w+)"', "\n".join(p.read_text("utf-8") for p in (*TEMPLATES, *SCRIPTS)))
    )
    assert used() <= table
    assert table <= used() | made | chosen


@pytest.mark.parametrize(
    "colour", ["#ffff00", "#ffffff", "#000000", "#e08a3c", "#2b66d9", "#7a7a7a"]
)
def test_any_accent_can_be_read_by_day_and_by_night(colour: str) -> None:
    both = accents(colour)
    assert both
    for accent, paper in zip(both, PAPERS, strict=True):
        assert contrast(accent.on_fill, accent.fill) >= READABLE
        assert contrast(accent.words, paper) >= READABLE
        assert contrast(accent.fill, paper) >= 3


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#123456;}"])
def test_what_is_no_colour_is_no_accent(colour: str) -> None:
    assert accents(colour) is None


@pytest.mark.parametrize("cover", CoverStyle)
@pytest.mark.parametrize("layout", Layout)
def test_every_look_has_all_photos_as_links(
    pages: Pages, cover: CoverStyle, layout: Layout
) -> None:
    look = Look(cover=cover, layout=layout, theme=Theme.DARK, accent="#e08a3c", language="de")
    said = shown(pages, look=look, words=page_words("de"))
    assert [f'href="/g/first-light/p/a{n}"' in said for n in range(3)] == [True] * 3
    assert 'data-theme="dark"' in said
    assert 'lang="de"' in said
    assert 'data-accent="#' in said
    assert "Zu den Fotos springen" in said
    assert 'href="/g/first-light/archive"' in said


@pytest.mark.parametrize("more", [0, 1, 5])
def test_photos_beyond_the_first_screen_are_for_who_has_no_script(pages: Pages, more: int) -> None:
    said = shown(pages, tuple(item(n) for n in range(SCREEN + more)))
    for_all, _, rest = said.partition("<noscript>")
    others, _, after = rest.partition("</noscript>")
    assert for_all.count('class="tile"') == SCREEN
    assert others.count('class="tile"') == more
    assert after.count('class="tile"') == 0


def test_names_and_captions_are_text(pages: Pages) -> None:
    one = item(0, name=NASTY, caption=NASTY)
    section = VisitSection("s1", NASTY, 1)
    for opened in (None, Opened(one, 1, 1)):
        said = shown(
            pages,
            (one,),
            title=NASTY,
            text=NASTY,
            studio=NASTY,
            search=NASTY,
            sections=(section, section),
            opened=opened,
        )
        assert NASTY not in said
        assert "<b onload" not in said
        assert state(said)["title"] == state(said)["items"][0]["name"] == NASTY


def test_a_page_opened_at_a_photo_works_without_a_script(pages: Pages) -> None:
    opened = Opened(item(1), 2, 3, "a0", "a2")
    said = shown(pages, opened=opened)
    for part in ('rel="prev" href="/g/first-light/p/a0"', 'rel="next" href="/g/first-light/p/a2"'):
        assert part in said
    assert 'href="/g/first-light/p/a1/original?download=1"' in said


def test_an_empty_gallery_has_nothing_to_search_or_download(pages: Pages) -> None:
    said = shown(pages, (), photos=0, videos=0)
    assert 'id="tools"' not in said
    assert "Photos appear here" in said


def test_who_may_only_look_is_offered_nothing_else(pages: Pages) -> None:
    opened = Opened(item(1, download=False), 2, 3)
    said = shown(pages, opened=opened, rights=frozenset({Right.VIEW}))
    assert "/archive" not in said
    assert "/original" not in said
    assert "/web?" not in said


@pytest.mark.parametrize("indexed", [True, False])
def test_only_listed_galleries_are_for_search_engines(pages: Pages, *, indexed: bool) -> None:
    said = shown(pages, indexed=indexed)
    assert ('name="robots" content="noindex"' in said) is not indexed


@pytest.mark.parametrize(
    ("known", "told"),
    [({}, False), ({"indexed": True}, True), ({"discovery": "http://test/oembed?url=x"}, True)],
)
def test_previews_elsewhere_show_the_cover_of_what_is_listed_or_may_be_framed(
    pages: Pages, known: dict[str, Any], *, told: bool
) -> None:
    said = shown(pages, studio="Ada & Co", origin="http://test", **known)
    assert ('property="og:image" content="http://test/g/first-light/p/' in said) is told
    assert '<meta property="og:title" content="First light">' in said
    assert '<meta property="og:site_name" content="Ada &amp; Co">' in said
    assert "og:site_name" not in shown(pages)


def test_nothing_comes_from_elsewhere(pages: Pages) -> None:
    said = shown(pages)
    assert not re.findall(r'(?:src|href|srcset)="(?:https?:)?//', said)
    assert "Fanlight" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("password", {"wrong": False, "wait": 0, "cookie": True}),
        ("password", {"wrong": True, "wait": 30, "cookie": False}),
        ("password", {"wrong": False, "wait": 0, "cookie": True, "forgotten": True}),
        ("pin", {"wrong": False, "wait": 30, "next": "/archive"}),
        ("wait", {"lede": "3 of 20 are made smaller."}),
        ("not-yet", {"opens": "20 June 2026"}),
        ("not-yet", {"opens": ""}),
        ("closed", {}),
        ("lost", {"heading": "", "lede": ""}),
        ("lost", {"heading": "This link has expired", "lede": "Ask for one.", "back": False}),
    ],
)
def test_doors_are_full_pages(
    pages: Pages, name: str, known: dict[str, object], language: str
) -> None:
    door = Threshold("/g/first-light", page_words(language), title="First light", studio="Ada")
    said = pages.text(f"visit-{name}.html", page=door, **known)
    assert said.count("<h1") == 1
    assert "door-picture" in said
    assert 'id="main"' in said
