"""The public addresses of assets, answered before any framework.

A raw ASGI callable: for the bytes of an original a framework costs more than the bytes. It owns
`/a/...` and `/file/...`; everything else goes on to the next app.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from fanlight.delivery.addresses import PREFIXES, is_picture, kept_as, query
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
from fanlight.delivery.signing import Proof
from fanlight.errors import FanlightError, Forbidden, NotFound, StorageError, Unauthenticated
from fanlight.model import NOBODY, Visibility
from fanlight.web.public.asking import (
    ASKED,
    ASKED_WITH_REFERER,
    accept_of,
    key_of,
    may_leave,
    raw_path,
    wish_of,
)
from fanlight.web.public.front import front_head
from fanlight.web.public.refusing import (
    send_away,
    send_bad_range,
    send_error,
    send_preflight,
    send_redirect,
    send_unmet,
    send_wrong_method,
)
from fanlight.web.public.sending import (
    SMALL,
    BrokenOff,
    Left,
    send_asset,
    send_small,
    while_there,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable
    from typing import Any

    from fanlight.delivery import Delivery
    from fanlight.delivery.answers import Answer, Repeatable
    from fanlight.delivery.decide import Wish
    from fanlight.delivery.known import Key, Known
    from fanlight.delivery.originals import Original
    from fanlight.model import Actor
    from fanlight.web.types import ASGIApp, HttpScope, Receive, Send

    Viewer = Callable[[Iterable[tuple[bytes, bytes]]], Awaitable[Actor]]


log = structlog.get_logger(__name__)


async def _nobody(headers: Iterable[tuple[bytes, bytes]]) -> Actor:
    del headers
    return NOBODY


class PublicLinks:
    """Serves assets by their public addresses, and hands everything else to `next_app`.

    `viewer` tells from a request's headers who asks; it is only called for assets that are not
    public.
    """

    def __init__(self, delivery: Delivery, next_app: ASGIApp, *, viewer: Viewer = _nobody) -> None:
        self._delivery = delivery
        self._next = next_app
        self._viewer = viewer
        self._links = delivery.links
        self._asked = ASKED_WITH_REFERER if delivery.rules.referers else ASKED
        self._by_front = delivery.rules.sendfile != "server"

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        raw = raw_path(scope) if scope["type"] == "http" else b""
        if not raw.startswith(PREFIXES):
            await self._next(scope, receive, send)
            return
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await (send_preflight(send) if method == "OPTIONS" else send_wrong_method(scope, send))
            return
        key = key_of(scope, raw, self._asked)
        accept = accept_of(scope) if is_picture(raw, key[1]) else b""
        known = self._links.get(kept_as(raw, key[1], accept))
        if known is not None and (found := self._repeated(known, key, method)) is not None:
            answer, body = found
            head = {"type": "http.response.start", "status": answer.status, "headers": answer.head}
            await send(head)
            await send({"type": "http.response.body", "body": body})
            return
        try:
            await self._serve(scope, receive, send, key, accept)
        except BrokenOff:
            raise
        except Left:
            pass  # nobody is there to be answered
        except FanlightError as error:
            await send_error(scope, send, error)
        except Exception as error:
            # nothing stands around this door that would log it
            log.exception("delivery.failed", path=raw.decode("latin-1"))
            await send_error(scope, send, error)

    def _repeated(self, known: Known, key: Key, method: str) -> tuple[Repeatable, bytes] | None:
        """What was decided when the same was asked before, if the bytes are still the same.

        This is the hot path: it must not build anything.
        """
        answer, original = known.answers.get(key), known.original
        if answer is None or original is None or self._by_front:
            return None
        if method == "HEAD" or isinstance(answer, NotModified):
            return (answer, b"") if original.current() else None
        piece = answer.piece
        if piece.stop - piece.start > SMALL or not isinstance(original, Local):
            return None
        try:
            return answer, original.read(piece)
        except StorageError:
            return None

    async def _serve(
        self, scope: HttpScope, receive: Receive, send: Send, key: Key, accept: bytes
    ) -> None:
        delivery = self._delivery
        known = await delivery.find(key[0], key[1], accept)
        if known is None:
            raise NotFound
        wish = wish_of(key)
        wish.may_leave = may_leave(scope)
        if known.link.asset.visibility is not Visibility.PUBLIC:
            wish = await self._with_rights(wish, known, scope)
        original, search = known.original, None
        if original is None or not original.current():
            answer = delivery.decide(wish, known)
            if isinstance(answer, Closed | Redirect):
                await self._send_other(scope, send, answer)
                return
            search = delivery.search(known)
            original = await self._found(known, receive, search.first())
        while True:
            answer = await delivery.answer(wish, known, key)
            if not isinstance(answer, Sent):
                await self._send_other(scope, send, answer)
                return
            try:
                await self._send_asset(scope, receive, send, wish, answer, original)
            except StorageError as error:
                search = search or delivery.search(known)
                original = await self._found(known, receive, search.instead_of(original, error))
            else:
                return

    async def _found(
        self, known: Known, receive: Receive, finding: Coroutine[Any, Any, Original]
    ) -> Original:
        """What is found; a picture takes a while, and is not made for who has left. Left."""
        return await (finding if known.form is None else while_there(receive, finding))

    async def _with_rights(self, wish: Wish, known: Known, scope: HttpScope) -> Wish:
        """The wish with what speaks for it: a signature, or else who asks."""
        asked = query(scope["query_string"])
        expires, signature = asked.get("expires", ""), asked.get("signature", "")
        proof = self._delivery.prove(known.link.asset, expires, signature)
        viewer = NOBODY
        if proof is not Proof.VALID:
            with suppress(Unauthenticated, Forbidden):
                viewer = await self._viewer(scope["headers"])
        return replace(wish, proof=proof, viewer=viewer)

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
            await send_error(scope, send, answer.error)
