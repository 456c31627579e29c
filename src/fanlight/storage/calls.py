"""One call to a provider, tried until it is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

import structlog

from fanlight.errors import (
    AlreadyExists,
    BadLocator,
    BadRange,
    ChecksumMismatch,
    ObjectChanged,
    ObjectMissing,
    RateLimited,
    StorageError,
    StorageUnavailable,
)
from fanlight.storage.pace import Lane, Pace, Policy

T = TypeVar("T")
Settle = Callable[[StorageError, int], Awaitable[T | None]]
"""Given a failure and the number of the try: the result, if the call is found to have worked."""
Failed = Callable[[StorageError], None]
"""Is told of failures that are not about the object alone."""

log = structlog.get_logger(__name__)

_ORDINARY = (AlreadyExists, BadLocator, BadRange, ObjectChanged, ObjectMissing)
_PASSING = (ChecksumMismatch, RateLimited, StorageUnavailable)


class Calls:
    """Runs calls under the account's pace and our policy. `name` is for the log."""

    def __init__(self, name: str, pace: Pace, policy: Policy, failed: Failed | None = None) -> None:
        self._name = name
        self._failed = failed
        self._pace = pace
        self._policy = policy

    async def run(
        self, verb: str, call: Callable[[], Awaitable[T]], settle: Settle[T] | None = None
    ) -> T:
        """A short call that may be made twice, or whose failure `settle` can look into."""

        async def in_time() -> T:
            async with asyncio.timeout(self._policy.call_timeout):
                return await call()

        return await self.tried(verb, in_time, settle)

    async def rest(self, attempt: int) -> None:
        """Wait as one does after try number `attempt` has failed."""
        await self._policy.sleep(self._policy.wait(attempt))

    async def pressed(self, failure: RateLimited) -> bool:
        """Have the account pause; whether that is short enough to be sat out."""
        failure.retry_after = self._pace.pause(failure.retry_after)
        await self._pace.tell()
        return failure.retry_after <= self._policy.patience

    @property
    def attempts(self) -> int:
        """How often something is tried."""
        return self._policy.attempts

    async def waiting(self, call: Callable[[], Awaitable[T]]) -> T:
        """A call that only waits for the service: it takes no slot, and is not tried again."""
        await self._pace.enter()
        self._pace.leave()
        try:
            return await call()
        except RateLimited as failure:
            await self.pressed(failure)
            raise

    async def tried(
        self,
        verb: str,
        call: Callable[[], Awaitable[T]],
        settle: Settle[T] | None = None,
        *,
        lane: Lane = Lane.CALL,
    ) -> T:
        """The same for a call that watches its own time."""
        attempt = 0
        while True:
            attempt += 1
            began = monotonic()
            try:
                await self._pace.enter(lane)
                try:
                    result = await call()
                finally:
                    self._pace.leave(lane)
            except TimeoutError:
                failure: StorageError = StorageUnavailable("The storage did not answer in time.")
            except StorageError as error:
                failure = error
            else:
                if lane is Lane.CALL:  # the others take as long as the sender and the line
                    self._note(verb, monotonic() - began)
                return result
            self._warn(verb, failure, attempt, monotonic() - began)
            if isinstance(failure, RateLimited):
                await self.pressed(failure)
            if settle is not None:
                settled = await settle(failure, attempt)
                if settled is not None:
                    return settled
            await self._before_next(failure, attempt)

    async def _before_next(self, failure: StorageError, attempt: int) -> None:
        if attempt >= self._policy.attempts or not isinstance(failure, _PASSING):
            raise failure
        if not isinstance(failure, RateLimited):
            await self._policy.sleep(self._policy.wait(attempt))
        elif (failure.retry_after or 0) > self._policy.patience:
            raise failure

    def _note(self, verb: str, seconds: float) -> None:
        if seconds > self._policy.slow:
            log.warning("storage.slow", channel=self._name, call=verb, seconds=round(seconds, 3))

    def _warn(self, verb: str, failure: StorageError, attempt: int, seconds: float) -> None:
        if not isinstance(failure, _ORDINARY):
            if self._failed is not None:
                self._failed(failure)
            log.warning(
                "storage.failed",
                channel=self._name,
                call=verb,
                code=failure.public_code,
                attempt=attempt,
                seconds=round(seconds, 3),
                retry_after=failure.retry_after,
            )
