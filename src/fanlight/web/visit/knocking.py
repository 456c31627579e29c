"""Before the door: the password, the button of a link that counts, the pin, and being forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from fanlight.errors import Throttled, Unauthenticated
from fanlight.sharing.keys import Proofs
from fanlight.web.door import SMALL_FORM, fanlight_of, incoming_of
from fanlight.web.errors import fault_of
from fanlight.web.forms import read_fields
from fanlight.web.middleware.context import client_address
from fanlight.web.studio.pages import pages_of
from fanlight.web.visit.closed import seconds, threshold, wants_data
from fanlight.web.visit.proofs import Keeping, forget, keeping, keeps_cookies
from fanlight.web.visit.visiting import go_on, is_secure, proofs_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.errors import FanlightError
    from fanlight.sharing.keys import Key
    from fanlight.web.visit.visiting import Visit


async def tell_password(request: Request, key: Key) -> Response:
    """Come in by a password, or be counted by a link that counts."""
    fields = await fields_of(request)
    sharing = fanlight_of(request).sharing
    before = await proofs_of(request)
    proofs = await sharing.knock(
        key,
        fields.get("password", ""),
        address=client_address(request.scope),
        proofs=before,
    )
    pass_ = await sharing.enter(key, proofs)
    kept = keeping(request, key, pass_.gallery)
    if not keeps_cookies(request):
        kept = Keeping(key, by_address=True)
    kept.add(Proofs(proofs.password, proofs.entry))
    response = RedirectResponse(kept.base, 303)
    kept.onto(response, secure=is_secure(request))
    return response


async def ask_pin(request: Request, visit: Visit) -> Response:
    """The question for the pin, on the way to a download."""
    return await _pin_page(request, visit, request.query_params.get("next", ""))


async def tell_pin(request: Request, visit: Visit) -> Response:
    """Tell the pin once; then on to the download."""
    fields = await fields_of(request)
    address = client_address(request.scope)
    try:
        proof = await fanlight_of(request).sharing.tell_pin(
            visit.pass_, fields.get("pin", ""), address=address
        )
    except (Unauthenticated, Throttled) as error:
        if wants_data(request):
            raise
        return await _pin_page(request, visit, fields.get("next", ""), error)
    if not keeps_cookies(request) and not wants_data(request):
        visit.keeping.by_address = True
    visit.keeping.add(Proofs(pin=proof))
    if wants_data(request):
        return JSONResponse({"base": visit.base})
    return go_on(visit, _below(fields))


async def forget_me(request: Request, key: Key) -> Response:
    """Have this browser forget the password and who it was, for this gallery."""
    response = RedirectResponse(f"{key.door}/me?forgotten=1", 303)
    forget(response, key, secure=is_secure(request))
    return response


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a small form."""
    incoming = incoming_of(request, limit=SMALL_FORM)
    incoming.check()
    return await read_fields(incoming, request.headers.get("content-type", ""))


async def _pin_page(
    request: Request, visit: Visit, next_: str, error: FanlightError | None = None
) -> Response:
    page = await threshold(request, visit.keeping.key, visit.pass_.gallery)
    wait = seconds(error) if isinstance(error, Throttled) else 0
    wrong = error is not None and not wait
    text = pages_of(request).text("visit-pin.html", page=page, wrong=wrong, wait=wait, next=next_)
    if error is None:
        return HTMLResponse(text)
    fault = fault_of(error)
    return HTMLResponse(text, fault.status, fault.headers)


def _below(fields: dict[str, str]) -> str:
    """Where to go on below the base; nowhere else."""
    path = fields.get("next", "")
    return path if path.startswith("/") and not path.startswith("//") else ""
