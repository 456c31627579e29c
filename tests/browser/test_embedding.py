"""A gallery on somebody else's site: in a frame, as an element, by oEmbed; and where it may not be.

The sites are at `localhost`, the gallery at `127.0.0.1`: to a browser these are different sites, so
no cookie of the gallery reaches it in a frame.
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from micawber.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    InvalidResponseException,
    ProviderException,
)
from micawber.providers import Provider  # pyright: ignore[reportMissingTypeStubs]
from playwright.sync_api import expect
from pyoembed import oEmbed  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
from pyoembed.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    ProviderException as NothingFound,
)

from scripts.galleries import publish
from scripts.pictures import ARGUMENTS, CHROMIUM, PATIENCE
from tests.support.server import run_cli

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

    from scripts.studio import Studio

PASSWORD = "open the door please"


class Consumer(Protocol):
    """What we use of a consumer of oEmbed; the library tells no types."""

    def request(self, url: str, **extra_params: int) -> dict[str, object]:
        """Ask about an address."""
        ...


look_up = cast("Callable[..., dict[str, object]]", oEmbed)
"""A consumer that is given a page and finds by itself where that is told of."""


class Site(NamedTuple):
    """Somebody else's site, with one page."""

    url: str
    pages: dict[str, str]

    def shows(self, html: str) -> str:
        """Put something on its page; the page's address."""
        self.pages["/"] = f"<!doctype html><title>Blog</title><h1>Blog</h1>{html}"
        return f"{self.url}/"


@contextmanager
def site() -> Generator[Site]:
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://localhost:{server.server_address[1]}", pages)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class World(NamedTuple):
    """A gallery that one of two sites may show."""

    address: str
    blog: Site
    stranger: Site
    change: Change


class Change:
    """Changes the gallery by its API."""

    def __init__(self, here: Studio) -> None:
        made = run_cli(here.server.data, "token", "add", "Embedding", "--scope", "manage")
        self._token, self._api, self.id = made.stdout.split()[-1], f"{here.url}/api/v1", ""

    def __call__(self, **fields: object) -> dict[str, object]:
        """What the API says of the gallery then."""
        return self.ask("PATCH", f"/galleries/{self.id}", fields)

    def ask(self, method: str, path: str, fields: object = None) -> dict[str, object]:
        """One request."""
        request = Request(
            f"{self._api}{path}",
            method=method,
            data=None if fields is None else json.dumps(fields).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            },
        )
        with urlopen(request, timeout=60) as answer:
            return cast("dict[str, object]", json.load(answer))


@pytest.fixture(scope="module")
def world(here: Studio) -> Iterator[World]:
    with ExitStack() as stack:
        blog, stranger = stack.enter_context(site()), stack.enter_context(site())
        change = Change(here)
        rules = {"embedding": [blog.url]}
        made = change.ask("POST", "/galleries", {"title": "Anna & Ben", "rules": rules})
        change.id = str(made["id"])
        told = change(state="published")
        yield World(str(told["url"]), blog, stranger, change)


def test_a_site_that_is_allowed_shows_it_in_a_frame_and_as_an_element(
    browser: Browser, world: World
) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(world.address))
    page = browser.new_page()
    page.goto(
        world.blog.shows(
            f'<iframe id="plain" src="{world.address}/embed" title="Photos"></iframe>'
            f'<script src="{origin}/embed.js" async></script>'
            f'<fanlight-gallery src="{world.address}" title="Wedding" height="300">'
            "</fanlight-gallery>"
        )
    )
    for where in ("#plain", "fanlight-gallery iframe"):
        expect(page.frame_locator(where).get_by_role("heading")).to_have_text("Anna & Ben")
    element = page.locator("fanlight-gallery iframe")
    expect(element).to_have_attribute("title", "Wedding")
    expect(element).to_have_attribute("height", "300")
    page.close()


def test_in_a_sandbox_as_wordpress_makes_it_links_lead_on_within_the_frame(
    browser: Browser, world: World
) -> None:
    page = browser.new_page()
    at = f"{world.address}/embed#?secret=mBbNaEt70P"
    page.goto(world.blog.shows(f'<iframe sandbox="allow-scripts" src="{at}"></iframe>'))
    cover = page.frame_locator("iframe").get_by_role("link").first
    expect(cover).not_to_have_attribute("target", re.compile("."))
    cover.click()
    expect(page.frame_locator("iframe").locator("body:not(.embed)")).to_contain_text("Anna & Ben")
    assert world.address in [frame.url for frame in page.frames]
    page.close()


def test_no_other_site_shows_it(browser: Browser, world: World) -> None:
    page = browser.new_page()
    frame = f'<iframe src="{world.address}/embed"></iframe>'
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(world.stranger.shows(frame))
    expect(page.frame_locator("iframe").get_by_text("Anna & Ben")).to_have_count(0)
    page.close()


def test_its_password_is_told_in_the_frame_where_no_cookie_is_kept(
    browser: Browser, world: World
) -> None:
    world.change(password=PASSWORD)
    try:
        context = browser.new_context()
        page = context.new_page()
        page.goto(world.blog.shows(f'<iframe src="{world.address}/embed"></iframe>'))
        frame = page.frame_locator("iframe")
        frame.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
        frame.get_by_role("button").click()
        expect(frame.get_by_role("heading", name="Anna & Ben")).to_be_visible()
        inside = [one.url for one in page.frames if one.url.startswith(world.address)]
        assert inside[0].startswith(f"{world.address}~p"), "the address remembers it"
        names = [cookie.get("name", "") for cookie in context.cookies()]
        assert not [name for name in names if "password" in name]
        context.close()
    finally:
        world.change(password="")


