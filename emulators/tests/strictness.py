"""Every reply, read by the official SDK's generated types in their strict mode.

Strict means what the SDK means by it: an unknown field or tag is a mistake, where an ordinary
client would overlook it.
"""

from __future__ import annotations

import importlib
import json
from collections import Counter
from typing import Any

from dropbox import (  # pyright: ignore[reportMissingTypeStubs]
    auth,
    common,
    stone_serializers,
)

from dropbox_emulator.schema import Route

# Errors that official clients look for although the public spec does not have them.
BEYOND_THE_SPEC = {("files/download", "range")}
# Statuses whose bodies are one type for all routes.
COMMON: dict[int, Any] = {
    401: auth.AuthError_validator,  # pyright: ignore[reportUnknownMemberType]
    403: auth.AccessError_validator,  # pyright: ignore[reportUnknownMemberType]
    422: common.PathRootError_validator,  # pyright: ignore[reportUnknownMemberType]
    429: auth.RateLimitError_validator,  # pyright: ignore[reportUnknownMemberType]
}
# What may stand beside "error" in the body of a refusal.
BESIDE_ERROR = {"error_summary", "error", "user_message"}
decode: Any = getattr(stone_serializers, "json_compat_obj_decode")  # noqa: B009


class StrictReader:
    """Decodes replies; ``mistakes`` says what did not decode, ``read`` counts what did."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.read: Counter[tuple[str, int]] = Counter()

    def __call__(self, route: Route, status: int, body: bytes) -> None:
        """See one reply of the emulator."""
        try:
            self._decode(route, status, body)
        except Exception as mistake:  # whatever a generated decoder may raise
            text = body[:500].decode(errors="replace")
            self.mistakes.append(
                f"{route.name} {status}: {type(mistake).__name__} {mistake}\n{text}"
            )

    def _decode(self, route: Route, status: int, body: bytes) -> None:
        generated = generated_route(route.name)
        assert generated is not None, "the SDK does not know this route"
        if status == 200:
            validator, value = generated.result_type, json.loads(body)
        elif status == 409 or (status in COMMON and body.startswith(b"{")):
            whole = json.loads(body)
            assert whole.keys() <= BESIDE_ERROR, f"unknown fields: {whole.keys() - BESIDE_ERROR}"
            assert isinstance(whole["error_summary"], str)
            validator, value = COMMON.get(status, generated.error_type), whole["error"]
            if status == 409 and (route.name, value[".tag"]) in BEYOND_THE_SPEC:
                return
        else:
            return
        decode(validator, value, strict=True)
        self.read[route.name, status] += 1


def generated_route(name: str) -> Any:
    """The SDK's generated description of a route, or ``None``."""
    namespace, _, function = name.partition("/")
    try:
        module = importlib.import_module(f"dropbox.{namespace}")
    except ModuleNotFoundError:
        return None
    return getattr(module, function.replace("/", "_"), None)
