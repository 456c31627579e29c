"""What a visitor's page shows: the record that handlers fill and templates read.

The photos stand in the page twice: as tiles, for who has no script, and as data for the script
(`VisitItem.data`), which is also what `<base>/items` answers. Their fields are those of `Data`
in `frontend/src/gallery/photo.ts`. Both are of a sheet (`web.visit.sheets`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from fanlight.gallery_model import Look, Party, Proofing, Right

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fanlight.galleries.viewing import Sketch
    from fanlight.gallery_model import Shape
    from fanlight.words import Words

SHOWN = (("thumb", 320), ("small", 640), ("small@2x", 1280))
"""Presets that a tile chooses from, and their longest edge in pixels."""


_HARMLESS = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027"))


@dataclass(frozen=True, slots=True)
class VisitItem:
    """A photo or video as a page shows it."""

    id: str
    name: str
    version: int
    width: int = 0
    """Pixels, 0 while not known."""
    height: int = 0
    hash: str = ""
    """ThumbHash in base64."""
    video: bool = False
    media_type: str = ""
    picture: bool = True
    """Whether a picture of it can be hoped for."""
    seconds: float = 0
    """How long it plays."""
    size: int = 0
    """Bytes of the original."""
    section: str = ""
    """The id of its section."""
    caption: str = ""
    taken: str = ""
    """ISO 8601, as the camera's clock stood."""
    camera: str = ""
    """Camera, lens and exposure in a line; empty where that is not shown."""
    download: bool = False
    """Whether its section lets it be downloaded."""
    kept: bool = False
    """Whether a client hides it from guests."""
    comments: int = 0

    def preset(self, base: str, name: str) -> str:
        """The address of a picture of this very version."""
        return f"{base}/p/{self.id}/{name}?v={self.version}"

    def srcset(self, base: str) -> str:
        """The same in the widths that a tile chooses from."""
        longest = max(self.width, self.height)
        wide = self.width / longest if longest else 1
        return ", ".join(
            f"{self.preset(base, name)} {max(1, round(min(edge, longest or edge) * wide))}w"
            for name, edge in SHOWN
        )

    @property
    def plays(self) -> str:
        """How long it plays: `0:42`."""
        seconds = round(self.seconds)
        return f"{seconds // 60}:{seconds % 60:02d}" if self.seconds else ""

    @property
    def data(self) -> dict[str, Any]:
        """For the script; what is empty is left out."""
        known = {
            "id": self.id,
            "name": self.name,
            "v": self.version,
            "w": self.width,
            "h": self.height,
            "hash": self.hash,
            "video": self.video,
            "type": self.media_type if self.video else "",
            "bare": not self.picture,
            "plays": self.plays,
            "size": self.size,
            "section": self.section,
            "caption": self.caption,
            "taken": self.taken,
            "camera": self.camera,
            "download": self.download,
            "kept": self.kept,
            "comments": self.comments,
        }
        return {key: value for key, value in known.items() if value}


