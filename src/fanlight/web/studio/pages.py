"""Rendering: templates, what every page may use, and the face of a failure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fanlight.delivery.addresses import stable
from fanlight.web import words
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.studio import channel_words
from fanlight.web.studio.notices import NOTICES
from fanlight.web.visit.accent import accents

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.model import Asset
    from fanlight.web.bundle import Bundle
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor

TEMPLATES = Path(__file__).parent.parent / "templates"
ENTRY = "src/studio.ts"
FONTS = tuple(
    f"node_modules/@fontsource-variable/{name}.woff2"
    for name in (
        "inter/files/inter-latin-wght-normal",
        "fraunces/files/fraunces-latin-opsz-normal",
    )
)
"""What every page is written in, as the build knows it."""
PREVIEWED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})

HEADINGS = {
    400: "That did not work",
    401: "Sign in first",
    403: "Not for this visit",
    404: "Nothing is here",
    405: "Nothing to open here",
    408: "That took too long",
    409: "That does not fit",
    410: "It is over",
    413: "Too large",
    429: "A little slower",
    503: "Not right now",
    507: "No space left",
}
STILL = {
    401: "What is published can still be seen by its links.",
    403: "Everything else is as it was.",
    404: "Links to what is published keep working.",
    408: "What was stored before is safe.",
    410: "What else is published keeps working.",
    413: "What was stored before is safe.",
    429: "Links keep working meanwhile.",
    500: "What was answered as stored is safe.",
    502: "What was answered as stored is safe.",
    503: "What was answered as stored is safe, and comes back with the service.",
    507: "What was stored before is safe, and its links keep working.",
}
"""What still works, by status: said between what happened and the next step."""


class Pages:
    """The templates, with the words and addresses they use."""

    def __init__(self, bundle: Bundle) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        filters = cast("dict[str, object]", self._environment.filters)
        filters |= {
            "size": words.size,
            "number": words.number,
            "plural": words.plural,
            "moment": words.moment,
            "brief": words.brief,
            "monogram": words.monogram,
            "badge": words.badge_of,
            "sign": words.sign_of,
            "marked": words.marked,
        }
        known = cast("dict[str, object]", self._environment.globals)
        known |= {
            "bundle": bundle.url,
            "preloads": bundle.preloads,
            "accents": accents,
            "styles": bundle.styles(ENTRY),
            "fonts": [address for address in map(bundle.url, FONTS) if address],
            "safe_pictures": PREVIEWED,
            "csrf": str,
            "facts": channel_words.facts,
            "fields_of": channel_words.fields_of,
            "options_of": channel_words.options_of,
        }

    def text(self, name: str, /, **context: Any) -> str:
        """A template, filled."""
        return self._environment.get_template(name).render(**context)

    def fault(self, fault: Fault, request_id: str) -> Response:
        """The face of a failure for people."""
        heading = HEADINGS.get(fault.status, "That did not work")
        still = STILL.get(fault.status, "")
        page = self.text(
            "error.html", fault=fault, heading=heading, still=still, request_id=request_id
        )
        return HTMLResponse(page, fault.status, fault.headers)


def pages_of(request: Request) -> Pages:
    """The templates that the app was made with."""
    pages: Pages = request.scope["pages"]
    return pages


def render(
    request: Request,
    name: str,
    visitor: Visitor,
    *,
    status: int = 200,
    fault: Fault | None = None,
    **context: Any,
) -> Response:
    """A page of the studio for who is signed in. `fault` is what went wrong with a form."""
    origin = origin_of(request)

    def absolute(asset: Asset) -> str:
        return origin + stable(asset)

    def address(asset: Asset) -> str:
        return stable(asset, lasting=True)

    def with_changes(**changes: str | None) -> str:
        return here_with(request, **changes)

    page = pages_of(request).text(
        name,
        visitor=visitor,
        csrf=lambda: csrf_field(fanlight_of(request).accounts.csrf_token(visitor.secret)),
        said=NOTICES.get(request.query_params.get("said", "")),
        here_with=with_changes,
        address=address,
        absolute=absolute,
        fault=fault,
        **context,
    )
    return HTMLResponse(page, fault.status if fault else status, fault.headers if fault else None)


def csrf_field(token: str) -> Markup:
    """The hidden field that proves a form was made by us."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


def here_with(request: Request, **changes: str | None) -> str:
    """The address of this page with some of its query changed; `None` takes a parameter out."""
    kept = dict(parse_qsl(request.url.query, keep_blank_values=True))
    kept.pop("said", None)
    for key, value in changes.items():
        kept.pop(key, None)
        if value is not None:
            kept[key] = value
    return f"{request.url.path}?{urlencode(kept)}" if kept else request.url.path


def go(path: str, *, said: str = "") -> Response:
    """Send the browser on after a form, with a notice to show there."""
    joined = f"{path}{'&' if '?' in path else '?'}said={said}" if said else path
    return RedirectResponse(joined, 303)
