"""The request log: what clients did, to be asked by tests."""

from __future__ import annotations

import fnmatch
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
    """One request. ``parallel`` counts the calls under way when this one began, itself included."""

    number: int
    route: str
    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    at: float
    parallel: int
    parallel_route: int
    began: float = field(default_factory=time.monotonic)
    status: int = 0
    seconds: float | None = None
    arg: Any = None
    account: str | None = None
    app: str | None = None
    bytes_in: int = 0
    bytes_out: int = 0
    fault: str | None = None

    def shown(self) -> dict[str, Any]:
        """As JSON; header names in lower case."""
        values = {name: getattr(self, name) for name in self.__slots__ if name != "began"}
        values["headers"] = {key.lower(): value for key, value in self.headers.items()}
        values["range"] = values["headers"].get("range")
        return values


class RequestLog:
    """The last so many requests, and counters over all of them."""

    def __init__(self, size: int = 50_000) -> None:
        self._size = size
        self.clear()

    def clear(self) -> None:
        """Forget everything but what is under way."""
        self.records: deque[Record] = deque(maxlen=self._size)
        self.calls: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.most_parallel: Counter[str] = Counter()
        self._number = 0
        self._under_way: Counter[str] = Counter()

    def begin(
        self, route: str, method: str, host: str, path: str, headers: Mapping[str, str], at: float
    ) -> Record:
        """A request arrived."""
        self._number += 1
        way = self._under_way
        way[""] += 1
        way[route] += 1
        self.calls[route] += 1
        for name in ("", route):
            if way[name] > self.most_parallel[name]:
                self.most_parallel[name] = way[name]
        record = Record(self._number, route, method, host, path, headers, at, way[""], way[route])
        self.records.append(record)
        return record

    def end(self, record: Record) -> None:
        """The request is answered, or its connection is gone."""
        record.seconds = time.monotonic() - record.began
        # After a clear, records from before it are not counted any more.
        for name in ("", record.route):
            if self._under_way[name] > 0:
                self._under_way[name] -= 1
        self.sent[record.route] += record.bytes_out
        self.received[record.route] += record.bytes_in

    def query(
        self,
        route: str = "*",
        *,
        status: int | None = None,
        has_range: bool | None = None,
        account: str | None = None,
        since: int = 0,
    ) -> Iterator[Record]:
        """Records that fit, oldest first. ``since`` is a record number."""
        for record in self.records:
            if record.number <= since or not fnmatch.fnmatchcase(record.route, route):
                continue
            if status is not None and record.status != status:
                continue
            if has_range is not None and ("Range" in record.headers) != has_range:
                continue
            if account is None or record.account == account:
                yield record

    def counters(self) -> dict[str, Any]:
        """Calls, bytes and parallelism by route; ``""`` stands for all routes together."""
        return {
            "calls": dict(self.calls),
            "bytes_sent": dict(self.sent),
            "bytes_received": dict(self.received),
            "most_parallel": dict(self.most_parallel),
            "last": self._number,
        }
