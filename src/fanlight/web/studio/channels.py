"""The channels page: where originals live, and how each place is doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.model import Finding, Quota, Severity
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.model import Channel
    from fanlight.web.people import Visitor

OPTION = "option."


@dataclass(frozen=True, slots=True)
class Row:
    """One channel as its card shows it. `health` is the badge's colour, `word` what it says."""

    channel: Channel
    facts: tuple[str, ...]
    health: str
    word: str
    findings: tuple[Finding, ...]
    quota: Quota | None


async def show(request: Request, visitor: Visitor) -> Response:
    """One card for each channel, each checked now."""
    channels = await fanlight_of(request).channels.all(visitor.actor)
    rows = [await _row(request, visitor, channel) for channel in channels]
    return render(request, "channels.html", visitor, here="channels", rows=rows)


async def _row(request: Request, visitor: Visitor, channel: Channel) -> Row:
    fanlight = fanlight_of(request)
    labels = {one.name: one.label for one in fanlight.channels.providers()}
    facts = [labels.get(channel.provider, channel.provider)]
    try:
        check = await fanlight.channels.check(visitor.actor, channel.id)
        findings, writable = check.findings, check.writable
        facts.append(check.account)
    except FanlightError as error:
        findings, writable = (_finding(error),), False
    if channel.root:
        facts.append(channel.root)
    facts.append("store and publish" if channel.uploads else "publish only")
    health, word = _health(channel, findings, writable)
    quota = await _quota(request, visitor, channel)
    return Row(channel, tuple(fact for fact in facts if fact), health, word, findings, quota)


async def _quota(request: Request, visitor: Visitor, channel: Channel) -> Quota | None:
    try:
        return await fanlight_of(request).channels.quota(visitor.actor, channel.id)
    except FanlightError:
        return None


def _finding(error: FanlightError) -> Finding:
    return Finding(
        error.public_code, Severity.PROBLEM, error.public_message, (error.public_remedy,)
    )


def _health(channel: Channel, findings: tuple[Finding, ...], writable: bool) -> tuple[str, str]:
    worst = {finding.severity for finding in findings}
    if not channel.enabled:
        return "", "Switched off"
    if Severity.PROBLEM in worst:
        return "bad", "Broken"
    if channel.uploads and not writable:
        return "bad", "Cannot store"
    return ("warn", "Look here") if Severity.WARNING in worst else ("ok", "Healthy")


async def show_new(request: Request, visitor: Visitor) -> Response:
    """The form for a new channel."""
    return _form(request, visitor, request.query_params)


async def add(request: Request, visitor: Visitor) -> Response:
    """Add it."""
    fields = await fields_of(request, visitor)
    options = {
        key.removeprefix(OPTION): value for key, value in fields.items() if key.startswith(OPTION)
    }
    try:
        await fanlight_of(request).channels.add(
            visitor.actor,
            provider=fields.get("provider", ""),
            name=fields.get("name", ""),
            options=options,
            root=fields.get("root", ""),
            uploads=fields.get("uploads") == "yes",
        )
    except FanlightError as error:
        kept = {"uploads": "no", **fields}
        return _form(request, visitor, kept, fault_of(error))
    return go("/studio/channels", said="channel-added")


def _form(
    request: Request, visitor: Visitor, given: Mapping[str, str], fault: Fault | None = None
) -> Response:
    channels = fanlight_of(request).channels

    def value(key: str) -> str:
        return given.get(key, "")

    providers = channels.providers()
    wanted = given.get("provider", "")
    provider = next((one for one in providers if one.name == wanted), providers[0])
    return render(
        request,
        "channel-new.html",
        visitor,
        fault=fault,
        here="channels",
        providers=providers,
        provider=provider,
        options=channels.provider_options(provider.name),
        value=value,
    )


async def check(request: Request, visitor: Visitor) -> Response:
    """Check again: the page itself checks when it is shown."""
    await fields_of(request, visitor)
    return go("/studio/channels", said="channel-checked")


async def index(request: Request, visitor: Visitor) -> Response:
    """Have it read into the catalogue."""
    await fields_of(request, visitor)
    fanlight = fanlight_of(request)
    channel = await fanlight.channels.get(visitor.actor, request.path_params["channel_id"])
    await fanlight.jobs.index_channel(channel.id)
    return go("/studio/jobs", said="indexing")


async def remove(request: Request, visitor: Visitor) -> Response:
    """Forget it."""
    await fields_of(request, visitor)
    channels = fanlight_of(request).channels
    await channels.remove(visitor.actor, request.path_params["channel_id"])
    return go("/studio/channels", said="channel-removed")
