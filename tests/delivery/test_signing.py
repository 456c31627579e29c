"""Signed, expiring addresses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fanlight.delivery.signing import Proof, prove, sign

KEY = b"k" * 32
NOW = datetime(2026, 11, 21, tzinfo=UTC)
LATER = int(NOW.timestamp()) + 60


def test_our_signature_holds_until_its_time() -> None:
    signature = sign(KEY, "id", LATER)
    assert prove(KEY, "id", str(LATER), signature, NOW) is Proof.VALID
    at_the_end = datetime.fromtimestamp(LATER, UTC)
    assert prove(KEY, "id", str(LATER), signature, at_the_end) is Proof.EXPIRED


def test_no_signature_is_no_proof() -> None:
    assert prove(KEY, "id", "", "", NOW) is Proof.ABSENT


@pytest.mark.parametrize(
    ("asset_id", "expires", "change"),
    [
        ("other", str(LATER), ""),
        ("id", str(LATER + 1), ""),
        ("id", str(LATER), "x"),
        ("id", f"0{LATER}", "x"),
        ("id", "", ""),
        ("id", "-1", ""),
        ("id", "1e9", ""),
        ("id", "٣", ""),
        ("id", "9" * 5000, ""),
        ("id", str(LATER), "é\ud800"),
    ],
)
def test_what_we_did_not_sign_is_wrong(asset_id: str, expires: str, change: str) -> None:
    signature = sign(KEY, "id", LATER) + change
    assert prove(KEY, asset_id, expires, signature, NOW) is Proof.WRONG


def test_a_signature_without_its_time_or_the_time_alone_is_wrong() -> None:
    assert prove(KEY, "id", str(LATER), "", NOW) is Proof.WRONG
    assert prove(KEY, "id", "", sign(KEY, "id", LATER), NOW) is Proof.WRONG


def test_another_key_signs_otherwise() -> None:
    assert prove(b"z" * 32, "id", str(LATER), sign(KEY, "id", LATER), NOW) is Proof.WRONG


def test_a_time_that_was_pushed_on_after_expiry_is_wrong_and_not_expired() -> None:
    past = int(NOW.timestamp()) - 60
    assert prove(KEY, "id", str(past - 1), sign(KEY, "id", past), NOW) is Proof.WRONG


def test_the_signature_fits_into_an_address_as_it_is() -> None:
    assert all(c.isalnum() or c in "-_" for c in sign(KEY, "id", LATER))
