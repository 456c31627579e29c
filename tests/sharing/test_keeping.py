"""What is kept of viewers, and how it goes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.errors import Forbidden, NotFound, Throttled, Unauthenticated
from fanlight.gallery_model import Act, Activity, GalleryState
from fanlight.model import NOBODY, SERVER, Actor, Scope
from fanlight.sharing.keys import Key, Proofs
from fanlight.sharing.linking import NewLink
from tests.support.gallery_records import a_gallery

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from tests.sharing.conftest import Stage

pytestmark = pytest.mark.anyio

HERE = "192.0.2.7"


async def test_nothing_is_kept_of_who_only_looks(stage: Stage) -> None:
    pass_ = await stage.sharing.enter(stage.key)
    assert pass_.viewer is None
    assert await stage.sharing.kept_of(pass_) is None
    assert await stage.sharing.viewers(SERVER, stage.gallery.id) == ()


async def test_a_viewer_is_made_once_and_known_again_by_their_token(stage: Stage) -> None:
    pass_ = await stage.sharing.introduced(await stage.sharing.enter(stage.key), address=HERE)
    assert pass_.viewer is not None
    again = await stage.sharing.enter(stage.key, Proofs(viewer=pass_.viewer.token))
    assert again.viewer == pass_.viewer
    assert (await stage.sharing.introduced(again, address=HERE)).viewer == pass_.viewer
    assert len(await stage.sharing.viewers(SERVER, stage.gallery.id)) == 1


async def test_a_viewer_of_one_gallery_is_a_stranger_in_another(stage: Stage) -> None:
    pass_ = await stage.sharing.introduced(await stage.sharing.enter(stage.key), address=HERE)
    assert pass_.viewer is not None
    other = a_gallery(2, state=GalleryState.PUBLISHED)
    await stage.catalogue.write(lambda records: records.galleries.add(other))
    there = await stage.sharing.enter(Key(slug=other.slug), Proofs(viewer=pass_.viewer.token))
    assert there.viewer is None
    with pytest.raises(NotFound):
        await stage.sharing.by_token(there, pass_.viewer.token)


async def test_viewers_cannot_be_made_by_the_thousand(stage: Stage) -> None:
    pass_ = await stage.sharing.enter(stage.key)
    for _ in range(60):
        await stage.sharing.introduced(pass_, address=HERE)
    with pytest.raises(Throttled):
        await stage.sharing.introduced(pass_, address=HERE)
    await stage.sharing.introduced(pass_, address="198.51.100.1")


async def test_forgetting_takes_all_away_but_the_counts(stage: Stage) -> None:
    pass_ = await stage.sharing.introduced(await stage.sharing.enter(stage.key), address=HERE)
    viewer = pass_.viewer
    assert viewer is not None
    activity = Activity(
        0, stage.gallery.id, stage.clock(), Act.VIEWED, None, viewer.id, "visit", None, 1, 0
    )
    await stage.catalogue.write(lambda records: records.activities.add([activity]))
    await stage.sharing.forget_me(pass_)
    await stage.sharing.forget_me(pass_)  # from another device

    def left(records: Records) -> list[str | None]:
        return [one.viewer_id for one in records.activities.page(stage.gallery.id).items]

    assert await stage.catalogue.read(left) == [None]
    known = await stage.sharing.enter(stage.key, Proofs(viewer=viewer.token))
    assert known.viewer is None


async def test_the_owner_sees_and_forgets_viewers(stage: Stage) -> None:
    pass_ = await stage.sharing.introduced(await stage.sharing.enter(stage.key), address=HERE)
    assert pass_.viewer is not None
    kept = await stage.sharing.kept_of_viewer(SERVER, pass_.viewer.id)
    assert (kept.viewer, kept.lists, kept.comments) == (pass_.viewer, (), ())
    await stage.sharing.forget_viewer(SERVER, pass_.viewer.id)
    assert await stage.sharing.viewers(SERVER, stage.gallery.id) == ()


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (NOBODY, Unauthenticated),
        (Actor("uploader", scopes=frozenset({Scope.UPLOAD})), Forbidden),
        (Actor("bound", scopes=frozenset({Scope.MANAGE}), folder="blog"), Forbidden),
    ],
)
async def test_only_who_manages_everything_has_links_and_viewers(
    stage: Stage, actor: Actor, error: type[Exception]
) -> None:
    link, _ = await stage.link()
    sharing, gallery_id = stage.sharing, stage.gallery.id
    for action in (
        lambda: sharing.links(actor, gallery_id),
        lambda: sharing.link(actor, link.id),
        lambda: sharing.make_link(actor, gallery_id, NewLink("x")),
        lambda: sharing.change_link(actor, link.id, name="y"),
        lambda: sharing.revoke_link(actor, link.id),
        lambda: sharing.renew_link(actor, link.id),
        lambda: sharing.remove_link(actor, link.id),
        lambda: sharing.viewers(actor, gallery_id),
        lambda: sharing.kept_of_viewer(actor, "v-1"),
        lambda: sharing.forget_viewer(actor, "v-1"),
    ):
        with pytest.raises(error):
            await action()
