"""How a provider declares what it must be told, and what follows from the declaration.

Each provider lists its options once. Forms, commands, validation, sealing of secrets, redaction and
the reference page are made from that list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fanlight.errors import Invalid

REDACTED = "••••••"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a provider must be told. Values are text."""

    name: str
    """As in the command line and the API: `path`."""
    label: str
    """As in a form: `Folder`."""
    help: str
    """One sentence: what to put there."""
    secret: bool = False
    """Sealed in the catalogue, never shown again."""
    default: str = ""
    required: bool = True
    """Whether it must have a value; a default counts as one."""
    choices: tuple[str, ...] = ()
    """The only values allowed; empty: any."""


def invalid(name: str, message: str, remedy: str) -> Invalid:
    """The error for the option of that name, which cannot be used."""
    return Invalid(message, remedy=remedy, code="invalid.option", about=f"option.{name}")


def validate(
    declared: Sequence[Option], values: Mapping[str, str], *, draft: bool = False
) -> dict[str, str]:
    """The values of all declared options, defaults filled in and space around them removed.

    Raises Invalid (`invalid.option`) naming the first one that is unknown, missing (in a `draft`
    that is allowed) or not one of its choices.
    """
    names = [option.name for option in declared]
    for name in values:
        if name not in names:
            raise invalid(
                name,
                f"There is no option {name!r}.",
                f"Options here are: {', '.join(names) or 'none'}.",
            )
    return {option.name: _value(option, values.get(option.name, ""), draft) for option in declared}


def _value(option: Option, given: str, draft: bool) -> str:
    value = given.strip() or option.default
    if option.required and not value and not draft:
        raise invalid(option.name, f"{option.label} is missing.", option.help)
    if value and option.choices and value not in option.choices:
        shown = REDACTED if option.secret else repr(value)
        raise invalid(
            option.name,
            f"{option.label} cannot be {shown}.",
            f"Choose one of: {', '.join(option.choices)}.",
        )
    return value


def part(
    declared: Sequence[Option], values: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Open values and secret values, apart. An undeclared value counts as secret."""
    open_names = {option.name for option in declared if not option.secret}
    return (
        {name: value for name, value in values.items() if name in open_names},
        {name: value for name, value in values.items() if name not in open_names},
    )


def redact(declared: Sequence[Option], values: Mapping[str, str]) -> dict[str, str]:
    """The values, fit to be shown or logged: secrets are dots, empty ones stay empty."""
    secrets = part(declared, values)[1]
    return {
        name: REDACTED if value and name in secrets else value for name, value in values.items()
    }
