"""A gallery's fields as its forms have them, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from fanlight.errors import Invalid
from fanlight.gallery_model import (
    CoverStyle,
    Gallery,
    GalleryRules,
    GallerySort,
    Layout,
    Look,
    Proofing,
    Reach,
    Right,
    Theme,
)
from fanlight.web import words
from fanlight.web.studio.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

E = TypeVar("E", bound=StrEnum)

OURS = "#2b66d9"
"""What a colour field shows while a gallery has no colour of its own: it always shows one."""
ACCENTS = (OURS, "#2f7d5b", "#8a6d3b", "#b4532a", "#9c3f5f", "#6a4c93", "#3d4a52")
"""Colours to begin with: ours, moss, brass, rust, rose, plum, slate."""

COVERS = (
    (CoverStyle.FULL, "Full", "Fills the first screen, title upon it"),
    (CoverStyle.SPLIT, "Side by side", "Cover and title beside one another"),
    (CoverStyle.PLAIN, "Title alone", "The photos begin at once"),
)
THEMES = (
    (Theme.AUTO, "As the device has it", ""),
    (Theme.LIGHT, "Light", ""),
    (Theme.DARK, "Dark", ""),
)
LAYOUTS = (
    (Layout.ROWS, "Rows", "Nothing is cut"),
    (Layout.MASONRY, "Columns", "Nothing is cut"),
    (Layout.SQUARE, "Squares", "The middle of each photo"),
)
SORTS = (
    (GallerySort.NAME, "By name"),
    (GallerySort.TAKEN, "By the time it was taken"),
    (GallerySort.HAND, "By hand"),
)
REACHES = (
    (Reach.UNLISTED, "Who has the address", "A name can be guessed, a share link cannot"),
    (Reach.LISTED, "Everybody", "It stands on your list of galleries; search engines may know it"),
    (Reach.LINKS, "Share links alone", "The gallery's own address answers nobody"),
)
RIGHTS = (
    (Right.VIEW, "Look", "Without it the address leads nowhere"),
    (Right.PICK, "Pick", "Hearts and lists"),
    (Right.COMMENT, "Comment", ""),
    (Right.WEB, "Download in web size", "2048 pixels"),
    (Right.ORIGINAL, "Download originals", "As they are, RAWs beside them"),
)


def day(text: str) -> date | None:
    """A day as date fields give it. Raises Invalid."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Invalid("This is not a day.", code="invalid.held-on", about="held_on") from None


def about_of(gallery: Gallery) -> dict[str, str]:
    """What a gallery says about itself, and its order, as fields."""
    return {
        "title": gallery.title,
        "slug": gallery.slug,
        "text": gallery.text,
        "held_on": gallery.held_on.isoformat() if gallery.held_on else "",
        "sort": gallery.rules.sort.value,
        "backwards": "yes" if gallery.rules.backwards else "",
        "ignored": ", ".join(gallery.rules.ignored),
        "pairs": "yes" if gallery.rules.pairs else "",
    }


def about_from(gallery: Gallery, fields: Mapping[str, str]) -> dict[str, object]:
    """The changes that such fields ask for. Raises Invalid."""
    rules = replace(
        gallery.rules,
        sort=one_of(GallerySort, fields.get("sort", ""), gallery.rules.sort),
        backwards=fields.get("backwards") == "yes",
        ignored=words.listed(fields.get("ignored", "")),
        pairs=fields.get("pairs") == "yes",
    )
    return {
        "title": fields.get("title", ""),
        "slug": fields.get("slug", ""),
        "text": fields.get("text", ""),
        "held_on": day(fields.get("held_on", "")),
        "rules": rules,
    }


def look_of(look: Look, fields: Mapping[str, str]) -> Look:
    """The look that fields ask for."""
    accent = fields.get("accent", look.accent)
    return Look(
        cover=one_of(CoverStyle, fields.get("cover", ""), look.cover),
        theme=one_of(Theme, fields.get("theme", ""), look.theme),
        layout=one_of(Layout, fields.get("layout", ""), look.layout),
        accent="" if accent == OURS else accent,
        language=fields.get("language", look.language),
        names=fields.get("names") == "yes",
    )


def look_from(gallery: Gallery, fields: Mapping[str, str]) -> dict[str, object]:
    """The changes to the look that fields ask for, and whether cameras are told."""
    return {
        "look": look_of(gallery.look, fields),
        "rules": replace(gallery.rules, camera=fields.get("camera") == "yes"),
    }


def access_of(gallery: Gallery) -> dict[str, str]:
    """Who may come in, and do what, as fields. Times stand apart: they need a clock."""
    rules, proofing = gallery.rules, gallery.rules.proofing
    ticked = {
        "cookie": rules.cookie,
        "cover_outside": rules.cover_outside,
        "lists": proofing.lists,
        "stars": proofing.stars,
        "flags": proofing.flags,
        "no_password": False,
        **{f"right.{one.value}": one in rules.rights for one in Right},
    }
    written = {
        "reach": rules.reach.value,
        "pin": gallery.pin,
        "downloads": str(rules.downloads),
        "embedding": ", ".join(rules.embedding),
        "least": str(proofing.least),
        "most": str(proofing.most),
        "most_in_section": str(proofing.most_in_section),
    }
    return written | {name: "yes" if on else "" for name, on in ticked.items()}


def access_from(gallery: Gallery, fields: Mapping[str, str]) -> dict[str, object]:
    """Who may come in, and do what, as fields ask for it. Raises Invalid."""
    rules: GalleryRules = replace(
        gallery.rules,
        reach=one_of(Reach, fields.get("reach", ""), gallery.rules.reach),
        rights=frozenset(one for one in Right if fields.get(f"right.{one.value}") == "yes"),
        cookie=fields.get("cookie") == "yes",
        cover_outside=fields.get("cover_outside") == "yes",
        embedding=words.listed(fields.get("embedding", "")),
        downloads=whole(fields, "downloads"),
        proofing=Proofing(
            stars=fields.get("stars") == "yes",
            flags=fields.get("flags") == "yes",
            lists=fields.get("lists") == "yes",
            least=whole(fields, "least"),
            most=whole(fields, "most"),
            most_in_section=whole(fields, "most_in_section"),
        ),
    )
    changes: dict[str, object] = {
        "rules": rules,
        "opens_at": moment(fields, "opens_at", gallery.opens_at),
        "closes_at": moment(fields, "closes_at", gallery.closes_at),
        "pin": fields.get("pin", ""),
    }
    if fields.get("no_password") == "yes":
        return changes | {"password": ""}
    return changes | ({"password": fields["password"]} if fields.get("password") else {})


def one_of(kind: type[E], text: str, otherwise: E) -> E:
    """A member of an enumeration by its text; what nobody could choose changes nothing."""
    return kind(text) if text in set(kind) else otherwise


def whole(fields: Mapping[str, str], name: str) -> int:
    """A number as somebody typed it; 0 for nothing. Raises Invalid."""
    text = fields.get(name, "").strip() or "0"
    if not text.isdecimal() or len(text) > 6:
        raise Invalid("This is not a number.", code="invalid.number", about=name)
    return int(text)
