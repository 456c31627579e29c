"""What commands write: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanlight.errors import FanlightError


def say(text: str = "") -> None:
    """Write a line of result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line beside the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def complain(error: FanlightError) -> None:
    """Write what went wrong and the next step."""
    note(f"fanlight: {error.public_message}")
    if error.public_remedy:
        note(f"  {error.public_remedy}")


def say_json(value: object) -> None:
    """Write a result for a script."""
    say(dumps(value, default=_plain, ensure_ascii=False, indent=2))


def say_made(fields: Mapping[str, object], told: str, key: str, *, json: bool) -> None:
    """Write what was made: as JSON, or what scripts go on with (the field `key`) on the last line.

    `told` is the line for people, beside the result.
    """
    if json:
        say_json(fields)
        return
    note(told)
    say(str(fields[key]))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(str(getattr(item, "value", item)) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def say_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows under heads, each column as wide as its widest cell."""
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        say("  ".join(cells).rstrip())


def say_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Write what each thing is, a line each, indented below a title."""
    lines = tuple(facts)
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        say(f"  {name.ljust(width)}  {value}".rstrip())


def pour(body: bytes) -> None:
    """Write a result that is bytes, as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def day(at: datetime | None, never: str = "never") -> str:
    """A moment as a person in a terminal reads it, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M") if at else never


def fields(record: object, names: Sequence[str]) -> Mapping[str, object]:
    """The named attributes of a record, for `say_json`."""
    return {name: getattr(record, name) for name in names}
