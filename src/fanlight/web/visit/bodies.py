"""What visitors' scripts send: small JSON objects, read field by field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from fanlight.errors import Invalid
from fanlight.web.door import SMALL_FORM, incoming_of

if TYPE_CHECKING:
    from starlette.requests import Request


class Body:
    """One JSON object. What is not there has its default; what is of another kind is refused."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """A text, empty if it is not there. Raises Invalid (`invalid.body`)."""
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _wrong(name)
        return value

    def number(self, name: str) -> int:
        """A whole number, 0 if it is not there. Raises Invalid (`invalid.body`)."""
        value = self._fields.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 1 << 53:
            raise _wrong(name)
        return value

    def flag(self, name: str) -> bool:
        """Yes or no, no if it is not there. Raises Invalid (`invalid.body`)."""
        value = self._fields.get(name, False)
        if not isinstance(value, bool):
            raise _wrong(name)
        return value


async def body_of(request: Request) -> Body:
    """The object that a request carries. Raises Invalid (`invalid.body`), TooLarge, Incomplete."""
    incoming = incoming_of(request, limit=SMALL_FORM)
    pieces: list[bytes] = []
    while piece := await incoming.read():
        pieces.append(piece)
    try:
        fields = json.loads(b"".join(pieces) or b"{}")
    except (ValueError, RecursionError):
        raise Invalid("This is no JSON.", code="invalid.body") from None
    if not isinstance(fields, dict):
        raise Invalid("A JSON object is wanted.", code="invalid.body")
    return Body(cast("dict[str, Any]", fields))


def _wrong(name: str) -> Invalid:
    return Invalid(f"The field {name} is of another kind.", code="invalid.body", about=name)
