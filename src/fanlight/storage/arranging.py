"""Moving, copying, deleting and bringing back at the service: one object, or many in a few calls.

Where an account takes one change at a time, all of these take their turn among its commits. Where a
reply was lost, the objects are looked at before anything is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING, TypeVar

import structlog

from fanlight.errors import (
    AlreadyExists,
    NotSupported,
    ObjectChanged,
    ObjectMissing,
    RateLimited,
    StorageError,
    StorageUnavailable,
)
from fanlight.storage.base import (
    Copies,
    Deletes,
    Entry,
    Moves,
    Provider,
    Restores,
)
from fanlight.storage.calls import Calls
from fanlight.storage.many import DeletesMany, MovesMany, Relocation
from fanlight.storage.shared import COMMITTER, Shared

if TYPE_CHECKING:
    from fanlight.storage.store import Store

I = TypeVar("I")  # noqa: E741 - an item
T = TypeVar("T")

log = structlog.get_logger(__name__)


class Arranging:
    """One store's. `puts` says whether it can be put to, for copies that go through us."""

    def __init__(
        self, provider: Provider, whole: Store, calls: Calls, shared: Shared, *, puts: bool
    ) -> None:
        self._whole = whole
        self._calls = calls
        self._shared = shared
        self._puts = puts
        self._deletes = provider if isinstance(provider, Deletes) else None
        self._moves = provider if isinstance(provider, Moves) else None
        self._copies = provider if isinstance(provider, Copies) else None
        self._moves_many = provider if isinstance(provider, MovesMany) else None
        self._deletes_many = provider if isinstance(provider, DeletesMany) else None
        self._restores = provider if isinstance(provider, Restores) else None
        self.can_delete = self._deletes is not None
        self.can_copy = self._copies is not None or puts
        self.can_move = self._moves is not None or (self.can_copy and self.can_delete)
        self.can_move_many = self._moves_many is not None
        self.can_delete_many = self._deletes_many is not None
        self.can_restore = self._restores is not None

    # --- one --------------------------------------------------------------------------------------

    async def delete(self, locator: str) -> None:
        """As `Store.delete`."""
        deletes = needed(self._deletes)

        async def call() -> bool:
            await deletes.delete(locator)
            return True

        async def settle(error: StorageError, attempt: int) -> bool | None:
            # Gone after a try whose reply was lost: that try did it.
            return True if attempt > 1 and isinstance(error, ObjectMissing) else None

        async with self._turn():
            await self._calls.run("delete", call, settle)

    async def copy(self, locator: str, path: str, *, ticket: str | None = None) -> Entry:
        """As `Store.copy`."""
        copies = self._copies
        if copies is None:
            return await self._copy_through_us(locator, path, ticket)
        source = await self._whole.stat(locator)

        async def settle(error: StorageError, attempt: int) -> Entry | None:
            if not unclear(error, attempt, AlreadyExists):
                return None
            return await self.quietly(self._copied(source, path))

        async with self._turn():
            return await self._calls.run("copy", lambda: copies.copy(locator, path), settle)

    async def _copy_through_us(self, locator: str, path: str, ticket: str | None) -> Entry:
        if not self._puts:
            raise NotSupported
        body = await self._whole.open(locator)
        try:
            stored = await self._whole.put(
                path,
                aiter(body),
                ticket=ticket or f"copy-{token_hex(12)}",
                size=body.entry.size,
                modified_at=body.entry.modified_at,
            )
        finally:
            await body.aclose()
        return stored.entry

    async def move(self, locator: str, path: str, *, ticket: str | None = None) -> Entry:
        """As `Store.move`."""
        moves = self._moves
        if moves is None:
            return await self._move_through_us(locator, path, ticket)

        async def settle(error: StorageError, attempt: int) -> Entry | None:
            if not unclear(error, attempt, AlreadyExists, ObjectMissing):
                return None
            return await self.quietly(self._moved(locator, path))

        async with self._turn():
            return await self._calls.run("move", lambda: moves.move(locator, path), settle)

    async def _move_through_us(self, locator: str, path: str, ticket: str | None) -> Entry:
        if not self.can_move:
            raise NotSupported
        before = await self._whole.stat(locator)
        copied = await self.copy(locator, path, ticket=ticket)
        if (await self._whole.stat(locator)).version != before.version:
            await self.remove(copied)
            raise ObjectChanged
        await self.delete(locator)
        return copied

    async def restore(self, path: str, version: str) -> Entry:
        """As `Store.restore`."""
        restores = needed(self._restores)

        async def settle(error: StorageError, attempt: int) -> Entry | None:
            if not unclear(error, attempt, AlreadyExists):
                return None
            found = await self.quietly(self._whole.find(path))
            return found if found and found.version == version else None

        async with self._turn():
            return await self._calls.run("restore", lambda: restores.restore(path, version), settle)

    async def remove(self, entry: Entry) -> None:
        """Delete what should not be there, if that can be done."""
        if self._deletes:
            await self.quietly(self.delete(entry.locator))

    # --- many -------------------------------------------------------------------------------------

    async def move_many(self, moves: Sequence[Relocation]) -> list[Entry | StorageError]:
        """As `Store.move_many`."""
        many = self._moves_many
        if many is None:
            return [await caught(self.move(one.locator, one.path)) for one in moves]

        async def look(one: Relocation) -> Entry | None:
            return await self._moved(one.locator, one.path)

        return await self._all("move-many", moves, many.move_many, look)

    async def copy_many(self, copies: Sequence[Relocation]) -> list[Entry | StorageError]:
        """As `Store.copy_many`."""
        many = self._moves_many
        if many is None:
            return [await caught(self.copy(one.locator, one.path)) for one in copies]

        async def look(one: Relocation) -> Entry | None:
            return await self._copied(await self._whole.stat(one.locator), one.path)

        return await self._all("copy-many", copies, many.copy_many, look)

    async def delete_many(self, locators: Sequence[str]) -> list[StorageError | None]:
        """As `Store.delete_many`."""
        many = self._deletes_many
        if many is None:
            results = [await caught(self.delete(one)) for one in locators]
        else:
            results = await self._all("delete-many", locators, many.delete_many, self._is_gone)
        return [one if isinstance(one, StorageError) else None for one in results]

    async def _all(
        self,
        verb: str,
        items: Sequence[I],
        call: Callable[[Sequence[I]], Awaitable[Sequence[T | StorageError]]],
        look: Callable[[I], Awaitable[T | None]],
    ) -> list[T | StorageError]:
        """In as many calls as it takes."""
        most = self._whole.traits.together
        results: list[T | StorageError] = []
        for start in range(0, len(items), most):
            results += await self._together(verb, items[start : start + most], call, look)
        return results

    async def _together(
        self,
        verb: str,
        items: Sequence[I],
        call: Callable[[Sequence[I]], Awaitable[Sequence[T | StorageError]]],
        look: Callable[[I], Awaitable[T | None]],
    ) -> list[T | StorageError]:
        """One call; again for those that were too early, or of which nothing is known."""
        results: dict[int, T | StorageError] = {}
        left, attempt = list(range(len(items))), 0
        while left:
            attempt += 1
            asked = [items[number] for number in left]
            answers = await self._asked(verb, asked, call)
            settled = await asyncio.gather(
                *(
                    self._settled(item, answer, attempt, look)
                    for item, answer in zip(asked, answers, strict=True)
                )
            )
            results |= zip(left, settled, strict=True)
            left = [number for number in left if _may_pass(results[number])]
            if left and not await self._patient([results[number] for number in left], attempt):
                break
        return [results[number] for number in range(len(items))]

    async def _asked(
        self,
        verb: str,
        items: Sequence[I],
        call: Callable[[Sequence[I]], Awaitable[Sequence[T | StorageError]]],
    ) -> Sequence[T | StorageError]:
        try:
            async with self._turn():
                return await self._calls.waiting(lambda: call(items))
        except StorageError as error:
            log.warning("storage.failed", channel=self._whole.name, call=verb, code=error.code)
            return [error for _ in items]

    async def _settled(
        self,
        item: I,
        answer: T | StorageError,
        attempt: int,
        look: Callable[[I], Awaitable[T | None]],
    ) -> T | StorageError:
        if not isinstance(answer, StorageError):
            return answer
        if not unclear(answer, attempt, AlreadyExists, ObjectMissing):
            return answer
        found = await self.quietly(look(item))
        return answer if found is None else found

    async def _patient(self, errors: Sequence[object], attempt: int) -> bool:
        """Wait before the next try; whether there shall be one."""
        if attempt >= self._calls.attempts:
            return False
        pressed = [one for one in errors if isinstance(one, RateLimited)]
        if pressed:
            return await self._calls.pressed(pressed[0])
        await self._calls.rest(attempt)
        return True

    # --- within -----------------------------------------------------------------------------------

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        if not self._whole.traits.takes_turns:
            yield
            return
        async with self._shared.alone(COMMITTER):
            yield

    async def _moved(self, locator: str, path: str) -> Entry | None:
        """The moved object, if it is at `path` and no longer where it was."""
        with suppress(ObjectMissing):
            entry = await self._whole.stat(locator)
            return entry if entry.path == path else None
        return await self._whole.find(path)

    async def _copied(self, source: Entry, path: str) -> Entry | None:
        found = await self._whole.find(path)
        return found if found and await self._alike(source, found) else None

    async def _is_gone(self, locator: str) -> bool | None:
        with suppress(ObjectMissing):
            await self._whole.stat(locator)
            return None
        return True

    async def _alike(self, one: Entry, other: Entry) -> bool:
        if one.size != other.size:
            return False
        if one.checksum and other.checksum and one.checksum.kind == other.checksum.kind:
            return one.checksum == other.checksum
        hashes = [(await self._whole.examine(entry.locator)).sha256 for entry in (one, other)]
        return hashes[0] == hashes[1]

    async def quietly(self, call: Awaitable[T]) -> T | None:
        """What a look-up or clean-up finds; `None` if it fails, as another failure counts more."""
        try:
            return await call
        except StorageError as error:
            log.warning("storage.not-settled", channel=self._whole.name, code=error.public_code)
            return None


async def caught(call: Awaitable[T]) -> T | StorageError:
    """What a call gives, or the StorageError that it raises."""
    try:
        return await call
    except StorageError as error:
        return error


def needed(ability: T | None) -> T:
    """An ability that is there. NotSupported if it is not."""
    if ability is None:
        raise NotSupported
    return ability


def unclear(error: StorageError, attempt: int, *after: type[StorageError]) -> bool:
    """Whether a failed call may have worked: its reply, or that of a try before it, was lost."""
    return isinstance(error, StorageUnavailable) or (attempt > 1 and isinstance(error, after))


def _may_pass(answer: object) -> bool:
    return isinstance(answer, RateLimited | StorageUnavailable)
