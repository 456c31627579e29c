"""The owner's pages, used as a browser without scripts uses them."""

from __future__ import annotations

import html
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.model import SERVER, Job, JobState, Scope
from fanlight.web.studio.jobs import fold
from tests.web.conftest import PASSWORD, House

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

pytestmark = pytest.mark.anyio


async def csrf_of(client: httpx2.AsyncClient, path: str) -> str:
    page = await client.get(path)
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def send(client: httpx2.AsyncClient, at: str, to: str, **fields: Any) -> httpx2.Response:
    """Fill in the form that the page `at` shows, and send it to `to`."""
    return await client.post(to, data={"csrf": await csrf_of(client, at), **fields})


async def signed_in(house: House) -> httpx2.AsyncClient:
    client = house.client()
    answer = await send(client, "/sign-in", "/sign-in", name="ada", password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return client


def at_fault(page: httpx2.Response) -> list[str]:
    """The fields that a page calls wrong, by their id, or by their name where they have none."""
    fields = re.findall(r"<(?:input|select|textarea)[^>]*>", page.text)
    wrong = [one for one in fields if 'aria-invalid="true"' in one]
    return [re.findall(r'(?:id|name)="([^"]+)"', one)[0] for one in wrong]


def words(page: httpx2.Response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


# --- becoming the owner --------------------------------------------------------------------------


async def test_the_setup_link_makes_an_owner_once(bare: House) -> None:
    code = await bare.fanlight.accounts.setup_code()
    client, link = bare.client(), f"/setup?code={code}"
    assert "Make this place yours" in (await client.get(link)).text
    answer = await send(client, link, "/setup", code=code, name="Ada", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup/photos")
    assert "Where are your photos?" in (await client.get("/setup/photos")).text
    again = await bare.client().get(link)
    assert again.status_code == 303, "the link is worth nothing after its use"


@pytest.mark.parametrize("code", ["", "wrong"])
async def test_without_the_right_code_nobody_becomes_the_owner(bare: House, code: str) -> None:
    await bare.fanlight.accounts.setup_code()
    client = bare.client()
    fields = {"code": code, "name": "eve", "password": PASSWORD}
    answer = await send(client, "/setup?code=x", "/setup", **fields)
    assert answer.status_code == 403
    assert "not the setup link" in answer.text
    assert await bare.fanlight.accounts.setup_code(), "there is still no owner"


async def test_a_short_password_is_said_in_the_form_and_the_code_still_works(bare: House) -> None:
    code = await bare.fanlight.accounts.setup_code()
    client, link = bare.client(), f"/setup?code={code}"
    answer = await send(client, link, "/setup", code=code, name="ada", password="short")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="ada"' in answer.text
    assert "short" not in re.sub("shorte", "", answer.text), "a password is never shown again"
    answer = await send(client, link, "/setup", code=code, name="ada", password=PASSWORD)
    assert answer.status_code == 303


async def test_before_setup_the_start_says_where_to_look(bare: House) -> None:
    page = await bare.client().get("/")
    assert "printed a link" in page.text


async def new_owner(bare: House) -> httpx2.AsyncClient:
    """Somebody who has just become the owner of a server with its first channel."""
    await bare.fanlight.begin()
    client, code = bare.client(), await bare.fanlight.accounts.setup_code()
    await send(client, f"/setup?code={code}", "/setup", code=code, name="ada", password=PASSWORD)
    return client


async def test_photos_may_stay_in_the_servers_own_folder(bare: House) -> None:
    client = await new_owner(bare)
    own = str(bare.fanlight.settings.data / "originals")
    assert own in (await client.get("/setup/photos")).text
    answer = await send(client, "/setup/photos", "/setup/photos", where="keep")
    assert answer.headers["location"] == "/setup/first"
    assert "This server" in (await client.get("/setup/first")).text


async def test_photos_that_are_here_already_are_taken_where_they_lie(bare: House) -> None:
    client, folder = await new_owner(bare), str(bare.originals)
    answer = await send(client, "/setup/photos", "/setup/photos", where="folder", folder=folder)
    assert answer.headers["location"] == "/setup/first"
    (channel,) = await bare.fanlight.channels.all(SERVER)
    assert await bare.fanlight.channels.options(SERVER, channel.id) == {"path": folder}
    (job,) = (await bare.fanlight.jobs.list()).items
    assert job.task == "index_channel"


@pytest.mark.parametrize("folder", ["", "not/absolute", "/proc/nothing/here"])
async def test_a_folder_that_cannot_be_used_is_said_and_changes_nothing(
    bare: House, folder: str
) -> None:
    client = await new_owner(bare)
    answer = await send(client, "/setup/photos", "/setup/photos", where="folder", folder=folder)
    assert answer.status_code >= 400
    assert 'role="alert"' in answer.text
    assert f'value="{folder}"' in answer.text
    (channel,) = await bare.fanlight.channels.all(SERVER)
    kept = await bare.fanlight.channels.options(SERVER, channel.id)
    assert kept == {"path": str(bare.fanlight.settings.data / "originals")}


async def test_what_is_stored_is_not_left_behind_by_another_folder(bare: House) -> None:
    client = await new_owner(bare)
    await one_asset(client)
    fields = {"where": "folder", "folder": str(bare.originals)}
    answer = await send(client, "/setup/photos", "/setup/photos", **fields)
    assert answer.status_code == 409


# --- signing in and out --------------------------------------------------------------------------


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    house: House,
) -> None:
    client = house.client()
    answer = await send(client, "/sign-in", "/sign-in", name="ada", password=PASSWORD)
    cookie = next(
        value
        for name, value in answer.headers.multi_items()
        if name == "set-cookie" and value.startswith("fanlight_session=")
    )
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert "secure" not in flags, "plain http in this test"
    assert "domain" not in cookie.lower()


async def test_behind_https_the_cookie_is_secure(building: Callable[..., House]) -> None:
    house = building(trusted_proxies="127.0.0.1")
    await house.set_up()
    client = house.client(**{"X-Forwarded-Proto": "https"})
    client.base_url = "https://test"
    answer = await send(client, "/sign-in", "/sign-in", name="ada", password=PASSWORD)
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_wrong_password_is_said_without_telling_which_was_wrong(house: House) -> None:
    said: set[str] = set()
    for name in ("ada", "nobody"):
        answer = await send(house.client(), "/sign-in", "/sign-in", name=name, password="wrong one")
        assert answer.status_code == 401
        said.add(words(answer).replace(name, ""))
    assert len(said) == 1


async def test_too_many_tries_are_told_to_wait(house: House) -> None:
    client = house.client()
    statuses: list[int] = []
    for _ in range(8):
        answer = await send(client, "/sign-in", "/sign-in", name="ada", password="wrong one")
        statuses.append(answer.status_code)
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert "Wait" in words(answer)  # pyright: ignore[reportPossiblyUnboundVariable]
    assert int(answer.headers["retry-after"]) >= 1  # pyright: ignore[reportPossiblyUnboundVariable]


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        ("/studio/library?folder=a", "/studio/library?folder=a"),
        ("https://evil.example/", "/studio/upload"),
        ("//evil.example/studio/", "/studio/upload"),
        ("/studio/\\evil", "/studio/upload"),
        ("", "/studio/upload"),
    ],
)
async def test_signing_in_leads_where_one_wanted_but_never_away(
    house: House, wanted: str, then: str
) -> None:
    client = house.client()
    fields = {"name": "ada", "password": PASSWORD, "next": wanted}
    answer = await send(client, "/sign-in", "/sign-in", **fields)
    assert answer.headers["location"] == then


