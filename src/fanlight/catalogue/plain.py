"""A table of `schema` as plain SQL: statements made once, values turned by its column types.

SQLAlchemy builds and looks up a statement in some 200 us, the database answers it in 10. An upload
makes a dozen of them in the one thread that writes, so the everyday ones are plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Boolean, Dialect, Table
from sqlalchemy.types import TypeDecorator, TypeEngine

from fanlight.catalogue.session import Row
from fanlight.catalogue.words import checked

Turn = Callable[[Any], Any]
_ANY_DIALECT = cast("Dialect", None)  # our column types keep the same on both


class Plain:
    """Statements for one table, with `:name` parameters named like its columns."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self.names = names = tuple(column.name for column in table.c)
        self.columns = quoted(names)
        self.select = f"SELECT {self.columns} FROM {table.name}"  # noqa: S608
        values = ", ".join(f":{name}" for name in names)
        self.insert = f"INSERT INTO {table.name} ({self.columns}) VALUES ({values})"  # noqa: S608
        self._into = {column.name: _into(column.type) for column in table.c}
        self._out = [(column.name, _out(column.type)) for column in table.c]

    def kept(self, fields: Mapping[str, object]) -> dict[str, object]:
        """What the table keeps of a record's fields. Raises BadName, and TypeError for unknown."""
        if unknown := fields.keys() - self._into.keys():
            raise TypeError(f"not a field of {self.name}: {', '.join(sorted(unknown))}")
        return {name: self._into[name](value) for name, value in fields.items()}

    def fields(self, row: Row) -> dict[str, Any]:
        """A record's fields of a row of `columns`."""
        turned = zip(self._out, row, strict=True)
        return {name: value if turn is None else turn(value) for (name, turn), value in turned}

    def update(self, names: Iterable[str], where: str) -> str:
        """A statement that sets columns and gives the changed rows."""
        setting = ", ".join(f'"{name}" = :{name}' for name in names)
        return f"UPDATE {self.name} SET {setting} WHERE {where} RETURNING {self.columns}"  # noqa: S608


def quoted(names: Iterable[str], table: str = "") -> str:
    """Column names for a statement; some of ours mean something in SQL."""
    return ", ".join(f'{table}"{name}"' for name in names)


def _into(kind: TypeEngine[Any]) -> Turn:
    if isinstance(kind, TypeDecorator):
        decorator: TypeDecorator[Any] = kind
        return lambda value: decorator.process_bind_param(value, _ANY_DIALECT)
    return checked


def _out(kind: TypeEngine[Any]) -> Turn | None:
    if isinstance(kind, TypeDecorator):
        decorator: TypeDecorator[Any] = kind
        return lambda value: decorator.process_result_value(value, _ANY_DIALECT)
    return bool if isinstance(kind, Boolean) else None
