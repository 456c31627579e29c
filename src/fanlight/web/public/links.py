"""The public addresses of assets, answered before any framework.

A raw ASGI callable: for the bytes of an original a framework costs more than the bytes. It owns
`/a/...` and `/file/...`; everything else goes on to the next app.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight.delivery.addresses import PREFIXES, is_picture, kept_as, query
from fanlight.delivery.signing import Proof
from fanlight.errors import Forbidden, NotFound, Unauthenticated
from fanlight.model import NOBODY, Visibility
from fanlight.web.public.answering import Answering
from fanlight.web.public.asking import (
    ASKED,
    ASKED_WITH_REFERER,
    accept_of,
    key_of,
    may_leave,
    raw_path,
    wish_of,
)
from fanlight.web.public.refusing import (
    send_preflight,
    send_wrong_method,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from fanlight.delivery import Delivery
    from fanlight.delivery.decide import Wish
    from fanlight.delivery.known import Key, Known
    from fanlight.model import Actor
    from fanlight.web.types import ASGIApp, HttpScope, Receive, Send

    Viewer = Callable[[Iterable[tuple[bytes, bytes]]], Awaitable[Actor]]


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
        self._answering = Answering(delivery)

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
        if known is not None and await self._answering.repeat(send, known, key, method):
            return
        serving = self._serve(scope, receive, send, key, accept)
        await self._answering.guarded(scope, send, serving)

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
        await self._answering.serve(scope, receive, send, wish, known, key)

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