@pytest.mark.parametrize(
    "path",
    ["upload", "library", "channels", "channels/new", "tokens", "devices", "jobs", "assets/x"],
)
async def test_a_page_of_the_studio_asks_strangers_to_sign_in(house: House, path: str) -> None:
    answer = await house.client().get(f"/studio/{path}?a=b")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next=/studio/{path}%3Fa%3Db"


async def test_signing_out_ends_the_session_itself(house: House) -> None:
    client = await signed_in(house)
    secret = client.cookies["fanlight_session"]
    answer = await send(client, "/studio/upload", "/sign-out")
    assert answer.headers["location"] == "/sign-in"
    stolen = house.client(Cookie=f"fanlight_session={secret}")
    assert (await stolen.get("/studio/upload")).status_code == 303


# --- forms that we did not make ------------------------------------------------------------------

FORMS = [
    "/studio/jobs/pictures",
    "/studio/jobs/x/again",
    "/setup/photos",
    "/sign-out",
    "/studio/channels",
    "/studio/channels/x/check",
    "/studio/channels/x/index",
    "/studio/channels/x/remove",
    "/studio/tokens",
    "/studio/tokens/x/revoke",
    "/studio/devices/x/end",
    "/studio/devices/password",
    "/studio/assets/x",
    "/studio/assets/x/delete",
    "/studio/assets/x/restore",
    "/studio/assets/x/purge",
    "/studio/jobs/x/cancel",
]


