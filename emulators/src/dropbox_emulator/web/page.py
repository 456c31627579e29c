"""A request for a page, and the ways to answer it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import jinja2
from aiohttp.web import BaseRequest, Response, StreamResponse

from ..model.accounts import Account
from ..scopes import BY_NAME
from ..service import Service
from ..transport.bodies import Delivery, RequestBody
from ..transport.hosts import Origin
from ..transport.replies import base_headers, to_json
from ..trouble.requestlog import Record
from .signed_in import COOKIE, SignIn, SignIns


@dataclass(slots=True)
class Page:
    """One request outside the API."""

    service: Service
    request: BaseRequest
    origin: Origin
    record: Record
    sign_ins: SignIns
    found: re.Match[str]
    body: RequestBody
    delivery: Delivery | None = None

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters of the address."""
        return self.request.query

    def sign_in(self) -> SignIn | None:
        """Who is signed in in this browser."""
        return self.sign_ins.get(self.request.cookies.get(COOKIE, ""))

    def account(self) -> Account | None:
        """The account that is signed in."""
        known = self.sign_in()
        return self.service.world.accounts.get(known.account) if known else None

    async def form(self) -> Mapping[str, str]:
        """Fields of a submitted form."""
        values = await self.request.post()
        return {key: value for key, value in values.items() if isinstance(value, str)}

    async def form_lists(self, name: str) -> list[str]:
        """All values of one field."""
        values = await self.request.post()
        return [str(value) for value in values.getall(name, [])]

    def html(self, template: str, status: int = 200, **values: Any) -> Response:
        """Render a template."""
        known = self.sign_in()
        account = self.account()
        text = (
            _templates()
            .get_template(template)
            .render(
                base=self.origin.prefix,
                me=account,
                csrf=known.csrf if known else "",
                here=self.request.path_qs,
                **values,
            )
        )
        headers = base_headers("text/html; charset=utf-8")
        headers["Cache-Control"] = "no-store"
        headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
            "img-src 'self' data:; frame-ancestors 'none'"
        )
        return self._reply(status, headers, text.encode())

    def json(self, value: Any, status: int = 200) -> Response:
        """A JSON reply."""
        headers = base_headers("application/json")
        headers["Cache-Control"] = "no-cache"
        return self._reply(status, headers, to_json(value))

    def text(self, value: str, status: int = 200) -> Response:
        """A plain reply."""
        return self._reply(status, base_headers("text/plain; charset=utf-8"), value.encode())

    def redirect(self, location: str) -> Response:
        """302; addresses that begin with ``/`` stay on this host."""
        if location.startswith("/"):
            location = self.origin.prefix + location
        headers = {**base_headers("text/plain; charset=utf-8"), "Location": location}
        headers["Cache-Control"] = "no-store"
        return self._reply(302, headers, b"")

    def to_sign_in(self, message: str = "") -> Response:
        """Send a browser to the sign-in page, and back here afterwards."""
        path = self.request.path_qs.removeprefix(self.origin.prefix)
        return self.redirect(f"/login?cont={quote(path, safe='')}&message={quote(message)}")

    def _reply(self, status: int, headers: dict[str, str], body: bytes) -> Response:
        self.record.status = status
        self.record.bytes_out += len(body)
        return Response(status=status, headers=headers, body=body)


PageHandler = Callable[[Page], Awaitable[StreamResponse]]


@dataclass(frozen=True, slots=True)
class PageRoute:
    """Where a page lives. ``name`` is what the request log and faults call it."""

    name: str
    hosts: frozenset[str]
    methods: frozenset[str]
    pattern: re.Pattern[str]
    handler: PageHandler


def page(name: str, hosts: str, methods: str, pattern: str, handler: PageHandler) -> PageRoute:
    """A page route; hosts and methods are lists separated by spaces."""
    return PageRoute(
        name, frozenset(hosts.split()), frozenset(methods.split()), re.compile(pattern), handler
    )


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("dropbox_emulator", "web/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters["scope_says"] = _says
    return made


def _says(name: str) -> str:
    return BY_NAME[name].says.capitalize()
