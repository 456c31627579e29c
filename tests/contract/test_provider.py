"""What every provider promises. This is the specification of `storage.base`.

Rules that need an ability run for the providers that declare it in `providers.py`.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from unicodedata import normalize

import pytest
from PIL import Image

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    BadRange,
    Incomplete,
    ObjectChanged,
    ObjectMissing,
    StorageError,
)
from fanlight.outgoing import Http
from fanlight.storage import registry
from fanlight.storage.base import (
    Ability,
    Addressing,
    Changes,
    Commit,
    Copies,
    Deletes,
    Entry,
    Gone,
    Links,
    Moves,
    Paths,
    Previews,
    Provider,
    Puts,
    Quotas,
    Restores,
    Resumes,
    Rings,
    Span,
    Watches,
    cut,
)
from fanlight.storage.many import DeletesMany, MovesMany, PutsMany, Relocation
from tests.contract.odd_names import FORBIDDEN, NAMES
from tests.contract.providers import CANDIDATES, MUST_RUN, PAGE, Candidate, Unavailable

pytestmark = pytest.mark.anyio

PROTOCOLS = {
    Ability.PUT: Puts,
    Ability.DELETE: Deletes,
    Ability.MOVE: Moves,
    Ability.COPY: Copies,
    Ability.QUOTA: Quotas,
    Ability.PATH: Paths,
    Ability.MANY: PutsMany,
    Ability.MOVE_MANY: MovesMany,
    Ability.DELETE_MANY: DeletesMany,
    Ability.RESTORE: Restores,
    Ability.RESUME: Resumes,
    Ability.PREVIEW: Previews,
    Ability.LINK: Links,
    Ability.CHANGES: Changes,
    Ability.WATCH: Watches,
    Ability.RING: Rings,
}
tickets = count(1)


class Full(
    Provider,
    Puts,
    PutsMany,
    MovesMany,
    DeletesMany,
    Restores,
    Resumes,
    Deletes,
    Moves,
    Copies,
    Quotas,
    Paths,
    Previews,
    Links,
    Changes,
    Watches,
    Rings,
    Protocol,
):
    """A provider with every ability; rules use those that they were selected by."""


class Rig:
    """A provider under test, with short words for what most rules do."""

    def __init__(self, candidate: Candidate, provider: Any) -> None:
        self.candidate = candidate
        self.provider: Full = provider

    async def put(self, path: str, data: bytes = b"bytes", **options: Any) -> Entry:
        options.setdefault("ticket", f"t{next(tickets)}")
        return await self.provider.put(path, pieces(data), **options)

    async def read(self, locator: str, span: Span | None = None, **options: Any) -> bytes:
        body = await self.provider.open(locator, span, **options)
        try:
            return b"".join([piece async for piece in body])
        finally:
            await body.aclose()

    async def names(self, folder: str = "") -> list[str]:
        return [entry.name for entry in await self.entries(folder)]

    async def entries(self, folder: str = "") -> list[Entry]:
        found: list[Entry] = []
        cursor: str | None = None
        while True:
            listing = await self.provider.list(folder, cursor)
            found += listing.entries
            cursor = listing.cursor
            if cursor is None:
                return found

    async def changes(self, cursor: str | None = None) -> tuple[list[Entry | Gone], str]:
        """All pages from a cursor on, and the cursor after them."""
        found: list[Entry | Gone] = []
        while True:
            delta = await self.provider.changes(cursor)
            found += delta.changes
            cursor = delta.cursor
            if not delta.more:
                return found, cursor

    async def tree(self) -> dict[str, Entry]:
        """Path -> object of everything below the root."""
        found, _ = await self.changes()
        return {one.path: one for one in found if isinstance(one, Entry) and not one.folder}


@pytest.fixture
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Rig]:
    candidate: Candidate = request.param
    try:
        provider = candidate.make(tmp_path)
    except Unavailable as reason:
        if candidate.name in MUST_RUN:
            pytest.fail(f"{candidate.name} may not be skipped: {reason}")
        pytest.skip(f"{candidate.name}: {reason}")
    yield Rig(candidate, provider)
    await provider.close()


def rule(*abilities: Ability) -> Callable[[Any], Any]:
    """Run for every provider that declares these abilities."""
    able = [one for one in CANDIDATES if one.abilities.issuperset(abilities)]
    return pytest.mark.parametrize("rig", able, ids=lambda one: one.name, indirect=True)


async def pieces(data: bytes, size: int = 1 << 16) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


LARGE = os.urandom((5 << 19) + 7)
"""More than two pieces of every provider that is here."""


# --- the suite itself -----------------------------------------------------------------------------


def test_every_registered_provider_runs_the_contract() -> None:
    assert {one.name for one in CANDIDATES} >= MUST_RUN
    assert set(registry.PROVIDERS) == MUST_RUN


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name)
async def test_declared_abilities_are_the_implemented_ones(
    candidate: Candidate, tmp_path: Path
) -> None:
    provider = candidate.make(tmp_path)
    found = {able for able, protocol in PROTOCOLS.items() if isinstance(provider, protocol)}
    assert found == candidate.abilities
    await provider.close()


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name)
def test_forgiven_names_are_names_that_are_tried(candidate: Candidate) -> None:
    assert candidate.refuses <= set(NAMES)


# --- storing --------------------------------------------------------------------------------------


@rule(Ability.PUT)
@pytest.mark.parametrize("data", [b"", b"x", LARGE], ids=["empty", "one byte", "large"])
async def test_what_is_put_is_read_back_identical(rig: Rig, data: bytes) -> None:
    entry = await rig.put("a/b/c.jpg", data, size=len(data))
    assert (entry.path, entry.name, entry.size, entry.folder) == (
        "a/b/c.jpg",
        "c.jpg",
        len(data),
        False,
    )
    assert await rig.read(entry.locator) == data
    assert entry.version


@rule(Ability.PUT)
async def test_a_put_answers_with_the_checksum_of_the_bytes(rig: Rig) -> None:
    entry = await rig.put("a", LARGE)
    kind = rig.provider.traits.checksum
    if kind is None:
        assert entry.checksum is None
        return
    digest = (rig.provider.traits.digest or (lambda: hashlib.new(kind)))()
    digest.update(LARGE)
    assert entry.checksum is not None
    assert (entry.checksum.kind, entry.checksum.value) == (kind, digest.hexdigest())


@rule(Ability.PUT)
async def test_stat_and_list_agree_with_put(rig: Rig) -> None:
    put = await rig.put("a/b", b"12345")
    seen = await rig.provider.stat(put.locator)
    listed = (await rig.entries("a"))[0]
    for entry in (seen, listed):
        assert (entry.locator, entry.path, entry.size) == (put.locator, "a/b", 5)
        assert (entry.version, entry.modified_at) == (put.version, put.modified_at)
        assert entry.checksum in (None, put.checksum)


@rule(Ability.PUT)
async def test_the_modification_time_is_kept_and_aware(rig: Rig) -> None:
    taken = datetime(2019, 5, 4, 3, 2, 1, tzinfo=UTC)
    old = await rig.put("old", b"x", modified_at=taken)
    new = await rig.put("new", b"x")
    assert abs(old.modified_at - taken) < timedelta(seconds=1)
    assert abs(datetime.now(UTC) - new.modified_at) < timedelta(minutes=1)


@rule(Ability.PUT)
async def test_a_put_does_not_overwrite_unless_asked_to(rig: Rig) -> None:
    first = await rig.put("a/b", b"first")
    for data in (b"second", LARGE):
        with pytest.raises(AlreadyExists):
            await rig.put("a/b", data)
    assert await rig.read(first.locator, version=first.version) == b"first"


@rule(Ability.PUT)
@pytest.mark.parametrize("data", [b"other", LARGE], ids=["small", "large"])
async def test_an_overwrite_changes_bytes_and_version(rig: Rig, data: bytes) -> None:
    first = await rig.put("a/b", b"first")
    second = await rig.put("a/b", data, overwrite=True)
    assert second.version != first.version
    assert await rig.read(second.locator) == data
    assert await rig.names("a") == ["b"]


@rule(Ability.PUT)
async def test_versions_differ_even_where_size_and_time_are_equal(rig: Rig) -> None:
    taken = datetime(2019, 5, 4, tzinfo=UTC)
    versions: list[str] = []
    for number in range(6):
        options = {"modified_at": taken, "overwrite": True}
        versions.append((await rig.put("a", bytes([number]), **options)).version)
    assert len(set(versions)) == len(versions)


@rule(Ability.PUT)
async def test_an_object_is_not_a_folder_and_a_folder_not_an_object(rig: Rig) -> None:
    await rig.put("a/b", b"x")
    for path in ("a", "a/b/c"):
        for overwrite in (False, True):
            with pytest.raises(AlreadyExists):
                await rig.put(path, b"y", overwrite=overwrite)
    assert await rig.read("a/b") == b"x"


@rule(Ability.PUT)
async def test_equal_paths_at_once_have_one_winner(rig: Rig) -> None:
    bodies = [bytes([number]) * 1000 for number in range(8)]
    results = await asyncio.gather(
        *(rig.put("a/b/c", body) for body in bodies), return_exceptions=True
    )
    won = [number for number, result in enumerate(results) if isinstance(result, Entry)]
    lost = [result for result in results if isinstance(result, AlreadyExists)]
    assert (len(won), len(lost)) == (1, 7)
    assert await rig.read("a/b/c") == bodies[won[0]]


@rule(Ability.PUT)
@pytest.mark.parametrize("length", [0, 4, 6, len(LARGE) - 1, len(LARGE) + 1])
async def test_a_lying_size_stores_nothing(rig: Rig, length: int) -> None:
    data = b"12345" if length < 100 else LARGE
    with pytest.raises(Incomplete):
        await rig.put("a/b", data, size=length)
    assert await nothing_is_there(rig)


@rule(Ability.PUT)
async def test_a_body_longer_than_announced_is_not_read_to_its_end(rig: Rig) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield LARGE

    with pytest.raises(Incomplete):
        await rig.provider.put("a/b", endless(), ticket="endless", size=len(LARGE) + 1)
    assert await nothing_is_there(rig)


class Broken(Exception):
    """What a sender may raise; no provider knows it."""


@rule(Ability.PUT)
@pytest.mark.parametrize("length", [0, 10, len(LARGE)])
async def test_a_body_that_raises_half_way_stores_nothing(rig: Rig, length: int) -> None:
    async def body() -> AsyncIterator[bytes]:
        async for piece in pieces(LARGE[:length]):
            yield piece
        raise Broken

    with pytest.raises(Broken):
        await rig.provider.put("a/b", body(), ticket="half")
    assert await nothing_is_there(rig)


@rule(Ability.PUT)
@pytest.mark.parametrize("length", [0, 10, len(LARGE)])
async def test_a_cancelled_put_stores_nothing(rig: Rig, length: int) -> None:
    reached = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        async for piece in pieces(LARGE[:length]):
            yield piece
        reached.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(rig.provider.put("a/b", body(), ticket="cancelled"))
    await reached.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert await nothing_is_there(rig)


async def nothing_is_there(rig: Rig) -> bool:
    """No object, and the place can be taken, with a reused ticket too."""
    with pytest.raises(ObjectMissing):
        await rig.provider.stat("a/b")
    assert [entry for entry in await walk(rig) if not entry.folder] == []
    await rig.put("a/b", b"new", ticket="half")
    return await rig.read("a/b") == b"new"


async def walk(rig: Rig) -> list[Entry]:
    found = await rig.entries()
    for entry in found:
        if entry.folder:
            found += await rig.entries(entry.locator)
    return found


@rule(Ability.PUT)
async def test_a_ticket_without_leftovers_can_be_discarded(rig: Rig) -> None:
    await rig.put("a", b"x", ticket="done")
    await rig.provider.discard("done")
    await rig.provider.discard("never-used")
    assert await rig.read("a") == b"x"


@rule(Ability.PUT)
@pytest.mark.parametrize("ticket", ["", "../a", "a/b", "a" * 101, "a\0", "é"])
async def test_a_ticket_is_a_plain_word(rig: Rig, ticket: str) -> None:
    with pytest.raises(BadLocator):
        await rig.put("a", b"x", ticket=ticket)
    with pytest.raises(BadLocator):
        await rig.provider.discard(ticket)


# --- names ----------------------------------------------------------------------------------------


@rule(Ability.PUT)
@pytest.mark.parametrize("key", NAMES)
async def test_an_odd_name_is_kept_as_it_is_or_refused(rig: Rig, key: str) -> None:
    name = NAMES[key]
    if key in rig.candidate.refuses:
        for path in (name, f"folder/{name}", f"{name}/object"):
            with pytest.raises(BadLocator):
                await rig.put(path)
        assert await rig.entries() == []
        return
    for path in (name, f"folder/{name}/{name}"):
        entry = await rig.put(path, path.encode())
        assert entry.path == path
        assert await rig.read(entry.locator) == path.encode()
    assert sorted(await rig.names()) == sorted(["folder", name])
    assert await rig.names(f"folder/{name}") == [name]


@rule(Ability.PUT)
@pytest.mark.parametrize("key", FORBIDDEN)
async def test_a_path_that_could_lead_elsewhere_is_refused(rig: Rig, key: str) -> None:
    path = FORBIDDEN[key]
    await rig.put("a/b", b"x")
    for attempt in (rig.put, rig.provider.stat, rig.provider.open, rig.provider.list):
        with pytest.raises(BadLocator):
            await attempt(path)


@rule(Ability.PUT)
async def test_the_root_is_not_an_object(rig: Rig) -> None:
    await rig.put("a", b"x")
    for attempt in (rig.put, rig.provider.stat, rig.provider.open):
        with pytest.raises(BadLocator):
            await attempt("")


@rule(Ability.PUT)
async def test_names_that_differ_in_case_are_told_apart_or_never_mixed_up(rig: Rig) -> None:
    lower = await rig.put("photo.jpg", b"lower")
    if rig.candidate.folds_case:
        assert not rig.provider.traits.case_sensitive
        with pytest.raises(AlreadyExists):
            await rig.put("PHOTO.JPG", b"upper")
    else:
        assert rig.provider.traits.case_sensitive
        upper = await rig.put("PHOTO.JPG", b"upper")
        assert await rig.read(upper.locator) == b"upper"
    assert await rig.read(lower.locator) == b"lower"


@rule(Ability.PUT)
async def test_unicode_twins_are_told_apart_or_never_mixed_up(rig: Rig) -> None:
    composed, decomposed = (normalize(form, "café") for form in ("NFC", "NFD"))
    first = await rig.put(composed, b"nfc")
    if rig.candidate.folds_unicode:
        with pytest.raises(AlreadyExists):
            await rig.put(decomposed, b"nfd")
    else:
        second = await rig.put(decomposed, b"nfd")
        assert second.locator != first.locator
        assert await rig.read(second.locator) == b"nfd"
    assert await rig.read(first.locator) == b"nfc"
    assert {entry.path for entry in await rig.entries()} == {composed}


@rule(Ability.PUT)
async def test_a_folder_is_listed_by_its_locator_whatever_its_unicode_form(rig: Rig) -> None:
    await rig.put(normalize("NFD", "é/è/a"), b"x")
    assert [entry.path for entry in await walk(rig)] == ["é", "é/è", "é/è/a"]


# --- reading --------------------------------------------------------------------------------------

SPANS = [(0, None), (0, 1), (3, 7), (9, None), (9, 10), (5, 1000), (0, 10), (0, 11)]
OUTSIDE = [(10, None), (10, 11), (1000, None), (-1, 3), (-1, None), (4, 4), (5, 3)]


@rule(Ability.PUT)
@pytest.mark.parametrize(("start", "stop"), SPANS)
async def test_a_span_is_cut_to_the_object(rig: Rig, start: int, stop: int | None) -> None:
    entry = await rig.put("a", b"0123456789")
    body = await rig.provider.open(entry.locator, Span(start, stop))
    assert (body.start, body.stop) == (start, min(10, 10 if stop is None else stop))
    assert b"".join([piece async for piece in body]) == b"0123456789"[start:stop]
    await body.aclose()


@rule(Ability.PUT)
@pytest.mark.parametrize(("start", "stop"), OUTSIDE)
async def test_a_span_without_a_byte_is_refused(rig: Rig, start: int, stop: int | None) -> None:
    entry = await rig.put("a", b"0123456789")
    with pytest.raises(BadRange):
        await rig.provider.open(entry.locator, Span(start, stop))


@rule(Ability.PUT)
async def test_of_an_empty_object_only_the_whole_can_be_read(rig: Rig) -> None:
    entry = await rig.put("a", b"")
    assert await rig.read(entry.locator) == b""
    assert await rig.read(entry.locator, Span()) == b""
    for span in (Span(0, 1), Span(1), Span(0, 0)):
        with pytest.raises(BadRange):
            await rig.provider.open(entry.locator, span)


@rule(Ability.PUT)
@pytest.mark.parametrize("edge", [1 << 18, 1 << 19, 1 << 20])
async def test_spans_across_the_edges_of_chunks_are_exact(rig: Rig, edge: int) -> None:
    entry = await rig.put("a", LARGE)
    for start, stop in [(edge - 1, edge + 1), (edge, edge * 2), (1, edge * 2 + 1), (edge, None)]:
        assert await rig.read(entry.locator, Span(start, stop)) == LARGE[start:stop]


@pytest.mark.parametrize(("start", "stop"), SPANS)
def test_cut_says_what_the_rules_say(start: int, stop: int | None) -> None:
    assert cut(Span(start, stop), 10) == (start, min(10, 10 if stop is None else stop))


@rule(Ability.PUT)
async def test_what_is_missing_is_said_to_be_missing(rig: Rig) -> None:
    await rig.put("a/b", b"x")
    for path in ("nothing", "a/nothing", "a", "a/b/c", "b"):
        with pytest.raises(ObjectMissing):
            await rig.provider.stat(path)
        with pytest.raises(ObjectMissing):
            await rig.provider.open(path)
    for folder in ("nothing", "a/nothing", "a/b"):
        with pytest.raises(ObjectMissing):
            await rig.provider.list(folder)


@rule(Ability.PUT)
async def test_a_pinned_read_gives_that_version_or_says_it_changed(rig: Rig) -> None:
    first = await rig.put("a", b"first")
    assert await rig.read(first.locator, version=first.version) == b"first"
    second = await rig.put("a", b"second", overwrite=True)
    with pytest.raises(ObjectChanged):
        await rig.provider.open(first.locator, version=first.version)
    assert await rig.read(second.locator, version=second.version) == b"second"


@rule(Ability.PUT)
async def test_a_change_in_the_middle_of_a_read_never_mixes_versions(rig: Rig) -> None:
    entry = await rig.put("a", LARGE)
    body = await rig.provider.open(entry.locator, version=entry.version)
    got = await anext(aiter(body))
    await rig.put("a", LARGE[::-1], overwrite=True)
    with suppress(ObjectChanged):
        async for piece in body:
            got += piece
        assert len(got) == len(LARGE)
    assert LARGE.startswith(got)
    await body.aclose()


@rule(Ability.PUT, Ability.DELETE)
async def test_a_deletion_in_the_middle_of_a_read_never_ends_it_early(rig: Rig) -> None:
    entry = await rig.put("a", LARGE)
    body = await rig.provider.open(entry.locator)
    got = await anext(aiter(body))
    await rig.provider.delete(entry.locator)
    with suppress(ObjectChanged, ObjectMissing):
        async for piece in body:
            got += piece
        assert got == LARGE
    await body.aclose()


@rule(Ability.PUT)
async def test_a_cancelled_read_can_be_closed_twice_and_leaves_others_alone(rig: Rig) -> None:
    entry = await rig.put("a", LARGE)
    body, other = [await rig.provider.open(entry.locator) for _ in range(2)]
    first = asyncio.ensure_future(anext(aiter(body)))
    await asyncio.sleep(0)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    await body.aclose()
    await body.aclose()
    assert [piece async for piece in body] == []
    assert b"".join([piece async for piece in other]) == LARGE
    await other.aclose()


@rule(Ability.PUT)
async def test_many_reads_at_once_do_not_disturb_each_other(rig: Rig) -> None:
    entry = await rig.put("a", LARGE)
    starts = range(0, len(LARGE), len(LARGE) // 12)
    got = await asyncio.gather(*(rig.read(entry.locator, Span(start)) for start in starts))
    assert all(data == LARGE[start:] for data, start in zip(got, starts, strict=True))


# --- listing --------------------------------------------------------------------------------------


@rule()
async def test_an_empty_root_lists_as_empty(rig: Rig) -> None:
    assert await rig.entries() == []


@rule(Ability.PUT)
async def test_a_listing_has_what_lies_directly_in_the_folder(rig: Rig) -> None:
    for path in ("top", "a/one", "a/b/two", "a/b/c/three", "ab/four"):
        await rig.put(path, path.encode())
    root = {entry.path: entry.folder for entry in await rig.entries()}
    assert root == {"a": True, "ab": True, "top": False}
    below = {entry.path: (entry.folder, entry.size) for entry in await rig.entries("a")}
    assert below == {"a/b": (True, 0), "a/one": (False, 5)}


async def fill(rig: Rig, count_: int) -> list[str]:
    """Objects in the folder `many`; their names in order."""
    names = [f"{number:04}" for number in range(count_)]
    await asyncio.gather(*(rig.put(f"many/{name}", b"") for name in names))
    return names


@rule(Ability.PUT)
@pytest.mark.parametrize("more", [-1, 0, 1])
async def test_the_last_page_says_that_it_is_the_last(rig: Rig, more: int) -> None:
    names = await fill(rig, PAGE + more)
    first = await rig.provider.list("many")
    assert (first.cursor is None) is (more < 1)
    assert sorted(await rig.names("many")) == names


@rule(Ability.PUT)
async def test_a_listing_is_paged_in_a_stable_order(rig: Rig) -> None:
    names = await fill(rig, 3 * PAGE + 3)
    once, twice = await rig.names("many"), await rig.names("many")
    assert once == twice
    assert sorted(once) == names


@rule(Ability.PUT, Ability.DELETE)
async def test_a_change_during_a_listing_hides_and_doubles_nothing_that_stays(rig: Rig) -> None:
    names = await fill(rig, 2 * PAGE + 9)
    first = await rig.provider.list("many")
    assert first.cursor is not None
    goes = [first.entries[0], first.entries[-1]]
    for entry in goes:
        await rig.provider.delete(entry.locator)
    await rig.put("many/0000a", b"")
    seen = [entry.name for entry in first.entries]
    cursor: str | None = first.cursor
    while cursor is not None:
        page = await rig.provider.list("many", cursor)
        seen += [entry.name for entry in page.entries]
        cursor = page.cursor
    assert len(seen) == len(set(seen))
    assert set(seen) >= set(names) - {entry.name for entry in goes}


# --- deleting, moving, copying --------------------------------------------------------------------


@rule(Ability.PUT, Ability.DELETE)
async def test_what_is_deleted_is_gone_with_the_folders_it_leaves_empty(rig: Rig) -> None:
    deep = await rig.put("a/b/c/d", b"x")
    await rig.put("a/other", b"x")
    await rig.provider.delete(deep.locator)
    with pytest.raises(ObjectMissing):
        await rig.provider.stat(deep.locator)
    left = ["other"] if rig.provider.traits.tidies else ["b", "other"]
    assert sorted(await rig.names("a")) == left
    with pytest.raises(ObjectMissing):
        await rig.provider.delete(deep.locator)


@rule(Ability.PUT, Ability.DELETE)
async def test_a_folder_cannot_be_deleted_as_an_object(rig: Rig) -> None:
    await rig.put("a/b", b"x")
    with pytest.raises(ObjectMissing):
        await rig.provider.delete("a")
    assert await rig.read("a/b") == b"x"


@rule(Ability.PUT, Ability.DELETE)
@pytest.mark.parametrize("key", FORBIDDEN)
async def test_no_deletion_outside_the_root(rig: Rig, key: str) -> None:
    with pytest.raises(BadLocator):
        await rig.provider.delete(FORBIDDEN[key])


@rule(Ability.PUT, Ability.DELETE)
async def test_a_folder_may_be_emptied_while_it_is_filled(rig: Rig) -> None:
    async def turn(number: int) -> None:
        for round_ in range(15):
            path = f"busy/deep/{number}"
            entry = await rig.put(path, f"{number} {round_}".encode())
            await rig.provider.delete(entry.locator)

    await asyncio.gather(*(turn(number) for number in range(6)))
    left = [] if rig.provider.traits.tidies else ["busy", "busy/deep"]
    assert [entry.path for entry in await walk(rig)] == left


@rule(Ability.PUT, Ability.MOVE)
@pytest.mark.parametrize("target", ["c", "a/c", "x/y/z", "A/b", "a/B"])
async def test_a_move_keeps_bytes_and_leaves_nothing_behind(rig: Rig, target: str) -> None:
    source = await rig.put("a/b", b"bytes")
    moved = await rig.provider.move(source.locator, target)
    if rig.candidate.folds_case and target == "A/b":
        target = "a/b"  # the folder that is there keeps its name
    assert (moved.path, moved.size) == (target, 5)
    assert moved == await rig.provider.stat(moved.locator) or moved.checksum is None
    assert await rig.read(moved.locator, version=moved.version) == b"bytes"
    objects = [entry.path for entry in await walk(rig) if not entry.folder]
    assert objects == [target]


@rule(Ability.PUT, Ability.MOVE)
async def test_a_move_never_overwrites(rig: Rig) -> None:
    source = await rig.put("a", b"source")
    await rig.put("b", b"target")
    await rig.put("c/d", b"other")
    for path in ("b", "a", "c", "b/x"):
        with pytest.raises(AlreadyExists):
            await rig.provider.move(source.locator, path)
    assert await rig.read(source.locator) == b"source"
    assert await rig.read("b") == b"target"


@rule(Ability.PUT, Ability.MOVE)
async def test_what_is_missing_cannot_be_moved_and_nothing_moves_outside(rig: Rig) -> None:
    with pytest.raises(ObjectMissing):
        await rig.provider.move("nothing", "b")
    source = await rig.put("a", b"x")
    for path in FORBIDDEN.values():
        with pytest.raises(BadLocator):
            await rig.provider.move(source.locator, path)
        with pytest.raises(BadLocator):
            await rig.provider.move(path, "b")
    assert [entry.path for entry in await rig.entries()] == ["a"]


@rule(Ability.PUT, Ability.COPY)
async def test_a_copy_has_the_bytes_and_the_source_stays(rig: Rig) -> None:
    source = await rig.put("a/b", b"bytes")
    copied = await rig.provider.copy(source.locator, "c/d")
    assert await rig.read(copied.locator) == await rig.read(source.locator) == b"bytes"
    with pytest.raises(AlreadyExists):
        await rig.provider.copy(source.locator, "c/d")
    with pytest.raises(ObjectMissing):
        await rig.provider.copy("nothing", "e")


# --- many, in pieces, and what the service makes of objects ---------------------------------------


@rule(Ability.PUT, Ability.MOVE_MANY)
async def test_of_many_moves_each_has_its_own_answer_in_the_same_order(rig: Rig) -> None:
    found = [await rig.put(f"a/{number}", b"%d" % number) for number in range(13)]
    await rig.put("taken", b"theirs")
    paths = [f"b/{number}" for number in range(12)] + ["taken"]
    moves = [Relocation(one.locator, path) for one, path in zip(found, paths, strict=True)]
    moves.insert(3, Relocation("nothing", "c"))
    moves.insert(5, Relocation(found[12].locator, "../outside"))
    answers = list(await rig.provider.move_many(moves))
    assert isinstance(answers.pop(5), BadLocator)
    assert isinstance(answers.pop(3), ObjectMissing)
    assert isinstance(answers.pop(), AlreadyExists)
    for number, moved in enumerate(answers):
        assert isinstance(moved, Entry)
        assert moved.path == f"b/{number}"
        assert await rig.read(moved.locator, version=moved.version) == b"%d" % number
    assert [one.path for one in await walk(rig) if one.path.startswith("a/")] == ["a/12"]


@rule(Ability.PUT, Ability.MOVE_MANY)
async def test_a_change_of_case_may_be_among_many_moves(rig: Rig) -> None:
    found = [await rig.put(path, b"x") for path in ("one", "two")]
    moves = [Relocation(found[0].locator, "ONE"), Relocation(found[1].locator, "three")]
    answers = await rig.provider.move_many(moves)
    assert [one.path for one in answers if isinstance(one, Entry)] == ["ONE", "three"]


@rule(Ability.PUT, Ability.MOVE_MANY)
async def test_of_many_copies_each_has_the_bytes_and_the_sources_stay(rig: Rig) -> None:
    found = [await rig.put(f"a/{number}", b"%d" % number) for number in range(12)]
    copies = [Relocation(one.locator, f"b/{number}") for number, one in enumerate(found)]
    answers = await rig.provider.copy_many([*copies, Relocation(found[0].locator, "a/1")])
    assert isinstance(answers[-1], AlreadyExists)
    for number, copied in enumerate(answers[:-1]):
        assert isinstance(copied, Entry)
        assert await rig.read(copied.locator) == await rig.read(found[number].locator)


@rule(Ability.PUT, Ability.DELETE_MANY)
async def test_of_many_deletions_each_has_its_own_answer_in_the_same_order(rig: Rig) -> None:
    found = [await rig.put(f"a/{number}", b"x") for number in range(5)]
    locators = [one.locator for one in found[:4]]
    answers = await rig.provider.delete_many([*locators[:2], "nothing", *locators[2:]])
    assert [one is True for one in answers] == [True, True, False, True, True]
    assert isinstance(answers[2], ObjectMissing)
    assert [one.path for one in await walk(rig) if not one.folder] == ["a/4"]


@rule(Ability.PUT, Ability.DELETE, Ability.RESTORE)
async def test_what_was_deleted_can_be_brought_back(rig: Rig) -> None:
    await rig.put("a/B.jpg", b"first")
    entry = await rig.put("a/B.jpg", b"second", overwrite=True)
    key = rig.provider.traits.key(entry.path)
    with pytest.raises(AlreadyExists):
        await rig.provider.restore(key, entry.version)
    await rig.provider.delete(entry.locator)
    with pytest.raises(ObjectMissing):
        await rig.provider.restore(key, "0" * 64)
    with pytest.raises(ObjectMissing):
        await rig.provider.restore("never/was", entry.version)
    back = await rig.provider.restore(key, entry.version)
    assert (back.path, back.version) == ("a/B.jpg", entry.version)
    assert await rig.read(back.locator) == b"second"


@rule(Ability.MANY)
async def test_what_is_sent_together_is_committed_together_in_the_same_order(rig: Rig) -> None:
    bodies = [b"", b"x", b"y" * 70_000]
    sessions = await rig.provider.send_many(bodies)
    assert await rig.entries() == []
    commits = [
        Commit(session, len(body), f"many/{number}")
        for number, (session, body) in enumerate(zip(sessions, bodies, strict=True))
    ]
    entries = await rig.provider.commit_many(commits)
    for number, (entry, body) in enumerate(zip(entries, bodies, strict=True)):
        assert isinstance(entry, Entry)
        assert entry.path == f"many/{number}"
        assert await rig.read(entry.locator) == body


@rule(Ability.MANY, Ability.PUT)
async def test_of_what_is_committed_together_each_has_its_own_answer(rig: Rig) -> None:
    await rig.put("many/1", b"theirs")
    sessions = await rig.provider.send_many([b"ours"] * 3)
    commits = [Commit(one, 4, f"many/{number}") for number, one in enumerate(sessions)]
    first, second, third = await rig.provider.commit_many(commits)
    assert isinstance(second, AlreadyExists)
    assert isinstance(first, Entry)
    assert isinstance(third, Entry)
    assert await rig.read("many/1") == b"theirs"
    (session,) = await rig.provider.send_many([b"ours"])
    taken = datetime(2019, 5, 4, tzinfo=UTC)
    over = Commit(session, 4, "many/1", modified_at=taken, overwrite=True)
    (entry,) = await rig.provider.commit_many([over])
    assert isinstance(entry, Entry)
    assert entry.modified_at == taken
    assert await rig.read("many/1") == b"ours"


@rule(Ability.RESUME)
async def test_pieces_may_come_in_any_order_and_twice(rig: Rig) -> None:
    piece = rig.provider.traits.piece
    data = os.urandom(2 * piece + 3)
    session = await rig.provider.begin()
    for start in (piece, 0, piece):
        await rig.provider.send(session, start, data[start : start + piece], last=False)
    for _ in range(2):
        await rig.provider.send(session, 2 * piece, data[2 * piece :], last=True)
    assert await rig.entries() == []
    entry = await rig.provider.commit(Commit(session, len(data), "a/b"))
    assert await rig.read(entry.locator) == data


@rule(Ability.RESUME)
async def test_a_session_that_is_not_there_is_said_to_be_missing(rig: Rig) -> None:
    with pytest.raises(ObjectMissing):
        await rig.provider.send("nothing", 0, b"x", last=True)
    with pytest.raises(ObjectMissing):
        await rig.provider.commit(Commit("nothing", 1, "a"))


@rule(Ability.RESUME)
async def test_what_has_gaps_does_not_become_an_object(rig: Rig) -> None:
    piece = rig.provider.traits.piece
    session = await rig.provider.begin()
    await rig.provider.send(session, piece, b"x", last=True)
    with pytest.raises(StorageError):
        await rig.provider.commit(Commit(session, piece + 1, "a"))
    assert await rig.entries() == []


@rule(Ability.PREVIEW, Ability.PUT)
async def test_a_preview_is_a_small_picture_or_nothing(rig: Rig) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(picture, "JPEG")
    seen = await rig.put("a.jpg", picture.getvalue())
    other = await rig.put("b.txt", b"words")
    found = await rig.provider.previews([other.locator, seen.locator], 256)
    assert found[0] is None
    assert found[1] is not None
    assert found[1].media_type.startswith("image/")
    width, height = Image.open(io.BytesIO(found[1].data)).size
    assert (max(width, height) >= 256, width > height) == (True, True)


@rule(Ability.LINK, Ability.PUT)
async def test_a_link_works_without_us_for_a_while(rig: Rig) -> None:
    entry = await rig.put("a", b"bytes")
    link = await rig.provider.link(entry.locator)
    assert link.until > datetime.now(UTC) + timedelta(minutes=1)
    assert link.version == entry.version
    http = Http()
    async with await http.send("GET", link.url) as answer:
        assert await answer.read() == b"bytes"
    await http.close()
    with pytest.raises(ObjectMissing):
        await rig.provider.link("nothing")


@rule(Ability.RING)
async def test_what_a_stranger_sends_does_not_ring(rig: Rig) -> None:
    for headers in ({}, {"x-dropbox-signature": "0" * 64}, {"x-dropbox-signature": "é"}):
        for body in (b"", b"{}", b"null", b"\xff", b'{"list_folder": {"accounts": []}}'):
            assert rig.provider.rung(headers, body) is False


# --- the rest -------------------------------------------------------------------------------------


@rule()
async def test_check_tells_whose_it_is_and_finds_nothing_wrong(rig: Rig) -> None:
    check = await rig.provider.check()
    assert check.account
    assert check.writable is (Ability.PUT in rig.candidate.abilities)
    assert await rig.entries() == []


@rule(Ability.PUT, Ability.QUOTA)
async def test_quota_counts_bytes_or_says_that_it_does_not_know(rig: Rig) -> None:
    await rig.put("a", b"x")
    quota = await rig.provider.quota()
    assert quota.used is None or quota.used > 0
    assert quota.total is None or quota.total >= (quota.used or 0)


@rule(Ability.PUT, Ability.PATH)
async def test_a_local_path_leads_to_the_very_object(rig: Rig) -> None:
    entry = await rig.put("a/b", b"bytes")
    path = rig.provider.local_path(entry.locator)
    assert path.is_absolute()
    assert path.read_bytes() == b"bytes"
    assert rig.provider.local_version(path) == entry.version
    assert rig.provider.local_version_of(path.stat()) == entry.version
    for locator in ("nothing", "a"):
        with pytest.raises(ObjectMissing):
            rig.provider.local_path(locator)
    with pytest.raises(ObjectMissing):
        rig.provider.local_version(path.with_name("nothing"))
    for locator in FORBIDDEN.values():
        with pytest.raises(BadLocator):
            rig.provider.local_path(locator)


@rule()
async def test_traits_are_sane(rig: Rig) -> None:
    traits = rig.provider.traits
    assert traits.addressing in Addressing
    assert traits.parallel >= 1
    assert traits.piece >= 1 << 16
    assert traits.largest is None or traits.largest > 0


@rule()
async def test_close_may_be_called_twice(rig: Rig) -> None:
    await rig.provider.close()
    await rig.provider.close()


# --- following ------------------------------------------------------------------------------------


@rule(Ability.CHANGES, Ability.PUT)
async def test_everything_below_the_root_is_listed_at_once(rig: Rig) -> None:
    assert await rig.tree() == {}
    put = [await rig.put(f"{n % 3}/{n % 7}/{n:03d}.jpg", b"%d" % n) for n in range(PAGE * 2 + 9)]
    assert await rig.tree() == {entry.path: entry for entry in put}


@rule(Ability.CHANGES, Ability.PUT)
async def test_a_cursor_gives_what_came_and_what_was_edited_since(rig: Rig) -> None:
    old = await rig.put("a/old.jpg", b"old")
    edited = await rig.put("a/edited.jpg", b"before")
    _, cursor = await rig.changes()
    assert (await rig.changes(cursor))[0] == []
    new = await rig.put("b/new.jpg", b"new")
    after = await rig.put("a/edited.jpg", b"after", overwrite=True)

    found, again = await rig.changes(cursor)

    objects = {one.path: one for one in found if isinstance(one, Entry) and not one.folder}
    assert objects == {"b/new.jpg": new, "a/edited.jpg": after}
    assert old.path not in objects
    assert (after.locator, after.version != edited.version) == (edited.locator, True)
    assert (await rig.changes(again))[0] == []
    assert {one.path for one in (await rig.changes(cursor))[0] if isinstance(one, Entry)} >= set(
        objects
    ), "a cursor may be used twice"


@rule(Ability.CHANGES, Ability.PUT, Ability.DELETE)
async def test_what_was_deleted_is_told_by_its_path(rig: Rig) -> None:
    entry = await rig.put("a/Photo.jpg")
    await rig.put("a/other.jpg")
    _, cursor = await rig.changes()
    await rig.provider.delete(entry.locator)
    found, _ = await rig.changes(cursor)
    gone = [one.path.lower() for one in found if isinstance(one, Gone)]
    assert gone == ["a/photo.jpg"]


@rule(Ability.CHANGES, Ability.PUT, Ability.MOVE)
async def test_a_move_is_told_as_gone_there_and_come_here(rig: Rig) -> None:
    entry = await rig.put("a/before.jpg", b"same")
    _, cursor = await rig.changes()
    moved = await rig.provider.move(entry.locator, "b/after.jpg")
    found, _ = await rig.changes(cursor)
    assert Gone("a/before.jpg") in found
    assert moved in found
    if rig.provider.traits.addressing is Addressing.HANDLE:
        assert moved.locator == entry.locator
    assert moved.checksum == entry.checksum


@rule(Ability.CHANGES, Ability.PUT)
async def test_what_was_there_can_be_passed_over(rig: Rig) -> None:
    for number in range(PAGE + 5):
        await rig.put(f"{number:03d}.jpg")
    cursor = await rig.provider.latest()
    assert (await rig.changes(cursor))[0] == []
    new = await rig.put("new.jpg")
    found, _ = await rig.changes(cursor)
    assert [one for one in found if isinstance(one, Entry) and not one.folder] == [new]


@rule(Ability.CHANGES, Ability.PUT)
async def test_what_changes_while_the_pages_are_read_is_not_lost(rig: Rig) -> None:
    for number in range(PAGE + 5):
        await rig.put(f"{number:03d}.jpg", b"first")
    seen: dict[str, Entry] = {}
    cursor = None
    for turn in count():
        delta = await rig.provider.changes(cursor)
        seen |= {one.path: one for one in delta.changes if isinstance(one, Entry)}
        cursor = delta.cursor
        if turn == 0:
            await rig.put("000.jpg", b"edited", overwrite=True)
            await rig.put("zzz.jpg", b"new")
        if not delta.more:
            break
    later, _ = await rig.changes(cursor)
    seen |= {one.path: one for one in later if isinstance(one, Entry)}
    assert (seen["000.jpg"].size, len(seen)) == (6, PAGE + 6)


@rule(Ability.WATCH, Ability.PUT)
async def test_a_watch_ends_with_the_next_change(rig: Rig) -> None:
    await rig.put("a/old.jpg")
    _, cursor = await rig.changes()
    watching = asyncio.create_task(rig.provider.watch(cursor))
    await asyncio.sleep(0.05)
    assert not watching.done()
    await rig.put("a/new.jpg")
    assert (await watching).changed
    assert (await rig.provider.watch(cursor)).changed, "what has happened already counts"


@rule(Ability.WATCH)
async def test_a_watch_can_be_cancelled(rig: Rig) -> None:
    _, cursor = await rig.changes()
    watching = asyncio.create_task(rig.provider.watch(cursor))
    await asyncio.sleep(0.05)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