@pytest.mark.parametrize("proof", ["", "forged"])
async def test_every_form_needs_the_proof_that_we_made_it(house: House, proof: str) -> None:
    client = await signed_in(house)
    for path in FORMS:
        answer = await client.post(path, data={"csrf": proof})
        assert answer.status_code == 403, path
        assert "form was not made for your session" in answer.text, path


async def test_the_upload_form_needs_it_before_the_first_byte_is_stored(house: House) -> None:
    client = await signed_in(house)
    for fields in ({}, {"csrf": "forged"}):
        answer = await client.post("/studio/upload", data=fields, files={"file": ("a", b"x")})
        assert answer.status_code == 403
    assert (await house.fanlight.library.page(house.actor, deep=True)).items == ()


async def test_a_form_for_strangers_needs_its_cookie(house: House) -> None:
    csrf = await csrf_of(house.client(), "/sign-in")
    fields = {"csrf": csrf, "name": "ada", "password": PASSWORD}
    answer = await house.client().post("/sign-in", data=fields)
    assert answer.status_code == 403
    client = house.client(**{"Sec-Fetch-Site": "cross-site"})
    answer = await send(client, "/sign-in", "/sign-in", name="ada", password=PASSWORD)
    assert answer.status_code == 403


async def test_every_form_on_every_page_carries_the_proof(house: House) -> None:
    client = await signed_in(house)
    await house.fanlight.accounts.make_token(house.actor, "t", [Scope.UPLOAD])
    await send(client, "/studio/upload", "/studio/upload")  # fails, which is a page too
    for path in ("upload", "library", "channels", "channels/new", "tokens", "devices", "jobs"):
        page = (await client.get(f"/studio/{path}")).text
        for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL):
            assert 'name="csrf"' in form, path


# --- uploading -----------------------------------------------------------------------------------


async def upload(client: httpx2.AsyncClient, files: Any, **fields: str) -> httpx2.Response:
    csrf = await csrf_of(client, "/studio/upload")
    return await client.post("/studio/upload", data={"csrf": csrf, **fields}, files=files)


async def test_several_originals_become_links_that_work(house: House) -> None:
    client = await signed_in(house)
    files = [("file", (f"{n}.txt", b"content %d" % n, "text/plain")) for n in range(3)]
    answer = await upload(client, files, folder="trips", naming="origin")
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert "3 links ready" in words(page)
    links = re.findall(r'id="link-\w+"[^>]*value="http://test(/a/[^"]+)"', page.text)
    assert len(links) == 3
    for number, link in enumerate(links):
        assert (await house.client().get(link)).content == b"content %d" % number
    assert (await house.client().get("/file/trips/2.txt")).content == b"content 2"
    markdown = await client.get(answer.headers["location"] + "&format=markdown")
    assert "[0.txt](http://test/a/" in markdown.text


async def test_one_that_fails_does_not_take_the_others_with_it(
    building: Callable[..., House],
) -> None:
    house = building(max_upload=100)
    await house.set_up()
    client = await signed_in(house)
    files = [
        ("file", ("good.txt", b"x" * 100, "text/plain")),
        ("file", ("large.txt", b"x" * 101, "text/plain")),
        ("file", ("later.txt", b"y" * 100, "text/plain")),
    ]
    page = await upload(client, files, naming="origin")
    assert page.status_code == 200
    assert "2 links ready" in words(page)
    assert "large.txt This is larger than the server accepts." in words(page)


async def test_nothing_chosen_is_said_plainly(house: House) -> None:
    client = await signed_in(house)
    answer = await upload(client, {"file": ("", b"")})
    assert answer.status_code == 400
    assert "Nothing was chosen." in answer.text


