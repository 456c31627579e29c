"""The queue: who is served next, who joins in, and what is dropped."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from fanlight.errors import BrokenPicture, Overloaded
from fanlight.renditions.queue import ASIDE, LATER_EACH, Queue, Turn, Urgency

pytestmark = pytest.mark.anyio

SEEN, SOON, LATER = Urgency


@dataclass(frozen=True)
class Original:
    content: str
    far: asyncio.Event | None = None
    """What its bytes wait for."""
    weight: int = 0


class Works:
    """Carries out nothing until it is told to; remembers what it was given, in sequence."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, tuple[str, ...]]] = []
        self.most = 0
        self._running: dict[str, asyncio.Event] = {}
        self._failures: dict[str, Exception] = {}

    async def __call__(
        self, source: Original, aims: tuple[str, ...], turn: Turn
    ) -> Mapping[str, str]:
        name = source.content
        if source.far is not None:
            with turn.aside():
                await source.far.wait()
        turn.hold(source.weight)
        assert name not in self._running, "two orders for one source at once"
        self.orders.append((name, aims))
        self._running[name] = asyncio.Event()
        self.most = max(self.most, len(self._running))
        try:
            await self._running[name].wait()
        finally:
            del self._running[name]
        if name in self._failures:
            raise self._failures.pop(name)
        return {aim: f"{name}/{aim}" for aim in aims}

    @property
    def running(self) -> list[str]:
        return list(self._running)

    async def finish(self, name: str, failure: Exception | None = None) -> None:
        if failure is not None:
            self._failures[name] = failure
        self._running[name].set()
        await settle()

    async def finish_all(self) -> None:
        while self._running:
            await self.finish(next(iter(self._running)))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Rig:
    def __init__(self, places: int = 1, **rest: Any) -> None:
        self.works = Works()
        self.queue = Queue[Original, str, str](self.works, places=places, **rest)

    async def ask(
        self,
        name: str,
        *aims: str,
        urgency: Urgency = SEEN,
        riders: tuple[str, ...] = (),
        weight: int = 0,
    ) -> asyncio.Task[tuple[str, ...]]:
        source = Original(name, weight=weight)
        asking = self.queue.ask(source, aims, urgency=urgency, riders=riders)
        task = asyncio.create_task(asking)
        await settle()
        return task

    async def ask_far(self, name: str, arrival: asyncio.Event) -> tuple[str, ...]:
        return await self.queue.ask(Original(name, arrival), ("x",), urgency=SEEN)


async def test_what_is_asked_for_is_answered_in_the_same_sequence() -> None:
    rig = Rig()
    task = await rig.ask("a", "thumb", "large", "small")
    await rig.works.finish("a")
    assert await task == ("a/thumb", "a/large", "a/small")
    assert rig.works.orders == [("a", ("thumb", "large", "small"))]


async def test_two_hundred_who_ask_for_one_thing_cause_one_order() -> None:
    rig = Rig(places=4)
    tasks = [await rig.ask("a", "thumb") for _ in range(200)]
    await rig.works.finish_all()
    assert {await task for task in tasks} == {("a/thumb",)}
    assert rig.works.orders == [("a", ("thumb",))]


async def test_all_that_is_wanted_of_a_source_goes_into_one_order() -> None:
    rig = Rig()
    busy = await rig.ask("busy", "thumb")
    first = await rig.ask("a", "thumb")
    other = await rig.ask("b", "thumb")
    second = await rig.ask("a", "small", riders=("large",))
    await rig.works.finish("busy")
    assert rig.works.orders[1:] == [("a", ("thumb", "small", "large"))]
    await rig.works.finish_all()
    assert [await task for task in (busy, first, other, second)][1:] == [
        ("a/thumb",),
        ("b/thumb",),
        ("a/small",),
    ]


async def test_what_somebody_looks_at_comes_first() -> None:
    rig = Rig()
    tasks = [await rig.ask("busy", "x")]
    for name, urgency in (("l", LATER), ("s", SOON), ("v", SEEN), ("w", SEEN)):
        tasks.append(await rig.ask(name, "x", urgency=urgency))
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders] == ["busy", "v", "w", "s", "l"]
    await asyncio.gather(*tasks)


