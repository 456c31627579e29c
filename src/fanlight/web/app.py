"""The web application: routes and what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Mount, Route, Router

from fanlight.web import health, studio
from fanlight.web.archives import download
from fanlight.web.bundle import Bundle
from fanlight.web.door import Direct
from fanlight.web.imgbed.upload import upload
from fanlight.web.late import Late
from fanlight.web.lifespan import Lifespan
from fanlight.web.middleware.access import AccessLog
from fanlight.web.middleware.context import Context
from fanlight.web.middleware.cors import Cors
from fanlight.web.middleware.failures import Failures
from fanlight.web.middleware.headers import SecurityHeaders
from fanlight.web.middleware.packing import Packing
from fanlight.web.people import viewer_of
from fanlight.web.public import PublicLinks
from fanlight.web.studio.pages import Pages
from fanlight.web.visit.pictures import GalleryPictures
from fanlight.web.visit.routes import routes as visit_routes
from fanlight.web.visit.sheets import Sheets
from fanlight.web.webhooks import answer_challenge, hear_change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.routing import BaseRoute

    from fanlight.app import Fanlight
    from fanlight.model import Actor
    from fanlight.web.types import ASGIApp, HttpScope, Receive, Send


def create_app(fanlight: Fanlight) -> ASGIApp:
    """The whole server as one ASGI callable. Its lifespan starts and stops `fanlight`."""
    settings = fanlight.settings
    bundle = Bundle()
    pages = Pages(bundle)
    app: ASGIApp = Router(_routes(bundle), redirect_slashes=False)
    app = _Services(app, fanlight, pages)
    app = Failures(app, page=pages.fault)
    app = Cors(app, origins=settings.cors_origins)
    app = SecurityHeaders(app)
    app = Packing(app)
    app = AccessLog(app)
    app = Context(app, proxies=settings.proxies)

    async def viewer(headers: Iterable[tuple[bytes, bytes]]) -> Actor:
        return await viewer_of(headers, fanlight.accounts)

    app = GalleryPictures(fanlight, app, viewer=viewer)
    app = PublicLinks(fanlight.delivery, app, viewer=viewer)
    if settings.metrics:
        app = _measured(app, fanlight)
    return Lifespan(app, fanlight)


def _routes(bundle: Bundle) -> list[BaseRoute]:
    return [
        Route("/upload", Direct(upload), methods=["POST"]),
        Route("/upload/", Direct(upload), methods=["POST"]),
        Route("/archives/{plan_id}/{name}", Direct(download), methods=["GET"]),
        Mount("/api/v1", Late(_api)),
        Route("/api/webhooks/{provider}", answer_challenge, methods=["GET"]),
        Route("/api/webhooks/{provider}", hear_change, methods=["POST"]),
        Route("/static/{name:path}", bundle.serve),
        Route("/embed.js", bundle.element),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        *visit_routes(),
        *studio.routes(),
    ]


def _api() -> ASGIApp:
    # a third of all that would be loaded at the start, for a door that many servers never open
    from fanlight.web.api import mounted_api

    return mounted_api()


def _measured(app: ASGIApp, fanlight: Fanlight) -> ASGIApp:
    # the library of figures costs memory: it is only loaded where they are wanted
    from fanlight.web.metrics import Measure, Metrics

    metrics = Metrics(lambda: fanlight.pictures.figures)
    figures = Route("/metrics", metrics.show)
    return Measure(Router([figures], default=app, redirect_slashes=False), metrics)


class _Services:
    """Gives every handler the use cases and templates."""

    def __init__(self, app: ASGIApp, fanlight: Fanlight, pages: Pages) -> None:
        self._app = app
        # with an "app" in the scope, routes raise their 404 and 405 instead of answering themselves
        sheets = Sheets(fanlight.galleries, pages)
        self._added = {"fanlight": fanlight, "pages": pages, "sheets": sheets, "app": self}

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        scope.update(self._added)
        await self._app(scope, receive, send)
