"""Which channel an upload goes to, and why one cannot take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import Conflict, NotFound, ReadOnly
from fanlight.model import Actor, Channel

if TYPE_CHECKING:
    from collections.abc import Iterable


def named(channels: Iterable[Channel], wanted: str) -> Channel | None:
    """The channel of that id or, failing that, of that name."""
    by_name: Channel | None = None
    for channel in channels:
        if channel.id == wanted:
            return channel
        if channel.name == wanted:
            by_name = channel
    return by_name


def choose(channels: Iterable[Channel], actor: Actor, wanted: str | None) -> Channel:
    """The wanted channel, or the first one that takes uploads from this actor.

    Raises NotFound (`not-found.channel`), Conflict (`conflict.channel-off`), ReadOnly.
    """
    channels = tuple(channels)
    wanted = wanted or actor.channel_id
    if wanted:
        channel = named(channels, wanted)
        if channel is None:
            raise NotFound(
                f"There is no channel {wanted[:100]!r}.",
                remedy="Choose one from the list of channels, or leave it out.",
                code="not-found.channel",
            )
        check_takes_uploads(channel)
        return channel
    for channel in channels:
        if channel.enabled and channel.uploads:
            return channel
    raise _none(channels)


def check_takes_uploads(channel: Channel) -> None:
    """Raise Conflict if the channel is switched off, ReadOnly if it takes no uploads."""
    if not channel.enabled:
        raise Conflict(
            f"The channel {channel.name} is switched off.",
            remedy="Switch it on under Channels, or choose another one.",
            code="conflict.channel-off",
        )
    if not channel.uploads:
        raise read_only(channel)


def read_only(channel: Channel) -> ReadOnly:
    """The error for a channel that is only read from."""
    return ReadOnly(
        f"The channel {channel.name} takes no uploads.",
        remedy="Allow uploads to it under Channels, or choose another one.",
    )


def _none(channels: tuple[Channel, ...]) -> NotFound:
    if not channels:
        return NotFound(
            "There is no channel to upload to yet.",
            remedy="Add one under Channels, or with: fanlight channel add",
            code="not-found.channel",
        )
    return NotFound(
        "None of the channels takes uploads.",
        remedy="Switch one on and allow uploads to it under Channels.",
        code="not-found.channel",
    )
