"""Everything a call may need: the world, and the trouble around it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from .model.entries import FileEntry
from .model.world import World
from .pictures.media_info import read_media_info
from .pictures.thumbnails import Thumbnails
from .schema import Route, load_table
from .settings import Settings
from .transport.call import Download
from .trouble.faults import Faults
from .trouble.latency import Latency
from .trouble.limits import Buckets, WriteLocks
from .trouble.requestlog import RequestLog
from .webhooks import Webhooks

Observer = Callable[[Route, int, bytes], None]


class Service:
    """The parts of one running emulator that handlers share."""

    def __init__(self, settings: Settings, world: World) -> None:
        self.settings, self.world = settings, world
        self.table = load_table()
        self.faults = Faults()
        self.latency = Latency(settings.latency, settings.seed)
        self.buckets = Buckets(settings, world.clock)
        self.locks = WriteLocks(settings)
        self.log = RequestLog()
        self.thumbnails = Thumbnails(world.store)
        self.webhooks = Webhooks(world, self.background)
        self.observers: list[Observer] = []
        self.client_tls: ssl.SSLContext | None = None
        self.listen()
        self._tasks: set[asyncio.Task[None]] = set()
        self._media: dict[str, dict[str, Any] | None] = {}

    def listen(self) -> None:
        """Hear of changes in the world; again after it was reset."""
        self.world.change_listeners.append(self.webhooks.changed)

    def observe(self, route: Route | None, status: int, body: bytes) -> None:
        """Show a reply to those who asked to see all: its status, and its JSON or text."""
        if route is not None:
            for observer in self.observers:
                observer(route, status, body)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the calls; it is cancelled at the end."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def media_info(self, entry: FileEntry) -> dict[str, Any] | None:
        """MediaInfo of a picture, read once for each content."""
        if entry.blob not in self._media:
            path = self.world.store.path(entry.blob)
            self._media[entry.blob] = read_media_info(path, entry.name)
        return self._media[entry.blob]

    def change_file(self, download: Download) -> None:
        """Write a new version of a file that is being downloaded: same size, other bytes."""
        entry, view = download.entry, download.view
        if entry is None or view is None:
            return
        writer = self.world.store.writer()
        with self.world.store.path(entry.blob).open("rb") as source:
            first = source.read(1)
            writer.write(bytes([first[0] ^ 1]) if first else b"\1")
            while data := source.read(1024 * 1024):
                writer.write(data)
        size = writer.size
        blob = writer.commit()
        view.tree.put_file(entry.path_display, blob, size, self.world.clock.stamp())

    async def close(self) -> None:
        """Stop what runs in the background."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.thumbnails.close()