async def test_what_waits_for_later_comes_sooner_when_somebody_looks() -> None:
    rig = Rig()
    tasks = [await rig.ask("busy", "x"), await rig.ask("a", "x", urgency=SOON)]
    tasks += [await rig.ask("b", "x", urgency=LATER), await rig.ask("b", "y")]
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders] == ["busy", "b", "a"]
    await asyncio.gather(*tasks)


async def test_it_waits_for_later_again_when_the_viewer_has_left() -> None:
    rig = Rig()
    tasks = [await rig.ask("busy", "x"), await rig.ask("b", "x", urgency=LATER)]
    viewer = await rig.ask("b", "x")
    tasks.append(await rig.ask("a", "x", urgency=SOON))
    viewer.cancel()
    await settle()
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders] == ["busy", "a", "b"]
    await asyncio.gather(*tasks)


async def test_work_whose_last_viewer_has_left_is_dropped() -> None:
    rig = Rig()
    busy = await rig.ask("busy", "x")
    viewers = [await rig.ask("a", "x"), await rig.ask("a", "x", riders=("y",))]
    for viewer in viewers:
        viewer.cancel()
        await settle()
    assert rig.queue.waiting == 0
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders] == ["busy"]
    await busy


async def test_work_goes_on_as_long_as_one_viewer_stays() -> None:
    rig = Rig()
    busy = await rig.ask("busy", "x")
    leaving, staying = await rig.ask("a", "x"), await rig.ask("a", "x")
    leaving.cancel()
    await rig.works.finish_all()
    assert await staying == ("a/x",)
    await busy


async def test_what_has_begun_is_finished_though_its_viewer_has_left() -> None:
    rig = Rig()
    viewer = await rig.ask("a", "x")
    viewer.cancel()
    await settle()
    assert rig.works.running == ["a"]
    late = await rig.ask("a", "x")
    await rig.works.finish_all()
    assert await late == ("a/x",)
    assert len(rig.works.orders) == 1


async def test_a_source_is_never_in_two_orders_at_once() -> None:
    rig = Rig(places=3)
    tasks = [await rig.ask("a", "x"), await rig.ask("a", "y"), await rig.ask("b", "x")]
    assert rig.works.running == ["a", "b"]
    await rig.works.finish_all()
    assert rig.works.orders == [("a", ("x",)), ("b", ("x",)), ("a", ("y",))]
    await asyncio.gather(*tasks)


async def test_no_more_orders_run_at_once_than_there_are_places() -> None:
    rig = Rig(places=2)
    tasks = [await rig.ask(str(number), "x") for number in range(20)]
    await rig.works.finish_all()
    assert (rig.works.most, len(rig.works.orders)) == (2, 20)
    await asyncio.gather(*tasks)


async def test_who_looks_need_not_wait_for_work_in_the_background() -> None:
    rig = Rig(places=2)
    tasks = [await rig.ask(str(number), "x", urgency=LATER) for number in range(4)]
    tasks += [await rig.ask(name, "x") for name in ("v", "w")]
    assert rig.works.running == ["0", "1", "v"]
    await rig.works.finish_all()
    assert rig.works.most == 3
    await asyncio.gather(*tasks)


async def test_what_comes_from_afar_leaves_its_place_to_others_meanwhile() -> None:
    rig, arrival = Rig(), asyncio.Event()
    slow = [asyncio.create_task(rig.ask_far(str(number), arrival)) for number in range(2 * ASIDE)]
    near = await rig.ask("near", "x")
    while rig.queue.running < 1 + ASIDE:
        await asyncio.sleep(0.01)
    assert rig.works.orders == [], "too much comes from afar for one more to begin"
    arrival.set()
    while not all(task.done() for task in (*slow, near)):
        await settle()
        await rig.works.finish_all()
    assert rig.works.most <= 1 + ASIDE
    assert len(rig.works.orders) == 2 * ASIDE + 1


