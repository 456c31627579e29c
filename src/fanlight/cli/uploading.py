"""Uploading from the command line: what is sent, how many at once, what is written."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from fanlight.cli import exits, output
from fanlight.cli.progress import Progress, progress_bar
from fanlight.errors import FanlightError, NotFound, ObjectMissing

if TYPE_CHECKING:
    from fanlight.app import Fanlight

AT_ONCE = 4
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Order:
    """How uploads are to be stored."""

    folder: str
    naming: str | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Original:
    """One thing on this machine to upload, and the folder of the library it goes to."""

    path: Path
    folder: str
    size: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of it."""

    path: Path
    link: str
    url: str
    id: str


Sender = Callable[[Original, AsyncIterator[bytes]], Awaitable[Linked]]


def uploads(
    paths: Sequence[Path],
    order: Order,
    *,
    to: str | None,
    token: str | None,
    data: Path | None,
    json: bool,
) -> int:
    """Upload everything and write the links; returns the exit status."""
    originals = [one for path in paths for one in found(path, order.folder)]
    if to is not None:
        from fanlight.cli.remote import remote_sender

        return asyncio.run(_run(originals, remote_sender(to, token or "", order), json))
    from fanlight.cli.opening import opened

    async def action(fanlight: Fanlight) -> int:
        return await _run(originals, _local_sender(fanlight, order), json)

    return opened(data, action, background=True)


def found(path: Path, folder: str) -> list[Original]:
    """A path as it is, or all that is in it; hidden names are left out. Raises NotFound."""
    if path.is_file():
        return [_original(path, folder)]
    if not path.is_dir():
        raise NotFound(f"There is nothing at {path}.", remedy="Check the path.")
    originals: list[Original] = []
    top = path.absolute()
    for parent, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inner = Path(parent).relative_to(top.parent).as_posix()
        where = f"{folder}/{inner}".strip("/")
        originals += [
            _original(Path(parent, name), where)
            for name in sorted(names)
            if not name.startswith(".") and Path(parent, name).is_file()
        ]
    return originals


def _original(path: Path, folder: str) -> Original:
    known = path.stat()
    return Original(path, folder, known.st_size, datetime.fromtimestamp(known.st_mtime, UTC))


async def _run(
    originals: Sequence[Original], sender: AbstractAsyncContextManager[Sender], json: bool
) -> int:
    """Send all of them, some at once; links come out in the order of the command line."""
    total = sum(original.size for original in originals)
    slots = asyncio.Semaphore(AT_ONCE)
    with progress_bar(total, len(originals)) as progress, ThreadPoolExecutor(AT_ONCE) as pool:
        async with sender as send:

            async def one(original: Original) -> Linked | FanlightError:
                async with slots:
                    try:
                        async with aclosing(_pieces(original.path, pool, progress)) as body:
                            return await send(original, body)
                    except FanlightError as error:
                        return error
                    finally:
                        progress.done()

            results = await asyncio.gather(*(one(original) for original in originals))
    return _tell(originals, results, json)


async def _pieces(
    path: Path, pool: ThreadPoolExecutor, progress: Progress
) -> AsyncGenerator[bytes]:
    loop = asyncio.get_running_loop()
    try:
        source = await loop.run_in_executor(pool, path.open, "rb")
    except OSError as error:
        raise ObjectMissing(f"{path} cannot be read: {error.strerror}.") from None
    with source:
        while piece := await loop.run_in_executor(pool, source.read, PIECE):
            yield piece
            progress.add(len(piece))


def _tell(
    originals: Sequence[Original], results: Sequence[Linked | FanlightError], json: bool
) -> int:
    status = exits.DONE
    shown: list[dict[str, object]] = []
    for original, result in zip(originals, results, strict=True):
        if isinstance(result, FanlightError):
            status = status or exits.status_of(result)
            output.note(f"fanlight: {original.path} was not uploaded: {result.public_message}")
            output.note(f"  {result.public_remedy}")
            shown.append({"path": str(original.path), "error": result.public_code})
            continue
        shown.append(
            {
                "path": str(original.path),
                "link": result.link,
                "url": result.url,
                "id": result.id,
            }
        )
        if not json:
            output.say(result.link)
    if json:
        output.say_json(shown)
    return status


@asynccontextmanager
async def _local_sender(fanlight: Fanlight, order: Order) -> AsyncGenerator[Sender]:
    """Straight into the library of this machine."""
    from fanlight.cli.operator import operator
    from fanlight.delivery.addresses import readable, stable
    from fanlight.library import UploadRequest
    from fanlight.web.greeting import address

    actor, settings = await operator(fanlight), fanlight.settings
    origin = address(settings.public_url, settings.host, settings.port)

    async def send(original: Original, body: AsyncIterator[bytes]) -> Linked:
        wish = UploadRequest(
            name=original.path.name,
            folder=original.folder,
            naming=order.naming,
            channel=order.channel,
            size=original.size,
            modified_at=original.modified_at,
        )
        asset = (await fanlight.library.upload(actor, wish, body)).asset
        url = origin + readable(asset.alias)
        return Linked(original.path, origin + stable(asset), url, asset.id)

    yield send


def query_of(original: Original, order: Order) -> str:
    """The query of our upload address for one original."""
    given = {
        "name": original.path.name,
        "folder": original.folder,
        "naming": order.naming,
        "channel": order.channel,
    }
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in given.items() if value)
