"""What people say about photos in galleries."""

from __future__ import annotations

from fanlight.catalogue import gallery_schema as schema
from fanlight.catalogue.keep import Keep
from fanlight.catalogue.plain import Plain
from fanlight.catalogue.words import checked
from fanlight.gallery_model import Comment


class Comments(Keep[Comment]):
    """Sentences about one photo each, and answers to them."""

    plain = Plain(schema.comment)
    noun = "comment"
    record = Comment

    def of(self, gallery_id: str) -> tuple[Comment, ...]:
        """All of a gallery, oldest first."""
        return self._all(gallery_id=gallery_id)

    def about(self, gallery_id: str, asset_id: str) -> tuple[Comment, ...]:
        """Those about one photo, oldest first."""
        return self._all(gallery_id=gallery_id, asset_id=asset_id)

    def by_viewer(self, viewer_id: str) -> tuple[Comment, ...]:
        """Those of one viewer, oldest first."""
        return self._all(viewer_id=viewer_id)

    def sign(self, viewer_id: str, name: str) -> None:
        """Put a name to all that a viewer has said so far."""
        self._session.do(
            "UPDATE comment SET author = :name WHERE viewer_id = :id",
            name=checked(name),
            id=viewer_id,
        )

    def counts(self, gallery_id: str) -> dict[str, int]:
        """How many there are about each photo that has any."""
        rows = self._session.fetch(
            "SELECT asset_id, count(*) FROM comment WHERE gallery_id = :id GROUP BY asset_id",
            id=gallery_id,
        )
        return {asset_id: int(count) for asset_id, count in rows}