async def test_what_is_near_is_made_while_others_come_from_afar() -> None:
    rig, arrival = Rig(), asyncio.Event()
    far = asyncio.create_task(rig.ask_far("far", arrival))
    near = await rig.ask("near", "x")
    while not rig.works.running:
        await asyncio.sleep(0.01)
    await rig.works.finish("near")
    assert await near == ("near/x",)
    arrival.set()
    await settle()
    await rig.works.finish("far")
    assert await far == ("far/x",)


async def test_what_is_heavy_waits_for_room_and_what_is_light_goes_ahead() -> None:
    rig = Rig(places=2, room=10)
    tasks = [await rig.ask(name, "x", weight=6) for name in ("h", "i")]
    tasks += [await rig.ask(name, "x") for name in ("l", "m")]
    assert rig.works.running == ["h", "l"]
    await rig.works.finish("l")
    assert rig.works.running == ["h", "m"]
    await rig.works.finish("h")
    assert rig.works.running == ["m", "i"]
    await rig.works.finish_all()
    await asyncio.gather(*tasks)


async def test_what_fits_beside_each_other_runs_together() -> None:
    rig = Rig(places=3, room=10)
    tasks = [await rig.ask(name, "x", weight=5) for name in "abc"]
    assert rig.works.running == ["a", "b"]
    await rig.works.finish_all()
    await asyncio.gather(*tasks)


async def test_what_is_heavier_than_the_room_runs_without_another_and_is_passed_by_none() -> None:
    rig = Rig(places=3, room=10)
    tasks = [await rig.ask("a", "x", weight=4), await rig.ask("giant", "x", weight=50)]
    tasks += [await rig.ask("b", "x", weight=4)]
    assert rig.works.running == ["a"]
    await rig.works.finish("a")
    assert rig.works.running == ["giant"]
    await rig.works.finish("giant")
    assert rig.works.running == ["b"]
    await rig.works.finish("b")
    await asyncio.gather(*tasks)


async def test_what_waits_for_room_keeps_its_place_in_the_line() -> None:
    rig = Rig(places=2, room=10)
    tasks = [await rig.ask(name, "x", weight=6) for name in "hij"]
    tasks += [await rig.ask("l", "x", urgency=SOON), await rig.ask("k", "x", weight=6)]
    await rig.works.finish("h")
    assert set(rig.works.running) == {"i", "l"}
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders if name != "l"] == ["h", "i", "j", "k"]
    await asyncio.gather(*tasks)


async def test_what_somebody_looks_at_has_the_room_first() -> None:
    rig = Rig(places=2, room=10)
    tasks = [await rig.ask(name, "x", weight=6, urgency=LATER) for name in "hi"]
    tasks += [await rig.ask("v", "x", weight=6)]
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders] == ["h", "v", "i"]
    await asyncio.gather(*tasks)


async def test_who_comes_while_it_is_weighed_has_the_same_order() -> None:
    rig, arrival = Rig(places=2, room=10), asyncio.Event()
    tasks = [await rig.ask("h", "x", weight=6)]
    for aims, riders in ((("x",), ()), (("y",), ("x", "z")), (("y", "x"), ())):
        asking = rig.queue.ask(Original("i", arrival, 6), aims, urgency=SEEN, riders=riders)
        tasks.append(asyncio.create_task(asking))
        await settle()
    arrival.set()
    await settle()
    assert rig.works.running == ["h"]
    await rig.works.finish_all()
    assert rig.works.orders == [("h", ("x",)), ("i", ("x", "y", "z"))]
    assert await asyncio.gather(*tasks[1:]) == [("i/x",), ("i/y",), ("i/y", "i/x")]
    await tasks[0]


async def test_what_waits_for_room_is_dropped_when_its_viewer_leaves() -> None:
    rig = Rig(places=2, room=10)
    busy, viewer = [await rig.ask(name, "x", weight=6) for name in "hi"]
    viewer.cancel()
    await settle()
    assert rig.queue.waiting == 0
    await rig.works.finish_all()
    assert [name for name, _ in rig.works.orders] == ["h"]
    await busy


