"""All SQL: the catalogue over SQLite and PostgreSQL."""

from __future__ import annotations

from fanlight.catalogue.catalogue import Catalogue
from fanlight.catalogue.records import Records
from fanlight.catalogue.seal import Seal

__all__ = ["Catalogue", "Records", "Seal"]
