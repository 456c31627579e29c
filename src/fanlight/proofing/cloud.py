"""Picks in the cloud, next to the photos: a folder of copies made by the service, or a text.

Only where the channel takes uploads: the owner has switched that on, and the service allows it.
What is there already stays and is not copied again, so it may be done twice. The catalogue knows
the folders of copies, so that no gallery of a folder around them shows photos twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from fanlight.errors import AlreadyExists, NotFound, ReadOnly, StorageError
from fanlight.model import PlacementState
from fanlight.proofing.desk import new_id
from fanlight.proofing.exports.names import as_lines
from fanlight.proofing.handing import Handing, file_name
from fanlight.storage.many import Relocation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Source
    from fanlight.model import Actor, Channel, Placement
    from fanlight.proofing.overview import Taken

    Progress = Callable[[int, int | None, str], Awaitable[None]]

MOST_NAMED = 10
"""Photos that are named where they could not be copied."""
AT_ONCE = 100
"""Objects that a service is asked to copy by one call."""
OF_ROOT = "Picks"
"""The folder for picks of a gallery that is filled from a channel's root, or by hand."""


class Bringing(StrEnum):
    """What is put into the cloud."""

    COPIES = "copies"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it."""

    folder: str
    """Where it is, below the channel's root."""
    copied: int
    there: int = 0
    """What was there already."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a list lies in one channel."""

    channel: Channel
    source: Source | None
    """The gallery's folder there; what was chosen by hand has none."""
    photos: tuple[tuple[str, Placement], ...]
    """Names, each once, and where the photos are."""


class BringingBack(Handing):
    """From a list into the photographer's cloud."""

    async def bring_back(
        self, actor: Actor, selection_id: str, how: Bringing, progress: Progress | None = None
    ) -> tuple[Brought, ...]:
        """Copy what is picked, or write its names down, in each channel where photos lie.

        Raises Forbidden, NotFound (also when nothing is picked), ReadOnly when a channel takes no
        uploads, StorageError: where single photos could not be copied, once all others are.
        """
        taken, parts = await self._checked(actor, selection_id)
        if how is Bringing.LIST:
            return tuple([await self._write_list(taken, part, progress) for part in parts])
        brought, failed = list[Brought](), list[StorageError]()
        for part in parts:
            try:
                brought.append(await self._copy(taken, part, progress))
            except StorageError as error:  # what lies in other channels is brought all the same
                failed.append(error)
        if failed:
            raise failed[0]
        return tuple(brought)

    async def check_bringing(self, actor: Actor, selection_id: str) -> None:
        """Whether `bring_back` may begin. Raises Forbidden, NotFound, ReadOnly as it does."""
        await self._checked(actor, selection_id)

    async def _checked(self, actor: Actor, selection_id: str) -> tuple[Taken, tuple[_Part, ...]]:
        taken = await self.taken(actor, selection_id)
        parts = await self._catalogue.read(lambda records: _parts(records, taken))
        if not parts:
            raise NotFound("There is nothing in this list.", code="not-found.picks")
        for part in parts:
            _require_uploads(part.channel)
        return taken, parts

    async def _copy(self, taken: Taken, part: _Part, progress: Progress | None) -> Brought:
        assert self._channels is not None  # noqa: S101 -- composed with them
        store = await self._channels.stores.get(part.channel.id)
        beside = _beside(part, taken)
        marked = part.channel.id, store.traits.key(beside)
        await self._catalogue.write(lambda records: records.candidates.copies_in(*marked))
        folder = f"{beside}/{_called(taken)}"
        copied, there, failed = 0, 0, dict[str, StorageError]()
        for begin in range(0, len(part.photos), AT_ONCE):
            some = part.photos[begin : begin + AT_ONCE]
            moves = [Relocation(place.locator, f"{folder}/{name}") for name, place in some]
            for (name, _), answer in zip(some, await store.copy_many(moves), strict=True):
                if isinstance(answer, AlreadyExists):
                    there += 1
                elif isinstance(answer, StorageError):
                    failed[name] = answer
                else:
                    copied += 1
            if progress is not None:
                done = begin + len(some)
                before = f", {there} were there" if there else ""
                await progress(done, len(part.photos), f"{copied} copied to {folder}{before}")
        if failed:
            raise _not_copied(failed, len(part.photos), folder)
        return Brought(folder, copied, there)

    async def _write_list(self, taken: Taken, part: _Part, progress: Progress | None) -> Brought:
        assert self._channels is not None  # noqa: S101
        store = await self._channels.stores.get(part.channel.id)
        folder = part.source.path if part.source else ""
        names = {place.asset_id for _, place in part.photos}
        here = replace(taken, photos=tuple(photo for photo in taken.photos if photo[0].id in names))
        path = f"{folder}/{_called(taken)}.txt".lstrip("/")
        body = as_lines(here).encode()
        await store.put(path, _once(body), ticket=new_id(), size=len(body), overwrite=True)
        if progress is not None:
            await progress(len(here.photos), len(here.photos), f"The names are in {path}")
        return Brought(path, len(here.photos))


def _not_copied(failed: Mapping[str, StorageError], of: int, folder: str) -> StorageError:
    """What to say of photos that could not be copied: to be tried again where that may help."""
    worst = max(failed.values(), key=lambda error: error.temporary)
    names = ", ".join([*failed][:MOST_NAMED])
    more = f" and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else ""
    return type(worst)(
        f"{len(failed)} of {of} could not be copied to {folder}: {names}{more}.",
        remedy="The others are there. Do it again: what is there is not copied twice.",
        code=worst.public_code,
        retry_after=worst.retry_after,
    )


def _parts(records: Records, taken: Taken) -> tuple[_Part, ...]:
    sources = records.sources.of(taken.gallery.id)
    placed: dict[str, list[tuple[str, Placement]]] = {}
    for asset, _ in taken.photos:
        for place in records.placements.of(asset.id):
            if place.primary and place.state is PlacementState.STORED:
                placed.setdefault(place.channel_id, []).append((asset.name, place))
    return tuple(
        _Part(
            records.channels.get(channel_id),
            next((one for one in sources if one.channel_id == channel_id), None),
            _each_once(photos),
        )
        for channel_id, photos in placed.items()
    )


def _each_once(photos: Sequence[tuple[str, Placement]]) -> tuple[tuple[str, Placement], ...]:
    """Photos of one name from several folders get numbers, always the same ones."""
    counted: dict[str, int] = {}
    named: list[tuple[str, Placement]] = []
    for name, place in sorted(photos, key=lambda photo: (photo[0], photo[1].path)):
        key = name.casefold()
        counted[key] = counted.get(key, 0) + 1
        named.append((_numbered(name, counted[key]), place))
    return tuple(named)


def _numbered(name: str, number: int) -> str:
    stem, dot, extension = name.rpartition(".")
    if number == 1:
        return name
    return f"{stem} ({number}){dot}{extension}" if stem else f"{name} ({number})"


def _beside(part: _Part, taken: Taken) -> str:
    """The folder of folders of picks: beside the photos' own where these have one.

    Galleries of folders that it lies in leave it out.
    """
    if part.source is not None and part.source.path:
        return f"{part.source.path} - picks"
    return f"{OF_ROOT}/{file_name(taken.gallery.title)}"


def _called(taken: Taken) -> str:
    return file_name(f"{taken.given.marked.selection.name} - {taken.given.by}")


def _require_uploads(channel: Channel) -> None:
    if not (channel.uploads and channel.enabled):
        raise ReadOnly(
            f"The channel {channel.name} takes no uploads.",
            remedy="Switch uploads on in its settings, and connect it with the right to write.",
        )


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
