"""The API of share links and viewers: what it takes, gives and refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.gallery_model import GalleryState
from fanlight.model import SERVER, Scope
from fanlight.web.qr import qr_code
from tests.notices.conftest import PASSWORD as MAIL_PASSWORD
from tests.notices.conftest import USER, mail_server
from tests.web.picks_stage import Round, a_round
from tests.web.test_api import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

LINKS = "/api/v1/share-links"


@pytest.fixture
async def begun(house: House) -> Round:
    return await a_round(house)


def links_of(begun: Round) -> str:
    return f"/api/v1/galleries/{begun.gallery.id}/share-links"


async def made(begun: Round, client: httpx2.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(links_of(begun), json={"name": "Anna", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_link_is_made_listed_changed_and_removed(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    link = await made(begun, client, party="client", password="a good one", expires_at=soon, most=3)
    assert link["url"].startswith("http://test/s/")
    assert (link["has_password"], link["most"], link["opened"]) == (True, 3, 0)
    assert link["rights"] == ["comment", "hide", "original", "pick", "view", "web"]
    assert "password" not in link
    assert "token" not in link
    at = f"{LINKS}/{link['id']}"
    assert (await client.get(at)).json() == link
    assert (await client.get(links_of(begun))).json() == {"items": [link], "next": None}
    change = {"name": "Ben", "rights": ["pick"], "password": "", "expires_at": None}
    changed = (await client.patch(at, json=change)).json()
    assert changed["name"] == "Ben"
    assert changed["rights"] == ["pick", "view"], "the right to view belongs to each"
    assert (changed["has_password"], changed["expires_at"], changed["most"]) == (False, None, 3)
    assert changed["url"] == link["url"]
    assert (await client.delete(at)).status_code == 204
    problem(await client.get(at), 404, "not-found.share-link")


async def test_its_address_is_printed_while_it_leads_in(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    link = await made(begun, client)
    at = f"{LINKS}/{link['id']}"
    printed = await client.get(f"{at}/qr")
    assert printed.headers["content-type"] == "image/svg+xml"
    assert printed.content == qr_code(link["url"])
    await client.post(f"{at}/revoke")
    problem(await client.get(f"{at}/qr"), 404, "not-found.share-link")


async def test_a_visitor_comes_in_and_is_counted_until_it_is_revoked(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    link = await made(begun, client)
    galleries = begun.house.fanlight.galleries
    await galleries.change(SERVER, begun.gallery.id, state=GalleryState.PUBLISHED)
    assert (await begun.house.client().get(link["url"])).status_code == 200
    at = f"{LINKS}/{link['id']}"
    counted = (await client.get(at)).json()
    assert counted["opened"] == 1
    assert counted["used_at"] is not None
    revoked = (await client.post(f"{at}/revoke")).json()
    assert revoked["url"] is None
    assert revoked["revoked_at"] is not None
    assert (await begun.house.client().get(link["url"])).status_code == 404
    renewed = (await client.post(f"{at}/renew")).json()
    assert renewed["url"] not in (None, link["url"])
    assert (renewed["opened"], renewed["revoked_at"]) == (0, None)
    assert (await begun.house.client().get(renewed["url"])).status_code == 200


async def test_a_link_is_sent_by_mail(building: Callable[..., House]) -> None:
    async with mail_server() as mailbox:
        settings = {"mail_host": "127.0.0.1", "mail_port": mailbox.port, "mail_security": "none"}
        sender = {"mail_user": USER, "mail_password": MAIL_PASSWORD, "mail_from": "s@example.com"}
        house = building(**settings, **sender)
        await house.set_up()
        begun, client = await a_round(house), await house.bearer(Scope.MANAGE)
        link = await made(begun, client)
        at = f"{LINKS}/{link['id']}"
        words = {"subject": "For {client}", "text": "Here they are.\n\n{link}"}
        wish = {"to": "anna@example.com", "client": "Anna", **words}
        seen = (await client.post(f"{at}/invite/preview", json=wish)).json()
        assert seen["subject"] == "For Anna"
        assert link["url"] in seen["text"]
        assert mailbox.mails == []
        assert (await client.post(f"{at}/invite", json=wish)).status_code == 204
        (mail,) = mailbox.mails
        assert (mail["To"], mail["Subject"]) == ("anna@example.com", "For Anna")
        text = mail.get_body(("plain",))
        assert text is not None
        assert link["url"] in text.get_content()
        assert "Here they are." in text.get_content()
        problem(await client.post(f"{at}/invite", json={"to": "anna"}), 400, "invalid.email")
        other = wish | {"template": "none"}
        problem(await client.post(f"{at}/invite", json=other), 404, "not-found.template")
        nowhere = wish | {"text": "Come!"}
        problem(await client.post(f"{at}/invite/preview", json=nowhere), 400, "invalid.text")
        await client.post(f"{at}/revoke")
        problem(await client.post(f"{at}/invite", json=wish), 409, "conflict.share-link")


async def test_without_a_mail_server_the_answer_says_how_to_set_one(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    link = await made(begun, client)
    answer = await client.post(f"{LINKS}/{link['id']}/invite", json={"to": "anna@example.com"})
    problem(answer, 502, "mail.off")
    assert "FANLIGHT_MAIL_HOST" in answer.json()["remedy"]


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({}, 422, "invalid.request"),
        ({"name": " "}, 400, "invalid.name"),
        ({"name": "Anna", "rights": ["fly"]}, 422, "invalid.request"),
        ({"name": "Anna", "party": "owner"}, 422, "invalid.request"),
        ({"name": "Anna", "password": "short"}, 400, "invalid.password"),
        ({"name": "Anna", "most": -1}, 422, "invalid.request"),
        ({"name": "Anna", "most": "1"}, 422, "invalid.request"),
        ({"name": "Anna", "expires_at": "2030-01-01"}, 422, "invalid.request"),
        ({"name": "Anna", "expires_at": "9999-12-31T23:59:59Z"}, 400, "invalid.time"),
        ({"name": "Anna", "token": "mine"}, 422, "invalid.request"),
    ],
)
async def test_a_link_that_cannot_be_made_is_refused(
    begun: Round, wish: dict[str, Any], status: int, code: str
) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    problem(await client.post(links_of(begun), json=wish), status, code)
    assert (await client.get(links_of(begun))).json()["items"] == []


async def test_links_of_galleries_that_are_not_there(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    at = "/api/v1/galleries/none/share-links"
    problem(await client.get(at), 404, "not-found.gallery")
    problem(await client.post(at, json={"name": "Anna"}), 404, "not-found.gallery")
    problem(await client.patch(f"{LINKS}/none", json={"name": "A"}), 404, "not-found.share-link")


async def test_templates_are_made_changed_and_removed(house: House) -> None:
    client, at = await house.bearer(Scope.MANAGE), "/api/v1/templates"
    usual = (await client.get(at)).json()["items"]
    assert all(one["usual"] for one in usual)
    words = {"subject": "For {client}", "text": "Here.\n\n{link}"}
    made = await client.post(at, json={"name": "Short", "language": "de", **words})
    assert made.status_code == 201
    one = f"{at}/{made.json()['id']}"
    changed = (await client.patch(one, json={"subject": "Hello"})).json()
    assert changed == made.json() | {"subject": "Hello"}
    assert (await client.get(one)).json() == changed
    problem(await client.patch(one, json={"text": "{link} {age}"}), 400, "invalid.placeholder")
    problem(await client.patch(one, json={"language": "xx"}), 400, "invalid.language")
    problem(await client.post(at, json={"name": "Short"}), 422, "invalid.request")
    assert (await client.delete(one)).status_code == 204
    problem(await client.get(one), 404, "not-found.template")
    german = f"{at}/de"
    assert (await client.patch(german, json=words)).json()["text"] == words["text"]
    assert (await client.delete(german)).status_code == 204
    assert (await client.get(at)).json()["items"] == usual


# --- viewers -------------------------------------------------------------------------------------


async def test_a_viewer_is_shown_with_all_that_is_kept_and_forgotten(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    anna = await begun.enter(1, "Anna")
    selection = await begun.pick(anna, "a.jpg", note="closer")
    proofing = begun.house.fanlight.proofing
    said = await proofing.comment(anna, begun.photos["b.jpg"], "Brighter?", address="192.0.2.1")
    at = f"/api/v1/galleries/{begun.gallery.id}/viewers"
    (listed,) = (await client.get(at)).json()["items"]
    assert (listed["id"], listed["name"]) == ("v-1", "Anna")
    assert "token" not in listed
    kept = (await client.get("/api/v1/viewers/v-1")).json()
    assert kept["viewer"] == listed
    (a_list,) = kept["lists"]
    assert a_list["id"] == selection.id
    assert [(one["name"], one["note"]) for one in a_list["picks"]] == [("a.jpg", "closer")]
    assert [one["id"] for one in kept["comments"]] == [said.id]
    assert (await client.delete("/api/v1/viewers/v-1")).status_code == 204
    assert (await client.get(at)).json()["items"] == []
    problem(await client.get("/api/v1/viewers/v-1"), 404, "not-found.viewer")
    problem(await client.delete("/api/v1/viewers/v-1"), 404, "not-found.viewer")
