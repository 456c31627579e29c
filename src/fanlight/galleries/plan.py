"""What a gallery should hold, from what lies in its folders. Nothing here asks anybody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fanlight.galleries.filters import left_out
from fanlight.galleries.order import LAST, Placed, natural, ordered
from fanlight.galleries.pairs import companions
from fanlight.gallery_model import Item, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fanlight.gallery_model import Candidate, Gallery, Source


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a plan is made from."""

    gallery: Gallery
    sources: Sequence[Source]
    sections: Sequence[Section]
    items: Sequence[Item]
    found: Mapping[str, Sequence[Candidate]]
    """What lies in the folder of each source, by its id."""
    chosen: Sequence[Candidate]
    """Where what was put in by hand lies."""
    keys: Mapping[str, str]
    """The path of each source, in the form in which its provider compares paths."""


@dataclass(slots=True)
class Plan:
    """What is to be written so that the gallery holds what it should."""

    new_sections: list[Section] = field(default_factory=list[Section])
    moved_sections: list[Section] = field(default_factory=list[Section])
    """Those whose position is another one, because a new one is before them."""
    empty_sections: list[Section] = field(default_factory=list[Section])
    order: list[str] = field(default_factory=list[str])
    """All sections, in order."""
    put: list[Item] = field(default_factory=list[Item])
    added: int = 0
    away: int = 0
    """Items that are to be seen no more."""
    back: int = 0
    moved: bool = False
    """Whether what stays is in another order, or another section."""

    @property
    def visible(self) -> bool:
        """Whether viewers see anything else than before."""
        return bool(self.added or self.away or self.back or self.moved)

    @property
    def written(self) -> bool:
        """Whether anything is to be written at all."""
        sections = self.new_sections or self.moved_sections or self.empty_sections
        return bool(sections or self.put)


@dataclass(frozen=True, slots=True)
class _Wanted:
    candidate: Candidate
    source: Source | None
    folder: str | None
    """Of its section: below the source; `None` for none."""


def plan(ground: Ground, new_id: Callable[[], str]) -> Plan:
    """Compare what should be there with what is."""
    wanted = _wanted(ground) | _chosen(ground)
    pairs = _pairs(wanted.values()) if ground.gallery.rules.pairs else {}
    for raw in pairs.values():
        wanted.pop(raw, None)
    made = Plan()
    sections = _sections(ground, wanted.values(), made, new_id)
    places = {section_id: number for number, section_id in enumerate(made.order, start=1)}
    before = {one.asset_id: one for one in ground.items}
    placed = [
        Placed(
            _item(ground, each, before.get(asset_id), sections, pairs.get(asset_id)),
            each.candidate,
            places.get(_section_of(each, before.get(asset_id), sections) or "", 0),
            asset_id not in before,
        )
        for asset_id, each in wanted.items()
    ]
    placed += [
        Placed(replace(one, away=True), None, places.get(one.section_id or "", 0), fresh=False)
        for asset_id, one in before.items()
        if asset_id not in wanted
    ]
    _compare(ordered(ground.gallery.rules, placed), before, made)
    _find_empty(ground, placed, made)
    return made


def _wanted(ground: Ground) -> dict[str, _Wanted]:
    """What the sources bring: of an asset that several have, the first source's."""
    wanted: dict[str, _Wanted] = {}
    ignored = left_out(ground.gallery.rules.ignored)
    several = len(ground.sources) > 1
    for source in ground.sources:
        key = ground.keys[source.id]
        for one in ground.found.get(source.id, ()):
            below = one.path[len(key) :].lstrip("/")
            if not one.stored or ignored(below) or one.asset_id in wanted:
                continue
            folder = below.partition("/")[0] if "/" in below else ("" if several else None)
            wanted[one.asset_id] = _Wanted(one, source, folder if source.sections else None)
    return wanted


def _chosen(ground: Ground) -> dict[str, _Wanted]:
    """What was put in by hand, as far as it is there."""
    return {one.asset_id: _Wanted(one, None, None) for one in ground.chosen if one.stored}


