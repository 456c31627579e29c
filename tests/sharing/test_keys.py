"""Bases, as they stand in addresses."""

from __future__ import annotations

import pytest

from fanlight.sharing.keys import Key, Proofs, parse

PROOF = "A" * 32


@pytest.mark.parametrize(
    ("path", "key", "rest"),
    [
        (b"/g/anna-and-ben", Key(slug="anna-and-ben"), b""),
        (b"/g/anna/p/x1/thumb", Key(slug="anna"), b"/p/x1/thumb"),
        (b"/s/abcdefghijklmnopqrst_-/items", Key(token="abcdefghijklmnopqrst_-"), b"/items"),
        (
            f"/g/anna~p{PROOF}/".encode(),
            Key(slug="anna", proofs=Proofs(password=PROOF)),
            b"/",
        ),
        (
            f"/g/anna~p{PROOF}~e{PROOF}~i{PROOF}~v{PROOF}".encode(),
            Key(slug="anna", proofs=Proofs(PROOF, PROOF, PROOF, PROOF)),
            b"",
        ),
    ],
)
def test_a_base_is_read_and_written_alike(path: bytes, key: Key, rest: bytes) -> None:
    assert parse(path) == (key, rest)
    assert key.base.encode() + rest == path


@pytest.mark.parametrize(
    "path",
    [
        b"/g/",
        b"/g/Anna",
        b"/g/anna%2Fben",
        b"/g/anna--ben",
        b"/g/anna~",
        b"/g/anna~x" + PROOF.encode(),
        b"/g/anna~pshort",
        b"/s/short",
        b"/s/" + b"a" * 65,
        b"/g/" + b"a" * 81,
        b"/galleries",
        b"/a/abc/thumb",
    ],
)
def test_what_is_no_base_is_not_read_as_one(path: bytes) -> None:
    assert parse(path) is None


def test_an_address_carries_new_proofs_beside_those_it_had() -> None:
    key = Key(slug="anna", proofs=Proofs(password=PROOF)).carrying(Proofs(viewer="B" * 22))
    assert key.base == f"/g/anna~p{PROOF}~v{'B' * 22}"


def test_nothing_secret_stands_in_what_logs_may_show() -> None:
    key = Key(token="secret-token-of-a-link", proofs=Proofs(password=PROOF, viewer="viewer-token"))
    assert "secret" not in repr(key)
    assert PROOF not in repr(key)
    assert "viewer-token" not in repr(key)
