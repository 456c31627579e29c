"""Pages and API answers are compressed for who takes it, and by their length tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)

from fanlight.web.middleware.packing import NOISE, SHORTEST, Packing, pack
from tests.web.test_middleware import ask

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

LONG = "<p>a photo</p>" * 500
GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("response", [HTMLResponse(LONG), JSONResponse([LONG])])
async def test_pages_and_answers_are_packed_for_who_takes_it(response: Response) -> None:
    packed = await ask(Packing(response), headers=GZIP)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(LONG) / 5
    assert packed.text == bytes(response.body).decode()
    plain = await ask(Packing(response), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        HTMLResponse("x" * (SHORTEST - 1)),
        PlainTextResponse(LONG),
        Response(LONG, media_type="image/svg+xml"),
        Response(pack(LONG.encode()), media_type="text/html", headers={"Content-Encoding": "gzip"}),
    ],
)
async def test_what_would_gain_nothing_passes_as_it_is(response: Response) -> None:
    answer = await ask(Packing(response), headers=GZIP)
    assert int(answer.headers["content-length"]) == len(response.body)


async def test_a_page_that_comes_in_pieces_is_not_held_back() -> None:
    async def pieces() -> AsyncGenerator[str]:
        for _ in range(3):
            yield LONG

    answer = await ask(Packing(StreamingResponse(pieces(), media_type="text/html")), headers=GZIP)
    assert "content-encoding" not in answer.headers
    assert answer.text == LONG * 3


async def test_the_same_page_has_many_lengths() -> None:
    lengths = {len(pack(LONG.encode())) for _ in range(200)}
    assert len(lengths) > NOISE / 4
    assert max(lengths) - min(lengths) <= NOISE
