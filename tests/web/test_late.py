"""What a server does not load before it is asked for, and that it is loaded once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from fanlight.web.late import Late
from tests.support.server import clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

pytestmark = pytest.mark.anyio

HEAVY = """
import os, sys
from fanlight.web.asgi import application
application()
heavy = {"fastapi", "aiohttp", "aiosmtplib", "reportlab", "segno", "pyvips", "PIL", "typer"}
heavy |= {"prometheus_client", "procrastinate", "psycopg", "fanlight.web.api"}
sys.stdout.write(f"loaded: {sorted(heavy & set(sys.modules))}")
sys.stdout.flush()
os._exit(0)
"""


def test_a_server_that_starts_loads_nothing_that_few_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAVY],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=clean_environment(data=tmp_path),
    )
    assert done.stdout == "loaded: []", done.stderr


async def nothing() -> Message:
    return {"type": "http.disconnect"}


async def nowhere(message: Message) -> None:
    del message


async def test_it_is_made_once_although_the_first_who_asked_has_left() -> None:
    made: list[str] = []
    served: list[HttpScope] = []
    begun, may_end = threading.Event(), threading.Event()

    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        served.append(scope)

    def make() -> ASGIApp:
        made.append("once")
        begun.set()
        assert may_end.wait(20)
        return app

    late = Late(make)
    first, second = (asyncio.create_task(late({"n": n}, nothing, nowhere)) for n in (1, 2))
    assert await asyncio.to_thread(begun.wait, 20)
    first.cancel()
    may_end.set()
    await second
    await late({"n": 3}, nothing, nowhere)
    with pytest.raises(asyncio.CancelledError):
        await first
    assert made == ["once"]
    assert served == [{"n": 2}, {"n": 3}]


async def test_it_is_made_anew_where_that_failed() -> None:
    served: list[HttpScope] = []
    failures = [OSError("too many open files")]

    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        served.append(scope)

    def make() -> ASGIApp:
        if failures:
            raise failures.pop()
        return app

    late = Late(make)
    with pytest.raises(OSError, match="too many"):
        await late({"n": 1}, nothing, nowhere)
    await late({"n": 2}, nothing, nowhere)
    assert served == [{"n": 2}]
