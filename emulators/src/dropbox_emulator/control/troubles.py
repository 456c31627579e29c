"""Control: clock, behaviour, faults, the request log, reset."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..trouble.latency import Latency

if TYPE_CHECKING:
    from ..server import Emulator

Wire = dict[str, Any]
Command = Callable[["Emulator", Wire], Awaitable[Wire]]


async def clock(emulator: Emulator, arg: Wire) -> Wire:
    """Read the clock; ``advance`` by seconds, ``set`` to a time, ``frozen`` stops it."""
    time = emulator.world.clock
    if "advance" in arg:
        time.advance(float(arg["advance"]))
    if "set" in arg:
        time.set(float(arg["set"]))
    if "frozen" in arg:
        time.freeze(bool(arg["frozen"]))
    return {"now": time.now(), "offset": time.offset, "frozen": time.frozen}


async def behaviour(emulator: Emulator, arg: Wire) -> Wire:
    """Read or change settings: latency, bytes_per_second, write_lock_hold, token_bucket, …"""
    settings = emulator.settings
    settings.change(**arg)
    if "latency" in arg:
        if arg["latency"] not in ("none", "typical"):
            raise ValueError("latency is none or typical")
        emulator.service.latency = Latency(settings.latency, settings.seed)
        if settings.latency == "typical" and "longpoll_jitter" not in arg:
            settings.longpoll_jitter = 90.0
    return settings.behaviour()


async def add_fault(emulator: Emulator, arg: Wire) -> Wire:
    """Order a fault: ``kind``, ``route``, ``times`` or ``share`` with ``seed``, and its details."""
    return emulator.service.faults.add(arg).shown()


async def faults(emulator: Emulator, arg: Wire) -> Wire:
    """Orders in force, with how often each has struck."""
    return {"faults": [fault.shown() for fault in emulator.service.faults.orders]}


async def clear_faults(emulator: Emulator, arg: Wire) -> Wire:
    """Cancel all orders."""
    emulator.service.faults.clear()
    return {}


async def reset_cursors(emulator: Emulator, arg: Wire) -> Wire:
    """From now on every cursor made before answers ``reset``."""
    emulator.world.cursor_epoch += 1
    for tree in emulator.world.trees.values():
        tree.journal.publish()
    return {"epoch": emulator.world.cursor_epoch}


async def log(emulator: Emulator, arg: Wire) -> Wire:
    """Requests by ``route`` (a pattern), ``status``, ``has_range``, ``account``, ``since``."""
    found = list(
        emulator.service.log.query(
            str(arg.get("route", "*")),
            status=arg.get("status"),
            has_range=arg.get("has_range"),
            account=arg.get("account"),
            since=int(arg.get("since", 0)),
        )
    )
    limit = int(arg.get("limit", 1000))
    return {
        "count": len(found),
        "most_parallel": max((record.parallel for record in found), default=0),
        "requests": [record.shown() for record in found[-limit:]],
    }


async def counters(emulator: Emulator, arg: Wire) -> Wire:
    """Calls, bytes sent and received, and parallelism, by route; writers refused by the lock."""
    found = emulator.service.log.counters()
    return {**found, "writers_refused": emulator.service.locks.refused}


async def clear_log(emulator: Emulator, arg: Wire) -> Wire:
    """Forget all requests so far."""
    emulator.service.log.clear()
    emulator.service.locks.refused = 0
    return {}


async def webhooks(emulator: Emulator, arg: Wire) -> Wire:
    """Every attempt to deliver a notification."""
    return {"deliveries": emulator.service.webhooks.shown()}


async def reset(emulator: Emulator, arg: Wire) -> Wire:
    """Back to an empty emulator."""
    emulator.reset()
    return {}


async def addresses(emulator: Emulator, arg: Wire) -> Wire:
    """Where this emulator listens."""
    return emulator.addresses.shown()


COMMANDS: dict[str, Command] = {
    "clock": clock,
    "behaviour": behaviour,
    "faults/add": add_fault,
    "faults": faults,
    "faults/clear": clear_faults,
    "cursors/reset": reset_cursors,
    "log": log,
    "log/counters": counters,
    "log/clear": clear_log,
    "webhooks": webhooks,
    "reset": reset,
    "addresses": addresses,
}
