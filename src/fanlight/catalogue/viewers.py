"""Share links and viewers: found by the hash of their token, which is sealed, to be shown again."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.keep import SealedKeep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.types import micros
from fanlight.gallery_model import ShareLink, Viewer

R = TypeVar("R")


class _Tokened(SealedKeep[R]):
    """Records of a gallery with a token of their own."""

    sealed = "token"

    def of(self, gallery_id: str) -> tuple[R, ...]:
        """Those of a gallery, oldest first."""
        return self._all(gallery_id=gallery_id)

    def by_hash(self, token_hash: str) -> R | None:
        """Whose token has this hash."""
        return self._first(token_hash=token_hash)


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
