"""Contract of the catalogue: channels, secrets, people, settings, events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import Conflict, NotFound
from fanlight.model import Role, Scope
from tests.support.records import (
    NOW,
    SECOND,
    Unit,
    a_channel,
    a_connection,
    a_session,
    a_token,
    a_user,
    an_asset,
    put,
    put_channel,
)

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records


@pytest.fixture
def peopled(catalogue: Catalogue) -> Catalogue:
    """With a channel, and users u1 (a member) and u2 (an owner)."""

    def add(records: Records) -> None:
        put_channel(records)
        records.users.add(a_user(1))
        records.users.add(a_user(2, role=Role.OWNER, created_at=NOW + SECOND))

    catalogue.write_now(add)
    return catalogue


KEPT: list[tuple[str, Any, dict[str, Any]]] = [
    ("connections", a_connection(2, secrets={"token": "é"}), {"label": "New", "secrets": {}}),
    ("channels", a_channel(2, note="é\n"), {"enabled": False, "root": "x/y", "note": ""}),
    ("users", a_user(3), {"password_hash": "new", "role": Role.OWNER}),
    ("sessions", a_session(1), {"last_seen_at": NOW + SECOND}),
    (
        "tokens",
        a_token(1, channel_id="ch-1", folder="a", expires_at=NOW, last_used_at=NOW),
        {"scopes": frozenset(Scope), "folder": None, "name": "é"},
    ),
]


@pytest.mark.parametrize(("noun", "record", "changes"), KEPT, ids=[each[0] for each in KEPT])
def test_records_are_added_changed_and_removed(
    peopled: Catalogue, noun: str, record: Any, changes: dict[str, Any]
) -> None:
    def of(records: Records) -> Any:
        return getattr(records, noun)

    assert peopled.write_now(lambda records: of(records).add(record)) == record
    assert peopled.read_now(lambda records: of(records).get(record.id)) == record
    assert record in peopled.read_now(lambda records: of(records).all())
    with pytest.raises(Conflict) as conflict:
        peopled.write_now(lambda records: of(records).add(record))
    assert conflict.value.public_code == f"conflict.{noun.rstrip('s')}"

    changed = peopled.write_now(lambda records: of(records).update(record.id, **changes))
    assert changed == replace(record, **changes)
    assert peopled.read_now(lambda records: of(records).find(record.id)) == changed
    assert peopled.write_now(lambda records: of(records).update(record.id)) == changed

    peopled.write_now(lambda records: of(records).remove(record.id))
    assert peopled.read_now(lambda records: of(records).find(record.id)) is None
    missing: list[Unit] = [
        lambda records: of(records).get(record.id),
        lambda records: of(records).get("nul\0"),
        lambda records: of(records).update(record.id, **changes),
        lambda records: of(records).remove(record.id),
    ]
    for unit in missing:
        with pytest.raises(NotFound) as caught:
            peopled.write_now(unit)
        assert caught.value.public_code == f"not-found.{noun.rstrip('s')}"


def test_names_are_unique(peopled: Catalogue) -> None:
    peopled.write_now(lambda records: records.channels.add(a_channel(2)))
    taken: list[Unit] = [
        lambda records: records.channels.add(a_channel(3, name="channel 1")),
        lambda records: records.channels.update("ch-2", name="channel 1"),
        lambda records: records.users.add(a_user(3, name="user 1")),
        lambda records: records.users.update("u2", name="user 1"),
    ]
    for unit in taken:
        with pytest.raises(Conflict):
            peopled.write_now(unit)


def test_finding_by_name_and_hash(peopled: Catalogue) -> None:
    def add(records: Records) -> None:
        records.sessions.add(a_session(1))
        records.tokens.add(a_token(1))

    peopled.write_now(add)
    for noun, method, key, id_ in (
        ("users", "by_name", "user 2", "u2"),
        ("channels", "by_name", "channel 1", "ch-1"),
        ("sessions", "by_hash", "hash 1", "s1"),
        ("tokens", "by_hash", "hash 1", "t1"),
    ):

        def find(key: str, noun: str = noun, method: str = method) -> Any:
            return peopled.read_now(lambda records: getattr(getattr(records, noun), method)(key))

        assert find(key).id == id_
        for wrong in (key.upper(), key + " ", "", "%", "nul\0", "\ud800"):
            assert find(wrong) is None


def test_nobody_owns_a_new_catalogue(catalogue: Catalogue) -> None:
    assert catalogue.read_now(lambda records: records.users.owner()) is None


def test_the_owner_is_found(peopled: Catalogue) -> None:
    owner = peopled.read_now(lambda records: records.users.owner())
    assert owner is not None
    assert owner.id == "u2"


def test_sessions_of_a_user(peopled: Catalogue) -> None:
    def add(records: Records) -> None:
        for number in range(4):
            records.sessions.add(a_session(number))
        records.sessions.add(a_session(9, user_id="u2"))

    peopled.write_now(add)

    def of(user: str) -> list[str]:
        found = peopled.read_now(lambda records: records.sessions.of(user))
        return [session.id for session in found]

    assert of("u1") == ["s0", "s1", "s2", "s3"]
    peopled.write_now(lambda records: records.sessions.touch("s2", NOW + SECOND))
    peopled.write_now(lambda records: records.sessions.touch("gone", NOW))
    seen = peopled.read_now(lambda records: records.sessions.get("s2")).last_seen_at
    assert seen == NOW + SECOND
    assert peopled.write_now(lambda records: records.sessions.remove_of("u1", keep="s2")) == 3
    assert of("u1") == ["s2"]
    assert peopled.write_now(lambda records: records.sessions.prune(NOW)) == 0
    later = NOW + timedelta(hours=2)
    assert peopled.write_now(lambda records: records.sessions.prune(later)) == 2
    assert of("u1") == of("u2") == []


def test_tokens_of_a_user(peopled: Catalogue) -> None:
    def add(records: Records) -> None:
        records.tokens.add(a_token(1, scopes=frozenset[Scope]()))
        records.tokens.add(a_token(2, owner_id="u2"))

    peopled.write_now(add)
    peopled.write_now(lambda records: records.tokens.touch("t1", NOW))
    (token,) = peopled.read_now(lambda records: records.tokens.of("u1"))
    assert (token.id, token.scopes, token.last_used_at) == ("t1", frozenset(), NOW)


def test_with_a_user_go_sessions_and_tokens_but_not_assets(peopled: Catalogue) -> None:
    def add(records: Records) -> None:
        records.sessions.add(a_session(1))
        records.tokens.add(a_token(1))
        put(records, an_asset(owner_id="u1"))
        records.users.remove("u1")

    peopled.write_now(add)
    assert peopled.read_now(
        lambda records: (
            records.sessions.all(),
            records.tokens.all(),
            records.assets.get("a1").owner_id,
        )
    ) == ((), (), None)


def test_a_connection_with_channels_stays(peopled: Catalogue) -> None:
    with pytest.raises(Conflict):
        peopled.write_now(lambda records: records.connections.remove("co-1"))


def test_settings(catalogue: Catalogue) -> None:
    values = {"a.list": [1, "é", None, "\0\ud800"], "a.map": {"x": 1.5}, "b": False}

    def put_all(records: Records) -> None:
        for name, value in values.items():
            records.settings.set(name, "old")
            records.settings.set(name, value)

    catalogue.write_now(put_all)
    assert catalogue.read_now(lambda records: records.settings.all()) == values
    assert set(catalogue.read_now(lambda records: records.settings.all("a."))) == {
        "a.list",
        "a.map",
    }
    assert catalogue.read_now(lambda records: records.settings.get("b", 1)) is False
    assert catalogue.read_now(lambda records: records.settings.get("c", 1)) == 1
    assert catalogue.write_now(lambda records: records.settings.remove("b"))
    assert not catalogue.write_now(lambda records: records.settings.remove("b"))


def test_events_are_paged_newest_first(catalogue: Catalogue) -> None:
    def add(records: Records) -> list[Any]:
        return [
            records.events.add(
                at=NOW + n * SECOND, action="upload", actor="u", subject=f"a{n}", data={"n": n}
            )
            for n in range(5)
        ]

    added = catalogue.write_now(add)
    first = catalogue.read_now(lambda records: records.events.page(limit=3))
    rest = catalogue.read_now(lambda records: records.events.page(first.next, limit=3))
    assert [*first.items, *rest.items] == added[::-1]
    assert rest.next is None
    assert catalogue.write_now(lambda records: records.events.prune(NOW + 3 * SECOND)) == 3
    assert len(catalogue.read_now(lambda records: records.events.page()).items) == 2
