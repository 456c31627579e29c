"""The OpenAPI document: what FastAPI knows, and what only we know, so that it is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from fastapi.openapi.utils import get_openapi

from fanlight import __version__
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import UploadedAsset
from fanlight.web.api.uploads import UploadOptions
from fanlight.web.errors import PROBLEM_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI

REFERENCE = "#/components/schemas/{model}"
ABOUT = (
    "Store originals, list them, change them; publish galleries, and take what viewers gave back. "
    "Failures are problem details (RFC 9457) with a stable `code` and a `remedy`. Lists are paged: "
    "pass `next` as `after`."
)
TAGS = (
    *("assets", "archives", "folders", "channels", "galleries"),
    *("share links", "invitations", "viewers", "picks", "comments"),
    *("activity", "notices", "webhooks"),
    *("tokens", "jobs", "site"),
)
"""The parts of the document, in their order."""


def document(api: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if api.openapi_schema is None:
        made = get_openapi(
            title="Fanlight",
            version=__version__,
            description=ABOUT,
            routes=api.routes,
            servers=[{"url": "/api/v1"}],
            tags=[{"name": name} for name in TAGS],
        )
        _add_upload(made)
        for operation in _operations(made):
            _mend(operation)
        made["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "An API token."}
        }
        made["security"] = [{"token": []}]
        schemas = made["components"]["schemas"]
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        api.openapi_schema = made
    return api.openapi_schema


def _operations(made: dict[str, Any]) -> list[dict[str, Any]]:
    paths = cast("dict[str, dict[str, dict[str, Any]]]", made["paths"])
    return [operation for path in paths.values() for operation in path.values()]


def _mend(operation: dict[str, Any]) -> None:
    """Failures are problems, with that media type."""
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            schema = {"$ref": REFERENCE.format(model="Problem")}
            response["content"] = {PROBLEM_TYPE: {"schema": schema}}
    # the server itself says this, before anything of ours is asked
    operation["responses"]["414"] = {"description": "The address is longer than is read."}


def _add_upload(made: dict[str, Any]) -> None:
    schemas = made["components"]["schemas"]
    for model in (UploadedAsset, UploadOptions):
        shape = model.model_json_schema(ref_template=REFERENCE)
        schemas.update(shape.pop("$defs", {}))
        schemas[model.__name__] = shape
    options = schemas.pop("UploadOptions")["properties"]
    failures = {
        str(status): {"description": answer["description"]}
        for status, answer in problems(404, 408, 409, 413, 502, 507).items()
        if status != 422
    }
    stored = {"schema": {"$ref": REFERENCE.format(model="UploadedAsset")}}
    made["paths"].setdefault("/assets", {})["post"] = {
        "tags": ["assets"],
        "summary": "Upload Asset",
        "description": "Store one original. The answer comes when it is stored and verified.",
        "operationId": "upload_asset",
        "parameters": [_parameter(name, schema) for name, schema in options.items()],
        "requestBody": {"required": True, "content": _bodies()},
        "responses": {
            "201": {
                "description": "Stored.",
                "content": {"application/json": stored},
                "headers": {"Location": {"schema": {"type": "string"}}},
            },
            **failures,
        },
    }


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    schema = dict(schema)
    description = schema.pop("description", "")
    choices = [one for one in schema.pop("anyOf", []) if one.get("type") != "null"]
    if choices:
        schema = {**choices[0], **{k: v for k, v in schema.items() if k != "default"}}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _bodies() -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": binary}, "required": ["file"]}
    return {"multipart/form-data": {"schema": form}, "application/octet-stream": {"schema": binary}}
