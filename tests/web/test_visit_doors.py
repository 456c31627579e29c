"""Every visitor's address x every kind of visitor: who is let in, and what others are told.

The addresses come from the route table. One that is new fails here until it has its row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from fanlight.gallery_model import GalleryState, Party, Reach, Right, Viewer
from fanlight.guard.secret import digest
from fanlight.model import SERVER
from fanlight.sharing.keys import Proofs, parse
from fanlight.web.visit.pictures import PATHS
from fanlight.web.visit.routes import DOORS, WAYS, routes
from tests.web.visit_stage import PASSWORD, VisitStage, staged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

FORGED = "A" * 32


class Row(NamedTuple):
    """How an address is asked, what it answers who may, and the right that it needs."""

    path: str
    good: int
    right: Right | None = Right.VIEW
    """`None`: it is for everybody who knows that there is such a gallery."""
    of_asset: bool = False
    form: dict[str, str] | None = None
    body: dict[str, object] | None = None
    """JSON, as scripts send it."""


TABLE = {
    "GET ": Row("", 200),
    "GET /items": Row("/items", 200),
    "GET /outline": Row("/outline", 200),
    "GET /p/{asset_id}": Row("/p/{asset}", 200, of_asset=True),
    "GET /p/{asset_id}/{preset}": Row("/p/{asset}/thumb", 200, of_asset=True),
    "GET /p/{asset_id}/original": Row(
        "/p/{asset}/original?download=1", 200, Right.ORIGINAL, of_asset=True
    ),
    "GET /p/{asset_id}/raw": Row("/p/{asset}/raw", 404, Right.ORIGINAL, of_asset=True),
    "GET /p/{asset_id}/web": Row("/p/{asset}/web?size=1024", 200, Right.WEB, of_asset=True),
    "GET /picks": Row("/picks", 200, Right.PICK),
    "PUT /picks/{list_id}/{asset_id}": Row(
        "/picks/-/{asset}", 200, Right.PICK, of_asset=True, body={"heart": True}
    ),
    "POST /lists": Row("/lists", 201, Right.PICK, body={"name": "For the book"}),
    "PUT /lists/{list_id}": Row("/lists/other", 404, Right.PICK, body={"name": "Mine"}),
    "DELETE /lists/{list_id}": Row("/lists/other", 404, Right.PICK),
    "POST /lists/{list_id}/submit": Row(
        "/lists/other/submit", 404, Right.PICK, body={"version": 1, "name": "Eve"}
    ),
    "POST /p/{asset_id}/keep": Row(
        "/p/{asset}/keep", 200, Right.HIDE, of_asset=True, body={"kept": False}
    ),
    "GET /comments/{asset_id}": Row("/comments/{asset}", 200, Right.COMMENT, of_asset=True),
    "POST /comments/{asset_id}": Row(
        "/comments/{asset}", 201, Right.COMMENT, of_asset=True, body={"text": "Lovely"}
    ),
    "DELETE /comments/{asset_id}/{comment_id}": Row("/comments/{asset}/other", 404, Right.COMMENT),
    "GET /archive": Row("/archive?size=original", 200, Right.ORIGINAL, of_asset=True),
    "GET /archive/plan": Row("/archive/plan?size=1024", 200, Right.WEB, of_asset=True),
    "GET /cover/{preset}": Row("/cover/small", 200),
    "GET /embed": Row("/embed", 200),
    "GET /pin": Row("/pin", 200, None),
    "POST /pin": Row("/pin", 303, None, form={"pin": "1234"}),
    "GET /me": Row("/me", 200, None),
    "POST /me/delete": Row("/me/delete", 303, None, form={}),
    "GET /v/{token}": Row("/v/{viewer}", 303, None),
}
"""For who comes in."""

BESIDE = {
    "GET /galleries",
    "GET /oembed",
    "GET /mails/{viewer_id}/{proof}",
    "POST /mails/{viewer_id}/{proof}",
}
"""What stands beside all galleries, and tells of each no more than it tells of itself."""

BEFORE_THE_DOOR = {"POST /password", "POST /forget"}
"""For who is outside: they let nobody see anything."""


@dataclass
class Visitor:
    """Somebody at the door."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    client: httpx2.AsyncClient | None = None
    refused: int | None = None
    """What every address answers them; `None`: they may come in."""
    rights: frozenset[Right] = frozenset(Right)
    only_assets: bool = False
    """Refused only what is not in the gallery that they may see."""


async def with_password(stage: VisitStage, text: str | None, **more: str) -> Visitor:
    await stage.change(password=PASSWORD)
    cookies = {} if text is None else {"fanlight_password": text}
    return Visitor(stage.base, cookies | more, refused=401)


async def a_stranger(stage: VisitStage) -> Visitor:
    return await with_password(stage, None)


async def with_a_wrong_proof(stage: VisitStage) -> Visitor:
    return await with_password(stage, FORGED)


async def with_the_proof_of_another_gallery(stage: VisitStage) -> Visitor:
    use = stage.house.fanlight
    other = await use.galleries.duplicate(SERVER, stage.gallery.id)
    await use.galleries.change(SERVER, other.id, password=PASSWORD, state=GalleryState.PUBLISHED)
    proofs = await knock(stage, f"/g/{other.slug}")
    return await with_password(stage, proofs.password)


