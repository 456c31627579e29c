"""Channels: added, changed, chosen, removed; their stores opened once, and again when changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.channels import Channels, stores
from fanlight.errors import (
    BadLocator,
    BadName,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    ReadOnly,
    Unauthenticated,
)
from fanlight.library import Library, UploadRequest
from fanlight.model import NOBODY, SERVER, Actor, Scope

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.model import Channel

pytestmark = pytest.mark.anyio


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def channels(sqlite_catalogue: Catalogue, clock: Clock) -> AsyncGenerator[Channels]:
    channels = Channels(sqlite_catalogue, clock=clock)
    yield channels
    await channels.close()


async def add_memory(channels: Channels, name: str = "Memory", **fields: object) -> Channel:
    return await channels.add(
        SERVER,
        provider="memory",
        name=name,
        options={"space": name},
        **fields,  # pyright: ignore[reportArgumentType]
    )


async def test_an_added_channel_is_found_by_id_and_name(channels: Channels) -> None:
    channel = await add_memory(channels, " My   disk ", root="/a/b/", note="for holidays")
    assert (channel.name, channel.root, channel.note) == ("My disk", "a/b", "for holidays")
    assert channel.enabled
    assert channel.uploads
    assert await channels.get(SERVER, channel.id) == channel
    assert await channels.get(SERVER, "My disk") == channel
    assert await channels.all(SERVER) == (channel,)
    assert await channels.default() == channel
    with pytest.raises(NotFound):
        await channels.get(SERVER, "nowhere")


async def test_what_cannot_work_is_not_added(channels: Channels, tmp_path: Path) -> None:
    async def add(provider: str = "local", name: str = "x", root: str = "", **options: str) -> None:
        await channels.add(SERVER, provider=provider, name=name, options=options, root=root)

    with pytest.raises(NotFound):
        await add("telepathy")
    with pytest.raises(Invalid):
        await add()
    with pytest.raises(Invalid):
        await add(path=str(tmp_path), colour="red")
    with pytest.raises(Invalid):
        await add(path="relative/path")
    with pytest.raises(BadLocator):
        await add(path=str(tmp_path), root="a/../..")
    for name in ("", " ", "x" * 101, "a\0", "a\u202eb"):
        with pytest.raises(BadName):
            await add(name=name, path=str(tmp_path))
    assert await channels.all(SERVER) == ()
    await add(path=str(tmp_path))
    with pytest.raises(Conflict):
        await add(path=str(tmp_path))


async def test_the_default_is_the_oldest_that_takes_uploads(
    channels: Channels, clock: Clock
) -> None:
    with pytest.raises(NotFound):
        await channels.default()
    first = await add_memory(channels, "first")
    clock.advance(1)
    second = await add_memory(channels, "second")
    assert await channels.default() == first
    await channels.update(SERVER, first.id, uploads=False)
    assert (await channels.default()).id == second.id
    await channels.update(SERVER, second.id, enabled=False)
    with pytest.raises(NotFound):
        await channels.default()


async def test_a_store_is_opened_once_and_again_when_its_channel_changes(
    channels: Channels, tmp_path: Path
) -> None:
    channel = await channels.add(
        SERVER, provider="local", name="Disk", options={"path": str(tmp_path)}
    )
    store = await channels.stores.get(channel.id)
    assert await channels.stores.get(channel.id) is store
    await channels.update(SERVER, channel.id, name="Other name", note="n", enabled=False)
    assert await channels.stores.get(channel.id) is store
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    await channels.update(SERVER, channel.id, options={"path": str(elsewhere)})
    again = await channels.stores.get(channel.id)
    assert again is not store
    assert (await again.check()).account == str(elsewhere)
    await store.check()  # whoever still uses it is not cut off


async def test_replaced_stores_are_closed_after_a_while(
    channels: Channels, clock: Clock, tmp_path: Path
) -> None:
    channel = await channels.add(
        SERVER, provider="local", name="Disk", options={"path": str(tmp_path)}
    )
    first = await channels.stores.get(channel.id)
    for number in range(2):
        place = tmp_path / str(number)
        place.mkdir()
        await channels.update(SERVER, channel.id, options={"path": str(place)})
        await channels.stores.get(channel.id)
        clock.advance(stores.RETIRED.total_seconds() + 1)
    await channels.update(SERVER, channel.id, options={"path": str(tmp_path)})
    await channels.stores.get(channel.id)
    assert not (await first.check()).writable


async def test_a_change_in_another_process_is_noticed_within_a_second(
    channels: Channels, sqlite_catalogue: Catalogue, clock: Clock
) -> None:
    channel = await add_memory(channels)
    other = Channels(sqlite_catalogue, clock=clock)
    await other.default()
    await channels.update(SERVER, channel.id, enabled=False)
    assert (await other.default()).id == channel.id
    clock.advance(1)
    with pytest.raises(NotFound):
        await other.default()
    await other.close()


async def test_options_are_shown_without_secrets(
    channels: Channels, sqlite_catalogue: Catalogue
) -> None:
    channel = await add_memory(channels)
    await sqlite_catalogue.write(
        lambda records: records.connections.update(channel.connection_id, secrets={"token": "hush"})
    )
    channels.stores.forget()
    shown = await channels.options(SERVER, channel.id)
    assert shown["space"] == "Memory"
    assert "hush" not in repr(shown)


async def test_bad_options_are_refused_and_change_nothing(channels: Channels) -> None:
    channel = await add_memory(channels)
    with pytest.raises(Invalid):
        await channels.update(SERVER, channel.id, name="New", options={"colour": "red"})
    assert (await channels.get(SERVER, channel.id)).name == "Memory"
    with pytest.raises(NotFound):
        await channels.update(SERVER, "nowhere", note="x")


async def test_a_channel_is_removed_with_its_connection_unless_assets_depend_on_it(
    channels: Channels, sqlite_catalogue: Catalogue, clock: Clock
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"x"

    library = Library(
        sqlite_catalogue,
        channels,
        clock=clock,
        holder="this",
        naming="origin",
        duplicates="link",
        max_upload=0,
        intent_lease=30,
        trash_days=30,
    )
    channel = await add_memory(channels)
    asset = (await library.upload(SERVER, UploadRequest("x"), body())).asset
    with pytest.raises(Conflict) as refused:
        await channels.remove(SERVER, channel.id)
    assert refused.value.public_code == "conflict.channel-used"
    await library.purge(SERVER, asset.id)
    await channels.remove(SERVER, channel.id)
    assert await channels.all(SERVER) == ()
    assert await sqlite_catalogue.read(lambda records: records.connections.all()) == ()
    with pytest.raises(NotFound):
        await channels.stores.get(channel.id)
    with pytest.raises(NotFound):
        await channels.remove(SERVER, channel.id)


async def test_a_bound_actor_knows_only_their_channel(channels: Channels) -> None:
    mine, other = await add_memory(channels, "mine"), await add_memory(channels, "other")
    bound = Actor("token", None, frozenset({Scope.UPLOAD, Scope.LIST}), mine.id)
    assert await channels.all(bound) == (mine,)
    with pytest.raises(NotFound):
        await channels.get(bound, other.id)
    assert (await channels.for_upload(bound, None))[0] == mine
    with pytest.raises(Forbidden):
        await channels.for_upload(bound, "other")
    with pytest.raises(Forbidden):
        await channels.quota(bound, other.id)
    assert (await channels.quota(bound, mine.id)).used == 0


async def test_only_who_manages_the_whole_server_changes_channels(channels: Channels) -> None:
    channel = await add_memory(channels)
    bound = Actor("token", None, frozenset({Scope.MANAGE}), channel.id)
    uploader = Actor("token", None, frozenset({Scope.UPLOAD}))
    for actor in (bound, uploader):
        with pytest.raises(Forbidden):
            await channels.add(actor, provider="memory", name="x", options={})
        with pytest.raises(Forbidden):
            await channels.update(actor, channel.id, enabled=False)
        with pytest.raises(Forbidden):
            await channels.remove(actor, channel.id)
        with pytest.raises(Forbidden):
            await channels.options(actor, channel.id)
    with pytest.raises(Forbidden):
        await channels.check(uploader, channel.id)
    assert (await channels.check(bound, channel.id)).writable
    with pytest.raises(Unauthenticated):
        await channels.all(NOBODY)


async def test_refused_uploads_say_what_to_do(channels: Channels) -> None:
    channel = await add_memory(channels)
    await channels.update(SERVER, channel.id, uploads=False)
    with pytest.raises(ReadOnly) as refused:
        await channels.for_upload(SERVER, channel.id)
    assert "Memory" in refused.value.public_message
    assert "Channels" in refused.value.public_remedy


async def test_providers_and_their_options_are_known_to_forms(channels: Channels) -> None:
    assert "local" in {one.name for one in channels.providers()}
    assert [option.name for option in channels.provider_options("local")] == ["path"]


# --- the first one ---------------------------------------------------------------------------


async def test_a_new_server_begins_with_a_folder_of_its_own(
    channels: Channels, tmp_path: Path
) -> None:
    first = await channels.begin(str(tmp_path))
    assert first is not None
    assert (await channels.default()).id == first.id
    assert (await channels.check(SERVER, first.id)).writable


async def test_who_removed_it_does_not_get_it_back(channels: Channels, tmp_path: Path) -> None:
    first = await channels.begin(str(tmp_path))
    assert first is not None
    assert await channels.begin(str(tmp_path)) is None
    await channels.remove(SERVER, first.id)
    assert await channels.begin(str(tmp_path)) is None
    assert await channels.all(SERVER) == ()


async def test_a_server_that_has_a_channel_gets_no_other(
    channels: Channels, tmp_path: Path
) -> None:
    await channels.add(SERVER, provider="memory", name="Mine", options={})
    assert await channels.begin(str(tmp_path)) is None
    assert [one.name for one in await channels.all(SERVER)] == ["Mine"]
