"""What a gallery's look, rules and pin may be."""

from __future__ import annotations

import re
from dataclasses import replace

from fanlight.errors import Invalid
from fanlight.gallery_model import GalleryRules, Look, Right
from fanlight.words import LANGUAGES

MOST_PATTERNS, LONGEST_PATTERN, MOST_SITES = 50, 200, 20
_colour = re.compile(r"#[0-9a-f]{6}")
_origin = re.compile(r"(https?://(?:\*\.)?[a-z0-9.\-]+(?::[0-9]{1,5})?)(?:/[^\s]*)?")
_pin = re.compile(r"[0-9]{4,12}")


def checked_look(look: Look) -> Look:
    """The look as it is kept. Raises Invalid."""
    accent = look.accent.strip().lower()
    if accent and not _colour.fullmatch(accent):
        raise Invalid(
            "A colour is written like #aa5500.",
            remedy="Choose one, or leave it empty.",
            code="invalid.accent",
            about="accent",
        )
    if look.language not in LANGUAGES:
        raise Invalid(
            f"A gallery speaks one of {', '.join(LANGUAGES)}.",
            code="invalid.language",
            about="language",
        )
    return replace(look, accent=accent)


def checked_rules(rules: GalleryRules) -> GalleryRules:
    """The rules as they are kept. Raises Invalid."""
    ignored = tuple(dict.fromkeys(one.strip() for one in rules.ignored if one.strip()))
    if len(ignored) > MOST_PATTERNS or any(len(one) > LONGEST_PATTERN for one in ignored):
        raise Invalid(
            f"There may be {MOST_PATTERNS} patterns of {LONGEST_PATTERN} characters.",
            code="invalid.ignored",
            about="ignored",
        )
    proofing = rules.proofing
    limits = {
        "downloads": rules.downloads,
        "least": proofing.least,
        "most": proofing.most,
        "most_in_section": proofing.most_in_section,
    }
    for name, limit in limits.items():
        if not 0 <= limit < 1_000_000:
            raise Invalid("Limits are 0 or more; 0 is for none.", code="invalid.limit", about=name)
    if proofing.most and proofing.least > proofing.most:
        raise Invalid(
            "Fewer picks may be made than are asked for.", code="invalid.limit", about="most"
        )
    embedding = tuple(dict.fromkeys(_site(one) for one in rules.embedding if one.strip()))
    if len(embedding) > MOST_SITES:
        raise Invalid(
            f"There may be {MOST_SITES} sites.", code="invalid.embedding", about="embedding"
        )
    rights = rules.rights | {Right.VIEW} if rules.rights else rules.rights
    return replace(rules, ignored=ignored, embedding=embedding, rights=rights)


def checked_pin(pin: str) -> str:
    """A pin as it is kept; empty for none. Raises Invalid."""
    pin = "".join(pin.split())
    if pin and not _pin.fullmatch(pin):
        raise Invalid("A pin has 4 to 12 digits.", code="invalid.pin", about="pin")
    return pin


def _site(text: str) -> str:
    """A site's origin, `https://blog.example`; `*` for all. Raises Invalid."""
    text = text.strip().lower()
    if text == "*":
        return text
    found = _origin.fullmatch(text if "://" in text else f"https://{text}")
    if found is None:
        raise Invalid(
            "A site is written like https://blog.example.",
            code="invalid.embedding",
            about="embedding",
        )
    return found[1]
