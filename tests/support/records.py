"""Records for tests, valid and dull unless a test says what matters to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fanlight.catalogue import Catalogue, Records
from fanlight.model import (
    Alias,
    ApiToken,
    Asset,
    Channel,
    Connection,
    Intent,
    IntentKind,
    Kind,
    Placement,
    PlacementState,
    Role,
    Scope,
    User,
    Visibility,
    WebSession,
)

Unit = Callable[[Records], Any]

NOW = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHANNEL = "ch-1"


def an_asset(number: int = 1, **fields: Any) -> Asset:
    """Asset `a1` named `1.jpg` in the top folder, one second younger with each number."""
    asset = Asset(
        id=f"a{number}",
        name=f"{number}.jpg",
        folder="",
        alias="",
        kind=Kind.PICTURE,
        media_type="image/jpeg",
        size=1000 + number,
        sha256=f"{number:064x}",
        version=1,
        visibility=Visibility.PUBLIC,
        owner_id=None,
        created_at=NOW + number * SECOND,
        updated_at=NOW + number * SECOND,
    )
    return replace(asset, **fields)


def a_placement(asset: Asset, **fields: Any) -> Placement:
    """The primary placement of an asset in the first channel."""
    placement = Placement(
        id=f"p-{asset.id}",
        asset_id=asset.id,
        channel_id=CHANNEL,
        locator=f"{asset.folder}/{asset.id}",
        version="v1",
        size=asset.size,
        state=PlacementState.STORED,
        primary=True,
        created_at=NOW,
        checked_at=NOW,
    )
    return replace(placement, **fields)


def a_connection(number: int = 1, **fields: Any) -> Connection:
    """Connection `co-1`."""
    connection = Connection(f"co-{number}", "local", "Disk", {"path": "/x"}, {}, NOW, NOW)
    return replace(connection, **fields)


def a_channel(number: int = 1, **fields: Any) -> Channel:
    """Channel `ch-1` of connection `co-1`."""
    channel = Channel(
        f"ch-{number}", f"channel {number}", "co-1", "local", "", True, True, "", NOW, NOW
    )
    return replace(channel, **fields)


def an_intent(number: int = 1, **fields: Any) -> Intent:
    """Intent `i1` of holder `me` to store `1.jpg` for asset `a1`, believed for a second."""
    intent = Intent(
        id=f"i{number}",
        kind=IntentKind.STORE,
        channel_id=CHANNEL,
        path=f"{number}.jpg",
        asset_id=f"a{number}",
        holder="me",
        lease_until=NOW + SECOND,
        created_at=NOW,
        plan={"name": "x", "size": 3},
    )
    return replace(intent, **fields)


def a_user(number: int = 1, **fields: Any) -> User:
    """User `u1`, a member."""
    return replace(User(f"u{number}", f"user {number}", Role.MEMBER, "hash", NOW), **fields)


def a_session(number: int = 1, **fields: Any) -> WebSession:
    """Session `s1` of user `u1`, good for an hour."""
    until = NOW + timedelta(hours=1)
    session = WebSession(
        f"s{number}", "u1", f"hash {number}", "Firefox", "127.0.0.1", NOW, NOW, until
    )
    return replace(session, **fields)


def a_token(number: int = 1, **fields: Any) -> ApiToken:
    """Token `t1` of user `u1` with two scopes."""
    token = ApiToken(
        id=f"t{number}",
        name="script",
        owner_id="u1",
        secret_hash=f"hash {number}",
        hint="fl_abc",
        scopes=frozenset({Scope.UPLOAD, Scope.LIST}),
        channel_id=None,
        folder=None,
        created_at=NOW,
        expires_at=None,
        last_used_at=None,
    )
    return replace(token, **fields)


def put_channel(records: Records) -> None:
    """Write the first connection and channel, which placements need."""
    if records.channels.find(CHANNEL) is None:
        records.connections.add(a_connection())
        records.channels.add(a_channel())


def put(records: Records, asset: Asset, path: str | None = None) -> Asset:
    """Write an asset, published under `folder/name` unless a path is given."""
    put_channel(records)
    path = path or f"{asset.folder}/{asset.name}".strip("/")
    return records.assets.add(asset, placement=a_placement(asset), alias_path=path)


def fill(catalogue: Catalogue, *assets: Asset) -> tuple[Asset, ...]:
    """Write assets in one transaction."""
    return catalogue.write_now(lambda records: tuple(put(records, asset) for asset in assets))


def paths(aliases: tuple[Alias, ...]) -> list[tuple[str, bool]]:
    """Path and currency of each."""
    return [(alias.path, alias.current) for alias in aliases]


def ids(assets: tuple[Asset, ...]) -> list[str]:
    """Their ids."""
    return [asset.id for asset in assets]
