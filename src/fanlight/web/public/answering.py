"""Answering with an asset, once it is known who may have it: what all doors of assets share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from fanlight.delivery.answers import (
    Away,
    BadRange,
    Closed,
    Gone,
    Missing,
    NotModified,
    Redirect,
    Refused,
    Sent,
    Unmet,
)
from fanlight.delivery.originals import Local
from fanlight.errors import FanlightError, StorageError
from fanlight.web.hiding import told
from fanlight.web.public.asking import raw_path
from fanlight.web.public.front import front_head
from fanlight.web.public.refusing import (
    send_away,
    send_bad_range,
    send_error,
    send_redirect,
    send_unmet,
)
from fanlight.web.public.sending import (
    SMALL,
    BrokenOff,
    Leaving,
    Left,
    send_asset,
    send_small,
    while_there,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    from fanlight.delivery import Delivery
    from fanlight.delivery.answers import Answer
    from fanlight.delivery.decide import Wish
    from fanlight.delivery.known import Key, Known
    from fanlight.delivery.originals import Original
    from fanlight.web.types import HttpScope, Receive, Send

    Refusing = Callable[[HttpScope, Send, Exception], Awaitable[None]]

log = structlog.get_logger(__name__)


class Answering:
    """Decides, finds the bytes and sends them, in as many tries as it takes."""

    def __init__(self, delivery: Delivery, *, refuse: Refusing = send_error) -> None:
        """`refuse` says what is wrong; unless another way is given, in a line of text."""
        self._delivery = delivery
        self._refuse = refuse
        self._by_front = delivery.rules.sendfile != "server"

    async def repeat(self, send: Send, known: Known, key: Key, method: str) -> bool:
        """Send what was decided when the same was asked before; False if that is not known.

        Nor is it if the bytes may not be the same. This is the hot path: it must not build
        anything.
        """
        answer, original = known.answers.get(key), known.original
        if answer is None or original is None or self._by_front:
            return False
        body = b""
        if method == "HEAD" or isinstance(answer, NotModified):
            if not original.current():
                return False
        else:
            piece = answer.piece
            if piece.stop - piece.start > SMALL or not isinstance(original, Local):
                return False
            try:
                body = original.read(piece)
            except StorageError:
                return False
        await send_small(send, answer.status, answer.head, body)
        return True

    async def guarded(self, scope: HttpScope, send: Send, serving: Awaitable[None]) -> None:
        """Wait for an answer of a door that nothing stands around: errors are said by `refuse`."""
        try:
            await serving
        except BrokenOff:
            raise
        except Left:
            pass  # nobody is there to be answered
        except FanlightError as error:
            await self._refuse(scope, send, error)
        except Exception as error:
            # nothing stands around this door that would log it
            log.exception("delivery.failed", path=told(raw_path(scope).decode("latin-1")))
            await self._refuse(scope, send, error)

    async def serve(
        self,
        scope: HttpScope,
        receive: Receive,
        send: Send,
        wish: Wish,
        known: Known,
        key: Key | None = None,
    ) -> None:
        """Answer a wish; the decision may be kept under `key`. Raises FanlightError, Left."""
        if known.form is None:
            await self._serve(scope, receive, send, wish, known, key)
            return
        leaving = Leaving(receive)
        try:
            await self._serve(scope, leaving, send, wish, known, key)
        finally:
            await leaving.end()

    async def _serve(
        self,
        scope: HttpScope,
        receive: Receive,
        send: Send,
        wish: Wish,
        known: Known,
        key: Key | None,
    ) -> None:
        delivery = self._delivery
        original, search = known.original, None
        if original is None or not original.current():
            answer = delivery.decide(wish, known)
            if isinstance(answer, Closed | Redirect):
                await self._send_other(scope, send, answer)
                return
            search = delivery.search(known, wish.beside)
            original = await self._found(known, receive, search.first())
        while True:
            answer = await delivery.answer(wish, known, key)
            if not isinstance(answer, Sent):
                await self._send_other(scope, send, answer)
                return
            try:
                await self._send_asset(scope, receive, send, wish, answer, original)
            except StorageError as error:
                search = search or delivery.search(known, wish.beside)
                original = await self._found(known, receive, search.instead_of(original, error))
            else:
                return

    async def _found(
        self, known: Known, receive: Receive, finding: Coroutine[Any, Any, Original]
    ) -> Original:
        """What is found; a picture takes a while, and is not made for who has left. Left."""
        return await (finding if known.form is None else while_there(receive, finding))

    async def _send_asset(
        self,
        scope: HttpScope,
        receive: Receive,
        send: Send,
        wish: Wish,
        answer: Sent,
        original: Original,
    ) -> None:
        if self._by_front and isinstance(original, Local) and scope["method"] == "GET":
            head = front_head(wish, answer, original, self._delivery.rules)
            if head is not None:
                await send_small(send, 200, head, b"")
                return
        await send_asset(scope, receive, send, answer, original)

    async def _send_other(self, scope: HttpScope, send: Send, answer: Answer) -> None:
        if isinstance(answer, NotModified):
            await send_small(send, answer.status, answer.head, b"")
        elif isinstance(answer, Away):
            await send_away(send, answer)
        elif isinstance(answer, Redirect):
            await send_redirect(scope, send, answer)
        elif isinstance(answer, BadRange):
            await send_bad_range(scope, send, answer)
        elif isinstance(answer, Unmet):
            await send_unmet(scope, send, answer)
        elif isinstance(answer, Missing | Refused | Gone):
            await self._refuse(scope, send, answer.error)