async def test_without_a_channel_the_page_teaches_the_first_step(bare: House) -> None:
    code = await bare.fanlight.accounts.setup_code()
    client = bare.client()
    await send(client, f"/setup?code={code}", "/setup", code=code, name="a", password=PASSWORD)
    page = await client.get("/studio/upload")
    assert "/studio/channels/new" in page.text
    assert "<input id=" not in page.text


# --- library and assets --------------------------------------------------------------------------


async def test_the_library_pages_searches_and_walks_folders(house: House) -> None:
    client = await signed_in(house)
    files = [("file", (f"photo {n:03}.txt", b"%d" % n, "text/plain")) for n in range(65)]
    await upload(client, files)
    await upload(client, {"file": ("deep.txt", b"deep", "text/plain")}, folder="trips/2026")
    first = await client.get("/studio/library?sort=name")
    assert "photo 000.txt" in first.text
    assert "photo 064.txt" not in first.text
    following = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert following
    second = await client.get(html.unescape(following[1]))
    assert "photo 064.txt" in second.text
    assert 'href="/studio/library?folder=trips"' in first.text
    inner = await client.get("/studio/library?folder=trips/2026")
    assert "deep.txt" in inner.text
    assert "photo" not in words(inner).replace("Choose photos", "")
    found = await client.get("/studio/library?q=deep")
    assert "deep.txt" in found.text
    assert "Nothing is called that" in (await client.get("/studio/library?q=zebra")).text


async def one_asset(client: httpx2.AsyncClient, name: str = "a.txt") -> str:
    answer = await upload(client, {"file": (name, b"bytes", "text/plain")}, naming="origin")
    return answer.headers["location"].partition("done=")[2].partition("&")[0]


async def test_an_asset_shows_its_links_in_every_form(house: House) -> None:
    client = await signed_in(house)
    asset_id = await one_asset(client)
    page = html.unescape((await client.get(f"/studio/assets/{asset_id}")).text)
    link = f"http://test/a/{asset_id}.txt"
    for text in (
        link,
        f"[a.txt]({link})",
        f'<a href="{link}">a.txt</a>',
        f"[url={link}]a.txt[/url]",
        "http://test/file/a.txt",
    ):
        assert text in page


async def test_an_asset_is_changed_deleted_and_brought_back(house: House) -> None:
    client = await signed_in(house)
    path = f"/studio/assets/{await one_asset(client)}"
    fields = {"name": "b.txt", "folder": "x", "tags": "one, two ,", "visibility": "private"}
    answer = await send(client, path, path, **fields)
    assert answer.headers["location"].endswith("said=saved")
    page = words(await client.get(path))
    assert "b.txt" in page
    assert (await house.client().get("/file/x/b.txt")).status_code in (401, 403, 404)
    assert (await client.get("/file/x/b.txt")).content == b"bytes", "its owner sees it"
    await send(client, path, f"{path}/delete")
    assert "This is in the trash" in words(await client.get(path))
    assert "b.txt" in (await client.get("/studio/library?trash=1")).text
    await send(client, path, f"{path}/restore")
    assert "b.txt" in (await client.get("/studio/library?folder=x")).text
    await send(client, path, f"{path}/purge")
    assert (await client.get(path)).status_code == 404


async def test_a_name_that_is_taken_is_said_in_the_form(house: House) -> None:
    client = await signed_in(house)
    await one_asset(client, "taken.txt")
    path = f"/studio/assets/{await one_asset(client)}"
    answer = await send(client, path, path, name="taken.txt", folder="", visibility="public")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


