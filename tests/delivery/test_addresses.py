"""Public addresses, written and read."""

from __future__ import annotations

import pytest

from fanlight.delivery.addresses import Address, parse, readable, stable
from fanlight.errors import BadName
from tests.delivery.support import make_asset


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"/a/abc123", Address("abc123", stable=True)),
        (b"/a/abc123.jpg", Address("abc123", stable=True)),
        (b"/a/abc123.tar.gz", Address("abc123", stable=True)),
        (b"/a/abc-1_2.", Address("abc-1_2", stable=True)),
        (b"/a/", None),
        (b"/a/.jpg", None),
        (b"/a/x/thumb", Address("x", True, "thumb")),
        (b"/a/x/thumb%402x.webp", Address("x", True, "thumb@2x.webp")),
        (b"/a/x/y/z", Address("x", True, "y/z")),
        (b"/a/x/", None),
        (b"/a/x.jpg/thumb", None),
        (b"/a//thumb", None),
        (b"/a/x%20y", None),
        (b"/a/" + b"x" * 65, None),
        (b"/file/a/b.jpg", Address("a/b.jpg", stable=False)),
        (b"/file/a%2Fb.jpg", Address("a/b.jpg", stable=False)),
        (b"/file/a,b.jpg", Address("a,b.jpg", stable=False)),
        (b"/file/x+y%20z.jpg", Address("x+y z.jpg", stable=False)),
        (b"/file/100%25.txt", Address("100%.txt", stable=False)),
        ("/file/grün.jpg".encode(), Address("grün.jpg", stable=False)),
        (b"/file/gr%C3%BCn.jpg", Address("grün.jpg", stable=False)),
        (b"/file/gru%CC%88n.jpg", Address("grün.jpg", stable=False)),
        (b"/file/../../etc/passwd", Address("../../etc/passwd", stable=False)),
        (b"/file/", None),
        (b"/file/" + b"x" * 20000, None),
    ],
)
def test_a_path_is_read_as_the_name_it_stands_for(raw: bytes, expected: Address | None) -> None:
    assert parse(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"/file/%",
        b"/file/%zz",
        b"/file/a%2",
        b"/file/%ff",
        b"/file/%c3",
        b"/file/\xff",
        b"/file/%ed%a0%80",
        b"/file/a%00b",
        b"/file/a%0d%0ab",
        b"/a/x%",
    ],
)
def test_what_is_not_well_encoded_is_refused(raw: bytes) -> None:
    with pytest.raises(BadName):
        parse(raw)


@pytest.mark.parametrize(
    ("alias", "address"),
    [
        ("a/b.jpg", "/a/id1.jpg"),
        ("a.b/c", "/a/id1"),
        ("x.größe", "/a/id1.gr%C3%B6%C3%9Fe"),
        ("x.averyverylongextension", "/a/id1"),
        ("x.", "/a/id1."),
    ],
)
def test_the_stable_address_carries_the_extension_for_show(alias: str, address: str) -> None:
    asset = make_asset(id="id1", alias=alias)
    assert stable(asset) == address
    assert stable(asset, lasting=True) == f"{address}?v={asset.version}"
    assert parse(address.encode()) == Address("id1", stable=True)


@pytest.mark.parametrize("alias", ["a/b.jpg", "ü/日本 (1).jpg", "100%.txt", "a?b#c&d.txt", "a,b"])
def test_the_readable_address_leads_back_to_the_alias(alias: str) -> None:
    address = readable(alias)
    assert address.isascii()
    assert parse(address.encode()) == Address(alias, stable=False)
