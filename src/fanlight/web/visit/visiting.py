"""What every handler of a visitor's address is given, and what stands around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from fanlight.errors import FanlightError, Forbidden, NotFound
from fanlight.sharing.keys import Key, Proofs, parse
from fanlight.web.door import fanlight_of
from fanlight.web.middleware.context import client_address
from fanlight.web.people import SAFE, from_our_page, visitor_of
from fanlight.web.public.asking import raw_path
from fanlight.web.visit.closed import closed
from fanlight.web.visit.guards import guarded
from fanlight.web.visit.proofs import Keeping, keeping, shown

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.sharing.passes import Pass


@dataclass(slots=True)
class Visit:
    """Somebody who has come in, for one request."""

    pass_: Pass
    proofs: Proofs
    keeping: Keeping
    """What they shall be known by from now on; handlers add to it."""

    @property
    def base(self) -> str:
        """The address that all of theirs begin with."""
        return self.keeping.base

    @property
    def told(self) -> Proofs:
        """What they show by the address or by cookies."""
        return self.keeping.key.proofs.over(self.proofs)


Visiting = Callable[["Request", Visit], Awaitable[Response]]
Knocking = Callable[["Request", Key], Awaitable[Response]]
Endpoint = Callable[["Request"], Awaitable[Response]]


def let_in(handler: Visiting) -> Endpoint:
    """Let in who may come in; others see why not."""

    async def endpoint(request: Request, key: Key) -> Response:
        visit = await visit_of(request, key)
        response = await handler(request, visit)
        visit.keeping.onto(response, secure=is_secure(request))
        gallery = visit.pass_.gallery
        return guarded(
            response,
            embedding=gallery.rules.embedding,
            indexed=visit.pass_.indexed,
        )

    return _by_key(endpoint)


def at_door(handler: Knocking) -> Endpoint:
    """For who stands before the door."""

    async def endpoint(request: Request, key: Key) -> Response:
        return guarded(await handler(request, key))

    return _by_key(endpoint)


def _by_key(handler: Knocking) -> Endpoint:
    """What goes wrong is told by a full page, or as JSON."""

    async def endpoint(request: Request) -> Response:
        key = key_of(request)
        if key is None:
            raise NotFound
        try:
            if request.method not in SAFE and not from_our_page(request):
                raise Forbidden(
                    "Another site has sent this.",
                    remedy="Open the gallery itself, and try again.",
                    code="forbidden.csrf",
                )
            return await handler(request, key)
        except FanlightError as error:
            return guarded(await closed(request, key, error))

    return endpoint


def key_of(request: Request) -> Key | None:
    """The key that the address of a request begins with."""
    found = parse(raw_path(request.scope))
    return None if found is None else found[0]


async def visit_of(request: Request, key: Key) -> Visit:
    """Who has come in. Raises what `Sharing.enter` raises."""
    use = fanlight_of(request)
    proofs = await proofs_of(request)
    pass_ = await use.sharing.enter(key, proofs)
    agent = request.headers.get("user-agent", "")
    visit = await use.visits.name(client_address(request.scope), agent)
    return Visit(replace(pass_, visit=visit), proofs, keeping(request, key, pass_.gallery))


async def proofs_of(request: Request) -> Proofs:
    """What a request shows by cookies."""
    proofs, signed_in = shown(request.scope["headers"])
    if signed_in and (visitor := await visitor_of(request)) is not None:
        return replace(proofs, actor=visitor.actor)
    return proofs


async def introduced(request: Request, visit: Visit) -> Visit:
    """The visit of somebody of whom something is kept, from now on. Raises Throttled."""
    before = visit.pass_.viewer
    address = client_address(request.scope)
    visit.pass_ = await fanlight_of(request).sharing.introduced(visit.pass_, address=address)
    if before is None and visit.pass_.viewer is not None:
        visit.keeping.add(Proofs(viewer=visit.pass_.viewer.token))
    return visit


def go_on(visit: Visit, path: str = "") -> Response:
    """Send the browser on, below the visitor's base."""
    return RedirectResponse(f"{visit.base}{path}", 303)


def is_secure(request: Request) -> bool:
    """Whether cookies may be for https alone."""
    return bool(request.scope["scheme"] == "https")
