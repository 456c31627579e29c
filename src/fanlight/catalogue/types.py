"""Column types that turn what a database keeps into what a record holds.

The same plain values are kept in both databases: moments as whole microseconds since 1970 in UTC
(half the size of text, exact, and quick to compare), JSON and sets as text. Statements written
by hand (`session.fetch`) see those plain values; statements built from `schema` see the records'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970. A datetime without a zone is a TypeError."""
    return (moment - EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The aware UTC datetime of so many microseconds since 1970."""
    return EPOCH + timedelta(0, 0, value)


def path() -> TypeEngine[str]:
    """Text that is compared byte by byte, so that both databases sort alike."""
    return Text().with_variant(Text(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To what is kept."""
        del dialect
        return None if value is None else micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From what is kept."""
        del dialect
        return None if value is None else moment(value)


class Day(TypeDecorator[date]):
    """A day of the calendar, kept as `2026-05-30`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """To what is kept."""
        del dialect
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:
        """From what is kept."""
        del dialect
        return None if value is None else date.fromisoformat(value)


class Choice(TypeDecorator[StrEnum]):
    """A member of one enumeration, kept as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """To what is kept."""
        del dialect
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
        """From what is kept."""
        del dialect
        return None if value is None else self.choices(value)


class Choices(TypeDecorator[frozenset[StrEnum]]):
    """A set of members of one enumeration, kept as sorted words."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: frozenset[StrEnum] | None, dialect: Dialect) -> str | None:
        """To what is kept."""
        del dialect
        return None if value is None else " ".join(sorted(value))

    def process_result_value(
        self, value: Any | None, dialect: Dialect
    ) -> frozenset[StrEnum] | None:
        """From what is kept."""
        del dialect
        return None if value is None else frozenset(self.choices(word) for word in value.split())


class Json(TypeDecorator[Any]):
    """JSON values, kept as ASCII text (escaped, so that no string in them can be refused)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str:
        """To what is kept."""
        del dialect
        return to_json(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """From what is kept."""
        del dialect
        return None if value is None else json.loads(value)


def to_json(value: object) -> str:
    """The text that `Json` keeps."""
    return json.dumps(dict(value) if isinstance(value, Mapping) else value, separators=(",", ":"))  # pyright: ignore[reportUnknownArgumentType]