def _pairs(wanted: Iterable[_Wanted]) -> dict[str, str]:
    """RAWs and what is shown in their place; both lie in one folder."""
    by_source: dict[str, list[Candidate]] = {}
    for each in wanted:
        by_source.setdefault(each.source.id if each.source else "", []).append(each.candidate)
    return {shown: raw for some in by_source.values() for shown, raw in companions(some).items()}


# --- sections -----------------------------------------------------------------------------------


def _sections(
    ground: Ground, wanted: Iterable[_Wanted], made: Plan, new_id: Callable[[], str]
) -> dict[tuple[str, str], str]:
    """The section of each folder: those that are there, and new ones among them."""
    known = {
        (one.source_id, one.folder): one.id for one in ground.sections if one.source_id is not None
    }
    new: dict[tuple[str, str], str] = {}
    for each in wanted:
        if each.source is not None and each.folder is not None:
            place = (each.source.id, each.folder)
            if place not in known and place not in new:
                new[place] = _title(each, each.source, ground.keys[each.source.id])
    order = sorted(ground.sections, key=lambda one: (one.position, one.id))
    rank = {source.id: number for number, source in enumerate(ground.sources)}
    for place in sorted(new, key=lambda one: (rank[one[0]], natural(one[1]))):
        section = Section(
            new_id(), ground.gallery.id, new[place], 0, source_id=place[0], folder=place[1]
        )
        order.insert(_place_for(section, order), section)
        known[place] = section.id
    there = {one.id: one.position for one in ground.sections}
    for position, one in enumerate(order, start=1):
        if one.id not in there:
            made.new_sections.append(replace(one, position=position))
        elif there[one.id] != position:
            made.moved_sections.append(replace(one, position=position))
    made.order = [one.id for one in order]
    return {(source or "", folder): one for (source, folder), one in known.items()}


def _place_for(section: Section, order: Sequence[Section]) -> int:
    """Among those of its source by the folders' names; last of all if these are in another order.

    A folder's own photos come before those of the folders in it.
    """
    same = [(n, one) for n, one in enumerate(order) if one.source_id == section.source_id]
    folders = [natural(one.folder) for _, one in same]
    if not same or (section.folder and folders != sorted(folders)):
        return len(order)
    later = [n for n, one in same if natural(one.folder) > natural(section.folder)]
    return later[0] if later else same[-1][0] + 1


def _title(each: _Wanted, source: Source, key: str) -> str:
    """A folder's name as people write it."""
    if not each.folder:
        return source.path.rpartition("/")[2] or "Photos"
    depth = key.count("/") + 1 if key else 0
    as_written = each.candidate.folder.split("/")
    if len(as_written) > depth and as_written[depth].casefold() == each.folder.casefold():
        return as_written[depth]
    return each.folder


def _section_of(
    each: _Wanted, before: Item | None, sections: Mapping[tuple[str, str], str]
) -> str | None:
    """What a source brings lies in its folder's section; what was put in by hand, where it was."""
    if each.source is None:
        return before.section_id if before else None
    return None if each.folder is None else sections[each.source.id, each.folder]


def _find_empty(ground: Ground, placed: Iterable[Placed], made: Plan) -> None:
    """Sections of folders go when nothing is in them any more, nor may come back to them."""
    used = {one.item.section_id for one in placed}
    made.empty_sections += [
        one for one in ground.sections if one.source_id is not None and one.id not in used
    ]


# --- items --------------------------------------------------------------------------------------


def _item(
    ground: Ground,
    each: _Wanted,
    before: Item | None,
    sections: Mapping[tuple[str, str], str],
    companion: str | None,
) -> Item:
    item = before or Item(ground.gallery.id, each.candidate.asset_id, None, LAST)
    return replace(
        item,
        section_id=_section_of(each, before, sections),
        source_id=each.source.id if each.source else None,
        companion_id=companion,
        away=False,
    )


def _compare(placed: Sequence[Placed], before: Mapping[str, Item], made: Plan) -> None:
    """Give items their positions, and note what is to be written."""
    last = -1
    for number, one in enumerate(placed):
        item, known = replace(one.item, position=number), before.get(one.item.asset_id)
        if known is None:
            made.added += 1
        elif known.away != item.away:
            made.away += item.away
            made.back += known.away
        elif not item.away:
            made.moved |= known.position < last or known.section_id != item.section_id
            last = known.position
        if item != known:
            made.put.append(item)
