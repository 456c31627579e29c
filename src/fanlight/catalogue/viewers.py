"""Share links and viewers: found by the hash of their token, which is sealed, to be shown again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.seal import Seal
from fanlight.catalogue.session import Session
from fanlight.catalogue.types import micros
from fanlight.gallery_model import ShareLink, Viewer

R = TypeVar("R")


class _Tokened(Keep[R]):
    """Records of a gallery with a token of their own."""

    def __init__(self, session: Session, seal: Seal) -> None:
        super().__init__(session)
        self._seal = seal

    def of(self, gallery_id: str) -> tuple[R, ...]:
        """Those of a gallery, oldest first."""
        return self._all(gallery_id=gallery_id)

    def by_hash(self, token_hash: str) -> R | None:
        """Whose token has this hash."""
        return self._first(token_hash=token_hash)

    def _to_row(self, fields: Mapping[str, object]) -> dict[str, object]:
        row = super()._to_row(fields)
        if "token" in row:
            row["token"] = self._seal.seal(str(row["token"]).encode())
        return row

    def _of_row(self, fields: dict[str, Any]) -> dict[str, Any]:
        return fields | {"token": self._seal.open(fields["token"]).decode()}


class ShareLinks(_Tokened[ShareLink]):
    """Addresses that lead into galleries."""

    plain = Plain(schema.share_link)
    noun = "share-link"
    record = ShareLink

    def opened(self, id: str, at: datetime) -> bool:  # noqa: A002 - the field's name
        """Count one more who came in by it. False, and nothing counted, when that is too many."""
        rows = self._session.fetch(
            "UPDATE share_link SET opened = opened + 1, used_at = :at"
            " WHERE id = :id AND (most = 0 OR opened < most) RETURNING 1",
            id=id,
            at=micros(at),
        )
        return bool(rows)


class Viewers(_Tokened[Viewer]):
    """Who keeps something in a gallery."""

    plain = Plain(schema.viewer)
    noun = "viewer"
    record = Viewer
