"""Content-Disposition for names of all kinds."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from fanlight.delivery.disposition import disposition


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("photo.jpg", 'inline; filename="photo.jpg"'),
        ("a b, c; d.jpg", 'inline; filename="a b, c; d.jpg"'),
        ("", "inline"),
        ("   ", "inline"),
        ("grün.jpg", "inline; filename=\"gr_n.jpg\"; filename*=UTF-8''gr%C3%BCn.jpg"),
        ('say "hi".txt', "inline; filename=\"say _hi_.txt\"; filename*=UTF-8''say%20%22hi%22.txt"),
        ("100%25.txt", "inline; filename=\"100_25.txt\"; filename*=UTF-8''100%2525.txt"),
        ("📷.png", "inline; filename=\"_.png\"; filename*=UTF-8''%F0%9F%93%B7.png"),
        (
            "a\r\nX: y",
            "inline; filename=\"a__X_ y\"; filename*=UTF-8''a__X%3A%20y",
        ),
        ("a/b\\c.txt", 'inline; filename="a_b_c.txt"'),
        ("exe.\u202egpj", 'inline; filename="exe._gpj"'),
        ("\ud800.txt", "inline; filename=\"_.txt\"; filename*=UTF-8''%3F.txt"),
    ],
)
def test_the_name_is_safe_in_both_forms(name: str, expected: str) -> None:
    assert disposition("inline", name) == expected


@pytest.mark.parametrize(
    "name", ["سلام.jpg", "日本語.png", "naïve’s.txt", "a*b'c(d).txt", "é" * 300]
)
def test_the_extended_form_brings_the_name_back(name: str) -> None:
    value = disposition("attachment", name)
    assert value.startswith("attachment; ")
    assert value.isascii()
    extended = value.partition("filename*=UTF-8''")[2]
    assert unquote(extended) == name
    assert re.fullmatch(r"[A-Za-z0-9!#$&+.^_`|~%-]+", extended)