async def test_what_is_to_stay_apart_has_orders_of_its_own() -> None:
    works: list[tuple[str, ...]] = []

    async def carry_out(_source: Original, aims: tuple[str, ...], _turn: Turn) -> dict[str, str]:
        works.append(aims)
        return {aim: aim for aim in aims}

    queue = Queue[Original, str, str](carry_out, places=1, apart=lambda aim: aim.startswith("slow"))
    await queue.ask(Original("a"), ("x", "slow-x", "y"), urgency=SEEN, riders=("slow-y", "z"))
    assert works == [("x", "y", "z"), ("slow-x", "slow-y")]


async def test_a_failure_is_raised_for_all_who_wait_and_for_nobody_else() -> None:
    rig = Rig()
    failing = [await rig.ask("a", "x"), await rig.ask("a", "x")]
    other = await rig.ask("b", "x")
    await rig.works.finish("a", BrokenPicture())
    for task in failing:
        with pytest.raises(BrokenPicture):
            await task
    await rig.works.finish("b")
    assert await other == ("b/x",)
    again = await rig.ask("a", "x")
    await rig.works.finish("a")
    assert await again == ("a/x",)


async def test_a_failure_that_nobody_waits_for_any_more_harms_nobody() -> None:
    rig = Rig()
    viewer = await rig.ask("a", "x", riders=("y",))
    viewer.cancel()
    await settle()
    await rig.works.finish("a", BrokenPicture())  # a warning would be an error here
    assert rig.queue.running == 0


async def test_when_too_much_waits_who_looks_is_asked_to_come_again() -> None:
    rig = Rig(most_waiting=3)
    tasks = [await rig.ask(str(number), "x") for number in range(4)]
    refused = await rig.ask("more", "x")
    with pytest.raises(Overloaded) as caught:
        await refused
    assert 1 <= (caught.value.retry_after or 0) <= 60
    await rig.works.finish_all()
    await asyncio.gather(*tasks)
    assert len(rig.works.orders) == 4


async def test_work_in_the_background_waits_outside_when_too_much_waits() -> None:
    rig = Rig()
    tasks = [await rig.ask(str(n), "x", urgency=LATER) for n in range(3 * LATER_EACH)]
    assert rig.queue.waiting + rig.queue.running == LATER_EACH
    tasks[-1].cancel()  # out there, too
    await rig.works.finish_all()
    assert len(rig.works.orders) == 3 * LATER_EACH - 1
    await asyncio.gather(*tasks[:-1])
    assert (rig.queue.waiting, rig.queue.running) == (0, 0)


async def test_a_close_breaks_off_what_runs_and_answers_who_waits() -> None:
    rig = Rig()
    tasks = [await rig.ask(name, "x") for name in ("a", "b")]
    await rig.queue.close()
    tasks.append(await rig.ask("c", "x"))
    for task in tasks:
        with pytest.raises(Overloaded):
            await task
    assert (rig.works.running, rig.queue.waiting) == ([], 0)


@pytest.mark.parametrize("seed", range(20))
async def test_coming_and_leaving_at_any_moment_leaves_nothing_behind(seed: int) -> None:
    luck = random.Random(seed)
    rig = Rig(places=2, room=10)
    weights = {name: luck.choice((0, 0, 3, 6, 20)) for name in "abcdef"}
    viewers: list[asyncio.Task[tuple[str, ...]]] = []
    for _ in range(150):
        if luck.random() < 0.5:
            aims = luck.sample("xyz", luck.randrange(1, 3))
            name, urgency = luck.choice("abcdef"), luck.choice(list(Urgency))
            source = Original(name, weight=weights[name])
            asking = rig.queue.ask(source, aims, urgency=urgency, riders=("r",))
            viewers.append(asyncio.create_task(asking))
        elif viewers and luck.random() < 0.6:
            luck.choice(viewers).cancel()
        elif rig.works.running:
            failure = BrokenPicture() if luck.random() < 0.2 else None
            await rig.works.finish(luck.choice(rig.works.running), failure)
        for _ in range(luck.randrange(3)):
            await asyncio.sleep(0)
    while any(not viewer.done() for viewer in viewers):
        await settle()
        await rig.works.finish_all()
    assert (rig.queue.waiting, rig.queue.running) == (0, 0)
    ends = await asyncio.gather(*viewers, return_exceptions=True)
    assert all(isinstance(end, (tuple, asyncio.CancelledError, BrokenPicture)) for end in ends)
