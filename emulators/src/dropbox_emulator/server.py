"""Starting and stopping one emulator."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aiohttp.web import BaseRequest, Server, ServerRunner, StreamResponse, TCPSite

from .control.door import ControlDoor
from .model.persistence import Keeper
from .model.world import World
from .service import Service
from .settings import Settings
from .transport.dispatch import Dispatcher
from .transport.hosts import KINDS, Hosts
from .transport.proxy import ConnectProxy
from .transport.tls import Authority
from .web.pages import Pages

# A batch of a thousand pieces puts some 150 kB into the Dropbox-API-Arg header.
MAX_HEADER = 1024 * 1024
SHUTDOWN_SECONDS = 0.3


@dataclass(slots=True)
class Addresses:
    """Where an emulator can be reached. ``by_host`` is filled if each host has its own port."""

    http: str
    control: str
    https: str | None = None
    proxy: str | None = None
    ca_file: str | None = None
    by_host: dict[str, str] = field(default_factory=dict[str, str])

    def shown(self) -> dict[str, Any]:
        """As JSON, for the line that the command prints."""
        return asdict(self)


class Emulator:
    """One emulated Dropbox with its listeners. Use :func:`running` unless you must not."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._scratch = tempfile.TemporaryDirectory(prefix="dropbox-emulator-")
        self.folder = self.settings.data or Path(self._scratch.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.world = World(self.settings, self.folder / "content")
        self.keeper = Keeper(self.world, self.folder / "state.json") if self.settings.data else None
        self._hosts = Hosts()
        self._runners: list[ServerRunner] = []
        self._proxy: ConnectProxy | None = None
        self.service: Service
        self.addresses: Addresses

    async def start(self) -> Addresses:
        """Listen; returns the addresses."""
        settings = self.settings
        self.service = Service(settings, self.world)
        if self.keeper is not None:
            self.keeper.load()
            self.keeper.start()
        self._dispatcher, self._pages = Dispatcher(self.service), Pages(self.service)
        runner = await self._runner()
        port = await self._listen(runner, settings.port)
        control = ControlDoor(self)
        control_port = await control.start(settings.host, settings.control_port)
        self._control = control
        self.addresses = Addresses(
            f"http://{settings.host}:{port}", f"http://{settings.host}:{control_port}"
        )
        if settings.split_ports:
            for kind in KINDS:
                own = await self._listen(runner, 0)
                self._hosts.ports[own] = kind
                self.addresses.by_host[kind] = f"http://{settings.host}:{own}"
        if settings.tls_port is not None:
            await self._start_tls(runner, settings.tls_port)
        return self.addresses

    async def _start_tls(self, runner: ServerRunner, port: int) -> None:
        authority = Authority(self.folder, keep=self.settings.data is not None)
        tls_port = await self._listen(runner, port, authority.server_context())
        self.service.client_tls = authority.client_context()
        self.addresses.https = f"https://{self.settings.host}:{tls_port}"
        self.addresses.ca_file = str(authority.ca_file)
        if self.settings.proxy_port is not None:
            self._proxy = ConnectProxy(self.settings.host, tls_port)
            proxy_port = await self._proxy.start(self.settings.proxy_port)
            self.addresses.proxy = f"http://{self.settings.host}:{proxy_port}"

    async def _runner(self) -> ServerRunner:
        server = Server(
            self.answer,
            access_log=None,
            max_field_size=MAX_HEADER,
            max_line_size=MAX_HEADER,
            read_bufsize=256 * 1024,
        )
        runner = ServerRunner(server, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        self._runners.append(runner)
        return runner

    async def _listen(
        self, runner: ServerRunner, port: int, tls: ssl.SSLContext | None = None
    ) -> int:
        site = TCPSite(runner, self.settings.host, port, ssl_context=tls, backlog=512)
        await site.start()
        return runner.addresses[-1][1]

    async def answer(self, request: BaseRequest) -> StreamResponse:
        """Every request comes through here."""
        origin = self._hosts.classify(request)
        if origin.path.startswith("/2/"):
            return await self._dispatcher.answer(request, origin)
        return await self._pages.answer(request, origin)

    def reset(self) -> None:
        """Forget accounts, apps, files, faults and the log; the clock returns to real time."""
        self.world.begin()
        self.world.store.clear()
        self.world.clock.reset()
        self.service.faults.clear()
        self.service.log.clear()
        self.service.webhooks.deliveries.clear()
        self.service.listen()
        if self.keeper is not None:
            self.keeper.listen()

    async def stop(self) -> None:
        """Close everything, and keep the state if there is a data folder."""
        if self._proxy is not None:
            await self._proxy.stop()
        await self._control.stop()
        await self.service.close()
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        if self.keeper is not None:
            await self.keeper.stop()
        self.world.sessions.clear()
        self.world.store.close()
        self._scratch.cleanup()


@asynccontextmanager
async def running(settings: Settings | None = None) -> AsyncGenerator[Emulator]:
    """An emulator that listens for the length of a ``with`` block."""
    emulator = Emulator(settings)
    await emulator.start()
    try:
        yield emulator
    finally:
        await emulator.stop()
