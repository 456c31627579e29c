"""Downloads of many assets as one ZIP: the answer, and what the studio and the API share of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.delivery.answers import BadRange, NotModified, Unmet
from fanlight.delivery.archives import Asked
from fanlight.errors import Invalid
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.public.asking import ASKED, key_of, wish_of
from fanlight.web.public.refusing import send_bad_range, send_unmet
from fanlight.web.public.sending import Leaving, Left, send_small, send_stream, while_there

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from fanlight.app import Fanlight
    from fanlight.delivery.archives.contents import Allowed
    from fanlight.delivery.archives.opened import ArchiveAnswer, OpenArchive
    from fanlight.delivery.archives.turns import Turns
    from fanlight.delivery.decide import Wish
    from fanlight.delivery.representation import Head
    from fanlight.model import Actor, ArchivePlan, Asset
    from fanlight.web.types import HttpScope, Message, Receive, Send

MOST = 5000
"""Assets of one selection."""
SIZES = {"original": 0, "2048": 2048, "1024": 1024}
"""What may be asked for, and the longest edge that it means."""
STALL = 120.0
"""Seconds a viewer may take nothing; then they make room, and can go on later."""

_LIBRARY = "library"


async def download(request: Request) -> Response:
    """An archive by its signed address."""
    archives = fanlight_of(request).archives
    plan_id = request.path_params["plan_id"]
    asked = request.query_params
    archives.admit(plan_id, asked.get("expires", ""), asked.get("signature", ""))
    return await archive_response(request, await archives.find(plan_id, _LIBRARY))


async def archive_response(
    request: Request, plan: ArchivePlan, allowed: Allowed | None = None, *, anew: bool = False
) -> Response:
    """The answer with an archive, or with the piece of it that is asked for.

    `allowed` is asked for each asset as its turn comes. `anew`: a range is honoured only if it is
    said to be of this very archive. Raises Conflict, NotFound.
    """
    archives = fanlight_of(request).archives
    opened = await archives.open(plan)
    wish: Wish = wish_of(key_of(request.scope, b"", ASKED))
    range_ = "" if anew and not wish.conditions.range_ else wish.range_
    answer = opened.answer(wish.conditions, range_, datetime.now(UTC))
    return _Sending(archives.turns, opened, answer, allowed)


class _Sending(Response):
    """Sends what was decided, when its turn has come."""

    def __init__(
        self, turns: Turns, opened: OpenArchive, answer: ArchiveAnswer, allowed: Allowed | None
    ) -> None:
        super().__init__(status_code=answer.status)
        self._turns = turns
        self._opened = opened
        self._answer = answer
        self._allowed = allowed

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI says."""
        answer = self._answer
        if scope["method"] == "HEAD":
            self._turns.check()
        if isinstance(answer, Unmet):
            await send_unmet(scope, send, answer)
        elif isinstance(answer, BadRange):
            await send_bad_range(scope, send, answer)
        elif isinstance(answer, NotModified) or scope["method"] == "HEAD":
            await send_small(send, answer.status, self._head(answer.head), b"")
        else:
            leaving = Leaving(receive)
            try:
                await self._send(leaving, send)
            except Left:
                pass  # nobody is there to be answered
            finally:
                await leaving.end()

    def _head(self, head: Head) -> Head:
        """With what others have added, such as cookies."""
        given = {name for name, _ in head} | {b"content-length"}
        return (*head, *(header for header in self.raw_headers if header[0] not in given))

    async def _send(self, leaving: Leaving, send: Send) -> None:
        answer = self._answer
        assert not isinstance(answer, NotModified | Unmet | BadRange)  # noqa: S101 -- see above
        turn = self._turns.turn()
        await while_there(leaving, turn.__aenter__())
        try:
            chunks = self._opened.stream(answer.piece, self._allowed)
            head = self._head(answer.head)
            await send_stream(leaving, _patient(send), answer.status, head, chunks)
        finally:
            await turn.__aexit__(None, None, None)


def _patient(send: Send) -> Send:
    """`send`, but not for ever."""

    async def sending(message: Message) -> None:
        async with asyncio.timeout(STALL):
            await send(message)

    return sending


# --- a selection of the library ---------------------------------------------------------------


async def plan_selection(
    use: Fanlight, actor: Actor, asset_ids: Sequence[str], *, name: str = "", size: str = "original"
) -> ArchivePlan:
    """Plan an archive of assets that the actor may read.

    Raises Invalid (`invalid.archive`), Forbidden, NotFound if nothing can be had.
    """
    if len(asset_ids) > MOST:
        raise Invalid(
            f"That is too much for one archive: {len(asset_ids)} assets.",
            remedy=f"Take at most {MOST}.",
            code="invalid.archive",
        )
    if size not in SIZES:
        raise Invalid(f"There is no size {size}.", code="invalid.archive")
    assets = await use.library.readable(actor, asset_ids)
    asked = [Asked(asset.id) for asset in assets]
    stem = (name or _name_of(assets)).removesuffix(".zip")
    return await use.archives.plan(asked, subject=_LIBRARY, name=f"{stem}.zip", edge=SIZES[size])


async def prepared_selection(use: Fanlight, plan_id: str) -> ArchivePlan:
    """The plan of a selection, after some more work on what is missing. Raises NotFound."""
    return await use.archives.prepare(await use.archives.find(plan_id, _LIBRARY))


def described(request: Request, plan: ArchivePlan) -> dict[str, object]:
    """A plan as programs are told of it."""
    archives = fanlight_of(request).archives
    return {
        "id": plan.id,
        "name": plan.name,
        "url": origin_of(request) + archives.address(plan),
        "count": len(plan.items),
        "bytes": plan.size,
        "left_out": list(plan.left_out),
        "ready": plan.ready,
        "missing": plan.missing,
        "sending": archives.turns.taken,
        "waiting": archives.turns.waiting,
        "expires_at": plan.expires_at.isoformat(),
    }


def _name_of(assets: Sequence[Asset]) -> str:
    """The folder that all are in, or the day."""
    folders = {asset.folder for asset in assets}
    last = next(iter(folders)).rpartition("/")[2] if len(folders) == 1 else ""
    return last or f"Originals {datetime.now(UTC):%Y-%m-%d}"
