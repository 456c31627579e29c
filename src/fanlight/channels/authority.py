"""From a connection to the OAuth of its service: as which app we come, and what we ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.channels.findings import incomplete
from fanlight.oauth import App, Endpoint, Service
from fanlight.storage import registry

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records
    from fanlight.channels.wire import Wire
    from fanlight.model import Connection, Finding
    from fanlight.storage.authority import OAuth

REFRESH = "refresh"
"""The name of the refresh token among a connection's tokens."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The OAuth of one connection."""

    declared: OAuth
    endpoint: Endpoint

    @property
    def service(self) -> Service:
        """Its addresses."""
        return self.endpoint.service

    @property
    def app(self) -> App:
        """The owner's app there."""
        return self.endpoint.app


class Authorities:
    """Makes them. `addresses` are those of services that are elsewhere than usual."""

    def __init__(self, wire: Wire, addresses: Mapping[str, str]) -> None:
        self._wire = wire
        self._addresses = addresses

    def address(self, provider: str) -> str:
        """Where the provider's service is, if not at its own place; else empty."""
        return self._addresses.get(provider, "")

    def declared(self, provider: str) -> OAuth | None:
        """How a provider is reached by OAuth; `None` for one that is not. Raises NotFound."""
        return registry.oauth(provider, self.address(provider))

    def of(self, connection: Connection) -> Authority | None:
        """The OAuth of a connection; `None` where there is none."""
        declared = self.declared(connection.provider)
        if declared is None:
            return None
        service = Service(
            declared.authorize,
            declared.token,
            declared.revoke,
            asking=declared.asking,
            again=declared.again,
        )
        values = {**connection.options, **connection.secrets}
        app = App(values.get(declared.key, ""), values.get(declared.secret, ""))
        return Authority(declared, Endpoint(service, app, self._wire.post))


def missing(connection: Connection) -> tuple[Finding, ...]:
    """A finding for each field that must be filled in and is not."""
    values = {**connection.options, **connection.secrets}
    return tuple(
        incomplete(option.label, option.help)
        for option in registry.options(connection.provider)
        if option.required and not (values.get(option.name) or option.default)
    )


class CatalogueKeeper:
    """Keeps a connection's refresh token in the catalogue, for all processes."""

    def __init__(self, catalogue: Catalogue, connection_id: str) -> None:
        self._catalogue = catalogue
        self._id = connection_id

    async def load(self) -> str:
        """The refresh token as it is kept now; empty if there is none."""

        def unit(records: Records) -> str:
            found = records.connections.find(self._id)
            return found.tokens.get(REFRESH, "") if found else ""

        return await self._catalogue.read(unit)

    async def replace(self, old: str, new: str) -> None:
        """Keep `new` if `old` is still what is kept."""

        def unit(records: Records) -> None:
            records.alone(f"connection-{self._id}")
            found = records.connections.find(self._id)
            if found and found.tokens.get(REFRESH) == old:
                records.connections.update(self._id, tokens={**found.tokens, REFRESH: new})

        await self._catalogue.write(unit)