async def test_names_cannot_become_markup(house: House) -> None:
    client = await signed_in(house)
    asset_id = await one_asset(client, '"><script>alert(1)</script>.txt')
    for path in (
        f"/studio/assets/{asset_id}",
        "/studio/library",
        f"/studio/upload?done={asset_id}",
    ):
        page = await client.get(f"/studio/{path}")
        assert "<script>alert" not in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_pages_have_no_inline_script_or_style(house: House) -> None:
    client = await signed_in(house)
    asset_id = await one_asset(client)
    for path in (
        "/",
        "/sign-in",
        "/studio/upload",
        "/studio/library",
        f"/studio/assets/{asset_id}",
    ):
        page = (await client.get(path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page), path


# --- channels, tokens, devices, jobs -------------------------------------------------------------


async def test_a_channel_is_added_and_shown_with_its_health(house: House) -> None:
    client = await signed_in(house)
    folder = house.originals.parent / "second"
    folder.mkdir()
    fields = {"provider": "local", "name": "Second", "option.path": str(folder), "uploads": "yes"}
    answer = await send(client, "/studio/channels/new", "/studio/channels", **fields)
    assert answer.headers["location"] == "/studio/channels?said=channel-added"
    page = words(await client.get("/studio/channels"))
    assert "Second" in page
    assert page.count("Healthy") == 2
    shutil.rmtree(folder)
    assert "Broken" in words(await client.get("/studio/channels"))


async def test_a_channel_that_cannot_be_keeps_what_was_typed(house: House) -> None:
    client = await signed_in(house)
    fields = {"provider": "local", "name": "My place", "option.path": "not/absolute"}
    answer = await send(client, "/studio/channels/new", "/studio/channels", **fields)
    assert answer.status_code == 400
    assert 'value="My place"' in answer.text
    assert 'value="not/absolute"' in answer.text


async def test_a_channel_with_assets_is_not_removed(house: House) -> None:
    client = await signed_in(house)
    await one_asset(client)
    assert house.channel is not None
    path = f"/studio/channels/{house.channel.id}/remove"
    answer = await send(client, "/studio/channels", path)
    assert answer.status_code == 409
    assert "There are assets in the channel" in words(answer)


async def test_a_channel_goes_with_its_links_once_its_name_was_written(house: House) -> None:
    client = await signed_in(house)
    await one_asset(client)
    assert house.channel is not None
    home = f"/studio/channels/{house.channel.id}"
    page = await client.get(f"{home}/remove")
    assert "1 asset is nowhere else. Its links stop working, for good" in words(page)
    assert "Nothing is touched there" in words(page)
    answer = await send(client, f"{home}/remove", f"{home}/forget", name="Her")
    assert answer.status_code == 400
    assert "This is not the name of the channel." in words(answer)
    assert not (await house.fanlight.jobs.list()).items
    answer = await send(client, f"{home}/remove", f"{home}/forget", name="Here")
    assert answer.headers["location"] == "/studio/jobs?said=forgetting"
    assert "Delete Here, and the links to what is in it" in words(await client.get("/studio/jobs"))
    (job,) = (await house.fanlight.jobs.list()).items
    assert job.arguments == {"channel_id": house.channel.id}


async def test_a_token_is_shown_once_and_works_until_it_is_revoked(house: House) -> None:
    client = await signed_in(house)
    fields = {"name": "PicGo", "scope.upload": "yes", "days": "30"}
    page = await send(client, "/studio/tokens", "/studio/tokens", **fields)
    found = re.search(r'value="(fl_\w+)"', page.text)
    assert found
    assert found[1] not in (await client.get("/studio/tokens")).text
    program = house.client(Authorization=f"Bearer {found[1]}")
    assert (await program.get("/api/v1/me")).json()["scopes"] == ["upload"]
    (token,) = await house.fanlight.accounts.tokens(house.actor)
    assert token.expires_at is not None
    await send(client, "/studio/tokens", f"/studio/tokens/{token.id}/revoke")
    assert (await program.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(("scope", "shown"), [("upload", True), ("list", False)])
async def test_a_token_for_uploads_comes_with_what_clients_need(
    house: House, scope: str, shown: bool
) -> None:
    client = await signed_in(house)
    page = await send(
        client, "/studio/tokens", "/studio/tokens", **{"name": "t", f"scope.{scope}": "yes"}
    )
    for text in ("fanlight.sxcu", "Custom request header", "curl -F", "fanlight upload"):
        assert (text in html.unescape(page.text)) is shown, text


async def test_other_devices_are_listed_and_signed_out(house: House) -> None:
    client, other = await signed_in(house), await signed_in(house)
    page = await client.get("/studio/devices")
    assert page.text.count("This one") == 1
    (path,) = re.findall(r'action="(/studio/devices/\w+/end)"', page.text)
    await send(client, "/studio/devices", path)
    assert (await other.get("/studio/upload")).status_code == 303
    assert (await client.get("/studio/upload")).status_code == 200


async def test_a_new_password_signs_out_everybody_else(house: House) -> None:
    client, other = await signed_in(house), await signed_in(house)
    wrong = {"old": "not this one", "new": "a better one still"}
    answer = await send(client, "/studio/devices", "/studio/devices/password", **wrong)
    assert answer.status_code == 401
    right = {"old": PASSWORD, "new": "a better one still"}
    answer = await send(client, "/studio/devices", "/studio/devices/password", **right)
    assert answer.headers["location"].endswith("said=password")
    assert (await client.get("/studio/upload")).status_code == 200
    assert (await other.get("/studio/upload")).status_code == 303


async def test_indexing_is_a_job_that_can_be_seen_and_cancelled(house: House) -> None:
    client = await signed_in(house)
    assert house.channel is not None
    await send(client, "/studio/channels", f"/studio/channels/{house.channel.id}/index")
    page = await client.get("/studio/jobs")
    assert "Read Here into the library" in page.text
    (path,) = re.findall(r'action="(/studio/jobs/[^"]+/cancel)"', page.text)
    await send(client, "/studio/jobs", path)
    assert "Cancelled" in words(await client.get("/studio/jobs?state=cancelled"))


async def test_the_jobs_page_is_asked_for_again_while_something_moves(house: House) -> None:
    client = await signed_in(house)
    assert "hx-get" not in (await client.get("/studio/jobs")).text
    assert house.channel is not None
    await house.fanlight.jobs.index_channel(house.channel.id)
    assert 'hx-get="/studio/jobs"' in (await client.get("/studio/jobs")).text


async def test_pictures_are_made_ahead_on_demand(house: House) -> None:
    client = await signed_in(house)
    answer = await send(client, "/studio/jobs", "/studio/jobs/pictures")
    assert "Pictures are being made ahead" in (await client.get(answer.headers["location"])).text
    assert "Make pictures in all sizes" in (await client.get("/studio/jobs")).text


async def test_a_job_that_was_cancelled_is_tried_again(house: House) -> None:
    client = await signed_in(house)
    assert house.channel is not None
    first = await house.fanlight.jobs.index_channel(house.channel.id)
    await house.fanlight.jobs.cancel(first.id)
    page = await client.get("/studio/jobs")
    (path,) = re.findall(r'action="(/studio/jobs/[^"]+/again)"', page.text)
    answer = await send(client, "/studio/jobs", path)
    assert answer.headers["location"] == "/studio/jobs?said=again"
    second, kept = (await house.fanlight.jobs.list()).items
    assert (second.state, kept.state) == (JobState.WAITING, JobState.CANCELLED)
    assert second.arguments == first.arguments
    answer = await send(client, "/studio/jobs", f"/studio/jobs/{second.id}/again")
    assert answer.status_code == 409, "it has not ended"


def job(number: int, task: str, state: JobState, **arguments: str) -> Job:
    now = datetime.now(UTC)
    return Job(str(number), task, arguments, state, 1, 0, None, "", now, now)


def test_housekeeping_that_went_well_takes_one_line() -> None:
    rows = fold(
        [
            job(1, "reconcile", JobState.RUNNING),
            job(2, "reconcile", JobState.DONE),
            job(3, "index_channel", JobState.DONE, channel_id="a"),
            job(4, "reconcile", JobState.DONE),
            job(5, "index_channel", JobState.DONE, channel_id="a"),
            job(6, "reconcile", JobState.FAILED),
        ]
    )
    assert [(row.job.id, row.times) for row in rows] == [
        ("1", 1),
        ("2", 2),
        ("3", 1),
        ("5", 1),
        ("6", 1),
    ]


async def test_a_member_without_the_right_sees_a_page_that_says_so(house: House) -> None:
    await house.fanlight.accounts.add_user(house.actor, "bob", PASSWORD)
    client = house.client()
    await send(client, "/sign-in", "/sign-in", name="bob", password=PASSWORD)
    answer = await client.get("/studio/jobs")
    assert answer.status_code == 403
    assert "<h1>" in answer.text
