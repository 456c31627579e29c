"""Our own API: what it takes, gives and refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import Facts, Scope, Spot
from tests.support.workshop import a_picture
from tests.web.conftest import PASSWORD, House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx2

pytestmark = pytest.mark.anyio


async def upload(
    client: httpx2.AsyncClient, name: str = "a.txt", content: bytes = b"x", **query: Any
):
    answer = await client.post("/api/v1/assets", params={"name": name, **query}, content=content)
    assert answer.status_code == 201, answer.text
    return answer.json()


def problem(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


# --- uploads -------------------------------------------------------------------------------------


async def test_a_body_itself_is_an_upload(house: House) -> None:
    client = await house.bearer(Scope.UPLOAD)
    answer = await client.post(
        "/api/v1/assets?name=a.txt&folder=t&naming=origin&tags=lake,%20dawn&visibility=private",
        content=b"bytes",
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/assets/{made['id']}"
    assert made["link"] == f"http://test/a/{made['id']}.txt"
    assert made["url"] == "http://test/file/t/a.txt"
    assert made["tags"] == ["dawn", "lake"] or made["tags"] == ["lake", "dawn"]
    assert (made["size"], made["visibility"], made["linked"]) == (5, "private", False)
    assert made["channel_id"] == house.channel.id  # pyright: ignore[reportOptionalMemberAccess]


async def test_a_form_is_an_upload_too(house: House) -> None:
    client = await house.bearer(Scope.UPLOAD)
    answer = await client.post(
        "/api/v1/assets",
        data={"folder": "t", "naming": "origin"},
        files={"file": ("b.txt", b"bytes", "text/plain")},
    )
    assert answer.status_code == 201
    assert answer.json()["alias"] == "t/b.txt"


async def test_equal_content_is_linked_or_stored_again_as_asked(house: House) -> None:
    client = await house.bearer()
    await upload(client, content=b"same")
    assert (await upload(client, content=b"same"))["linked"] is True
    assert (await upload(client, content=b"same", duplicates="store"))["linked"] is False


@pytest.mark.parametrize(
    "query",
    ["naming=best", "visibility=some", "expires_at=soon", "unheard=of", "expires_at=2027-01-01"],
)
async def test_an_option_that_is_not_valid_is_refused(house: House, query: str) -> None:
    client = await house.bearer()
    problem(await client.post(f"/api/v1/assets?{query}", content=b"x"), 400, "invalid.upload")


async def test_an_upload_needs_the_right_to(house: House) -> None:
    problem(await house.client().post("/api/v1/assets", content=b"x"), 401, "unauthenticated")
    reader = await house.bearer(Scope.READ)
    problem(await reader.post("/api/v1/assets", content=b"x"), 403, "forbidden.upload")
    wrong = house.client(Authorization="Bearer fl_wrong")
    answer = await wrong.post("/api/v1/assets", content=b"x")
    problem(answer, 401, "unauthenticated.token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_channel_that_is_not_there_is_named(house: House) -> None:
    client = await house.bearer()
    answer = await client.post("/api/v1/assets?channel=nope", content=b"x")
    problem(answer, 404, "not-found.channel")


# --- assets --------------------------------------------------------------------------------------


async def test_pages_follow_one_another_to_the_end(house: House) -> None:
    client = await house.bearer()
    for number in range(5):
        await upload(client, f"{number}.txt", b"%d" % number, naming="origin")
    names: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await client.get("/api/v1/assets", params={"limit": 2, **after})).json()
        names += [asset["name"] for asset in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert names == ["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"]
    by_name = (await client.get("/api/v1/assets?sort=name")).json()["items"]
    assert [asset["name"] for asset in by_name] == sorted(names)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"top.txt", "lake.jpg", "deep.txt"}),
        ("folder=", {"top.txt"}),
        ("folder=trips", {"lake.jpg"}),
        ("folder=trips&deep=true", {"lake.jpg", "deep.txt"}),
        ("q=lak", {"lake.jpg"}),
        ("q=sunny", {"lake.jpg"}),
        ("tag=sunny", {"lake.jpg"}),
        ("q=deep&folder=trips", {"deep.txt"}),
        ("q=nothing", set[str]()),
        ("kind=text", {"top.txt", "deep.txt"}),
    ],
)
async def test_lists_and_searches(house: House, query: str, names: set[str]) -> None:
    client = await house.bearer()
    await upload(client, "top.txt", b"1")
    await upload(client, "lake.jpg", b"\xff\xd8\xff\xe0 2", folder="trips", tags="sunny")
    await upload(client, "deep.txt", b"3", folder="trips/2026")
    found = (await client.get(f"/api/v1/assets?{query}")).json()["items"]
    assert {asset["name"] for asset in found} == names


async def test_a_cursor_that_is_not_ours_is_refused(house: House) -> None:
    client = await house.bearer()
    problem(await client.get("/api/v1/assets?after=junk"), 400, "bad-cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "sort=worst", "kind=cake"])
async def test_a_parameter_out_of_bounds_is_named(house: House, query: str) -> None:
    client = await house.bearer()
    answer = await client.get(f"/api/v1/assets?{query}")
    problem(answer, 422, "invalid.request")
    assert answer.json()["errors"][0]["where"] == f"query.{query.partition('=')[0]}"


async def test_an_asset_is_changed_and_old_addresses_lead_to_it(house: House) -> None:
    client = await house.bearer()
    made = await upload(client, "old.txt", b"bytes", naming="origin")
    address = f"/api/v1/assets/{made['id']}"
    change = {"name": "new.txt", "folder": "trips", "tags": ["a"], "visibility": "public"}
    changed = (await client.patch(address, json=change)).json()
    assert (changed["name"], changed["alias"], changed["tags"]) == (
        "new.txt",
        "trips/new.txt",
        ["a"],
    )
    old = await house.client().get("/file/old.txt")
    assert (old.status_code, old.headers["location"]) == (302, "/file/trips/new.txt")
    assert (await house.client().get("/file/trips/new.txt")).content == b"bytes"


async def test_an_expiry_is_set_kept_and_taken_away(house: House) -> None:
    client = await house.bearer()
    address = f"/api/v1/assets/{(await upload(client))['id']}"
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert (await client.patch(address, json={"expires_at": later})).json()["expires_at"]
    assert (await client.patch(address, json={"tags": []})).json()["expires_at"]
    assert (await client.patch(address, json={"expires_at": None})).json()["expires_at"] is None


@pytest.mark.parametrize(
    "change",
    [{"size": 3}, {"visibility": "loud"}, {"name": ""}, {"expires_at": "2027-01-01T00:00"}],
)
async def test_a_change_that_cannot_be_is_refused(house: House, change: dict[str, Any]) -> None:
    client = await house.bearer()
    made = await upload(client)
    problem(await client.patch(f"/api/v1/assets/{made['id']}", json=change), 422, "invalid.request")


async def test_trash_and_back(house: House) -> None:
    client = await house.bearer()
    made = await upload(client, "a.txt", b"bytes", naming="origin")
    address = f"/api/v1/assets/{made['id']}"
    assert (await client.delete(address)).status_code == 204
    assert (await house.client().get("/file/a.txt")).status_code == 404
    assert (await client.get("/api/v1/assets")).json()["items"] == []
    assert len((await client.get("/api/v1/assets?trashed=true")).json()["items"]) == 1
    problem(await client.delete(address), 404, "not-found.asset")
    assert (await client.post(f"{address}/restore")).json()["deleted_at"] is None
    assert (await house.client().get("/file/a.txt")).content == b"bytes"
    assert (await client.delete(f"{address}?for_good=true")).status_code == 204
    problem(await client.get(address), 404, "not-found.asset")
    assert [path for path in house.originals.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("path", ["", "/content", "/restore", "/link"])
async def test_what_is_not_there_is_not_found(house: House, path: str) -> None:
    client = await house.bearer()
    method = "GET" if path in ("", "/content") else "POST"
    body: Any = {"json": {}} if path == "/link" else {}
    answer = await client.request(method, f"/api/v1/assets/nope{path}", **body)
    problem(answer, 404, "not-found.asset")


async def test_the_content_comes_back_sandboxed(house: House) -> None:
    client = await house.bearer(Scope.UPLOAD, Scope.READ)
    made = await upload(client, "page.html", b"<script>alert(1)</script>")
    answer = await client.get(f"/api/v1/assets/{made['id']}/content")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-length"] == "25"


async def test_a_signed_link_opens_a_private_asset_to_everybody(house: House) -> None:
    client = await house.bearer()
    made = await upload(client, content=b"private", visibility="private")
    path = made["link"].removeprefix("http://test")
    assert (await house.client().get(path)).status_code in (401, 403, 404)
    signed = (await client.post(f"/api/v1/assets/{made['id']}/link", json={"seconds": 60})).json()
    answer = await house.client().get(signed["url"].removeprefix("http://test"))
    assert answer.content == b"private"
    assert (await client.get(path)).content == b"private", "its owner's token opens it as well"


async def test_folders_and_tags(house: House) -> None:
    client = await house.bearer()
    await upload(client, "1", b"1", folder="trips", tags="lake,light")
    await upload(client, "2", b"2", folder="trips/2026", tags="lake")
    folders = (await client.get("/api/v1/folders")).json()["items"]
    assert folders == [{"path": "trips", "count": 1}]
    inner = (await client.get("/api/v1/folders?parent=trips")).json()["items"]
    assert inner == [{"path": "trips/2026", "count": 1}]
    tags = (await client.get("/api/v1/tags?prefix=l")).json()["items"]
    assert {tag["name"]: tag["count"] for tag in tags} == {"lake": 2, "light": 1}


# --- channels, tokens, me, jobs ------------------------------------------------------------------


async def test_channels_are_added_changed_checked_and_removed(house: House) -> None:
    client, folder = await house.bearer(), house.originals.parent / "second"
    folder.mkdir()
    wish = {"provider": "local", "name": "Second", "options": {"path": str(folder)}}
    added = await client.post("/api/v1/channels", json=wish)
    assert added.status_code == 201
    address = f"/api/v1/channels/{added.json()['id']}"
    assert (await client.patch(address, json={"uploads": False})).json()["uploads"] is False
    assert (await client.get(address)).json()["name"] == "Second"
    assert (await client.post(f"{address}/check")).json()["findings"] == []
    assert len((await client.get("/api/v1/channels")).json()["items"]) == 2
    assert (await client.delete(address)).status_code == 204
    problem(await client.get(address), 404, "not-found.channel")


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"provider": "floppy", "name": "x"}, 404, "not-found.provider"),
        ({"provider": "local", "name": "x"}, 400, "invalid.option"),
        (
            {"provider": "local", "name": "Here", "options": {"path": "/tmp"}},
            409,
            "conflict.channel",
        ),
        ({"name": "x"}, 422, "invalid.request"),
    ],
)
async def test_a_channel_that_cannot_be_is_refused(
    house: House, wish: dict[str, Any], status: int, code: str
) -> None:
    problem(await (await house.bearer()).post("/api/v1/channels", json=wish), status, code)


async def test_a_channel_may_send_viewers_to_its_service_where_that_has_addresses(
    house: House,
) -> None:
    client, at = await house.bearer(), "/api/v1/channels"
    cloud = {"provider": "dropbox", "name": "Cloud", "delivery": "redirect"}
    whole = cloud | {"options": {"app_key": "k", "app_secret": "s"}}
    problem(await client.post(at, json=cloud), 400, "invalid.option")
    added = await client.post(at, json=whole)
    assert (added.status_code, added.json()["delivery"]) == (201, "redirect")
    memory = {"provider": "memory", "name": "Short", "delivery": "redirect"}
    refused = await client.post(at, json=memory)
    problem(refused, 409, "not-supported")
    assert refused.json()["about"] == "delivery"
    problem(await client.post(at, json=whole | {"delivery": "post"}), 422, "invalid.request")
    names = {one["name"] for one in (await client.get(at)).json()["items"]}
    assert names == {"Here", "Cloud"}


async def test_a_channel_is_indexed_by_a_job(house: House) -> None:
    client = await house.bearer()
    answer = await client.post(f"/api/v1/channels/{house.channel.id}/index")  # pyright: ignore[reportOptionalMemberAccess]
    assert answer.status_code == 202
    job = answer.json()
    assert (await client.get(f"/api/v1/jobs/{job['id']}")).json()["state"] == "waiting"
    assert job["id"] in {one["id"] for one in (await client.get("/api/v1/jobs")).json()["items"]}
    cancelled = await client.post(f"/api/v1/jobs/{job['id']}/cancel")
    assert cancelled.json()["state"] == "cancelled"
    problem(await client.get("/api/v1/jobs/nope"), 404, "not-found.job")


async def test_jobs_are_the_managers_business(house: House) -> None:
    problem(await (await house.bearer(Scope.LIST)).get("/api/v1/jobs"), 403, "forbidden.manage")
    bound = await house.bearer(Scope.MANAGE, folder="trips")
    problem(await bound.get("/api/v1/jobs"), 403, "forbidden.manage")


async def test_a_token_is_shown_once_and_never_stronger_than_its_maker(house: House) -> None:
    client = await house.bearer()
    made = await client.post("/api/v1/tokens", json={"name": "PicGo", "scopes": ["upload"]})
    assert made.status_code == 201
    text = made.json()["token"]
    listed = (await client.get("/api/v1/tokens")).json()["items"]
    assert text not in str(listed)
    assert made.json()["id"] in {token["id"] for token in listed}
    weak = house.client(Authorization=f"Bearer {text}")
    assert (await weak.get("/api/v1/me")).json()["scopes"] == ["upload"]
    stronger = {"name": "x", "scopes": ["manage"]}
    problem(await weak.post("/api/v1/tokens", json=stronger), 403, "forbidden.manage")
    assert (await client.delete(f"/api/v1/tokens/{made.json()['id']}")).status_code == 204
    problem(await weak.get("/api/v1/me"), 401, "unauthenticated.token")


async def test_a_cookie_changes_nothing_without_the_proof_of_our_pages(house: House) -> None:
    accounts = house.fanlight.accounts
    _, secret = await accounts.sign_in("ada", PASSWORD, address="127.0.0.1", user_agent="")
    client = house.client(Cookie=f"fanlight_session={secret}")
    assert (await client.get("/api/v1/me")).json()["name"] == "ada"
    problem(await client.post("/api/v1/assets", content=b"x"), 403, "forbidden.csrf")
    proof = {"X-CSRF-Token": accounts.csrf_token(secret)}
    answer = await client.post("/api/v1/assets", content=b"x", headers=proof)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("PUT", "/api/v1/assets", 405, "method-not-allowed"),
        ("GET", "/api/v1/assets/../../etc", 404, "not-found"),
        ("GET", "/api/v1/assets/%00", 422, "invalid.request"),
        ("GET", "/api/v2/assets", 404, "not-found"),
    ],
)
async def test_addresses_that_are_not_there(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    problem(await (await house.bearer()).request(method, path), status, code)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_a_body_that_is_no_upload_cannot_fill_the_memory(house: House, method: str) -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        while seen < 50_000_000:
            seen += 65_536
            yield b" " * 65_536

    path = {"POST": "tokens", "PATCH": "assets/x", "PUT": "assets", "DELETE": "tokens/x"}[method]
    headers = {"Content-Type": "application/json"}
    await house.client().request(method, f"/api/v1/{path}", content=endless(), headers=headers)
    assert seen < 1_000_000
    if method == "POST":
        answer = await (await house.bearer()).post(
            f"/api/v1/{path}", content=b" " * 300_000, headers=headers
        )
        problem(answer, 413, "too-large")


async def test_a_conflict_changes_nothing(house: House) -> None:
    client = await house.bearer()
    await upload(client, "taken.txt", b"1", naming="origin")
    made = await upload(client, "mine.txt", b"2", naming="origin")
    address = f"/api/v1/assets/{made['id']}"
    change = {"name": "taken.txt", "tags": ["new"]}
    problem(await client.patch(address, json=change), 409, "conflict.alias")
    assert (await client.get(address)).json()["tags"] == []


async def test_strangers_learn_nothing(building: Callable[..., House]) -> None:
    house = building()
    await house.set_up()
    client = house.client()
    for path in ("assets", "folders", "tags", "channels", "tokens", "me", "jobs", "assets/x"):
        problem(await client.get(f"/api/v1/{path}"), 401, "unauthenticated")


# --- pictures ------------------------------------------------------------------------------------


async def test_a_picture_has_addresses_by_preset_and_a_text_has_none(house: House) -> None:
    client = await house.bearer()
    made = await upload(client, "a.png", a_picture())
    origin = f"http://test/a/{made['id']}"
    assert made["pictures"] == {
        name: f"{origin}/{name}" for name in ("thumb", "small", "medium", "large")
    }
    assert (await upload(client))["pictures"] == {}


async def test_facts_are_told_and_where_it_was_taken_to_the_owner_alone(house: House) -> None:
    client = await house.bearer()
    made = await upload(client, "a.png", a_picture())
    address = f"/api/v1/assets/{made['id']}"
    problem(await client.get("/api/v1/assets/nobody/facts"), 404, "not-found.asset")
    facts = Facts(width=60, camera="Box", spot=Spot(1.5, -2.5), placeholder=b"\xff\xfe")

    def keep(records: Any) -> None:
        records.facts.keep(made["id"], 1, facts)

    await house.fanlight.catalogue.write(keep)
    told = (await client.get(f"{address}/facts")).json()
    assert (told["version"], told["problem"]) == (1, "")
    assert (told["facts"]["camera"], told["facts"]["keywords"]) == ("Box", [])
    assert told["facts"]["spot"] == {"latitude": 1.5, "longitude": -2.5, "altitude": None}
    shown = (await client.get(address)).json()
    assert (shown["width"], shown["placeholder"], shown["problem"]) == (60, "//4=", "")
    assert "latitude" not in (await client.get(address)).text
    reader = await house.bearer(Scope.READ)
    assert (await reader.get(f"{address}/facts")).json()["facts"]["spot"] is None


async def test_a_folder_is_warmed_by_a_job(house: House) -> None:
    client = await house.bearer()
    job = await client.post("/api/v1/folders/warm", json={"folder": "a/b"})
    assert (job.status_code, job.json()["task"]) == (202, "warm_pictures")
    everything = await client.post("/api/v1/folders/warm", json={})
    assert everything.json()["id"] != job.json()["id"]
    bound = await house.bearer(Scope.MANAGE, folder="a")
    assert (await bound.post("/api/v1/folders/warm", json={"folder": "a/b"})).status_code == 202
    answer = await bound.post("/api/v1/folders/warm", json={})
    problem(answer, 403, "forbidden.manage")
    reader = await house.bearer(Scope.READ)
    problem(await reader.post("/api/v1/folders/warm", json={}), 403, "forbidden.manage")


async def test_the_trash_is_emptied_by_who_may_delete_everywhere(house: House) -> None:
    answer = await (await house.bearer(Scope.DELETE)).delete("/api/v1/trash")
    assert (answer.status_code, answer.json()["task"]) == (202, "clear_trash")
    problem(await (await house.bearer(Scope.LIST)).delete("/api/v1/trash"), 403, "forbidden.delete")
