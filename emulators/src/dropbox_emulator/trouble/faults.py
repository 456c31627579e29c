"""Faults to order: for the next N calls of a route, or for a share of calls by seeded chance."""

from __future__ import annotations

import fnmatch
import random
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from ..ids import token

FaultKind = Literal[
    "rate_limited",  # 429; retry_after, text
    "server_error",  # an HTML page; status 500, 502, 503
    "connection_reset",  # RST after after_bytes of the reply (or of the request: on="request")
    "truncated_body",  # an orderly end after after_bytes, short of Content-Length
    "slow_first_byte",  # seconds before the first byte of the reply
    "lost_reply",  # the work is done, the connection dies without a reply
    "token_expired",  # 401 expired_access_token
    "token_revoked",  # 401 invalid_access_token
    "scope_removed",  # by="app": the 400 text; by="token": 401 missing_scope
    "quota_full",  # no room for anything
    "file_changed",  # a new version appears after after_bytes of a download
    "cursor_reset",  # 409 reset
    "write_lock",  # too_many_write_operations, as if another writer held the namespace
    "account_suspended",  # 401 user_suspended
]
KINDS: tuple[str, ...] = get_args(FaultKind)

# Faults that only make sense on some routes need no pattern from the caller.
_NATURAL_ROUTES = {
    "file_changed": ("files/download",),
    "cursor_reset": ("files/list_folder/continue", "files/list_folder/longpoll"),
}


@dataclass(slots=True)
class Fault:
    """An order for trouble. ``route`` is a name or pattern such as ``files/upload*``."""

    kind: FaultKind
    route: str = "*"
    times: int | None = None
    share: float | None = None
    skip: int = 0
    seed: int = 0
    account: str | None = None
    status: int = 500
    retry_after: int = 1
    text: bool = False
    after_bytes: int = 0
    seconds: float = 0.0
    on: Literal["reply", "request"] = "reply"
    by: Literal["app", "token"] = "app"
    id: str = field(default_factory=lambda: token("", 6))
    hits: int = 0
    _random: random.Random | None = None

    def strikes(self, route: str, account: str | None) -> bool:
        """Whether this call is hit; counts it if so."""
        if not self.applies(route) or (self.account and self.account != account):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.share is not None and not self._chance():
            return False
        self.hits += 1
        return True

    def applies(self, route: str) -> bool:
        """Whether a route is meant."""
        if self.route == "*" and self.kind in _NATURAL_ROUTES:
            return route in _NATURAL_ROUTES[self.kind]
        return self.route == route or fnmatch.fnmatchcase(route, self.route)

    def _chance(self) -> bool:
        if self._random is None:
            self._random = random.Random(self.seed)
        return self._random.random() < (self.share or 0.0)

    def shown(self) -> dict[str, Any]:
        """The order as JSON."""
        return {key: value for key, value in asdict(self).items() if not key.startswith("_")}


class Faults:
    """All orders in force. Without any, asking costs nothing."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []

    def add(self, order: dict[str, Any]) -> Fault:
        """Take an order; ``ValueError`` for what cannot be."""
        if order.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        allowed = set(Fault.__dataclass_fields__) - {"id", "hits", "_random"}
        if unknown := order.keys() - allowed:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        fault = Fault(**order)
        if fault.times is None and fault.share is None:
            fault.times = 1
        self.orders.append(fault)
        return fault

    def strike(self, route: str, account: str | None) -> Fault | None:
        """The first order that hits this call."""
        for fault in self.orders:
            if fault.strikes(route, account):
                return fault
        return None

    def clear(self) -> None:
        """Cancel all orders."""
        self.orders.clear()
