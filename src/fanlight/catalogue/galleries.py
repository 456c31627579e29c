"""Galleries, the folders that fill them, and their sections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.gallery_text import kept_look, kept_rules, look_from, rules_from
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.types import micros
from fanlight.gallery_model import Gallery, Section, Source


class Galleries(Keep[Gallery]):
    """What is prepared for viewers."""

    plain = Plain(schema.gallery)
    noun = "gallery"
    record = Gallery

    def by_slug(self, slug: str) -> Gallery | None:
        """The gallery at `/g/<slug>`."""
        return self._first(slug=slug)

    def version(self, id: str) -> int:  # noqa: A002 - the field's name
        """How often viewers have seen something else. Raises NotFound."""
        for row in self._session.fetch("SELECT version FROM gallery WHERE id = :id", id=id):
            return int(row[0])
        raise self._missing()

    def mark(self) -> str:
        """Another text whenever viewers of any gallery see something else."""
        rows = self._session.fetch("SELECT count(*), coalesce(sum(version), 0) FROM gallery")
        return f"{rows[0][0]} {rows[0][1]}"

    def changed(self, id: str, at: datetime) -> None:  # noqa: A002 - the field's name
        """Note that viewers see something else from now on. Nothing happens to one that is gone."""
        self._session.do(
            "UPDATE gallery SET version = version + 1, updated_at = :at WHERE id = :id",
            id=id,
            at=micros(at),
        )

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        turns = {"look": kept_look, "rules": kept_rules}
        turned = {name: turn(fields[name]) for name, turn in turns.items() if name in fields}
        return super()._to_row({**fields, **turned})

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {
            "look": look_from(fields["look"]),
            "rules": rules_from(fields["rules"]),
        }


class Sources(Keep[Source]):
    """Folders of channels from which galleries are filled."""

    plain = Plain(schema.gallery_source)
    noun = "source"
    record = Source
    order = "position, id"

    def of(self, gallery_id: str) -> tuple[Source, ...]:
        """A gallery's sources, in its order."""
        return self._all(gallery_id=gallery_id)

    def in_channel(self, channel_id: str) -> tuple[Source, ...]:
        """The sources that lie in a channel."""
        return self._all(channel_id=channel_id)


class Sections(Keep[Section]):
    """Named parts of galleries."""

    plain = Plain(schema.section)
    noun = "section"
    record = Section
    order = "position, id"

    def of(self, gallery_id: str) -> tuple[Section, ...]:
        """A gallery's sections, in its order."""
        return self._all(gallery_id=gallery_id)
