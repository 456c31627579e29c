"""The decision, without storage, clock or web server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fanlight.delivery.answers import (
    Answer,
    Away,
    BadRange,
    Gone,
    Missing,
    Multipart,
    NotModified,
    Partial,
    Redirect,
    Refused,
    Unmet,
    Whole,
)
from fanlight.delivery.conditions import Conditions
from fanlight.delivery.decide import Wish, decide
from fanlight.delivery.representation import Rules, represent, represent_found
from fanlight.delivery.signing import Proof
from fanlight.model import NOBODY, Actor, Link, Scope, Visibility
from tests.delivery.support import AT, NOW, make_link

OWNER = Actor("ada", user_id="ada", scopes=frozenset(Scope))
READER = Actor("token", user_id="ada", scopes=frozenset({Scope.READ}))
UPLOADER = Actor("token", user_id="ada", scopes=frozenset({Scope.UPLOAD}))
STRANGER = Actor("bob", user_id="bob", scopes=frozenset({Scope.READ}))
ELSEWHERE = Actor("token", user_id="ada", scopes=frozenset({Scope.READ}), folder="b")
OTHER_CHANNEL = Actor("token", user_id="ada", scopes=frozenset({Scope.READ}), channel_id="c2")
ETAG = '"0123456789abcdef0123456789abcdef"'


def answer(wish: Wish | None = None, link: Link | None = None, **rules: Any) -> Answer:
    link = link or make_link()
    ours = Rules(**rules)
    return decide(wish or Wish(), link, represent(link.asset, ours), ours, NOW)


def head(given: Answer) -> dict[str, str]:
    assert isinstance(given, Whole | Partial | Multipart | NotModified | Unmet | BadRange)
    names = [name for name, _ in given.head]
    assert len(names) == len(set(names)), "a header twice"
    assert all(name == name.lower() for name in names)
    return {name.decode(): value.decode("latin-1") for name, value in given.head}


def test_a_public_asset_is_sent_whole() -> None:
    given = answer()
    assert isinstance(given, Whole)
    assert given.piece == (0, 1000)
    assert head(given) == {
        "content-type": "image/jpeg",
        "content-length": "1000",
        "etag": ETAG,
        "last-modified": "Sun, 01 Nov 2026 12:00:00 GMT",
        "content-disposition": 'inline; filename="photo.jpg"',
        "content-security-policy": head(given)["content-security-policy"],
        "x-content-type-options": "nosniff",
        "accept-ranges": "bytes",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "accept-ranges, content-range, etag",
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": "public, max-age=3600",
    }
    assert head(given)["content-security-policy"].startswith("sandbox;")


def test_no_link_is_missing() -> None:
    given = decide(Wish(), None, None, Rules(), NOW)
    assert isinstance(given, Missing)
    assert given.error.public_code == "not-found"


# --- who may see it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visibility", "proof", "viewer", "kind", "code"),
    [
        (Visibility.PUBLIC, Proof.ABSENT, NOBODY, Whole, ""),
        (Visibility.PUBLIC, Proof.WRONG, NOBODY, Whole, ""),
        (Visibility.PRIVATE, Proof.ABSENT, NOBODY, Refused, "forbidden.private"),
        (Visibility.PRIVATE, Proof.VALID, NOBODY, Whole, ""),
        (Visibility.PRIVATE, Proof.EXPIRED, NOBODY, Gone, "expired"),
        (Visibility.PRIVATE, Proof.WRONG, NOBODY, Refused, "forbidden.signature"),
        (Visibility.PRIVATE, Proof.ABSENT, OWNER, Whole, ""),
        (Visibility.PRIVATE, Proof.EXPIRED, OWNER, Whole, ""),
        (Visibility.PRIVATE, Proof.ABSENT, READER, Whole, ""),
        (Visibility.PRIVATE, Proof.ABSENT, UPLOADER, Refused, "forbidden.private"),
        (Visibility.PRIVATE, Proof.ABSENT, STRANGER, Refused, "forbidden.private"),
        (Visibility.PRIVATE, Proof.ABSENT, ELSEWHERE, Refused, "forbidden.private"),
        (Visibility.PRIVATE, Proof.ABSENT, OTHER_CHANNEL, Refused, "forbidden.private"),
        (Visibility.HIDDEN, Proof.ABSENT, NOBODY, Missing, "not-found"),
        (Visibility.HIDDEN, Proof.VALID, NOBODY, Missing, "not-found"),
        (Visibility.HIDDEN, Proof.ABSENT, STRANGER, Missing, "not-found"),
        (Visibility.HIDDEN, Proof.ABSENT, OWNER, Whole, ""),
        (Visibility.BLOCKED, Proof.ABSENT, NOBODY, Refused, "forbidden.blocked"),
        (Visibility.BLOCKED, Proof.VALID, NOBODY, Refused, "forbidden.blocked"),
        (Visibility.BLOCKED, Proof.ABSENT, OWNER, Whole, ""),
    ],
)
def test_visibility(
    visibility: Visibility, proof: Proof, viewer: Actor, kind: type[Answer], code: str
) -> None:
    wish = Wish(proof=proof, viewer=viewer)
    given = answer(wish, make_link(visibility=visibility))
    assert type(given) is kind
    if isinstance(given, Missing | Refused | Gone):
        assert given.error.public_code == code


def test_an_asset_without_an_owner_is_for_any_reader() -> None:
    link = make_link(visibility=Visibility.PRIVATE, owner_id=None)
    assert isinstance(answer(Wish(viewer=STRANGER), link), Whole)


@pytest.mark.parametrize(
    "fields",
    [
        {"deleted_at": AT},
        {"visibility": Visibility.HIDDEN, "expires_at": AT},
        {"deleted_at": AT, "expires_at": AT},
    ],
)
def test_what_is_in_the_trash_or_hidden_is_missing_before_anything_else(fields: Any) -> None:
    assert isinstance(answer(link=make_link(**fields)), Missing)


def test_an_asset_is_gone_from_the_moment_it_expires() -> None:
    assert isinstance(answer(link=make_link(expires_at=NOW)), Gone)
    assert isinstance(answer(Wish(viewer=OWNER), make_link(expires_at=NOW)), Gone)
    assert isinstance(answer(link=make_link(expires_at=NOW + timedelta(seconds=1))), Whole)


def test_what_is_refused_is_refused_whatever_else_is_asked() -> None:
    wish = Wish(range_="bytes=0-1", conditions=Conditions(none_match="*"), version="3")
    for link in (
        make_link(visibility=Visibility.PRIVATE),
        make_link(visibility=Visibility.PRIVATE, current=False),
    ):
        assert isinstance(answer(wish, link), Refused)


@pytest.mark.parametrize(
    ("referer", "missing_allowed", "kind"),
    [
        ("https://good.test/page", True, Whole),
        ("https://evil.test/", True, Refused),
        ("http://our.host/", True, Whole),
        ("", True, Whole),
        ("", False, Refused),
    ],
)
def test_pages_that_may_embed(referer: str, missing_allowed: bool, kind: type[Answer]) -> None:
    wish = Wish(referer=referer, host="our.host:8000")
    rules: dict[str, Any] = {
        "referers": frozenset({"good.test"}),
        "referer_missing": missing_allowed,
    }
    given = answer(wish, **rules)
    assert type(given) is kind
    if isinstance(given, Whole):
        assert head(given)["vary"] == "Referer"
    signed = Wish(referer=referer, host="our.host", proof=Proof.VALID)
    link = make_link(visibility=Visibility.PRIVATE)
    assert isinstance(answer(signed, link, **rules), Whole), "a signed address is for anywhere"


# --- caching ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(version="3"), "public, max-age=31536000, immutable"),
        (Wish(version="2"), "public, max-age=3600"),
        (Wish(version="03"), "public, max-age=3600"),
        (Wish(version="3", stable=False), "public, max-age=3600"),
        (Wish(version="0123456789abcdef"), "public, max-age=31536000, immutable"),
        (Wish(version="0123456789abcdef", stable=False), "public, max-age=31536000, immutable"),
        (Wish(version="0123456789abcde"), "public, max-age=3600"),
    ],
)
def test_only_an_address_that_names_the_bytes_is_kept_for_ever(wish: Wish, expected: str) -> None:
    for given in (answer(wish), answer(Wish(wish.stable, wish.version, "bytes=0-1"))):
        assert head(given)["cache-control"] == expected


@pytest.mark.parametrize(
    ("wish", "seconds", "expected"),
    [
        (Wish(), 90, "public, max-age=90"),
        (Wish(version="3"), 90, "public, max-age=90"),
        (Wish(), 7200, "public, max-age=3600"),
        (Wish(version="3"), 7200, "public, max-age=7200"),
    ],
)
def test_nobody_keeps_an_asset_beyond_its_time(wish: Wish, seconds: int, expected: str) -> None:
    link = make_link(expires_at=NOW + timedelta(seconds=seconds, microseconds=5))
    assert head(answer(wish, link))["cache-control"] == expected
    wish.conditions = Conditions(none_match="*")
    assert head(answer(wish, link))["cache-control"] == expected


@pytest.mark.parametrize(
    "wish",
    [Wish(proof=Proof.VALID, version="3"), Wish(viewer=OWNER, version="3")],
    ids=["signed", "own"],
)
def test_nobody_keeps_what_is_private(wish: Wish) -> None:
    given = head(answer(wish, make_link(visibility=Visibility.PRIVATE)))
    assert given["cache-control"] == "private, no-store"


def test_what_only_the_owner_sees_cannot_be_embedded_by_other_sites() -> None:
    given = head(answer(Wish(viewer=OWNER), make_link(visibility=Visibility.PRIVATE)))
    assert given["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in given
    assert given["vary"] == "Authorization, Cookie"
    signed = head(answer(Wish(proof=Proof.VALID), make_link(visibility=Visibility.PRIVATE)))
    assert signed["cross-origin-resource-policy"] == "cross-origin"
    assert signed["access-control-allow-origin"] == "*"


def test_bytes_that_the_catalogue_does_not_know_yet_are_asked_for_each_time() -> None:
    link, rules = make_link(), Rules()
    shown = represent_found(link.asset, rules, size=7, version="v2", modified_at=NOW)
    given = decide(Wish(version="3"), link, shown, rules, NOW)
    assert head(given)["cache-control"] == "public, no-cache"
    assert head(given)["content-length"] == "7"
    assert head(given)["last-modified"] == "Sat, 21 Nov 2026 12:00:00 GMT"
    assert head(given)["etag"] not in ("", ETAG)
    other = represent_found(link.asset, rules, size=7, version="v3", modified_at=NOW)
    assert other.etag != shown.etag


# --- what of it is sent -----------------------------------------------------------------------


def test_one_range_is_a_part_with_its_exact_length() -> None:
    given = answer(Wish(range_="bytes=10-19"))
    assert isinstance(given, Partial)
    assert given.piece == (10, 20)
    assert head(given)["content-length"] == "10"
    assert head(given)["content-range"] == "bytes 10-19/1000"
    assert head(given)["etag"] == ETAG


def test_several_ranges_are_parts_whose_length_is_exact() -> None:
    given = answer(Wish(range_="bytes=0-4,990-"))
    assert isinstance(given, Multipart)
    assert [piece for _, piece in given.parts] == [(0, 5), (990, 1000)]
    body = b"".join(lead + b"x" * (piece.stop - piece.start) for lead, piece in given.parts)
    body += given.end
    headers = head(given)
    assert headers["content-length"] == str(len(body))
    assert "content-range" not in headers
    kind, _, boundary = headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    empty, first, second, end = body.split(b"--" + boundary.encode())
    assert (empty, end) == (b"\r\n", b"--\r\n")
    assert first.startswith(b"\r\ncontent-type: image/jpeg\r\ncontent-range: bytes 0-4/1000\r\n")
    assert b"\r\ncontent-range: bytes 990-999/1000\r\n\r\nxxxxxxxxxx\r\n" in second


def test_every_multipart_answer_has_a_boundary_of_its_own() -> None:
    wish = Wish(range_="bytes=0-4,990-")
    assert head(answer(wish))["content-type"] != head(answer(wish))["content-type"]


def test_a_range_beyond_the_end_says_how_long_it_is() -> None:
    given = answer(Wish(range_="bytes=1000-"))
    assert isinstance(given, BadRange)
    assert head(given)["content-range"] == "bytes */1000"


def test_no_part_of_an_empty_asset_can_be_had() -> None:
    empty = make_link(size=0)
    assert head(answer(link=empty))["content-length"] == "0"
    given = answer(Wish(range_="bytes=0-"), empty)
    assert isinstance(given, BadRange)
    assert head(given)["content-range"] == "bytes */0"


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        (Wish(conditions=Conditions(none_match=ETAG)), NotModified),
        (Wish(conditions=Conditions(none_match=ETAG), range_="bytes=0-1"), NotModified),
        (Wish(conditions=Conditions(none_match='"x"'), range_="bytes=0-1"), Partial),
        (Wish(conditions=Conditions(match='"x"')), Unmet),
        (Wish(conditions=Conditions(match='"x"'), range_="bytes=5000-"), Unmet),
        (Wish(conditions=Conditions(range_=ETAG), range_="bytes=0-1"), Partial),
        (Wish(conditions=Conditions(range_='"x"'), range_="bytes=0-1"), Whole),
        (Wish(conditions=Conditions(range_='"x"'), range_="bytes=5000-"), Whole),
        (Wish(conditions=Conditions(range_=ETAG)), Whole),
        (
            Wish(conditions=Conditions(range_="Sun, 01 Nov 2026 12:00:00 GMT"), range_="bytes=0-1"),
            Partial,
        ),
        (Wish(range_="bytes=5-2"), Whole),
        (Wish(range_="lines=5-7"), Whole),
    ],
)
def test_conditions_come_before_ranges(wish: Wish, kind: type[Answer]) -> None:
    assert type(answer(wish)) is kind


def test_a_304_says_what_a_cache_needs_and_nothing_about_a_body() -> None:
    given = answer(Wish(conditions=Conditions(none_match="*")))
    assert head(given) == {"etag": ETAG, "cache-control": "public, max-age=3600"}


def test_an_old_alias_leads_to_the_current_one() -> None:
    given = answer(link=make_link(current=False))
    assert given == Redirect("a/photo.jpg")


def test_active_content_is_for_download_unless_the_owner_lets_it_show() -> None:
    link = make_link(media_type="image/svg+xml", name="x.svg")
    assert head(answer(link=link))["content-disposition"] == 'attachment; filename="x.svg"'
    shown = answer(link=link, inline_active=frozenset({"image/svg+xml"}))
    assert head(shown)["content-disposition"] == 'inline; filename="x.svg"'
    assert head(shown)["content-security-policy"].startswith("sandbox;")


# --- to the provider itself -------------------------------------------------------------------

THERE = "https://there/1"


def sent(wish: Wish, **fields: Any) -> Answer:
    link = make_link(**fields)
    return decide(wish, link, represent(link.asset, Rules()), Rules(), NOW, THERE)


@pytest.mark.parametrize("range_", ["", "bytes=0-", "bytes=0-999", "lines=1-2"])
def test_who_wants_all_of_it_is_sent_to_the_provider(range_: str) -> None:
    given = sent(Wish(may_leave=True, range_=range_))
    assert isinstance(given, Away)
    assert given.status == 302
    assert dict(given.head) == {
        b"location": THERE.encode(),
        b"cache-control": b"no-store",
        b"referrer-policy": b"no-referrer",
        b"content-length": b"0",
    }


@pytest.mark.parametrize(
    ("wish", "fields", "kind"),
    [
        (Wish(), {}, Whole),
        (Wish(may_leave=True, range_="bytes=1-"), {}, Partial),
        (Wish(may_leave=True, range_="bytes=0-1,3-4"), {}, Multipart),
        (Wish(may_leave=True, range_="bytes=1000-"), {}, BadRange),
        (Wish(may_leave=True, conditions=Conditions(none_match=ETAG)), {}, NotModified),
        (Wish(may_leave=True, conditions=Conditions(match='"other"')), {}, Unmet),
        (Wish(may_leave=True), {"current": False}, Redirect),
        (Wish(may_leave=True), {"expires_at": NOW + timedelta(days=1)}, Whole),
        (Wish(may_leave=True), {"visibility": Visibility.PRIVATE}, Refused),
        (
            Wish(may_leave=True, proof=Proof.VALID),
            {"visibility": Visibility.PRIVATE},
            Whole,
        ),
        (Wish(may_leave=True, viewer=OWNER), {"visibility": Visibility.PRIVATE}, Whole),
        (Wish(may_leave=True, viewer=OWNER), {"visibility": Visibility.HIDDEN}, Whole),
    ],
)
def test_everything_else_is_answered_as_ever(
    wish: Wish, fields: dict[str, Any], kind: type[Answer]
) -> None:
    assert isinstance(sent(wish, **fields), kind)


def test_a_page_that_may_not_embed_it_learns_no_address() -> None:
    link, rules = make_link(), Rules(referers=frozenset({"our.page"}))
    wish = Wish(may_leave=True, referer="https://other.page/", host="our.host")
    shown = represent(link.asset, rules)
    assert isinstance(decide(wish, link, shown, rules, NOW, THERE), Refused)
