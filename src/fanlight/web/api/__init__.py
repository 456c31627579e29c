"""Our own API, version 1, under `/api/v1`; its document is at `/api/v1/openapi.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Route

from fanlight.web.api import assets, channels, folders, jobs, tokens
from fanlight.web.api.document import document
from fanlight.web.api.errors import answer_with_problems
from fanlight.web.api.uploads import upload_asset

if TYPE_CHECKING:
    from typing import Any


class Api(FastAPI):
    """FastAPI with our own document."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document(self)


def create_api() -> FastAPI:
    """The application to mount at `/api/v1`."""
    api = Api(title="Fanlight", docs_url=None, redoc_url=None, redirect_slashes=False)
    for module in (assets, folders, channels, tokens, jobs):
        api.include_router(module.router)
    api.router.routes.append(Route("/assets", upload_asset, methods=["POST"]))
    answer_with_problems(api)
    return api
