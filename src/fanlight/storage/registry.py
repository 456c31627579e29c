"""The providers there are. To add one, add one line; its module is loaded on first use.

A provider's module exposes `OPTIONS` and `create(options, root, around) -> Provider`; one that
is reached by OAuth also `oauth(address) -> OAuth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from fanlight.errors import NotFound, concerning
from fanlight.storage.authority import OAuth
from fanlight.storage.base import Provider
from fanlight.storage.names import new_parts
from fanlight.storage.options import Option, validate

if TYPE_CHECKING:  # local folders need no HTTP
    from fanlight.storage.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Listed:
    """One provider: its name in the catalogue, its name for people, and where it lives."""

    name: str
    label: str
    module: str
    about: str = ""
    """A sentence for whoever chooses among them."""


PROVIDERS = {
    listed.name: listed
    for listed in (
        Listed(
            "local",
            "Folder on this server",
            "fanlight.storage.local",
            "Originals lie as plain objects in a folder, also one that has photos in it already.",
        ),
        Listed(
            "dropbox",
            "Dropbox",
            "fanlight.storage.dropbox",
            "Your own account: store there, or publish what lies there already.",
        ),
        Listed(
            "memory",
            "Memory (lost at restart)",
            "fanlight.storage.memory",
            "For trying things out. Nothing survives a restart.",
        ),
    )
}


OWN = "local"
"""The provider of the channel that a new server begins with: a folder of its own."""


def own(folder: str) -> tuple[str, dict[str, str]]:
    """Provider and options of the first channel, which keeps its originals in `folder`."""
    return OWN, {"path": folder}


class Module(Protocol):
    """The face of a provider's module."""

    OPTIONS: tuple[Option, ...]

    def create(
        self, options: Mapping[str, str], root: str, around: Surroundings | None
    ) -> Provider:
        """A provider with validated options, rooted at `root` (a path, `""` for the top)."""
        ...


def listed(provider: str) -> Listed:
    """What is known of a provider without loading it. NotFound (`not-found.provider`)."""
    try:
        return PROVIDERS[provider]
    except KeyError:
        raise NotFound(
            f"There is no provider named {provider!r}.",
            remedy=f"Choose one of: {', '.join(PROVIDERS)}.",
            code="not-found.provider",
        ) from None


def options(provider: str) -> tuple[Option, ...]:
    """What a provider must be told. NotFound."""
    return _load(provider).OPTIONS


def oauth(provider: str, address: str = "") -> OAuth | None:
    """How the provider is reached by OAuth; `None` for one that is not. NotFound.

    `address` is where the service is, if not at its own place: an emulator's.
    """
    declared: Callable[[str], OAuth] | None = getattr(_load(provider), "oauth", None)
    return declared(address) if declared else None


def create(
    provider: str,
    options: Mapping[str, str],
    root: str = "",
    around: Surroundings | None = None,
) -> Provider:
    """Make a provider; nothing is opened or asked yet. `around` is what it may use.

    NotFound, Invalid (`invalid.option`), BadLocator (the root).
    """
    module = _load(provider)
    with concerning("root"):
        return module.create(validate(module.OPTIONS, options), root, around)


def examine(provider: str, options: Mapping[str, str], root: str, *, draft: bool) -> None:
    """See that a provider could be made of it; in a `draft` options may still be missing.

    NotFound, Invalid (`invalid.option`), BadLocator (the root).
    """
    if draft:
        validate(_load(provider).OPTIONS, options, draft=True)
        if root:
            with concerning("root"):
                new_parts(root)
    else:
        create(provider, options, root)


def _load(provider: str) -> Module:
    return cast(Module, import_module(listed(provider).module))