@dataclass(frozen=True, slots=True)
class VisitSection:
    """A part of the gallery that has something to show."""

    id: str
    title: str
    count: int
    download: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """The photo that a page is opened at."""

    item: VisitItem
    number: int
    """1 for the first."""
    of: int
    before: str | None = None
    """The ids of those beside it."""
    after: str | None = None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One gallery as somebody sees it."""

    base: str
    """The address of all of it, without a slash at the end: `/g/anna-ben`, `/s/<token>`."""
    words: Words
    look: Look
    title: str
    text: str = ""
    held_on: date | None = None
    photos: int = 0
    videos: int = 0
    found: int = 0
    """How many there are of what was asked for."""
    cover: VisitItem | None = None
    sections: tuple[VisitSection, ...] = ()
    photos_told: tuple[str, ...] = ()
    """What the script is told of each photo: JSON that may stand in a page."""
    tiles: str = ""
    """The photos for who has no script: HTML."""
    next: str | None = None
    """The cursor of the next page."""
    after: str | None = None
    """The cursor that this page was asked for with."""
    section: str = ""
    """The id of the section that is looked at; empty for all."""
    search: str = ""
    mine: bool = False
    """Whether only what was picked is shown."""
    opened: Opened | None = None
    rights: frozenset[Right] = frozenset({Right.VIEW})
    party: Party = Party.GUEST
    proofing: Proofing = field(default_factory=Proofing)
    pin: bool = False
    """Whether a download asks this visitor for a PIN."""
    studio: str = ""
    """Who it is from; empty where they have not said."""
    preview: bool = False
    """Whether it is the owner who looks in."""
    draft: bool = False
    indexed: bool = False
    """Whether search engines may know it."""
    door: str = ""
    """Below which address a frame remembers the base (`proofs.remembered`)."""
    origin: str = ""
    """Scheme and host, for addresses that leave the site."""
    discovery: str = ""
    """The address at which oEmbed tells of it; empty where it may not be embedded."""

    @property
    def state(self) -> Markup:
        """All that the script must know: JSON that may stand in a page."""
        known = {
            "base": self.base,
            "title": self.title,
            "layout": self.look.layout.value,
            "names": self.look.names,
            "language": self.words.tag,
            "words": dict(self.words.table),
            "total": self.found or self.photos + self.videos,
            "sections": [[one.id, one.title, one.count, one.download] for one in self.sections],
            "next": self.next,
            "after": self.after,
            "section": self.section,
            "search": self.search,
            "mine": self.mine,
            "opened": self.opened and {**self.opened.item.data, "number": self.opened.number},
            "rights": sorted(right.value for right in self.rights),
            "proofing": {
                "stars": self.proofing.stars,
                "flags": self.proofing.flags,
                "least": self.proofing.least,
                "most": self.proofing.most,
                "most_in_section": self.proofing.most_in_section,
                "lists": self.proofing.lists,
            },
            "pin": self.pin,
            "studio": self.studio,
        }
        photos = ",".join(self.photos_told)
        return Markup(f'{written(known)[:-1]},"items":[{photos}]}}')  # noqa: S704 -- nothing acts

    @property
    def may(self) -> frozenset[str]:
        """The rights by name, for templates."""
        return frozenset(right.value for right in self.rights)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A full page instead of the gallery: its cover, and why it is closed."""

    base: str
    words: Words
    look: Look = field(default_factory=Look)
    title: str = ""
    cover: str = ""
    """The address of the cover, if it may be shown to who is outside; else a picture of ours."""
    studio: str = ""
    door: str = ""
    """Below which address a frame remembers the base (`proofs.remembered`)."""
    contact: str = ""
    """Where who is not let in may ask."""


def written(value: object) -> str:
    """JSON that may stand in a page: no sign in it ends a script or begins an element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, harmless in _HARMLESS:
        text = text.replace(sign, harmless)
    return text


def items_answer(photos: tuple[str, ...], next_: str | None, found: int) -> bytes:
    """What `<base>/items` answers."""
    listed = ",".join(photos)
    return f'{{"items":[{listed}],"next":{written(next_)},"total":{found}}}'.encode()


def outline_answer(pages: Iterable[Sketch]) -> dict[str, Any]:
    """What `<base>/outline` answers: `[cursor, [[section, [ratio, ...]], ...]]` for each page.

    A ratio is width to height in thousandths, 0 while it is not known.
    """
    return {"pages": [[page.after, _parts(page.shapes)] for page in pages]}


def _parts(shapes: Iterable[Shape]) -> list[tuple[str, list[int]]]:
    parts = groupby(shapes, lambda one: one.section_id or "")
    return [(section, [_ratio(one) for one in some]) for section, some in parts]


def _ratio(shape: Shape) -> int:
    """As the browser rounds it: halves go up."""
    width, height = shape.width, shape.height
    return (2000 * width + height) // (2 * height) if width and height else 0