async def who_knows_the_password(stage: VisitStage) -> Visitor:
    visitor = await with_password(stage, None)
    proofs = await knock(stage, stage.base)
    return Visitor(visitor.base, {"fanlight_password": proofs.password})


async def with_the_proof_in_the_address(stage: VisitStage) -> Visitor:
    await stage.change(password=PASSWORD)
    proofs = await knock(stage, stage.base)
    return Visitor(f"{stage.base}~p{proofs.password}")


async def with_a_forged_proof_in_the_address(stage: VisitStage) -> Visitor:
    await stage.change(password=PASSWORD)
    return Visitor(f"{stage.base}~p{FORGED}", refused=401)


async def after_the_password_has_changed(stage: VisitStage) -> Visitor:
    visitor = await who_knows_the_password(stage)
    await stage.change(password="another one")
    return Visitor(visitor.base, visitor.cookies, refused=401)


async def a_guest(stage: VisitStage) -> Visitor:
    link = await stage.link(rights={Right.VIEW})
    return Visitor(f"/s/{link.token}", rights=frozenset({Right.VIEW}))


async def a_guest_who_may_have_web_sizes(stage: VisitStage) -> Visitor:
    await stage.rule(rights=frozenset({Right.VIEW, Right.WEB}))
    return Visitor(stage.base, rights=frozenset({Right.VIEW, Right.WEB}))


async def a_client(stage: VisitStage) -> Visitor:
    link = await stage.link(party=Party.CLIENT)
    return Visitor(f"/s/{link.token}")


async def with_a_forged_token(stage: VisitStage) -> Visitor:
    await stage.link()
    return Visitor(f"/s/{FORGED[:22]}", refused=404)


async def with_a_revoked_link(stage: VisitStage) -> Visitor:
    link = await stage.link()
    await stage.house.fanlight.sharing.revoke_link(SERVER, link.id)
    return Visitor(f"/s/{link.token}", refused=404)


