"""What pages say of a channel in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fanlight.channels.state import State, Told


class Named(Protocol):
    """What has a name in a form, such as an option of a provider."""

    @property
    def name(self) -> str:
        """As the form calls it."""
        ...


def facts(state: State) -> tuple[str, ...]:
    """Provider, account, how far it reaches, its folder, its purpose."""
    channel, account = state.channel, state.account
    folder = f"/{channel.root}" if channel.root else ""
    reach = f"{account.access} {folder}" if account and account.access else folder
    said = (
        state.label,
        state.where if not account else "",
        account.name if account else "",
        account.email if account else "",
        reach.strip(),
        "store and publish" if channel.uploads else "publish only",
    )
    return tuple(one for one in said if one)


def fields_of(options: Iterable[Named]) -> tuple[str, ...]:
    """What can be wrong at a field of a channel's form."""
    return ("name", "root", *(f"option.{option.name}" for option in options))


def options_of(state: State) -> tuple[tuple[str, str], ...]:
    """Each option by its label, secrets as that they are there."""
    return tuple((told.label, _shown(told)) for told in state.told)


def _shown(told: Told) -> str:
    if not told.value:
        return "Missing" if told.required else "None"
    return "Saved and sealed" if told.secret else told.value
