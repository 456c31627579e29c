"""Our own API, version 1, under `/api/v1`; its document is at `/api/v1/openapi.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from fanlight.web.api import (
    archives,
    assets,
    channels,
    folders,
    galleries,
    jobs,
    site,
    tokens,
    trash,
)
from fanlight.web.api.bodies import SmallBodies
from fanlight.web.api.document import document
from fanlight.web.api.errors import answer_with_problems

if TYPE_CHECKING:
    from typing import Any

    from fanlight.web.types import ASGIApp


class Api(FastAPI):
    """FastAPI with our own document."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document(self)


def mounted_api() -> ASGIApp:
    """The API as it is mounted at `/api/v1`, but for uploads, which have a route before it."""
    return SmallBodies(create_api())


def create_api() -> FastAPI:
    """The API itself, which knows its document."""
    api = Api(title="Fanlight", docs_url=None, redoc_url=None, redirect_slashes=False)
    for module in (assets, trash, archives, folders, channels, galleries, tokens, jobs, site):
        api.include_router(module.router)
    answer_with_problems(api)
    return api
