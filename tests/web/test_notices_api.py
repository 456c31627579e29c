"""The API of notices, webhooks and activity: what it takes, gives and refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.gallery_model import Act, Activity
from fanlight.model import Scope
from tests.notices.conftest import PASSWORD as MAIL_PASSWORD
from tests.notices.conftest import USER, mail_server, other_program
from tests.web.picks_stage import Round, a_round
from tests.web.test_api import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from tests.web.conftest import House

pytestmark = pytest.mark.anyio

NOTICES, WEBHOOKS = "/api/v1/notices", "/api/v1/webhooks"


@pytest.fixture
async def client(house: House) -> httpx2.AsyncClient:
    return await house.bearer(Scope.MANAGE)


# --- notices -------------------------------------------------------------------------------------


async def test_what_is_given_is_changed_and_the_rest_stays(client: httpx2.AsyncClient) -> None:
    before = (await client.get(NOTICES)).json()
    assert (before["mail_server"], before["to"], before["days"]) == ("", "", 7)
    change = {"to": "me@example.com", "tellings": ["selection.submitted"], "days": 3}
    changed = await client.patch(NOTICES, json=change)
    assert changed.json() == before | change
    assert (await client.patch(NOTICES, json={"days": 4})).json() == before | change | {"days": 4}
    assert (await client.get(NOTICES)).json()["to"] == "me@example.com"
    none: dict[str, object] = {"to": "", "tellings": [], "courtesies": []}
    assert (await client.patch(NOTICES, json=none)).json() == before | none | {"days": 4}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"to": "me"}, 400, "invalid.email"),
        ({"days": 0}, 422, "invalid.request"),
        ({"days": 91}, 422, "invalid.request"),
        ({"tellings": ["weather"]}, 422, "invalid.request"),
        ({"courtesies": ["flowers"]}, 422, "invalid.request"),
        ({"mail_password": "secret"}, 422, "invalid.request"),
    ],
)
async def test_a_notice_that_cannot_be_is_refused(
    client: httpx2.AsyncClient, change: dict[str, Any], status: int, code: str
) -> None:
    before = (await client.get(NOTICES)).json()
    problem(await client.patch(NOTICES, json=change), status, code)
    assert (await client.get(NOTICES)).json() == before


async def test_a_test_mail_says_what_the_mail_server_said(building: Callable[..., House]) -> None:
    async with mail_server() as mailbox:
        settings = {"mail_host": "127.0.0.1", "mail_port": mailbox.port, "mail_security": "none"}
        sender = {"mail_user": USER, "mail_password": MAIL_PASSWORD, "mail_from": "s@example.com"}
        house = building(**settings, **sender)
        await house.set_up()
        client = await house.bearer(Scope.MANAGE)
        told = (await client.get(NOTICES)).text
        assert f"127.0.0.1:{mailbox.port}" in told
        assert MAIL_PASSWORD not in told
        sent = await client.post(f"{NOTICES}/test", json={"to": "me@example.com"})
        assert sent.status_code == 204
        assert [mail["To"] for mail in mailbox.mails] == ["me@example.com"]
        refused = await client.post(f"{NOTICES}/test", json={"to": "unknown@example.com"})
        problem(refused, 502, "mail.refused")
        assert "no such user here" in refused.json()["title"]


async def test_without_a_mail_server_a_test_mail_is_not_sent(client: httpx2.AsyncClient) -> None:
    problem(await client.post(f"{NOTICES}/test", json={"to": "me@example.com"}), 502, "mail.off")
    problem(await client.post(f"{NOTICES}/test", json={}), 422, "invalid.request")


# --- webhooks ------------------------------------------------------------------------------------


async def test_a_webhook_is_made_called_changed_and_removed(client: httpx2.AsyncClient) -> None:
    async with other_program() as program:
        wish = {"url": program.url, "tellings": ["selection.submitted", "comment.added"]}
        made = await client.post(WEBHOOKS, json=wish)
        assert made.status_code == 201
        assert made.json()["secret"].startswith("whsec_")
        hook = {name: value for name, value in made.json().items() if name != "secret"}
        at = f"{WEBHOOKS}/{hook['id']}"
        assert (await client.get(WEBHOOKS)).json() == {"items": [hook], "next": None}
        assert (await client.get(at)).json() == hook, "the secret is shown once"
        assert (await client.get(f"{at}/calls")).json()["items"] == []
        assert (await client.post(f"{at}/test")).status_code == 204
        assert len(program.calls) == 1
        program.status = 500
        problem(await client.post(f"{at}/test"), 503, "call.unavailable")
        failed, took = (await client.get(f"{at}/calls")).json()["items"]
        assert (took["kind"], took["problem"]) == ("fanlight.test", "")
        assert failed["problem"] == "127.0.0.1 answered 500."
        program.status = 410
        problem(await client.post(f"{at}/test"), 502, "call.refused")
    called = (await client.get(at)).json()
    assert not called["enabled"], "it wants no more calls"
    hook |= {name: called[name] for name in ("called_at", "problem")}
    change = {"tellings": ["gallery.closing"], "enabled": False}
    assert (await client.patch(at, json=change)).json() == hook | change
    other = {"url": "https://example.com/hook"}
    assert (await client.patch(at, json=other)).json() == hook | change | other
    assert (await client.delete(at)).status_code == 204
    problem(await client.get(at), 404, "not-found.webhook")
    problem(await client.get(f"{at}/calls"), 404, "not-found.webhook")
    problem(await client.post(f"{at}/test"), 404, "not-found.webhook")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"url": "https://example.com"}, 422, "invalid.request"),
        ({"url": "https://example.com", "tellings": []}, 422, "invalid.request"),
        ({"url": "https://example.com", "tellings": ["weather"]}, 422, "invalid.request"),
        ({"url": "ftp://example.com", "tellings": ["comment.added"]}, 422, "invalid.request"),
        ({"url": "https://[", "tellings": ["comment.added"]}, 400, "invalid.url"),
        ({"url": "https://a:port/", "tellings": ["comment.added"]}, 400, "invalid.url"),
        ({"url": "https://me:pw@a/", "tellings": ["comment.added"]}, 400, "invalid.url"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(
    client: httpx2.AsyncClient, wish: dict[str, Any], status: int, code: str
) -> None:
    problem(await client.post(WEBHOOKS, json=wish), status, code)
    assert (await client.get(WEBHOOKS)).json()["items"] == []


# --- activity ------------------------------------------------------------------------------------


@pytest.fixture
async def begun(house: House) -> Round:
    return await a_round(house)


async def test_what_happened_is_listed_and_summed_up(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    anna, at = await begun.enter(1, "Anna"), f"/api/v1/galleries/{begun.gallery.id}/activity"
    journal = begun.house.fanlight.journal
    journal.note(Act.VIEWED, anna)
    journal.note(Act.PICKED, anna, asset_id=begun.photos["a.jpg"])
    journal.note(Act.DOWNLOADED, anna, count=3, size=3_000_000)
    await journal.flush()
    first = (await client.get(at, params={"limit": 2})).json()
    assert [one["act"] for one in first["items"]] == ["downloaded", "picked"]
    assert first["items"][0]["viewer"] == {"id": "v-1", "name": "Anna"}
    assert first["items"][1]["asset"]["name"] == "a.jpg"
    last = (await client.get(at, params={"after": first["next"]})).json()
    assert [one["act"] for one in last["items"]] == ["viewed"]
    figures = (await client.get(f"{at}/figures", params={"days": 2})).json()
    today = figures["days"][-1]
    assert today["day"] == datetime.now(UTC).date().isoformat()
    for one in (figures, today):
        assert (one["views"], one["visitors"], one["picks"]) == (1, 1, 1)
        assert (one["downloads"], one["photos_downloaded"]) == (1, 3)
        assert one["bytes_downloaded"] == 3_000_000
    table = await client.get(f"{at}/table")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(table.text.splitlines()) == 4
    assert "Wedding" in table.headers["content-disposition"]


async def test_each_day_stands_by_itself(begun: Round) -> None:
    client = await begun.house.bearer(Scope.MANAGE)
    now = datetime.now(UTC)
    visits = [(0, "x"), (1, "y"), (1, "z"), (1, "z"), (40, "old")]
    entries = [
        Activity(
            id=0,
            gallery_id=begun.gallery.id,
            at=now - timedelta(days=ago),
            act=Act.VIEWED,
            link_id=None,
            viewer_id=None,
            visit=visit,
            asset_id=None,
            count=1,
            size=0,
        )
        for ago, visit in visits
    ]
    await begun.house.fanlight.catalogue.write(lambda records: records.activities.add(entries))
    at = f"/api/v1/galleries/{begun.gallery.id}/activity/figures"
    figures = (await client.get(at, params={"days": 3})).json()
    assert (figures["views"], figures["visitors"]) == (5, 4)
    days = [(one["day"], one["views"], one["visitors"]) for one in figures["days"]]
    assert days == [
        ((now - timedelta(days=2)).date().isoformat(), 0, 0),
        ((now - timedelta(days=1)).date().isoformat(), 3, 2),
        (now.date().isoformat(), 1, 1),
    ]
    problem(await client.get(at, params={"days": 0}), 422, "invalid.request")
    problem(await client.get(at, params={"days": 367}), 422, "invalid.request")


async def test_activity_of_galleries_that_are_not_there(client: httpx2.AsyncClient) -> None:
    for path in ("", "/figures", "/table"):
        answer = await client.get(f"/api/v1/galleries/none/activity{path}")
        problem(answer, 404, "not-found.gallery")
