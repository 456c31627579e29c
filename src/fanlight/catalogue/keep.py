"""A table whose columns are the fields of a record: what all such nouns can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from fanlight.catalogue.plain import Plain
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Row, Session
from fanlight.catalogue.words import can_be_asked
from fanlight.errors import Conflict, NotFound

R = TypeVar("R")


class Keep(Generic[R]):
    """Add, get, change and remove records of one kind, by id."""

    plain: ClassVar[Plain]
    noun: ClassVar[str]
    """The word in error codes: `not-found.channel`, `conflict.channel`."""
    record: type[R]
    order: ClassVar[str] = "created_at, id"
    """How lists are sorted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: R) -> R:
        """Write a new record. Raises Conflict when something unique in it is taken."""
        if not self._insert(record):
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
        return self._first(id=id)

    def all(self) -> tuple[R, ...]:
        """Every record, in the noun's order."""
        return self._all()

    def update(self, id: str, **fields: object) -> R:  # noqa: A002
        """Change fields of a record and give it back. Raises NotFound, Conflict."""
        if not fields:
            return self.get(id)
        statement = self.plain.update(fields, "id = :key")
        rows = self._session.fetch(statement, **self._to_row(fields), key=id)
        if not rows:
            raise self._missing()
        return self._record(rows[0])

    def remove(self, id: str) -> None:  # noqa: A002
        """Remove the record. Raises NotFound, or Conflict while something depends on it."""
        if not self._delete("id = :id", id=id):
            raise self._missing()

    # --- for the nouns ---------------------------------------------------------------------------

    def _insert(self, record: R) -> bool:
        """Whether nothing unique in the record was taken, and it is written."""
        fields = {name: getattr(record, name) for name in self.plain.names}
        statement = f"{self.plain.insert} ON CONFLICT DO NOTHING RETURNING 1"
        return bool(self._session.fetch(statement, **self._to_row(fields)))

    def _first(self, **equal: str) -> R | None:
        if not all(map(can_be_asked, equal.values())):
            return None
        found = self._all(**equal)
        return found[0] if found else None

    def _all(self, **equal: str) -> tuple[R, ...]:
        """Those with these values in these columns, in the noun's order."""
        return self._where(" AND ".join(f"{name} = :{name}" for name in equal) or "TRUE", **equal)

    def _where(self, condition: str, **parameters: object) -> tuple[R, ...]:
        statement = f"{self.plain.select} WHERE {condition} ORDER BY {self.order}"
        return tuple(map(self._record, self._session.fetch(statement, **parameters)))

    def _delete(self, condition: str, **parameters: object) -> int:
        """How many rows were deleted."""
        statement = f"DELETE FROM {self.plain.name} WHERE {condition} RETURNING 1"  # noqa: S608
        return len(self._session.fetch(statement, **parameters))

    def _missing(self) -> NotFound:
        return NotFound(f"There is no such {self.noun}.", code=f"not-found.{self.noun}")

    def _record(self, row: Row) -> R:
        return self.record(**self._of_row(self.plain.fields(row)))

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        """What is kept of a record's fields. Raises BadName."""
        return self.plain.kept(fields)

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A record's fields of what was kept."""
        return fields


class SealedKeep(Keep[R]):
    """Records of which one text is sealed in the table and open in the record."""

    sealed: ClassVar[str]
    """The field that is sealed."""

    def __init__(self, session: Session, seal: Seal) -> None:
        super().__init__(session)
        self._seal = seal

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        row = super()._to_row(fields)
        if self.sealed in row:
            row[self.sealed] = self._seal.seal(str(row[self.sealed]).encode())
        return row

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {self.sealed: self._seal.open(fields[self.sealed]).decode()}
