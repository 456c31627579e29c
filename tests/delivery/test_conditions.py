"""Conditional requests, in the order of RFC 9110."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fanlight.delivery import dates
from fanlight.delivery.conditions import Conditions, Verdict, judge, range_holds

ETAG = '"abc"'
AT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
MODIFIED = int(AT.timestamp())
SAME = "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT"
AFTER = "Sun, 06 Nov 1994 08:49:38 GMT"


def verdict(**headers: str) -> Verdict:
    return judge(Conditions(**headers), ETAG, MODIFIED)


@pytest.mark.parametrize(
    "value",
    [
        '"abc"',
        'W/"abc"',
        "*",
        ' "abc" ',
        '"x", "abc"',
        '"x","abc"',
        '"x" , W/"abc", "y"',
        ',, "x",, "abc"',
        '"a,b", "abc"',
        '"x", "abc", garbage',
    ],
)
def test_none_match_spares_bytes_that_the_client_has(value: str) -> None:
    assert verdict(none_match=value) is Verdict.NOT_MODIFIED


@pytest.mark.parametrize(
    "value", ['"ab"', "abc", '"x"', 'w/"abc"', '"x,"abc"', '"abc', "'abc'", '"ABC"', '"a*"', ","]
)
def test_none_match_with_other_tags_passes(value: str) -> None:
    assert verdict(none_match=value) is Verdict.PASS


@pytest.mark.parametrize("value", ['"abc"', "*", '"x", "abc"'])
def test_match_with_our_tag_passes(value: str) -> None:
    assert verdict(match=value) is Verdict.PASS


@pytest.mark.parametrize("value", ['W/"abc"', '"x"', "abc", '"x", W/"abc"'])
def test_match_compares_strongly(value: str) -> None:
    assert verdict(match=value) is Verdict.FAILED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SAME, Verdict.NOT_MODIFIED),
        (AFTER, Verdict.NOT_MODIFIED),
        (BEFORE, Verdict.PASS),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Verdict.NOT_MODIFIED),
        ("Sun Nov  6 08:49:37 1994", Verdict.NOT_MODIFIED),
        (f"{SAME}; length=123", Verdict.NOT_MODIFIED),
        ("yesterday", Verdict.PASS),
        ("", Verdict.PASS),
        ("Sun, 99 Nov 1994 08:49:37 GMT", Verdict.PASS),
        ("Sun, 06 Nov 99999 08:49:37 GMT", Verdict.PASS),
    ],
)
def test_modified_since_reads_all_forms_of_dates(value: str, expected: Verdict) -> None:
    assert verdict(modified_since=value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SAME, Verdict.PASS),
        (AFTER, Verdict.PASS),
        (BEFORE, Verdict.FAILED),
        ("never", Verdict.PASS),
    ],
)
def test_unmodified_since(value: str, expected: Verdict) -> None:
    assert verdict(unmodified_since=value) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        # a tag outranks its date
        ({"none_match": '"x"', "modified_since": AFTER}, Verdict.PASS),
        ({"match": '"abc"', "unmodified_since": BEFORE}, Verdict.PASS),
        # what must hold is asked before what may spare
        ({"match": '"x"', "none_match": '"abc"'}, Verdict.FAILED),
        ({"unmodified_since": BEFORE, "none_match": '"abc"'}, Verdict.FAILED),
        ({"match": '"abc"', "none_match": '"abc"'}, Verdict.NOT_MODIFIED),
        ({"unmodified_since": SAME, "modified_since": SAME}, Verdict.NOT_MODIFIED),
    ],
)
def test_precedence(headers: dict[str, str], expected: Verdict) -> None:
    assert verdict(**headers) is expected


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("", True),
        ('"abc"', True),
        (' "abc" ', True),
        ('W/"abc"', False),
        ('"x"', False),
        ("*", False),
        (SAME, True),
        (AFTER, False),
        (BEFORE, False),
        ("nonsense", False),
    ],
)
def test_if_range_holds_only_for_exactly_these_bytes(value: str, holds: bool) -> None:
    assert range_holds(Conditions(range_=value), ETAG, MODIFIED, MODIFIED + 60) is holds


def test_if_range_by_date_is_not_trusted_within_its_own_second() -> None:
    asked = Conditions(range_=SAME)
    assert not range_holds(asked, ETAG, MODIFIED, MODIFIED)
    assert range_holds(asked, ETAG, MODIFIED, MODIFIED + 1)


def test_a_date_is_written_in_the_preferred_form_and_read_back() -> None:
    assert dates.written(AT) == SAME
    assert dates.read(SAME) == MODIFIED


def test_a_hostile_tag_list_is_read_in_linear_time() -> None:
    assert verdict(none_match='"x" ,' * 2000 + " " * 2000 + "W") is Verdict.PASS
