"""A pass: what somebody may do in one gallery, as it was decided for one request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import Forbidden
from fanlight.gallery_model import Party, Reach, Right

if TYPE_CHECKING:
    from fanlight.gallery_model import Gallery, ShareLink, Viewer

EVERY_RIGHT = frozenset(Right)


@dataclass(frozen=True, slots=True)
class Pass:
    """Who came in, and what they may do. Good for one request, never kept."""

    gallery: Gallery
    party: Party
    rights: frozenset[Right]
    link: ShareLink | None = None
    """The share link they came by; `None` for the gallery's own address."""
    viewer: Viewer | None = None
    """Who they are, once there is something to keep of them."""
    owner: bool = False
    """Whether it is the owner, who looks in as viewers do, also before it is open."""
    visit: str = ""
    """Tells visits of one day apart, and nothing else: see `notices.visits`."""

    @property
    def indexed(self) -> bool:
        """Whether search engines may know what it shows: a listed gallery, by its own address."""
        return self.gallery.rules.reach is Reach.LISTED and self.link is None

    def require(self, right: Right) -> None:
        """Raise Forbidden (`forbidden.<right>`) without the right."""
        if right not in self.rights:
            raise Forbidden(
                _SENTENCES[right],
                remedy="Ask whoever sent you the link.",
                code=f"forbidden.{right.value}",
            )


_SENTENCES = {
    Right.VIEW: "This link does not show the photos.",
    Right.PICK: "Nothing can be picked by this link.",
    Right.COMMENT: "Nothing can be said about photos by this link.",
    Right.WEB: "Nothing can be downloaded by this link.",
    Right.ORIGINAL: "Originals cannot be downloaded by this link.",
    Right.HIDE: "Photos cannot be hidden by this link.",
}
