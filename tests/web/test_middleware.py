"""What every request passes: who asks, headers, origins, log lines, failures."""

from __future__ import annotations

import json
from ipaddress import ip_network
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from structlog.testing import capture_logs

from fanlight.errors import CatalogueBusy, NotFound
from fanlight.web import logs
from fanlight.web.errors import Fault
from fanlight.web.middleware.access import AccessLog, redacted
from fanlight.web.middleware.context import Context
from fanlight.web.middleware.cors import Cors
from fanlight.web.middleware.failures import Cut, Failures
from fanlight.web.middleware.headers import SecurityHeaders

if TYPE_CHECKING:
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

pytestmark = pytest.mark.anyio

PROXY = (ip_network("10.0.0.0/8"),)


async def echo(scope: HttpScope, receive: Receive, send: Send) -> None:
    client, state = scope["client"], scope["state"]
    found = {"client": client[0], "scheme": scope["scheme"], "id": state["request_id"]}
    await JSONResponse(found)(scope, receive, send)


def answering(response: Response) -> ASGIApp:
    return response


async def ask(app: ASGIApp, path: str = "/", *, peer: str = "10.1.1.1", **options: object):
    transport = httpx2.ASGITransport(app, client=(peer, 4000), raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(options.pop("method", "GET"), path, **options)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("10.1.1.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "6.6.6.6, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "2001:db8::1", "2001:db8::1"),
        ("10.1.1.1", "unknown", "10.1.1.1"),
        ("10.1.1.1", "6.6.6.6, junk", "10.1.1.1"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
    ],
)
async def test_the_address_is_the_last_one_that_no_trusted_proxy_wrote(
    peer: str, forwarded: str, seen: str
) -> None:
    app = Context(echo, proxies=PROXY)
    headers = {"X-Forwarded-For": forwarded}
    assert (await ask(app, peer=peer, headers=headers)).json()["client"] == seen


async def test_the_scheme_is_believed_from_a_trusted_proxy_only() -> None:
    app, headers = Context(echo, proxies=PROXY), {"X-Forwarded-Proto": "https"}
    assert (await ask(app, headers=headers)).json()["scheme"] == "https"
    assert (await ask(app, peer="8.8.8.8", headers=headers)).json()["scheme"] == "http"
    assert (await ask(app, headers={"X-Forwarded-Proto": "file"})).json()["scheme"] == "http"


async def test_a_request_keeps_the_id_a_trusted_proxy_gave_and_else_gets_one() -> None:
    app, headers = Context(echo, proxies=PROXY), {"X-Request-Id": "abcdef-123456"}
    trusted = await ask(app, headers=headers)
    assert trusted.json()["id"] == trusted.headers["x-request-id"] == "abcdef-123456"
    stranger = await ask(app, peer="8.8.8.8", headers=headers)
    assert stranger.headers["x-request-id"] != "abcdef-123456"
    forged = await ask(app, headers={"X-Request-Id": 'a" level=error'})
    assert len(forged.headers["x-request-id"]) == 16


async def test_pages_get_a_strict_policy_and_everything_is_not_sniffed() -> None:
    page = await ask(SecurityHeaders(answering(HTMLResponse("hi"))))
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
    data = await ask(SecurityHeaders(answering(JSONResponse({}))))
    assert data.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in data.headers


async def test_an_answer_keeps_the_headers_it_chose() -> None:
    chosen = PlainTextResponse("x", headers={"Cache-Control": "public, max-age=60"})
    answer = await ask(SecurityHeaders(answering(chosen)))
    assert answer.headers.get_list("cache-control") == ["public, max-age=60"]