async def with_an_expired_link(stage: VisitStage) -> Visitor:
    link = await stage.link(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    return Visitor(f"/s/{link.token}", refused=410)


async def with_a_link_not_counted_yet(stage: VisitStage) -> Visitor:
    link = await stage.link(most=1)
    return Visitor(f"/s/{link.token}", refused=401)


async def with_a_link_that_is_used_up(stage: VisitStage) -> Visitor:
    link = await stage.link(most=1)
    await knock(stage, f"/s/{link.token}")
    return Visitor(f"/s/{link.token}", {"fanlight_entry": FORGED}, refused=410)


async def who_was_counted(stage: VisitStage) -> Visitor:
    link = await stage.link(most=1)
    proofs = await knock(stage, f"/s/{link.token}")
    return Visitor(f"/s/{link.token}", {"fanlight_entry": proofs.entry})


async def with_the_link_of_another_gallery(stage: VisitStage) -> Visitor:
    use = stage.house.fanlight
    other = await use.galleries.duplicate(SERVER, stage.gallery.id)
    await use.galleries.change(SERVER, other.id, state=GalleryState.PUBLISHED)
    page = await use.galleries.items(SERVER, other.id)
    await use.galleries.hide(SERVER, other.id, [one.asset.id for one in page.items])
    other_stage = VisitStage(stage.house, other, stage.ids)
    link = await other_stage.link()
    return Visitor(f"/s/{link.token}", only_assets=True)


async def at_a_draft(stage: VisitStage) -> Visitor:
    await stage.change(state=GalleryState.DRAFT)
    return Visitor(stage.base, refused=404)


async def at_a_draft_by_a_link(stage: VisitStage) -> Visitor:
    link = await stage.link()
    await stage.change(state=GalleryState.DRAFT)
    return Visitor(f"/s/{link.token}", refused=404)


async def at_a_gallery_for_links_alone(stage: VisitStage) -> Visitor:
    await stage.rule(reach=Reach.LINKS)
    return Visitor(stage.base, refused=404)


async def at_an_archived_gallery(stage: VisitStage) -> Visitor:
    await stage.change(state=GalleryState.ARCHIVED)
    return Visitor(stage.base, refused=410)


async def too_early(stage: VisitStage) -> Visitor:
    await stage.change(opens_at=datetime.now(UTC) + timedelta(days=1))
    return Visitor(stage.base, refused=403)


async def too_late(stage: VisitStage) -> Visitor:
    await stage.change(closes_at=datetime.now(UTC) - timedelta(seconds=1))
    return Visitor(stage.base, refused=410)


async def the_owner_before_it_opens(stage: VisitStage) -> Visitor:
    await stage.change(state=GalleryState.DRAFT, password=PASSWORD)
    return Visitor(stage.base, client=await stage.owner())


VISITORS: tuple[Callable[[VisitStage], Awaitable[Visitor]], ...] = (
    a_stranger,
    with_a_wrong_proof,
    with_the_proof_of_another_gallery,
    who_knows_the_password,
    with_the_proof_in_the_address,
    with_a_forged_proof_in_the_address,
    after_the_password_has_changed,
    a_guest,
    a_guest_who_may_have_web_sizes,
    a_client,
    with_a_forged_token,
    with_a_revoked_link,
    with_an_expired_link,
    with_a_link_not_counted_yet,
    with_a_link_that_is_used_up,
    who_was_counted,
    with_the_link_of_another_gallery,
    at_a_draft,
    at_a_draft_by_a_link,
    at_a_gallery_for_links_alone,
    at_an_archived_gallery,
    too_early,
    too_late,
    the_owner_before_it_opens,
)


async def knock(stage: VisitStage, base: str) -> Proofs:
    found = parse(base.encode())
    assert found is not None
    return await stage.house.fanlight.sharing.knock(found[0], PASSWORD, address="192.0.2.1")


@pytest.fixture
async def stage(house: House) -> VisitStage:
    return await staged(house)


def test_every_address_has_its_row() -> None:
    known = {f"{way.method} {way.path}" for way in WAYS} | {f"GET {path}" for path in PATHS}
    assert set(TABLE) | BEFORE_THE_DOOR == known
    beside = {
        f"{method} {route.path}"
        for route in routes()
        for method in (route.methods or set()) - {"HEAD"}
        if not route.path.startswith(DOORS)
    }
    assert beside == BESIDE


@pytest.mark.parametrize("arrival", VISITORS, ids=lambda one: one.__name__)
async def test_each_address_lets_in_who_may_and_nobody_else(
    stage: VisitStage, arrival: Callable[[VisitStage], Awaitable[Visitor]]
) -> None:
    visitor = await arrival(stage)
    seen = {name: await status(stage, visitor, name) for name in TABLE}
    assert seen == {name: expected(visitor, row) for name, row in TABLE.items()}


@pytest.mark.parametrize("arrival", VISITORS, ids=lambda one: one.__name__)
async def test_what_stands_beside_tells_of_what_is_open_to_all_and_of_nothing_else(
    stage: VisitStage, arrival: Callable[[VisitStage], Awaitable[Visitor]]
) -> None:
    """oEmbed and the site's list know nobody: they say what the bare address says to a stranger."""
    await stage.rule(embedding=("*",), reach=Reach.LISTED)
    visitor = await arrival(stage)
    client = visitor.client or stage.client()
    told = await client.get("/oembed", params={"url": f"http://test{visitor.base}"})
    assert told.status_code == await status(stage, Visitor(visitor.base), "GET ")
    if told.status_code != 200:
        assert stage.gallery.title not in told.text
    assert stage.ids["one.jpg"] not in told.text
    listed = f'href="{stage.base}"' in (await client.get("/galleries")).text
    assert listed is (await status(stage, Visitor(stage.base), "GET ") in (200, 401))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_mails_are_stopped_by_a_forged_address(stage: VisitStage, method: str) -> None:
    await a_viewer(stage)
    answer = await stage.client().request(method, f"/mails/v-1/{FORGED[:22]}")
    assert answer.status_code == 404


async def test_before_the_door_nobody_learns_anything(stage: VisitStage) -> None:
    await stage.change(password=PASSWORD)
    client = stage.client()
    wrong = await client.post(f"{stage.base}/password", data={"password": "guess"})
    assert wrong.status_code == 401
    assert stage.ids["one.jpg"] not in wrong.text
    assert "fanlight_password" not in wrong.headers.get("set-cookie", "")
    forgotten = await client.post(f"{stage.base}/forget")
    assert forgotten.status_code == 303


def expected(visitor: Visitor, row: Row) -> int:
    if visitor.refused is not None:
        return visitor.refused
    if row.right is not None and row.right not in visitor.rights:
        return 403
    if visitor.only_assets and (row.of_asset or row.path.startswith("/cover")):
        return 404
    return 404 if visitor.only_assets and "{viewer}" in row.path else row.good


async def status(stage: VisitStage, visitor: Visitor, name: str) -> int:
    row, method = TABLE[name], name.partition(" ")[0]
    viewer = await a_viewer(stage) if "{viewer}" in row.path else ""
    path = row.path.format(asset=stage.ids["one.jpg"], viewer=viewer)
    client = visitor.client or stage.client()
    cookies = "; ".join(f"{key}={value}" for key, value in visitor.cookies.items())
    answer = await client.request(
        method,
        visitor.base + path,
        data=row.form,
        json=row.body,
        headers={"cookie": cookies} if cookies else {},
        follow_redirects=False,
    )
    if answer.status_code >= 400:
        assert stage.ids["two.jpg"] not in answer.text
    return answer.status_code


async def a_viewer(stage: VisitStage) -> str:
    """The token of somebody who has picked something in this gallery."""
    now, token = datetime.now(UTC), "viewer-token-of-22-abc"
    viewer = Viewer("v-1", stage.gallery.id, None, "", "", digest(token), token, now, now)
    catalogue = stage.house.fanlight.catalogue
    if await catalogue.read(lambda records: records.viewers.find("v-1")) is None:
        await catalogue.write(lambda records: records.viewers.add(viewer))
    return token
