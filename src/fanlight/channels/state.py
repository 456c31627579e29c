"""Everything that is known about a channel, put together for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fanlight.channels.health import Health, health
from fanlight.storage import registry
from fanlight.storage.options import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fanlight.channels.authority import Authorities
    from fanlight.model import Account, Channel, Connection, Quota
    from fanlight.storage.authority import Right


@dataclass(frozen=True, slots=True)
class Granted:
    """A right that the channel needs, and whether it was granted; `None`: not known."""

    right: Right
    granted: bool | None


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the provider was told, fit to be shown: a secret has dots, or nothing."""

    label: str
    value: str
    secret: bool
    required: bool


@dataclass(frozen=True, slots=True)
class State:
    """A channel as its card shows it. Secrets are dots."""

    channel: Channel
    label: str
    """The provider's name for people."""
    health: Health
    options: Mapping[str, str]
    told: tuple[Told, ...]
    where: str
    """For what needs no connecting: where it is."""
    connects: bool
    """Whether the account is connected by consent at the service."""
    connected: bool
    connected_at: datetime | None
    account: Account | None
    rights: tuple[Granted, ...]
    quota: Quota | None


def state_of(
    channel: Channel, connection: Connection, authorities: Authorities, now: datetime
) -> State:
    """Put it together; nothing is asked of the service. What was found is left out once over."""
    lasting = tuple(one for one in channel.findings if one.until is None or one.until > now)
    channel = replace(channel, findings=lasting)
    declared = authorities.declared(connection.provider)
    needed = set(declared.scopes(storing=channel.uploads)) if declared else set[str]()
    rights = tuple(one for one in declared.rights if one.scope in needed) if declared else ()
    reading = tuple(one.scope for one in rights if one.reading)
    known, connected = set(connection.scopes), bool(connection.tokens)
    options = registry.options(connection.provider)
    shown = redact(options, {**connection.options, **connection.secrets})
    told = tuple(
        Told(one.label, shown.get(one.name) or one.default, one.secret, one.required)
        for one in options
    )
    where = "" if declared else next((one.value for one in told if not one.secret), "")
    return State(
        channel=channel,
        label=registry.listed(connection.provider).label,
        health=health(channel, reading=reading, connected=connected),
        options=shown,
        told=told,
        where=where,
        connects=declared is not None,
        connected=connected,
        connected_at=connection.connected_at,
        account=connection.account,
        rights=tuple(Granted(one, one.scope in known if known else None) for one in rights),
        quota=connection.quota,
    )
