"""A gallery of four photos, and those who look at it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import NotFound
from fanlight.gallery_model import Act, GalleryRules, Party, Proofing, Right
from fanlight.proofing import Proofing as UseCases
from fanlight.sharing.passes import Pass
from tests.support.gallery_records import a_gallery, a_section, a_viewer
from tests.support.records import NOW, an_asset, put

if TYPE_CHECKING:
    from fanlight.catalogue import Catalogue, Records
    from fanlight.gallery_model import Comment

PHOTOS = [an_asset(number).id for number in range(1, 5)]


class Clock:
    """Time that goes on by a step whenever somebody looks."""

    def __init__(self) -> None:
        self.now = NOW
        self.step = timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


class Shown:
    """A gallery that shows all photos but the last one."""

    async def item(self, pass_: Pass, asset_id: str, /) -> object:
        if asset_id not in PHOTOS[:3]:
            raise NotFound("There is no such photo.", code="not-found.photo")
        return pass_


@dataclass
class Stage:
    """The use cases, and what was noticed."""

    catalogue: Catalogue
    heard: list[tuple[Act, str | None, int]] = field(default_factory=list[Any])

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.proofing = UseCases(self.catalogue, Shown(), clock=self.clock, noticed=self._notice)

    def _notice(
        self, act: Act, pass_: Pass, *, asset_id: str | None = None, count: int = 1, size: int = 0
    ) -> None:
        del pass_, size
        self.heard.append((act, asset_id, count))

    def enter(
        self,
        viewer: int | None = 1,
        *,
        rights: frozenset[Right] = frozenset({Right.VIEW, Right.PICK, Right.COMMENT}),
        **proofing: Any,
    ) -> Pass:
        """A guest's pass, with a gallery that asks for so many picks."""
        rules = replace(GalleryRules(), proofing=Proofing(**proofing))
        return Pass(
            a_gallery(rules=rules),
            Party.GUEST,
            rights,
            viewer=None if viewer is None else a_viewer(viewer),
        )

    async def say(self, pass_: Pass, asset_id: str, text: str, **more: Any) -> Comment:
        """Comment on a photo, from one address."""
        return await self.proofing.comment(pass_, asset_id, text, address="192.0.2.1", **more)


@pytest.fixture
def stage(catalogue: Catalogue) -> Stage:
    """Photos 1 and 2 lie in a section; viewers 1 and 2 are known."""

    def add(records: Records) -> None:
        records.galleries.add(a_gallery())
        records.sections.add(a_section())
        for number, asset_id in enumerate(PHOTOS, 1):
            put(records, an_asset(number))
            records.session.do(
                "INSERT INTO gallery_item (gallery_id, asset_id, section_id, position, hidden,"
                " kept_from_guests) VALUES ('g-1', :asset, :section, 1, FALSE, FALSE)",
                asset=asset_id,
                section="sec-1" if number < 3 else None,
            )
        records.viewers.add(a_viewer(1))
        records.viewers.add(a_viewer(2))

    catalogue.write_now(add)
    return Stage(catalogue)
