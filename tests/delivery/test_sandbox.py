"""Other people's content must not act on our origin."""

from __future__ import annotations

import pytest

from fanlight.delivery.sandbox import POLICY, is_download, served_type


@pytest.mark.parametrize(
    "media_type",
    [
        "image/svg+xml",
        "IMAGE/SVG+XML; charset=utf-8",
        "text/html",
        "text/html; charset=utf-8",
        "application/xhtml+xml",
        "text/xml",
        "application/xml",
        "application/rss+xml",
        "application/pdf",
        "multipart/related",
        "message/rfc822",
    ],
)
def test_active_types_are_downloaded(media_type: str) -> None:
    assert is_download(media_type, frozenset())


@pytest.mark.parametrize("media_type", ["image/png", "video/mp4", "text/plain", "", "audio/mpeg"])
def test_passive_types_are_shown(media_type: str) -> None:
    assert not is_download(media_type, frozenset())


def test_the_owner_may_let_an_active_type_be_shown() -> None:
    allowed = frozenset({"image/svg+xml"})
    assert not is_download("image/svg+xml", allowed)
    assert is_download("text/html", allowed)


@pytest.mark.parametrize(
    ("stored", "served"),
    [
        ("image/png", "image/png"),
        ("Image/PNG", "image/png"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/plain; charset=GBK", "text/plain; charset=GBK"),
        ("text/html", "text/html"),
        ("text/javascript", "text/plain; charset=utf-8"),
        ("application/javascript; charset=utf-8", "text/plain; charset=utf-8"),
        ("application/x-javascript", "text/plain; charset=utf-8"),
        ("text/javascript1.5", "text/plain; charset=utf-8"),
        ("", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("image/png\r\nSet-Cookie: a=b", "application/octet-stream"),
        ("text/plain; charset=x\r\nA: b", "text/plain; charset=x"),
        ("video/mp4; codecs=avc1", "video/mp4"),
        ("text/hтml", "application/octet-stream"),
    ],
)
def test_the_type_is_well_formed_and_no_script(stored: str, served: str) -> None:
    assert served_type(stored) == served


def test_the_policy_lets_nothing_run() -> None:
    rules = [rule.split() for rule in POLICY.split(";")]
    assert ["sandbox"] in rules
    assert ["default-src", "'none'"] in rules
    assert not any("script" in word for rule in rules for word in rule)
