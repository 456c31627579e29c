"""Waits that grow with failed sign-ins, by account and by address; and with whatever is too much.

Kept in memory, not in the catalogue: a stranger must not be able to make us write to the database,
guesses cannot restart us, and with several processes the number of guesses is multiplied only by
their small number. A restart forgives everybody; 256-bit secrets need no throttle at all.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from fanlight.errors import Throttled

if TYPE_CHECKING:
    from datetime import datetime

KEPT = 10_000
"""Keys remembered of each kind; the one unused for longest is forgotten first."""


@dataclass(slots=True)
class _Tries:
    count: int
    since: datetime


class Throttle:
    """Lets some tries through at once, then one after each wait, which doubles up to a limit."""

    def __init__(
        self, *, free: int, longest: float, forget: float = 3600, said: str = "Too many tries."
    ) -> None:
        """Count tries from nothing.

        `free` tries cost nothing; `longest` is the longest wait and `forget` the time after
        which a key without tries is new again, both in seconds. `said` is what who must wait is
        told.
        """
        self._free = free
        self._longest = longest
        self._forget = forget
        self._said = said
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def take(self, key: str, now: datetime) -> None:
        """Count a try before it is made, so that many at once count too. Raises Throttled.

        A try that is refused does not count.
        """
        tries = self._tries.get(key)
        if tries is None or (now - tries.since).total_seconds() >= self._forget:
            tries = _Tries(0, now)
        wait = self._wait(tries) - (now - tries.since).total_seconds()
        if wait > 0:
            raise Throttled(
                f"{self._said} Wait {_spoken(wait)}.", retry_after=max(1.0, round(wait, 1))
            )
        self._tries[key] = _Tries(tries.count + 1, now)
        self._tries.move_to_end(key)
        while len(self._tries) > KEPT:
            self._tries.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Take back one try: it was a good one, though others of the key may not have been."""
        if (tries := self._tries.get(key)) is not None:
            tries.count = max(0, tries.count - 1)

    def clear(self, key: str) -> None:
        """Forget a key: it proved to be good."""
        self._tries.pop(key, None)

    def _wait(self, tries: _Tries) -> float:
        if tries.count < self._free:
            return 0.0
        return min(self._longest, 2.0 ** min(tries.count - self._free, 30))


def network(address: str) -> str:
    """The key of an address: itself, or for IPv6 the /64 that one customer has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:100]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), 64), strict=False))


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes"