@pytest.mark.parametrize("path", ["/upload", "/upload/", "/api/v1/assets"])
async def test_preflights_are_answered_before_anybody_asks_who_it_is(path: str) -> None:
    app = Cors(answering(PlainTextResponse("no", 401)), origins=("*",))
    answer = await ask(app, path, method="OPTIONS", headers={"Origin": "https://a.example"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"Content-Type", "Authorization", "authCode"} <= set(
        answer.headers["access-control-allow-headers"].split(", ")
    )
    assert answer.headers["access-control-max-age"] == "86400"
    assert "access-control-allow-credentials" not in answer.headers


async def test_only_listed_origins_are_allowed_and_pages_never() -> None:
    app = Cors(answering(PlainTextResponse("x")), origins=("https://a.example",))
    listed = await ask(app, "/upload", headers={"Origin": "https://a.example"})
    assert listed.headers["access-control-allow-origin"] == "https://a.example"
    assert listed.headers["vary"] == "Origin"
    other = await ask(app, "/upload", headers={"Origin": "https://b.example"})
    assert "access-control-allow-origin" not in other.headers
    page = await ask(Cors(answering(PlainTextResponse("x")), origins=("*",)), "/studio/upload")
    assert "access-control-allow-origin" not in page.headers


def failing(error: Exception) -> Failures:
    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        raise error

    def page(fault: Fault, request_id: str) -> Response:
        return HTMLResponse(f"<h1>{fault.code}</h1>", fault.status)

    return Failures(app, page=page)


async def test_a_failure_has_the_face_of_its_door() -> None:
    app = failing(NotFound())
    api = await ask(app, "/api/v1/x")
    assert api.headers["content-type"] == "application/problem+json"
    assert api.json()["code"] == "not-found"
    assert (await ask(app, "/upload/")).text.startswith("Error: ")
    assert (await ask(app, "/studio/x")).text == "<h1>not-found</h1>"


async def test_an_unexpected_error_is_logged_with_its_trace_and_shown_without() -> None:
    with capture_logs() as lines:
        answer = await ask(failing(RuntimeError("inner detail")), "/api/v1/x")
    assert answer.status_code == 500
    assert "inner detail" not in answer.text
    assert isinstance(lines[0]["exc_info"], RuntimeError)


async def test_an_answer_that_had_begun_is_cut_off_and_logged_once() -> None:
    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("half way")

    sent: list[str] = []

    async def send(message: Message) -> None:
        sent.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.request"}

    with capture_logs() as lines, pytest.raises(Cut):
        await Failures(app, page=no_page)({"type": "http", "path": "/"}, receive, send)
    assert sent == ["http.response.start"]
    assert len(lines) == 1


def no_page(fault: Fault, request_id: str) -> Response:
    raise AssertionError(fault)


async def test_a_fault_of_ours_is_logged_by_name_and_one_of_theirs_is_not() -> None:
    with capture_logs() as lines:
        await ask(failing(CatalogueBusy()), "/api/v1/x")
        await ask(failing(NotFound()), "/api/v1/x")
        await ask(failing(HTTPException(404)), "/api/v1/x")
    assert [entry["code"] for entry in lines] == ["catalogue-busy"]


async def test_a_request_is_logged_in_one_line_without_secrets() -> None:
    with capture_logs() as lines:
        await ask(AccessLog(answering(PlainTextResponse("x", 201))), "/upload?authCode=s3cret&a=b")
    (entry,) = lines
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/upload", 201)
    assert entry["query"] == "authCode=***&a=b"
    assert "s3cret" not in json.dumps(entry)


@pytest.mark.parametrize(
    "name", ["authCode", "AUTHCODE", "code", "signature", "token", "password", "csrf", "key"]
)
def test_the_value_of_everything_that_opens_is_redacted(name: str) -> None:
    assert redacted(f"x=1&{name}=s3cret".encode()) == f"x=1&{name}=***"


def test_a_log_line_cannot_be_faked_by_a_value() -> None:
    text = logs.as_text(None, "", {"event": "request", "path": "/x\n2026 error forged"})
    assert "\n" not in text
    assert logs.hide_secrets(None, "", {"authorization": "Bearer x"})["authorization"] == "***"
