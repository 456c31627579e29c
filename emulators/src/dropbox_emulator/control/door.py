"""The control door's listener and its table of requests.

Every request is ``POST`` with a JSON object (or ``GET`` where nothing is asked) and answers a JSON
object; a mistake is a 400 with ``{"error": "…"}``. The README lists them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from . import people, space, troubles

if TYPE_CHECKING:
    from ..server import Emulator


class ControlDoor:
    """Listens on the control port."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._commands = {**people.COMMANDS, **space.COMMANDS, **troubles.COMMANDS}

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port."""
        app = web.Application(client_max_size=256 * 1024 * 1024)
        app.router.add_route("*", "/{name:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port."""
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"].strip("/")
        if name == "":
            return web.json_response({"commands": sorted(self._commands)})
        command = self._commands.get(name)
        if command is None:
            return web.json_response({"error": f"no such command: {name}"}, status=404)
        try:
            arg: Any = await request.json() if request.can_read_body else dict(request.query)
            if not isinstance(arg, dict):
                raise ValueError("send a JSON object")
            fields = cast("dict[str, Any]", arg)
            return web.json_response(await command(self._emulator, fields))
        except KeyError as missing:
            return web.json_response({"error": f"missing or unknown: {missing}"}, status=400)
        except (ValueError, TypeError, json.JSONDecodeError, OSError) as mistake:
            return web.json_response({"error": str(mistake)}, status=400)
