"""Connections keep what a service gave; attempts to connect are used once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import NotFound
from fanlight.model import (
    Account,
    Channel,
    ConnectAttempt,
    Connection,
    Finding,
    Quota,
    Remedy,
    Severity,
)
from tests.support.records import NOW

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records

CONNECTION = Connection("co", "cloud", "Cloud", {"key": "k"}, {"secret": "hush"}, NOW, NOW)
CHANNEL = Channel("ch", "Cloud", "co", "cloud", "photos", True, True, "", NOW, NOW)
FINDING = Finding(
    "scope.missing",
    Severity.PROBLEM,
    "It may not write.",
    ("Tick the box", "Press Submit"),
    where="Cloud",
    detail="Reading still works.",
    values=(("Missing", "files.write"),),
    remedies=(Remedy.CONNECT, Remedy.CHECK),
    until=NOW,
)
ATTEMPT = ConnectAttempt("hash", "ch", "ada", "https://x/back", "prove it", NOW, NOW)


@pytest.fixture
def connected(catalogue: Catalogue) -> Catalogue:
    def unit(records: Records) -> None:
        records.connections.add(CONNECTION)
        records.channels.add(CHANNEL)

    catalogue.write_now(unit)
    return catalogue


def test_what_a_service_gave_comes_back_as_it_was(connected: Catalogue) -> None:
    fields = {
        "tokens": {"refresh": "rt"},
        "scopes": ("a.read", "b.write"),
        "account": Account("id:1", "Ann Lee", "ann@example.org", "App folder"),
        "connected_at": NOW,
        "quota": Quota(7, None, NOW),
    }
    connected.write_now(lambda records: records.connections.update("co", **fields))
    kept = connected.read_now(lambda records: records.connections.get("co"))
    assert kept == replace(CONNECTION, **fields)
    assert "rt" not in repr(kept)
    gone: dict[str, object] = {"tokens": {}, "scopes": (), "account": None, "quota": None}
    connected.write_now(lambda records: records.connections.update("co", **gone))
    kept = connected.read_now(lambda records: records.connections.get("co"))
    assert kept == replace(CONNECTION, connected_at=NOW)


def test_tokens_and_verifiers_are_sealed_in_their_tables(connected: Catalogue) -> None:
    def unit(records: Records) -> list[bytes]:
        records.connections.update("co", tokens={"refresh": "very-secret"})
        records.attempts.add(ATTEMPT)
        (tokens,) = records.session.fetch("SELECT tokens FROM connection")
        (verifier,) = records.session.fetch("SELECT verifier FROM connect_attempt")
        return [bytes(tokens[0]), bytes(verifier[0])]

    tokens, verifier = connected.write_now(unit)
    assert b"very-secret" not in tokens
    assert b"prove it" not in verifier
    assert connected.write_now(lambda records: records.connections.rotate()) == 1
    assert connected.read_now(lambda records: records.attempts.get("hash")) == ATTEMPT


def test_findings_come_back_as_they_were(connected: Catalogue) -> None:
    connected.write_now(
        lambda records: records.channels.update("ch", findings=(FINDING, FINDING), checked_at=NOW)
    )
    kept = connected.read_now(lambda records: records.channels.get("ch"))
    assert kept == replace(CHANNEL, findings=(FINDING, FINDING), checked_at=NOW)


def test_an_attempt_is_taken_once(connected: Catalogue) -> None:
    connected.write_now(lambda records: records.attempts.add(ATTEMPT))
    assert connected.write_now(lambda records: records.attempts.take("hash")) == ATTEMPT
    assert connected.write_now(lambda records: records.attempts.take("hash")) is None


def test_attempts_end_with_time_and_with_their_channel(connected: Catalogue) -> None:
    later = replace(ATTEMPT, id="later", expires_at=NOW + timedelta(minutes=5))

    def begun(records: Records) -> int:
        records.attempts.add(ATTEMPT)
        records.attempts.add(later)
        return records.attempts.prune(NOW + timedelta(minutes=1))

    assert connected.write_now(begun) == 1
    assert connected.read_now(lambda records: records.attempts.of("ch")) == (later,)
    connected.write_now(lambda records: records.channels.remove("ch"))
    with pytest.raises(NotFound):
        connected.read_now(lambda records: records.attempts.get("later"))
