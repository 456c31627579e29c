"""Testing a channel with a small picture, each step shown as it was taken."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from fanlight.model import Scope
from fanlight.web.door import fanlight_of
from fanlight.web.studio.channels import channel_of, page_for
from fanlight.web.studio.forms import fields_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from fanlight.library.trial import TrialStep
    from fanlight.web.people import Visitor
    from fanlight.web.studio.channels import Page

PAGE_END = b"\f"
"""Ends each page but the last, where one comes after the other."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A test of a channel as far as it went."""

    channel_id: str
    steps: tuple[TrialStep, ...] = ()
    running: bool = False

    @property
    def title(self) -> str:
        """How it went, or that it goes on."""
        if self.running:
            return "Testing"
        gone_well = all(step.ok for step in self.steps)
        return "The test went through" if gone_well else "The test stopped"


async def test(request: Request, visitor: Visitor) -> Response:
    """Try it with a small picture, and show each step."""
    fields = await fields_of(request, visitor)
    visitor.actor.require(Scope.MANAGE, channel_id=channel_of(request))
    page = page_for(fields)
    if request.headers.get("x-steps") == "each":
        return StreamingResponse(_each(request, visitor, page), media_type="text/html")
    *_, tried = [one async for one in _trying(request, visitor)]
    return await page(request, visitor, tried=tried)


async def _each(request: Request, visitor: Visitor, page: Page) -> AsyncIterator[bytes]:
    """The page again and again, with one step more each time."""
    async for tried in _trying(request, visitor):
        answer = await page(request, visitor, tried=tried)
        yield bytes(answer.body) + (PAGE_END if tried.running else b"")


async def _trying(request: Request, visitor: Visitor) -> AsyncIterator[Tried]:
    """How far the test is, after each step and at its end; what failed is diagnosed."""
    fanlight, tried = fanlight_of(request), Tried(channel_of(request), running=True)
    yield tried
    async with aclosing(fanlight.trial.steps(visitor.actor, tried.channel_id)) as steps:
        async for step in steps:
            tried = replace(tried, steps=(*tried.steps, step))
            yield tried
    if not all(step.ok for step in tried.steps):
        await fanlight.channels.check(visitor.actor, tried.channel_id)
    yield replace(tried, running=False)
