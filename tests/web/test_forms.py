"""The streaming form reader: any cut gives the same parts, and every bad body is refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanlight.errors import BadBody, Incomplete, Stalled, TooLarge
from fanlight.web.forms import FIELD_LIMIT, Form, parameters, read_fields
from tests.web.wire import BOUNDARY, END, TYPE, form, incoming, part

if TYPE_CHECKING:
    from fanlight.web.incoming import Incoming

pytestmark = pytest.mark.anyio

FILE = part('name="file"; filename="a.jpg"', b"bytes", more="Content-Type: image/jpeg\r\n")


async def parts_of(reader: Form) -> list[tuple[str, str | None, str | None, bytes]]:
    found: list[tuple[str, str | None, str | None, bytes]] = []
    while got := await reader.next_part():
        content = b"".join([piece async for piece in got.body])
        found.append((got.field, got.name, got.media_type, content))
    return found


async def only(reader: Form) -> bytes:
    got = await reader.only()
    return b"".join([piece async for piece in got.body])


tricky = st.sampled_from(
    [b"\r\n", b"\r", b"\n", b"--", b"\r\n--", f"\r\n--{BOUNDARY[:4]}".encode(), b"x", b"\0"]
)
contents = st.lists(st.one_of(tricky, st.binary(max_size=20)), max_size=12).map(b"".join)


@given(
    files=st.lists(contents.filter(lambda c: f"\r\n--{BOUNDARY}".encode() not in c), max_size=3),
    field=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=9),
    cuts=st.lists(st.integers(1, 40), min_size=1, max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_the_same_parts_come_out_however_the_body_is_cut(
    files: list[bytes], field: str, cuts: list[int]
) -> None:
    body = part('name="note"', field.encode())
    for number, content in enumerate(files):
        body += part(f'name="file"; filename="{number}.bin"', content)
    body += END
    pieces: list[bytes] = []
    while body:
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(body[:size])
        body = body[size:]

    async def read() -> None:
        reader = Form(incoming(pieces), TYPE)
        found = await parts_of(reader)
        assert reader.fields == {"note": field}
        assert [(name, content) for _, name, _, content in found] == [
            (f"{number}.bin", content) for number, content in enumerate(files)
        ]

    asyncio.run(read())


async def test_a_part_carries_its_name_type_and_bytes() -> None:
    assert await parts_of(form(FILE + END)) == [("file", "a.jpg", "image/jpeg", b"bytes")]


async def test_fields_before_the_file_are_known_when_it_begins() -> None:
    reader = form(part('name="uploadFolder"', b"a/b") + FILE + END)
    await reader.next_part()
    assert reader.fields == {"uploadFolder": "a/b"}


async def test_a_field_with_a_type_is_still_a_field() -> None:
    typed = part('name="note"', b"hi", more="Content-Type: text/plain\r\n")
    reader = form(typed + FILE + END)
    assert len(await parts_of(reader)) == 1
    assert reader.fields == {"note": "hi"}


async def test_an_unread_part_is_passed_over() -> None:
    other = part('name="thumb"; filename="t.jpg"', b"x" * 500)
    assert await only(form(other + FILE + END)) == b"bytes"


async def test_an_empty_object_is_a_part_and_an_unchosen_one_is_not() -> None:
    unchosen = part('name="file"; filename=""', b"", more="Content-Type: image/png\r\n")
    empty = part('name="file"; filename="empty.txt"', b"")
    assert await parts_of(form(unchosen + empty + END)) == [("file", "empty.txt", None, b"")]


async def test_a_file_without_a_name_but_with_a_type_is_a_part() -> None:
    nameless = part('name="file"', b"bytes", more="Content-Type: image/png\r\n")
    assert await parts_of(form(nameless + END)) == [("file", None, "image/png", b"bytes")]


async def test_the_only_part_fails_at_its_end_when_a_second_one_follows() -> None:
    reader = form(FILE + FILE + END, size=1000)
    got = await reader.only()
    assert await anext(got.body) == b"bytes"
    with pytest.raises(BadBody, match="more than one"):
        await anext(got.body)


async def test_a_form_without_the_part_is_refused() -> None:
    with pytest.raises(BadBody):
        await only(form(part('name="note"', b"hi") + END))


@pytest.mark.parametrize("kept", [0, 1, 20, 60, 110, -30, -6, -3])
@pytest.mark.parametrize("then", ["end", "leave"])
async def test_a_form_that_stops_early_is_incomplete(kept: int, then: str) -> None:
    body = (FILE + END)[:kept] if kept else b""
    with pytest.raises(Incomplete):
        await only(form(body, then=then))


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=frontier",
        f"multipart/form-data; boundary={'x' * 5000}",
    ],
)
async def test_a_body_that_is_not_a_form_is_refused(content_type: str) -> None:
    with pytest.raises(BadBody):
        await only(form(FILE + END, content_type=content_type))


@pytest.mark.parametrize(
    "body",
    [
        b"not a form at all",
        b"--other\r\n\r\n\r\n--other--\r\n",
        f"--{BOUNDARY}X\r\n".encode(),
        f"--{BOUNDARY}\r\nContent Disposition: x\r\n\r\n".encode(),
        part('filename="nameless.jpg"', b"bytes") + END,
        f"--{BOUNDARY}\r\n\r\nno headers\r\n".encode() + END,
        f"--{BOUNDARY}\r\nContent-Disposition: {'x' * 40_000}\r\n\r\n".encode() + END,
        f"--{BOUNDARY}\r\n{'A: b' * 3}\r\n".encode() + b"A: b\r\n" * 30 + b"\r\n" + END,
        part('name="note"', b"x" * (FIELD_LIMIT + 1)) + END,
        part('name="n"', b"") * 2_100 + END,
    ],
    ids=[
        "prose",
        "another boundary",
        "longer boundary",
        "bad header",
        "no field name",
        "no headers",
        "huge header",
        "many headers",
        "huge field",
        "many parts",
    ],
)
async def test_a_malformed_form_is_refused(body: bytes) -> None:
    with pytest.raises(BadBody):
        await only(form(body, size=1000))


async def test_a_form_inside_a_part_is_only_bytes() -> None:
    inner = (FILE + END).replace(BOUNDARY.encode(), b"inner")
    longer = f"\r\n--{BOUNDARY}-not\r\n".encode()
    content = inner + longer
    assert await only(form(part('name="file"; filename="x"', content) + END, size=7)) == content


async def test_a_sender_that_stands_still_is_given_up() -> None:
    reader = Form(incoming([FILE[:80]], then="stall", stall=0.05), TYPE)
    with pytest.raises(Stalled):
        await only(reader)


async def test_a_trickle_is_given_up_although_each_byte_comes_in_time() -> None:
    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    body = incoming([], stall=0.1)
    body._receive = receive  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(Stalled):
        async for _ in body:
            pass
    assert 2 <= body.received < 50


async def test_time_spent_with_the_pieces_is_not_the_senders() -> None:
    body = incoming([b"x"] * 4, stall=0.05)
    async for _ in body:
        await asyncio.sleep(0.03)
    assert body.received == 4


def announced(length: int, pieces: list[bytes]) -> Incoming:
    return incoming(pieces, headers=[(b"content-length", str(length).encode())])


@pytest.mark.parametrize("length", [9, 11])
async def test_a_length_that_lies_is_found_out(length: int) -> None:
    with pytest.raises(Incomplete, match="announced"):
        async for _ in announced(length, [b"12345", b"67890"]):
            pass


async def test_the_right_length_passes() -> None:
    assert [piece async for piece in announced(10, [b"12345", b"67890"])] == [b"12345", b"67890"]


async def test_more_than_the_limit_is_refused_before_and_while_reading() -> None:
    with pytest.raises(TooLarge):
        incoming([], limit=9, headers=[(b"content-length", b"10")]).check()
    with pytest.raises(TooLarge):
        async for _ in incoming([b"12345", b"67890"], limit=9):
            pass


async def test_a_packed_body_is_refused() -> None:
    with pytest.raises(BadBody):
        incoming([], headers=[(b"content-encoding", b"gzip")]).check()


async def test_draining_stops_at_its_limits() -> None:
    body = incoming([b"x" * 1000] * 10)
    await body.drain(at_most=2_500)
    assert body.received == 3000
    await incoming([b"x"], then="stall").drain(seconds=0.02)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('form-data; name="file"; filename="a b.jpg"', "a b.jpg"),
        ("form-data; name=file; filename=plain.jpg", "plain.jpg"),
        ('form-data; name="file"; filename="a;b\\"c.jpg"', 'a;b"c.jpg'),
        ("form-data; name=\"file\"; filename*=UTF-8''%F0%9F%8C%85.jpg", "🌅.jpg"),
        ("form-data; filename=x; name=f; filename*=utf-8'en'%e4%bd%a0.png", "你.png"),
        ("form-data; name=f; filename*=iso-8859-1''caf%E9.png", "café.png"),
        ('form-data; name="file"; filename="C:\\dir\\x.jpg"', "C:\\dir\\x.jpg"),
    ],
)
def test_names_are_read_as_clients_write_them(value: str, name: str) -> None:
    assert parameters(value)["filename"] == name


async def test_a_small_form_is_read_in_both_encodings() -> None:
    pairs = b"name=ada+l&name=other&code=%E2%9C%93&empty="
    fields = await read_fields(incoming([pairs]), "application/x-www-form-urlencoded")
    assert fields == {"name": "ada l", "code": "✓", "empty": ""}
    assert await read_fields(incoming([part('name="name"', b"ada") + END]), TYPE) == {"name": "ada"}
