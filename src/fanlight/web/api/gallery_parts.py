"""What a gallery is made of: the folders that fill it, and its sections."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight.web.api import gallery_shapes as shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Many

router = APIRouter(prefix="/galleries/{id}", tags=["galleries"])


@router.get("/sources", responses=problems(404))
async def list_sources(use: Use, caller: Caller, id: Id) -> Many[shapes.Source]:  # noqa: A002
    """The folders that fill it."""
    found = await use.galleries.sources(caller, id)
    return Many[shapes.Source].of(found)


@router.post("/sources", status_code=201, responses=problems(404, 409, 502))
async def add_source(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.NewSource,
) -> shapes.Source:
    """Fill it from one more folder, which a job reads."""
    source = await use.galleries.add_source(
        caller, id, wish.channel_id, wish.path, sections=wish.sections
    )
    await use.jobs.fill_gallery(id)
    return shapes.Source.model_validate(source)


@router.patch("/sources/{source_id}", responses=problems(404, 409, 502))
async def change_source(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    source_id: Id,
    change: shapes.SourceChange,
) -> shapes.Source:
    """Have folders below a folder become sections, or not."""
    source = await use.galleries.change_source(caller, id, source_id, sections=change.sections)
    return shapes.Source.model_validate(source)


@router.delete("/sources/{source_id}", status_code=204, responses=problems(404, 409, 502))
async def remove_source(use: Use, caller: Caller, id: Id, source_id: Id) -> None:  # noqa: A002
    """Take a folder out, with what it brought."""
    await use.galleries.remove_source(caller, id, source_id)


# --- sections -------------------------------------------------------------------------------------


@router.get("/sections", responses=problems(404))
async def list_sections(use: Use, caller: Caller, id: Id) -> Many[shapes.Section]:  # noqa: A002
    """Its sections in their order, hidden and empty ones too."""
    found = await use.galleries.all_sections(caller, id)
    return Many[shapes.Section].of(found)


@router.post("/sections", status_code=201, responses=problems(404))
async def add_section(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.NewSection,
) -> shapes.Section:
    """Add an empty section at the end."""
    return shapes.Section.model_validate(await use.galleries.add_section(caller, id, wish.title))


@router.patch("/sections/{section_id}", responses=problems(404, 409, 502))
async def change_section(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    section_id: Id,
    change: shapes.SectionChange,
) -> shapes.Section:
    """Change what is given of a section, its place too."""
    fields = change.model_dump(exclude_none=True, exclude={"position"})
    changed = await use.galleries.change_section(caller, id, section_id, **fields)
    if change.position is not None:
        there = [one.id for one in await use.galleries.all_sections(caller, id)]
        there.remove(section_id)
        there.insert(change.position - 1, section_id)
        await use.galleries.order_sections(caller, id, there)
    return shapes.Section.model_validate(changed)


@router.delete("/sections/{section_id}", status_code=204, responses=problems(404, 409, 502))
async def remove_section(use: Use, caller: Caller, id: Id, section_id: Id) -> None:  # noqa: A002
    """Remove a section made by hand; its photos stay."""
    await use.galleries.remove_section(caller, id, section_id)
