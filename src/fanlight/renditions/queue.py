"""Who is served next: what somebody looks at first, one decode for all that is wanted of a source.

Everything wanted of one source at the time its turn comes goes into one order, and whoever asks for
something that is waiting or on its way joins in. Work that nobody waits for any more is dropped;
what has begun is finished. What is heavy waits until there is room for it beside what runs; what
weighs nothing goes ahead of it meanwhile, what is heavy as well does not. For one event loop: it is
neither thread-safe nor shared by loops.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Generator, Hashable, Iterable, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from itertools import chain, count
from typing import Any, Generic, Protocol, TypeVar

from fanlight.errors import Overloaded

MOST_WAITING = 1000
"""Sources that may wait before whoever comes is asked to come again."""
LATER_EACH = 8
"""Requests that can wait for each place in the background; more of them wait outside."""
ASIDE = 16
"""Orders that may wait for bytes from afar without a place."""
NEAR = 0.05
"""Seconds after which bytes that have not come are far away."""
LONGEST_PAUSE = 60.0


class Urgency(IntEnum):
    """Who waits for it. The lower is served first."""

    SEEN = 0
    """Somebody looks at the place where it shall be."""
    SOON = 1
    """Somebody may look there in a moment."""
    LATER = 2
    """Nobody yet: work in the background."""


class Original(Protocol):
    """What the queue must know of a source."""

    @property
    def content(self) -> str:
        """Equal for equal bytes."""
        ...


S = TypeVar("S", bound=Original)
A = TypeVar("A", bound=Hashable)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Turn:
    """What an order may do while its turn lasts."""

    aside: Callable[[], AbstractContextManager[None]]
    """Wait for the network in this block: when that takes long, another one has the place."""
    hold: Callable[[int], None]
    """Say how heavy it is before it begins. Raises NoRoom, which `carry_out` lets pass."""


class NoRoom(Exception):
    """The order is too heavy beside what runs: it goes back to its place in the line."""


class _Want(Generic[R]):
    """One thing wanted of a source, and how many wait for it, by urgency."""

    __slots__ = ("answer", "group", "waiting")

    def __init__(self, group: _Group[Any, Any, R]) -> None:
        self.group = group
        self.answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self.waiting = [0] * len(Urgency)


class _Group(Generic[S, A, R]):
    """All that is wanted of one source."""

    __slots__ = ("lane", "line", "number", "source", "wants", "weight")

    def __init__(self, lane: Hashable, source: S, line: Urgency, number: int) -> None:
        self.lane = lane
        self.source = source
        self.line: Urgency | None = line
        """Where it stands; `None` when it waits no more."""
        self.number = number
        """Who came sooner has the lower one."""
        self.weight = 0
        """0 also as long as it is not known."""
        self.wants: dict[A, _Want[R]] = {}

    def want(self, aim: A) -> _Want[R]:
        """That one, new if it is not among them yet."""
        found = self.wants.get(aim)
        if found is None:
            found = self.wants[aim] = _Want[R](self)
        return found

    def needed(self) -> Urgency | None:
        """The urgency of whoever is served first; `None` if nobody waits."""
        counts = zip(*(want.waiting for want in self.wants.values()), strict=True)
        return next((u for u, count in zip(Urgency, counts, strict=True) if any(count)), None)

    def take_over(self, other: _Group[S, A, R]) -> None:
        """Have all that is wanted of the other one, which has begun nothing."""
        for aim, want in other.wants.items():
            want.group = self
            self.wants.setdefault(aim, want)  # what is there already, nobody waits for there

    def answer(self, answers: Mapping[A, R]) -> None:
        """Give everybody what they wait for."""
        for aim, want in self.wants.items():
            want.answer.set_result(answers[aim])

    def fail(self, error: Exception) -> None:
        """Raise it for everybody."""
        for want in self.wants.values():
            want.answer.set_exception(error)
            want.answer.exception()  # also when nobody waits it has been seen


class Queue(Generic[S, A, R]):
    """Carries out what is wanted of sources, a bounded number at a time.

    `carry_out(source, aims, turn)` answers every aim, or raises for all of them. Aims of a source
    share an order if `apart` says the same of them. `places` orders run at once; and one more, for
    what is SEEN, while one in the background has a place. Together they weigh no more than `room`,
    unless a single one does.
    """

    def __init__(
        self,
        carry_out: Callable[[S, tuple[A, ...], Turn], Awaitable[Mapping[A, R]]],
        *,
        places: int,
        room: float = math.inf,
        apart: Callable[[A], Hashable] = lambda _: None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._carry_out = carry_out
        self._places = places
        self._room = room
        self._apart = apart
        self._most = most_waiting
        self._later = asyncio.Semaphore(places * LATER_EACH)
        self._lines: tuple[dict[Hashable, _Group[S, A, R]], ...] = tuple({} for _ in Urgency)
        self._running: dict[Hashable, _Group[S, A, R]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = count()
        self._background = 0
        self._aside = 0
        self._seconds = 0.5
        self._closed = False

    @property
    def waiting(self) -> int:
        """Sources whose turn has not come."""
        return sum(map(len, self._lines))

    @property
    def running(self) -> int:
        """Orders being carried out."""
        return len(self._running)

    async def ask(
        self, source: S, aims: Iterable[A], *, urgency: Urgency, riders: Iterable[A] = ()
    ) -> tuple[R, ...]:
        """Wait for all of `aims`; what `carry_out` raises is raised here.

        `riders` are made in the same order if there is one, but never the reason for one. Raises
        Overloaded when too much waits; what is for LATER waits for its time instead.
        """
        if urgency is not Urgency.LATER:
            return await self._ask(source, tuple(aims), urgency, riders)
        async with self._later:
            return await self._ask(source, tuple(aims), urgency, riders)

    async def close(self) -> None:
        """Break off what runs; whoever waits is told to come again."""
        self._closed = True
        for line in self._lines:
            for group in line.values():
                group.line = None
                group.fail(Overloaded())
            line.clear()
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # --- those who wait

    async def _ask(
        self, source: S, aims: tuple[A, ...], urgency: Urgency, riders: Iterable[A]
    ) -> tuple[R, ...]:
        if self._closed or (urgency is not Urgency.LATER and self.waiting >= self._most):
            raise Overloaded(retry_after=self._pause())
        joined = [self._join(source, aim, urgency) for aim in aims]
        self._count(joined, urgency, 1)
        for rider in riders:
            self._ride(source, rider)
        self._serve()
        try:
            return tuple([await asyncio.shield(want.answer) for want in joined])
        finally:
            self._count(joined, urgency, -1)

    def _join(self, source: S, aim: A, urgency: Urgency) -> _Want[R]:
        lane = (source.content, self._apart(aim))
        running = self._running.get(lane)
        if running is not None and aim in running.wants:
            return running.wants[aim]
        group = self._waiting_in(lane)
        if group is None:
            group = _Group[S, A, R](lane, source, urgency, next(self._numbers))
            self._lines[urgency][lane] = group
        return group.want(aim)

    def _ride(self, source: S, rider: A) -> None:
        group = self._waiting_in((source.content, self._apart(rider)))
        if group is not None:
            group.want(rider)

    def _waiting_in(self, lane: Hashable) -> _Group[S, A, R] | None:
        return next((line[lane] for line in self._lines if lane in line), None)

    def _count(self, joined: Iterable[_Want[R]], urgency: Urgency, by: int) -> None:
        """Note who came or went, and where the groups stand now; those nobody needs are dropped."""
        for want in joined:
            want.waiting[urgency] += by
            group: _Group[S, A, R] = want.group
            if group.line is None or (needed := group.needed()) is group.line:
                continue
            del self._lines[group.line][group.lane]
            group.line = needed
            if needed is not None:
                self._lines[needed][group.lane] = group

    def _pause(self) -> float:
        """Seconds after which the line should be shorter by half."""
        turns = self.waiting / self._places / 2
        return min(LONGEST_PAUSE, max(1.0, round(turns * self._seconds)))

    # --- those who are served

    def _serve(self) -> None:
        while (group := self._next()) is not None:
            urgency, group.line = group.line, None
            if urgency is not None:
                del self._lines[urgency][group.lane]
            self._background += urgency is Urgency.LATER
            self._running[group.lane] = group
            task = asyncio.create_task(self._carry(group, urgency))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _next(self) -> _Group[S, A, R] | None:
        room = True
        for urgency, line in zip(Urgency, self._lines, strict=True):
            more = urgency is Urgency.SEEN and self._background > 0
            if len(self._running) - min(self._aside, ASIDE) >= self._places + more:
                continue
            for lane, group in line.items():
                if lane in self._running:  # or its bytes would be fetched twice at once
                    continue
                room = room and self._fits(group)
                if room or not group.weight:
                    return group
        return None

    def _fits(self, group: _Group[S, A, R]) -> bool:
        held = sum(each.weight for each in self._running.values() if each is not group)
        return not held or held + group.weight <= self._room

    def _hold(self, group: _Group[S, A, R], weight: int) -> None:
        if weight > group.weight:
            group.weight = weight
            others = chain.from_iterable(line.values() for line in self._lines)
            if any(each.weight for each in others) or not self._fits(group):
                raise NoRoom  # where others wait for room, the line says whose it is

    def _put_back(self, group: _Group[S, A, R]) -> None:
        """To where it stood, together with what was wanted of its source meanwhile."""
        if (late := self._waiting_in(group.lane)) is not None and late.line is not None:
            del self._lines[late.line][group.lane]
            late.line = None
            group.take_over(late)
        group.line = group.needed()
        if group.line is not None:
            line = self._lines[group.line]
            line[group.lane] = group
            for lane in [lane for lane, each in line.items() if each.number > group.number]:
                line[lane] = line.pop(lane)

    @contextmanager
    def _step_aside(self) -> Generator[None]:
        stood_aside = 0

        def leave() -> None:
            nonlocal stood_aside
            stood_aside = 1
            self._aside += 1
            self._serve()

        leaving = asyncio.get_running_loop().call_later(NEAR, leave)
        try:
            yield
        finally:
            leaving.cancel()
            self._aside -= stood_aside

    async def _carry(self, group: _Group[S, A, R], urgency: Urgency | None) -> None:
        began = time.monotonic()
        turn = Turn(self._step_aside, partial(self._hold, group))
        try:
            answers = await self._carry_out(group.source, tuple(group.wants), turn)
        except NoRoom:
            self._put_back(group)
        except asyncio.CancelledError:
            group.fail(Overloaded())
        except Exception as error:  # whatever it is, it is theirs who wait
            group.fail(error)
        else:
            group.answer(answers)
            self._seconds += (time.monotonic() - began - self._seconds) / 8
        finally:
            del self._running[group.lane]
            self._background -= urgency is Urgency.LATER
            if not self._closed:
                self._serve()