def test_what_is_picked_in_a_frame_is_there_when_the_page_around_it_is_opened_again(
    browser: Browser, here: Studio, world: World, tmp_path: Path
) -> None:
    address = framed_gallery(here, world, "Picked in a frame")
    with opened(browser, tmp_path, keeps=True) as context:
        page = context.new_page()
        site = world.blog.shows(f'<iframe src="{address}" width="900" height="600"></iframe>')
        heart = page.frame_locator("iframe").locator(".tile .heart").first
        for time in ("the first", "the second"):
            page.goto(site)
            page.frame_locator("iframe").locator("body[data-hands]").wait_for()
            heart.scroll_into_view_if_needed()
            if time == "the first":
                expect(heart).to_have_attribute("aria-pressed", "false")
                pick(page, heart)
            expect(heart).to_have_attribute("aria-pressed", "true")
        assert not context.cookies(address), "no cookie comes there"
        framed = page.frames[1]
        framed.goto(f"{framed.url}/me")
        page.frame_locator("iframe").get_by_role("button", name="Delete all of it").click()
        page.frame_locator("iframe").get_by_text("This browser has forgotten you.").wait_for()
        page.goto(site)
        page.frame_locator("iframe").locator("body[data-hands]").wait_for()
        expect(heart).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("keeps", [False, True], ids=["third-party-blocked", "partitioned"])
def test_a_password_told_in_a_frame_is_asked_for_again_only_where_frames_keep_nothing(
    browser: Browser, here: Studio, world: World, tmp_path: Path, *, keeps: bool
) -> None:
    address = framed_gallery(here, world, f"Locked {keeps}", password=PASSWORD)
    with opened(browser, tmp_path, keeps=keeps) as context:
        page = context.new_page()
        site = world.blog.shows(f'<iframe src="{address}" width="900" height="600"></iframe>')
        page.goto(site)
        frame = page.frame_locator("iframe")
        question = frame.get_by_label(re.compile("password", re.IGNORECASE))
        question.fill(PASSWORD)
        frame.get_by_role("button", name="Come in").click()
        frame.locator("body[data-hands]").wait_for()
        heart = frame.locator(".tile .heart").first
        heart.scroll_into_view_if_needed()
        pick(page, heart)
        expect(heart).to_have_attribute("aria-pressed", "true")
        kept = {cookie.get("name") for cookie in context.cookies(address)}
        assert not kept & {"fanlight_password", "fanlight_viewer"}
        page.goto(site)
        if keeps:
            expect(heart).to_have_attribute("aria-pressed", "true")
        else:
            expect(question).to_be_visible()


def framed_gallery(here: Studio, world: World, title: str, **known: str) -> str:
    """A gallery that the blog may show; its address."""
    shown, change = publish(here.server.data, title, "trips", **known), Change(here)
    change.id = shown.id
    change(rules={"embedding": [world.blog.url]})
    return here.url + shown.base


@contextmanager
def opened(browser: Browser, profile: Path, *, keeps: bool) -> Generator[BrowserContext]:
    """A browser whose frames of other sites may keep something, for that site alone, or nothing."""
    (profile / "Default").mkdir()
    wanted = {"block_third_party_cookies": not keeps, "cookie_controls_mode": 0 if keeps else 1}
    written = json.dumps({"profile": wanted})
    (profile / "Default" / "Preferences").write_text(written, "utf-8")
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGUMENTS
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def pick(page: Page, heart: Locator) -> None:
    """Give a photo in the frame a heart; the frame's address tells then whose it is."""
    with page.expect_response("**/picks/-/*"):
        heart.click(force=True)
    page.frames[1].wait_for_function("() => location.pathname.includes('~v')")


def test_a_consumer_of_oembed_that_nobody_here_wrote_gets_the_frame(world: World) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(world.address))
    consumer = cast("Consumer", Provider(f"{origin}/oembed"))
    told = consumer.request(world.address, maxwidth=400, maxheight=300)
    assert (told["type"], told["title"]) == ("rich", "Anna & Ben")
    assert (told["width"], told["height"]) == (400, 300)
    assert f'src="{world.address}/embed"' in str(told["html"])
    with pytest.raises(ProviderException):
        consumer.request(f"{origin}/g/nobody-is-here")
    world.change(password=PASSWORD)
    try:
        with pytest.raises((ProviderException, InvalidResponseException)):
            consumer.request(world.address)
    finally:
        world.change(password="")


def test_a_consumer_that_knows_nothing_of_us_finds_the_frame_by_the_page(world: World) -> None:
    told = look_up(world.address, maxwidth=400, maxheight=300)
    assert (told["type"], told["title"]) == ("rich", "Anna & Ben")
    assert f'src="{world.address}/embed"' in str(told["html"])
    world.change(password=PASSWORD)
    try:
        with pytest.raises(NothingFound):
            look_up(world.address)
    finally:
        world.change(password="")
