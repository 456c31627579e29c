"""What is said to visitors: all of it in each language, as the language says it."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fanlight import errors
from fanlight.errors import Expired, FanlightError, Forbidden, StorageUnavailable, Throttled
from fanlight.web.errors import STATUS
from fanlight.words import LANGUAGES, archive_words, mail_words, page_words
from fanlight.words.german import GERMAN
from fanlight.words.words import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fanlight.words import Words

SOURCE = Path(errors.__file__).parent
OTHERS = [tag for tag in LANGUAGES if tag != "en"]
TABLES = [page_words, mail_words, archive_words]
CODES = set(GERMAN.refusals)


def codes(error: FanlightError) -> list[str]:
    kinds = (kind.code for kind in type(error).__mro__ if issubclass(kind, FanlightError))
    return [error.public_code, *kinds]


@pytest.mark.parametrize("words", TABLES)
@pytest.mark.parametrize("tag", OTHERS)
def test_each_language_has_every_word_with_its_places(
    tag: str, words: Callable[[str], Words]
) -> None:
    ours, theirs = words("en").table, words(tag).table
    assert theirs.keys() == ours.keys()
    for key, said in theirs.items():
        places = {name for form in said.split("|") for name in re.findall(r"\{(\w+)\}", form)}
        assert places == set(re.findall(r"\{(\w+)\}", ours[key])), key
        assert said.count("|") == ours[key].count("|"), key
        assert said.strip() == said, key
        assert said.strip("|"), key


@pytest.mark.parametrize("tag", OTHERS)
def test_no_language_is_another_one(tag: str) -> None:
    """A sentence that is the same in two languages was forgotten."""
    ours = page_words("en").table
    same = {key for key, said in page_words(tag).table.items() if said == ours[key]}
    assert not {key for key in same if ours[key].endswith(".")}


@pytest.mark.parametrize("tag", OTHERS)
def test_whatever_goes_wrong_is_said_in_the_language_of_the_gallery(tag: str) -> None:
    words = page_words(tag)
    for kind in STATUS:
        told = words.refusal(codes(kind()), wait=7)
        assert told is not None, kind
        assert all(told), kind
    for code in CODES:
        told = words.refusal([code])
        assert told is not None, code
        assert not told[0].endswith("."), "it is a heading"
        assert told[1].endswith("."), "it is a sentence"


def test_a_refusal_is_the_nearest_that_there_is() -> None:
    words = page_words("de")
    assert words.refusal(codes(Expired(code="expired.used-up"))) != words.refusal(codes(Expired()))
    assert words.refusal(codes(Forbidden(code="forbidden.pick"))) == words.refusal(["forbidden"])
    assert words.refusal(codes(StorageUnavailable())) == words.refusal(["storage"])
    wait = words.refusal(codes(Throttled()), wait=1), words.refusal(codes(Throttled()), wait=30)
    assert [told and told[1].partition(",")[0] for told in wait] == [
        "Warte 1 Sekunde",
        "Warte 30 Sekunden",
    ]
    assert page_words("en").refusal(codes(Throttled())) is None, "the error says it itself"


def texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_refusals_are_those_that_there_are() -> None:
    """What a language has words for is raised somewhere; nothing lies there unused."""
    raised = {kind.code for kind in STATUS}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code":
                raised |= set(texts(node.value))
    assert raised >= CODES


@pytest.mark.parametrize(
    ("tag", "counts", "first", "day"),
    [
        ("en", ("0 photos", "1 photo", "1,200 photos"), "1 June 2026", "14 June 2026"),
        ("de-AT", ("0 Fotos", "1 Foto", "1.200 Fotos"), "1. Juni 2026", "14. Juni 2026"),
        ("fr", ("0 photo", "1 photo", "1\u202f200 photos"), "1er juin 2026", "14 juin 2026"),
        ("es-MX", ("0 fotos", "1 foto", "1200 fotos"), "1 de junio de 2026", "14 de junio de 2026"),
        ("it", ("0 foto", "1 foto", "1.200 foto"), "1º giugno 2026", "14 giugno 2026"),
        ("nl", ("0 foto’s", "1 foto", "1.200 foto’s"), "1 juni 2026", "14 juni 2026"),
        ("pt", ("0 foto", "1 foto", "1.200 fotos"), "1º de junho de 2026", "14 de junho de 2026"),
    ],
)
def test_counts_and_days_are_said_as_the_language_says_them(
    tag: str, counts: tuple[str, str, str], first: str, day: str
) -> None:
    words = page_words(tag)
    assert tuple(words("photos", n=n) for n in (0, 1, 1200)) == counts
    assert words.day(date(2026, 6, 1)) == first
    assert words.day(date(2026, 6, 14)) == day


def test_spanish_parts_thousands_from_ten_thousand_on() -> None:
    assert page_words("es")("photos", n=12_000) == "12.000 fotos"


def test_french_breaks_no_line_before_its_signs() -> None:
    words = mail_words("fr")
    assert words("receipt_subject", gallery="Anna") == "Votre sélection est arrivée\u00a0: Anna"
    assert "«\u00a0{gallery}\u00a0»" in words.closing


def test_the_nearest_language_is_found_by_its_tag() -> None:
    assert [nearest(tag) for tag in ("pt-PT", "NL", "fr-CA", "eo", "")] == [
        "pt",
        "nl",
        "fr",
        "en",
        "en",
    ]
