"""Sealing: keys from text and files, rotation, and the wrong key."""

from __future__ import annotations

import json
import os
import stat
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from fanlight.catalogue import Catalogue, Records, Seal
from fanlight.errors import SealError
from tests.support.records import a_connection

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = (urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))


def test_a_new_key_is_a_key_and_new() -> None:
    keys = [Seal.new_key(), Seal.new_key()]
    assert keys[0] != keys[1]
    Seal(keys)


def test_what_is_sealed_opens_and_cannot_be_read_or_changed() -> None:
    seal = Seal([OLD])
    sealed = seal.seal(b"secret")
    assert b"secret" not in sealed
    assert seal.open(sealed) == b"secret"
    changed = sealed[:-5] + (b"A" if sealed[-5:-4] != b"A" else b"B") + sealed[-4:]
    for broken in (changed, b"", b"secret", sealed[:10]):
        with pytest.raises(SealError):
            seal.open(broken)


def test_the_newest_key_seals_and_all_open() -> None:
    sealed = Seal([OLD]).seal(b"x")
    both = Seal.from_text(f" {NEW},\n{OLD}\n")
    assert both.open(sealed) == b"x"
    rotated = both.rotate(sealed)
    assert Seal([NEW]).open(rotated) == b"x"
    with pytest.raises(SealError):
        Seal([NEW]).open(sealed)
    with pytest.raises(SealError):
        Seal([NEW]).rotate(sealed)


@pytest.mark.parametrize("text", ["", " , ", "x", OLD[:-2], f"{OLD},short", "é" * 44])
def test_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(SealError) as caught:
        Seal.from_text(text)
    assert "python3" in caught.value.public_remedy
    assert OLD not in caught.value.public_message


def test_a_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    before = os.umask(0)
    try:
        sealed = Seal.from_file(path).seal(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert Seal.from_file(path).open(sealed) == b"x"


def test_two_starts_at_once_make_one_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(8) as pool:
        seals = list(pool.map(Seal.from_file, [path] * 8))
    assert all(seals[0].open(seal.seal(b"x")) == b"x" for seal in seals)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622, 0o777])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    path.write_text(OLD)
    path.chmod(mode)
    with pytest.raises(SealError) as caught:
        Seal.from_file(path)
    assert f"chmod 600 {path}" in caught.value.public_remedy
    assert path.read_text() == OLD


@pytest.mark.parametrize("content", [b"", b" \n", b"not a key", b"\xff\xfe", b"\0" * 44])
def test_a_key_file_that_holds_no_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SealError) as caught:
        Seal.from_file(path)
    assert str(path) in caught.value.public_message
    assert path.read_bytes() == content


def test_a_key_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SealError):
        Seal.from_file(tmp_path)


def test_secrets_are_open_in_records_and_sealed_in_the_table(catalogue: Catalogue) -> None:
    secrets = {"token": "very secret", "é": "\0"}
    connection = a_connection(secrets=secrets, options={"path": "/open"})
    catalogue.write_now(lambda records: records.connections.add(connection))
    assert catalogue.read_now(lambda records: records.connections.all()) == (connection,)
    assert "very secret" not in repr(connection)

    def kept(records: Records) -> str:
        rows = records.session.fetch("SELECT id, options, secrets FROM connection")
        return repr([[bytes(each) if each is rows[0][2] else each for each in rows[0]]])

    row = catalogue.read_now(kept)
    assert "/open" in row
    assert "very secret" not in row


def test_a_wrong_key_stops_the_start_and_changes_nothing(catalogue_url: str) -> None:
    first = Catalogue.open(catalogue_url, seal=Seal([OLD]))
    connection = a_connection(secrets={"a": "b"})
    first.write_now(lambda records: records.connections.add(connection))
    first.close()
    with pytest.raises(SealError):
        Catalogue.open(catalogue_url, seal=Seal([NEW]))
    again = Catalogue.open(catalogue_url, seal=Seal([OLD]))
    assert again.read_now(lambda records: records.connections.all()) == (connection,)
    again.close()


def test_keys_are_rotated(catalogue_url: str) -> None:
    first = Catalogue.open(catalogue_url, seal=Seal([OLD]))
    connections = tuple(a_connection(number, secrets={"n": str(number)}) for number in range(3))
    first.write_now(lambda records: [records.connections.add(each) for each in connections])
    first.close()
    both = Catalogue.open(catalogue_url, seal=Seal([NEW, OLD]))
    assert both.write_now(lambda records: records.connections.rotate()) == 3
    both.close()
    new = Catalogue.open(catalogue_url, seal=Seal([NEW]))
    assert new.read_now(lambda records: records.connections.all()) == connections
    new.close()
    with pytest.raises(SealError):
        Catalogue.open(catalogue_url, seal=Seal([OLD]))


def test_keys_do_not_show(tmp_path: Path) -> None:
    path = tmp_path / "key"
    seal = Seal.from_file(path)
    assert path.read_text().strip() not in json.dumps([repr(seal), str(seal)])
