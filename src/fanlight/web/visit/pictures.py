"""Pictures of a gallery, answered before any framework: a page shows hundreds of them.

Each proves its right by the address or the cookie it comes with, and each is judged: whether the
gallery is open to who asks, and whether the photo is in it for them. Both are known from memory.
What there is to send, and how, is the same as for public links (`web.public.answering`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from fanlight.errors import Expired, FanlightError, NotFound
from fanlight.gallery_model import Party, Right
from fanlight.model import NOBODY
from fanlight.renditions.recipes import PRESETS
from fanlight.sharing.keys import parse
from fanlight.sharing.passes import Pass
from fanlight.web.public.answering import Answering
from fanlight.web.public.asking import ASKED, accept_of, key_of, raw_path, wish_of
from fanlight.web.public.refusing import send_wrong_method
from fanlight.web.visit.proofs import shown, without_viewer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from fanlight.app import Fanlight
    from fanlight.model import Actor
    from fanlight.sharing.keys import Key, Proofs
    from fanlight.web.types import ASGIApp, HttpScope, Receive, Send

    Viewer = Callable[[Iterable[tuple[bytes, bytes]]], Awaitable[Actor]]

DOORS = (b"/g/", b"/s/")
_PICTURE = re.compile(
    rb"/(?:p/(?P<asset>[A-Za-z0-9_-]{1,64})|cover)/"
    rb"(?P<preset>(?:%s)(?:\.[A-Za-z]{2,5})?)"
    % "|".join(sorted((re.escape(one) for one in PRESETS), key=len, reverse=True)).encode()
)
_GRANTED, _LISTED = b"granted", b"listed"
"""Under what decisions are remembered, in place of an address: by which right, not by whose."""
PATHS = ("/p/{asset_id}/{preset}", "/cover/{preset}")
"""What this door answers, as routes would say it."""


class GalleryPictures:
    """Serves `<base>/p/<asset id>/<preset>` and `<base>/cover/<preset>`; the rest goes on.

    `viewer` tells who is signed in, by the headers of a request that has a session's cookie.
    """

    def __init__(self, fanlight: Fanlight, next_app: ASGIApp, *, viewer: Viewer) -> None:
        self._sharing = fanlight.sharing
        self._galleries = fanlight.galleries
        self._delivery = fanlight.delivery
        self._answering = Answering(fanlight.delivery)
        self._next = next_app
        self._viewer = viewer

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        raw = raw_path(scope) if scope["type"] == "http" else b""
        found = parse(raw) if raw.startswith(DOORS) else None
        wanted = None if found is None else _PICTURE.fullmatch(found[1])
        if found is None or wanted is None:
            await self._next(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"}:
            await send_wrong_method(scope, send)
            return
        asset_id, preset = wanted["asset"], wanted["preset"]
        serving = self._serve(scope, receive, send, found[0], asset_id, preset)
        await self._answering.guarded(scope, send, serving)

    async def _serve(
        self,
        scope: HttpScope,
        receive: Receive,
        send: Send,
        key: Key,
        asset_id: bytes | None,
        preset: bytes,
    ) -> None:
        if asset_id is None:
            pass_, asset_id = await self._cover(scope, key)
        else:
            pass_ = await self._sharing.enter(key, await self._proofs(scope))
            pass_.require(Right.VIEW)
            if not await self._galleries.contains(pass_, asset_id.decode()):
                raise _missing()
        address = b"/a/%b/%b" % (asset_id, preset)
        known = await self._delivery.find(address, b"", accept_of(scope))
        if known is None:
            raise _missing()
        listed = pass_.indexed
        asked = (_LISTED if listed else _GRANTED, b"", key_of(scope, b"", ASKED)[2])
        if await self._answering.repeat(send, known, asked, scope["method"]):
            return
        wish = wish_of(asked)
        wish.granted, wish.listed = True, listed
        wish.beside = partial(self._galleries.beside, pass_, asset_id.decode())
        await self._answering.serve(scope, receive, send, wish, known, asked)

    async def _cover(self, scope: HttpScope, key: Key) -> tuple[Pass, bytes]:
        """The photo on the cover, also for who stands before the door, if the owner wants it."""
        try:
            pass_ = await self._sharing.enter(key, await self._proofs(scope))
        except Expired:
            raise
        except FanlightError:
            gallery = await self._sharing.face(key)
            if not gallery.rules.cover_outside:
                raise
            pass_ = Pass(gallery, Party.GUEST, frozenset({Right.VIEW}))
        found = await self._galleries.cover(pass_)
        if found is None:
            raise _missing()
        return pass_, found.asset.id.encode()

    async def _proofs(self, scope: HttpScope) -> Proofs:
        proofs, signed_in = shown(scope["headers"])
        if signed_in and (actor := await self._viewer(scope["headers"])) is not NOBODY:
            proofs = replace(proofs, actor=actor)
        return without_viewer(proofs) if proofs.viewer else proofs


def _missing() -> NotFound:
    return NotFound(
        "This photo is not in the gallery.",
        remedy="It may have been taken out: look at the others.",
        code="not-found.item",
    )
