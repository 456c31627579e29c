"""A table whose columns are the fields of a record: what all such nouns can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, delete, select, update

from fanlight.catalogue.session import Session
from fanlight.catalogue.words import can_be_asked, checked
from fanlight.errors import Conflict, NotFound

R = TypeVar("R")


class Keep(Generic[R]):
    """Add, get, change and remove records of one kind, by id."""

    table: ClassVar[Table]
    noun: ClassVar[str]
    """The word in error codes: `not-found.channel`, `conflict.channel`."""
    record: type[R]

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: R) -> R:
        """Write a new record. Raises Conflict when something unique in it is taken."""
        values = {column.name: getattr(record, column.name) for column in self.table.c}
        if not self._session.insert_new(self.table, self._to_row(values)):
            raise Conflict(f"There is such a {self.noun} already.", code=f"conflict.{self.noun}")
        return record

    def get(self, id: str) -> R:  # noqa: A002 - the field's name in every record
        """The record. Raises NotFound."""
        found = self.find(id)
        if found is None:
            raise self._missing()
        return found

    def find(self, id: str) -> R | None:  # noqa: A002
        """The record, or None."""
        return self._first(self.table.c.id, id)

    def all(self) -> tuple[R, ...]:
        """Every record, oldest first."""
        return self._all()

    def update(self, id: str, **fields: object) -> R:  # noqa: A002
        """Change fields of a record and give it back. Raises NotFound, Conflict."""
        if fields:
            values = self._to_row(fields)
            self._session.run(update(self.table).where(self.table.c.id == id).values(values))
        return self.get(id)

    def remove(self, id: str) -> None:  # noqa: A002
        """Remove the record. Raises NotFound, or Conflict while something depends on it."""
        if self._session.run(delete(self.table).where(self.table.c.id == id)).rowcount == 0:
            raise self._missing()

    # --- for the nouns ---------------------------------------------------------------------------

    def _first(self, column: ColumnElement[Any], value: str) -> R | None:
        if not can_be_asked(value):
            return None
        found = self._all(column == value, limit=1)
        return found[0] if found else None

    def _all(self, *wanted: ColumnElement[bool], limit: int | None = None) -> tuple[R, ...]:
        order = (self.table.c.created_at, self.table.c.id)
        statement = select(self.table).where(*wanted).order_by(*order).limit(limit)
        rows = self._session.run(statement).mappings()
        return tuple(self.record(**self._of_row(row)) for row in rows)

    def _missing(self) -> NotFound:
        return NotFound(f"There is no such {self.noun}.", code=f"not-found.{self.noun}")

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        """What is kept of a record's fields. Raises BadName."""
        return {name: checked(value) for name, value in fields.items()}

    def _of_row(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        """A record's fields of what is kept."""
        return {str(name): value for name, value in row.items()}
