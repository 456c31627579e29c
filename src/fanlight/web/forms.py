"""A multipart form read as a stream: small fields are kept, each part with bytes is handed on.

The parser is python-multipart's; this module turns its callbacks into parts, holds it to limits,
and says precisely what is wrong with a bad body. Nothing is spooled to disk or gathered in memory.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from fanlight.errors import BadBody, FanlightError, Incomplete

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from python_multipart.multipart import MultipartCallbacks

    from fanlight.web.incoming import Incoming

FIELD_LIMIT = 64 << 10
PARTS_LIMIT = 2_000
HEADER_LIMIT = 32 << 10
HEADERS_LIMIT = 16

_PARAMETER = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"]*)')
_EXTENDED = re.compile(r"([\w-]*)'[^']*'(.*)", re.DOTALL)


def parameters(value: str) -> dict[str, str]:
    """The parameters of a header such as `form-data; name="file"; filename="a.jpg"`.

    Quoted values lose their quotes and escapes; `filename*` is decoded and wins over `filename`.
    """
    found: dict[str, str] = {}
    for key, raw in _PARAMETER.findall(value):
        text = raw.strip()
        if text.startswith('"'):
            text = text[1:-1].replace('\\"', '"')
        found.setdefault(key.lower(), text)
    if extended := _EXTENDED.fullmatch(found.pop("filename*", "")):
        charset = "utf-8" if extended[1].lower() not in ("iso-8859-1", "latin-1") else "latin-1"
        found["filename"] = unquote(extended[2], encoding=charset, errors="replace")
    return found


def text_of(raw: bytes) -> str:
    """Decode what a client sent as a name or value: UTF-8, or Latin-1 where it is not."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


@dataclass(slots=True)
class Part:
    """One part of a form that carries bytes: its field, and the name and type the sender gave.

    `name` is `None` when the sender gave none. `body` may be iterated once.
    """

    field: str
    name: str | None
    media_type: str | None
    body: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class _Head:
    field: str
    name: str | None
    media_type: str | None


_END_PART = object()
_END = object()


class Form:
    """A multipart body. `fields` holds what came before the part in hand (first value wins)."""

    def __init__(self, incoming: Incoming, content_type: str) -> None:
        boundary = parameters(content_type).get("boundary", "")
        if not content_type.lower().startswith("multipart/form-data") or not boundary:
            raise BadBody("This is not a form with a file in it: the body must be multipart.")
        self.fields: dict[str, str] = {}
        self._incoming = incoming
        self._events: deque[object] = deque()
        self._head: dict[str, bytes] = {}
        self._key, self._value = b"", b""
        self._parts = 0
        self._ended = False
        self.broken = False
        """Whether the form itself failed, so that nothing more can come of it."""
        try:
            self._parser = MultipartParser(
                boundary.encode("latin-1", "replace"),
                self._callbacks(),
                max_header_count=HEADERS_LIMIT,
                max_header_size=HEADER_LIMIT,
            )
        except FormParserError:
            raise BadBody("The form's boundary is not valid.") from None

    async def next_part(self) -> Part | None:
        """Go on to the next part with bytes, past what is left of this one; `None` at the end."""
        while True:
            event = await self._event()
            if event is _END:
                return None
            if isinstance(event, _Head):
                if event.name is None and (event.field != "file" or not event.media_type):
                    await self._keep(event.field)
                elif not await self._is_blank(event):
                    return Part(event.field, event.name, event.media_type, self._body())

    async def only(self, field: str = "file") -> Part:
        """The one part of that field. Its body ends only when the whole form was right.

        So a second part of the same field, or a form that stops early, fails the upload instead of
        being noticed after it was stored.
        """
        while part := await self.next_part():
            if part.field == field:
                part.body = self._to_the_end(part.body, field)
                return part
        raise BadBody

    async def finish(self) -> None:
        """Read to the end, so that everything is known to have come."""
        while await self.next_part():
            pass

    async def _to_the_end(self, body: AsyncIterator[bytes], field: str) -> AsyncIterator[bytes]:
        async for piece in body:
            yield piece
        while part := await self.next_part():
            if part.field == field:
                raise BadBody(f"The form has more than one field named {field}.")

    async def _body(self) -> AsyncIterator[bytes]:
        while True:
            event = await self._event()
            if not isinstance(event, bytes):
                return
            yield event

    async def _is_blank(self, head: _Head) -> bool:
        """Whether this is what browsers send when nothing was chosen."""
        if head.name != "":
            return False
        event = await self._event()
        if event is _END_PART:
            return True
        self._events.appendleft(event)
        return False

    async def _keep(self, field: str) -> None:
        value = b""
        while isinstance(event := await self._event(), bytes):
            value += event
            if len(value) > FIELD_LIMIT:
                raise BadBody(f"The form field {field[:50]} is too long.")
        self.fields.setdefault(field, text_of(value))

    async def _event(self) -> object:
        while not self._events:
            if self._ended:
                return _END
            try:
                await self._feed()
            except FanlightError:
                self.broken = True
                raise
        return self._events.popleft()

    async def _feed(self) -> None:
        piece = await self._incoming.read()
        if not piece:
            raise Incomplete
        try:
            self._parser.write(piece)
        except FormParserError:
            raise BadBody("The form is malformed.", remedy="Send it again.") from None
        while self._ended and await self._incoming.read():
            pass  # an epilogue: allowed, and of no use

    # --- what the parser calls

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_begin": self._on_part_begin,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def _on_part_begin(self) -> None:
        self._parts += 1
        self._head = {}
        if self._parts > PARTS_LIMIT:
            raise BadBody(f"The form has more than {PARTS_LIMIT} parts.")

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._key += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._head[text_of(self._key).lower()] = self._value
        self._key, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        found = parameters(text_of(self._head.get("content-disposition", b"")))
        if "name" not in found:
            raise BadBody("A part of the form has no name.")
        media_type = text_of(self._head.get("content-type", b"")).strip() or None
        name = found.get("filename")
        if name is not None:
            name = name.replace("%22", '"')
        self._events.append(_Head(found["name"], name, media_type))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(data if start == 0 and end == len(data) else data[start:end])

    def _on_part_end(self) -> None:
        self._events.append(_END_PART)

    def _on_end(self) -> None:
        self._ended = True


async def read_fields(incoming: Incoming, content_type: str) -> dict[str, str]:
    """The fields of a small form without files, in either encoding a page can send."""
    if content_type.lower().startswith("multipart/"):
        form = Form(incoming, content_type)
        await form.finish()
        return form.fields
    body = b""
    while piece := await incoming.read():
        body += piece
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    fields: dict[str, str] = {}
    for key, value in pairs:
        fields.setdefault(key, value)
    return fields
