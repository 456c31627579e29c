"""What the owner takes away, and what comes back into their cloud: over a real channel."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from fanlight.errors import NotFound, ObjectMissing, ReadOnly, Unauthenticated
from fanlight.gallery_model import Party
from fanlight.model import NOBODY, SERVER
from fanlight.proofing import Proofing
from fanlight.proofing.cloud import Bringing
from fanlight.proofing.handing import Form, file_name
from fanlight.proofing.picking import Mark
from fanlight.sharing.passes import EVERY_RIGHT, Pass
from tests.galleries.conftest import make_stage
from tests.support.gallery_records import a_viewer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.gallery_model import Act, Gallery
    from tests.galleries.stage import Stage

pytestmark = pytest.mark.anyio


def a_photo(seed: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), (seed, 90, 160)).save(written, "JPEG")
    return written.getvalue()


def unheard(
    act: Act, pass_: Pass, *, asset_id: str | None = None, count: int = 1, size: int = 0
) -> None:
    """Nobody is told."""
    del act, pass_, asset_id, count, size


class Studio:
    """A gallery of a real folder, with a list of three picks."""

    def __init__(self, stage: Stage, gallery: Gallery) -> None:
        self.stage = stage
        self.gallery = gallery
        self.proofing = Proofing(
            stage.world.catalogue,
            stage.galleries,
            clock=stage.world.clock,
            noticed=unheard,
            channels=stage.world.channels,
        )
        self.selection_id = ""

    @property
    def folder(self) -> Path:
        return self.stage.world.folder

    async def pick(self) -> None:
        viewer = a_viewer(gallery_id=self.gallery.id, name="Anna")
        await self.stage.world.catalogue.write(lambda records: records.viewers.add(viewer))
        pass_ = Pass(self.gallery, Party.GUEST, EVERY_RIGHT, viewer=viewer)
        for shown in await self.stage.galleries.every(pass_):
            if shown.asset.name != "c.jpg":
                selection, _ = await self.proofing.pick(
                    pass_, None, shown.asset.id, Mark(heart=True)
                )
                self.selection_id = selection.id


async def make_studio(stage: Stage, path: str) -> Studio:
    for number, name in enumerate(["day/a.jpg", "day/b.jpg", "day/c.jpg", "night/a.jpg"]):
        target = stage.world.folder / "Wedding" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(a_photo(number))
    await stage.world.library.index(SERVER, stage.world.channel.id)
    gallery = await stage.gallery(path)
    studio = Studio(stage, gallery)
    await studio.pick()
    return studio


@pytest.fixture(params=["Wedding", ""], ids=["folder", "root"])
async def studio(
    request: pytest.FixtureRequest, sqlite_catalogue: Catalogue, tmp_path: Path
) -> AsyncGenerator[Studio]:
    async for stage in make_stage(sqlite_catalogue, tmp_path / "photos"):
        yield await make_studio(stage, request.param)


@pytest.mark.parametrize("form", Form)
async def test_a_list_is_handed_over_in_each_form(studio: Studio, form: Form) -> None:
    handed = await studio.proofing.hand_over(SERVER, studio.selection_id, form)
    assert handed.body
    match form:
        case Form.LIGHTROOM:
            assert handed.body == b"a, b"
        case Form.CAPTURE_ONE:
            assert handed.body == b"a b"
        case Form.TXT:
            assert handed.body == b"a.jpg\na.jpg\nb.jpg\n"
        case Form.CSV:
            assert len(handed.body.splitlines()) == 4
        case Form.JSON:
            assert len(json.loads(handed.body)["photos"]) == 3
        case Form.XMP:
            assert zipfile.ZipFile(io.BytesIO(handed.body)).namelist() == ["a.xmp", "b.xmp"]
        case Form.PDF:
            assert handed.body.startswith(b"%PDF-")
    with pytest.raises(Unauthenticated):
        await studio.proofing.hand_over(NOBODY, studio.selection_id, form)


async def test_copies_lie_beside_the_photos_and_not_in_the_gallery(studio: Studio) -> None:
    (brought,) = await studio.proofing.bring_back(SERVER, studio.selection_id, Bringing.COPIES)
    assert (brought.copied, brought.there) == (3, 0)
    names = sorted(path.name for path in (studio.folder / brought.folder).iterdir())
    assert names == ["a (2).jpg", "a.jpg", "b.jpg"]
    (again,) = await studio.proofing.bring_back(SERVER, studio.selection_id, Bringing.COPIES)
    assert (again.copied, again.there) == (0, 3)
    await studio.stage.world.library.index(SERVER, studio.stage.world.channel.id)
    await studio.stage.galleries.sync(SERVER, studio.gallery.id)
    pass_ = Pass(studio.gallery, Party.GUEST, EVERY_RIGHT)
    assert len(await studio.stage.galleries.every(pass_)) == 4, "copies are not shown again"


async def test_no_gallery_of_a_folder_around_them_shows_copies_that_of_their_own_does(
    studio: Studio,
) -> None:
    (brought,) = await studio.proofing.bring_back(SERVER, studio.selection_id, Bringing.COPIES)
    await studio.stage.world.library.index(SERVER, studio.stage.world.channel.id)
    around = await studio.stage.gallery("")
    assert len(await studio.stage.seen(around)) == 4
    chosen = await studio.stage.gallery(brought.folder)
    assert await studio.stage.seen(chosen) == ["a (2).jpg", "a.jpg", "b.jpg"]


async def test_a_photo_that_cannot_be_copied_is_named_and_holds_up_no_other(
    studio: Studio,
) -> None:
    lost = studio.folder / "Wedding" / "day" / "b.jpg"
    content = lost.read_bytes()
    lost.unlink()
    with pytest.raises(ObjectMissing, match=r"1 of 3 could not be copied to .*: b\.jpg\.") as gone:
        await studio.proofing.bring_back(SERVER, studio.selection_id, Bringing.COPIES)
    assert "Do it again" in gone.value.public_remedy
    lost.write_bytes(content)
    told: list[str] = []

    async def progress(done: int, total: int | None, message: str) -> None:
        told.append(f"{done}/{total} {message}")

    (brought,) = await studio.proofing.bring_back(
        SERVER, studio.selection_id, Bringing.COPIES, progress
    )
    assert (brought.copied, brought.there) == (1, 2)
    assert told == [f"3/3 1 copied to {brought.folder}, 2 were there"]


async def test_a_text_of_names_is_written_and_written_anew(studio: Studio) -> None:
    for _ in range(2):
        (brought,) = await studio.proofing.bring_back(SERVER, studio.selection_id, Bringing.LIST)
        written = (studio.folder / brought.folder).read_text()
        assert written == "a.jpg\na.jpg\nb.jpg\n"


async def test_nothing_is_written_where_uploads_are_off(studio: Studio) -> None:
    world = studio.stage.world
    await world.channels.update(SERVER, world.channel.id, uploads=False)
    before = sorted(studio.folder.rglob("*"))
    for how in Bringing:
        with pytest.raises(ReadOnly):
            await studio.proofing.bring_back(SERVER, studio.selection_id, how)
    assert sorted(studio.folder.rglob("*")) == before


async def test_an_empty_list_brings_nothing_back(studio: Studio) -> None:
    viewer = a_viewer(gallery_id=studio.gallery.id, name="Anna")
    pass_ = Pass(studio.gallery, Party.GUEST, EVERY_RIGHT, viewer=viewer)
    empty = await studio.proofing.make_list(pass_, "Empty")
    with pytest.raises(NotFound):
        await studio.proofing.bring_back(SERVER, empty.id, Bringing.COPIES)


async def test_names_of_what_is_handed_over_fit_every_system() -> None:
    assert file_name('a/b\\c:d*"e"\n.') == "a b c d e"
    assert file_name("...") == "List"
    assert len(file_name("x" * 500)) == 120
