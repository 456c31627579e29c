"""Our own API, version 1, under `/api/v1`; its document is at `/api/v1/openapi.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Mount, Route, Router

from fanlight.web.api import (
    activity,
    archives,
    assets,
    channels,
    comments,
    folders,
    galleries,
    gallery_items,
    gallery_parts,
    invitations,
    jobs,
    notices,
    picks,
    share_links,
    site,
    tokens,
    trash,
    viewers,
    webhooks,
)
from fanlight.web.api.bodies import SmallBodies
from fanlight.web.api.document import document
from fanlight.web.api.errors import answer_with_problems
from fanlight.web.api.uploads import upload_asset
from fanlight.web.door import Direct

if TYPE_CHECKING:
    from typing import Any

    from fanlight.web.types import ASGIApp


MODULES = (
    *(assets, trash, archives, folders, channels),
    *(galleries, gallery_parts, gallery_items),
    *(share_links, invitations, viewers, picks, comments),
    *(activity, notices, webhooks),
    *(tokens, jobs, site),
)
"""In the order of the document."""


class Api(FastAPI):
    """FastAPI with our own document."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document(self)


def mounted_api() -> ASGIApp:
    """The API as it is mounted at `/api/v1`; uploads have a route of their own before it."""
    uploads = Route("/assets", Direct(upload_asset), methods=["POST"])
    rest = Mount("", SmallBodies(create_api()))
    return Router([uploads, rest], redirect_slashes=False)


def create_api() -> FastAPI:
    """The API itself, which knows its document."""
    api = Api(title="Fanlight", docs_url=None, redoc_url=None, redirect_slashes=False)
    for module in MODULES:
        api.include_router(module.router)
    answer_with_problems(api)
    return api
