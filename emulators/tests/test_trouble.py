"""Faults, limits, clock, longpoll, the request log, webhooks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dropbox_emulator.client import ControlError
from dropbox_emulator.trouble.latency import Latency

from .support import Dropbox, form, http

CHECK = "check/user"


def check(dbx: Dropbox) -> Any:
    return dbx.call(CHECK, {"query": "x"})


def finished(dbx: Dropbox, route: str) -> dict[str, Any]:
    """The newest record of a route, once the emulator has closed it."""
    while True:
        record = dbx.control.log(route)["requests"][-1]
        if record["seconds"] is not None:
            return record


def test_next_n_calls_then_well_again(dbx: Dropbox) -> None:
    dbx.control.fault("rate_limited", CHECK, times=2, retry_after=7)
    for _ in range(2):
        reply = check(dbx)
        assert reply.status == 429
        assert reply.headers["retry-after"] == "7"
        assert reply.json["error"] == {"reason": {".tag": "too_many_requests"}, "retry_after": 7}
    assert check(dbx).status == 200


def test_rate_limit_as_text(dbx: Dropbox) -> None:
    dbx.control.fault("rate_limited", CHECK, text=True)
    reply = check(dbx)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["retry-after"]


def test_server_errors_are_pages(dbx: Dropbox) -> None:
    dbx.control.fault("server_error", CHECK, status=503)
    reply = check(dbx)
    assert (reply.status, reply.headers["content-type"]) == (503, "text/html; charset=utf-8")
    dbx.control.fault("server_error", "oauth2/token")
    reply = form(dbx.address, "/oauth2/token", {})
    assert (reply.status, "has either erred" in reply.json["error"]) == (500, True)


def test_share_of_calls_by_seeded_chance(dbx: Dropbox) -> None:
    def run() -> list[int]:
        dbx.control.clear_faults()
        dbx.control.fault("server_error", CHECK, share=0.5, seed=3)
        return [check(dbx).status for _ in range(20)]

    first = run()
    assert {200, 500} == set(first)
    assert run() == first


def test_skip_and_patterns_and_accounts(dbx: Dropbox) -> None:
    dbx.control.fault("server_error", "check/*", skip=1)
    assert [check(dbx).status for _ in range(3)] == [200, 500, 200]
    dbx.control.fault("server_error", account="somebody else")
    assert check(dbx).status == 200


def test_reset_after_k_bytes(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x" * 100_000)
    dbx.control.fault("connection_reset", "files/download", after_bytes=60_000)
    with pytest.raises((ConnectionError, IncompleteRead)):
        dbx.download("/a")
    sent = finished(dbx, "files/download")
    assert sent["bytes_out"] == 60_000
    dbx.control.fault("connection_reset", CHECK)
    with pytest.raises(ConnectionError):
        check(dbx)


def test_truncated_body(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x" * 100_000)
    dbx.control.fault("truncated_body", "files/download", after_bytes=12_345)
    with pytest.raises(IncompleteRead) as cut:
        dbx.download("/a")
    assert len(cut.value.partial) == 12_345
    assert len(dbx.download("/a")) == 100_000


def test_slow_first_byte(dbx: Dropbox) -> None:
    dbx.control.fault("slow_first_byte", CHECK, seconds=0.05)
    assert check(dbx).status == 200
    assert finished(dbx, CHECK)["seconds"] >= 0.05


def test_lost_reply_after_commit(dbx: Dropbox) -> None:
    dbx.control.fault("lost_reply", "files/upload")
    with pytest.raises(ConnectionError):
        dbx.upload("/a", b"x")
    assert dbx.download("/a") == b"x"


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("token_expired", "expired_access_token"),
        ("token_revoked", "invalid_access_token"),
        ("account_suspended", "user_suspended"),
    ],
)
def test_tokens_that_fail(dbx: Dropbox, kind: str, tag: str) -> None:
    dbx.control.fault(kind, CHECK)
    reply = check(dbx)
    assert (reply.status, reply.json["error"]) == (401, {".tag": tag})
    assert check(dbx).status == 200


def test_removed_scope(dbx: Dropbox) -> None:
    dbx.control.fault("scope_removed", CHECK, by="app")
    assert "required scope 'account_info.read'" in check(dbx).text
    dbx.control.fault("scope_removed", CHECK, by="token")
    assert check(dbx).tags == "missing_scope"


def test_full_quota(dbx: Dropbox) -> None:
    dbx.control.fault("quota_full", "files/upload")
    assert dbx.send("files/upload", {"path": "/a"}, b"x").tags == "path/insufficient_space"
    assert dbx.send("files/upload", {"path": "/a"}, b"x").status == 200


def test_file_changes_during_a_download(dbx: Dropbox) -> None:
    data = b"x" * 100_000
    rev = dbx.upload("/a", data)["rev"]
    dbx.control.fault("file_changed", after_bytes=50_000)
    reply = dbx.fetch("files/download", {"path": "/a"})
    assert (reply.body, reply.result["rev"]) == (data, rev)
    later = dbx.fetch("files/download", {"path": "/a"}, Range="bytes=0-3")
    assert later.result["rev"] != rev
    assert later.body != data[:4]


def test_cursor_reset_fault(dbx: Dropbox) -> None:
    _, cursor = dbx.list("")
    dbx.control.fault("cursor_reset")
    assert dbx.error("files/list_folder/continue", {"cursor": cursor}) == "reset"
    assert dbx.changes(cursor)[0] == []


def test_unknown_faults_are_refused(dbx: Dropbox) -> None:
    with pytest.raises(ControlError, match="kind must be one of"):
        dbx.control.fault("flood")
    with pytest.raises(ControlError, match="unknown: depth"):
        dbx.control.fault("rate_limited", depth=3)


def in_parallel(*works: Any) -> list[Any]:
    results: list[Any] = [None] * len(works)

    def run(index: int) -> None:
        results[index] = works[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_writer_for_each_namespace(dbx: Dropbox) -> None:
    dbx.control.behave(write_lock_hold=[0.3, 0.3])

    def make(path: str) -> Any:
        return lambda: dbx.call("files/create_folder_v2", {"path": path})

    replies = in_parallel(make("/a"), make("/b"))
    assert sorted(reply.status for reply in replies) == [200, 429]
    busy = next(reply for reply in replies if reply.status == 429)
    assert busy.json["error"]["reason"] == {".tag": "too_many_write_operations"}
    assert busy.headers["retry-after"] == "1"
    assert dbx.control.counters()["writers_refused"] == 1
    dbx.control.behave(write_lock_hold=None, write_lock_style="409")
    dbx.control.fault("write_lock", "files/create_folder_v2")
    assert make("/c")().tags == "path/too_many_write_operations"
    dbx.control.fault("write_lock", "files/delete_v2")
    assert dbx.error("files/delete_v2", {"path": "/x"}) == "too_many_write_operations"


def test_batch_entries_report_a_busy_namespace(dbx: Dropbox) -> None:
    arg: dict[str, Any] = {"close": True}
    session = dbx.sent("files/upload_session/start", arg, b"x")["session_id"]
    entry = {"cursor": {"session_id": session, "offset": 1}, "commit": {"path": "/a"}}
    dbx.control.fault("write_lock", "files/upload_session/finish_batch_v2")
    done = dbx.ok("files/upload_session/finish_batch_v2", {"entries": [entry]})
    assert done["entries"][0]["failure"] == {".tag": "too_many_write_operations"}
    again = dbx.ok("files/upload_session/finish_batch_v2", {"entries": [entry]})
    assert again["entries"][0][".tag"] == "success"


def test_token_bucket(dbx: Dropbox) -> None:
    dbx.control.send("clock", frozen=True)
    dbx.control.behave(token_bucket=[1, 3])
    assert [check(dbx).status for _ in range(5)] == [200, 200, 200, 429, 429]
    dbx.control.advance(10)
    assert check(dbx).status == 200


def test_bytes_per_second(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x" * 20_000)
    dbx.control.behave(bytes_per_second=200_000)
    dbx.download("/a")
    assert finished(dbx, "files/download")["seconds"] >= 0.09


def test_latency_profile(dbx: Dropbox) -> None:
    shown = dbx.control.behave(latency="typical")
    assert shown["longpoll_jitter"] == 90.0
    check(dbx)
    assert finished(dbx, CHECK)["seconds"] >= 0.08


@pytest.mark.parametrize(("route", "at_once"), [(CHECK, False), ("files/get_thumbnail_v2", True)])
def test_latency_is_before_the_work_or_around_it(route: str, at_once: bool) -> None:
    begun: list[bool] = []

    async def call() -> None:
        async with Latency("typical", 1).around(route):
            begun.append(True)

    async def run() -> None:
        calling = asyncio.create_task(call())
        await asyncio.sleep(0)
        assert begun == [True] * at_once
        assert not calling.done(), "the reply is held back either way"
        await calling

    asyncio.run(run())


def poll(dbx: Dropbox, cursor: str, **headers: str) -> Any:
    body = json.dumps({"cursor": cursor, "timeout": 30}).encode()
    sent = {"Content-Type": "application/json", **headers}
    return http(dbx.address, "POST", "/notify/2/files/list_folder/longpoll", body, sent)


def test_longpoll_returns_on_change(dbx: Dropbox) -> None:
    _, cursor = dbx.list("", recursive=True)
    upload = threading.Timer(0.1, lambda: dbx.upload("/a", b"x"))
    upload.start()
    assert poll(dbx, cursor).json == {"changes": True}
    upload.join()
    assert poll(dbx, cursor).json == {"changes": True}, "old cursors are told at once"


def test_longpoll_ignores_other_folders_and_ends_by_the_clock(dbx: Dropbox) -> None:
    dbx.ok("files/create_folder_v2", {"path": "/f"})
    _, cursor = dbx.list("/f")

    def elsewhere() -> None:
        dbx.upload("/elsewhere", b"x")
        dbx.control.advance(31)

    timer = threading.Timer(0.1, elsewhere)
    timer.start()
    assert poll(dbx, cursor).json == {"changes": False}
    timer.join()


def test_longpoll_refuses_authorization(dbx: Dropbox) -> None:
    _, cursor = dbx.list("")
    reply = poll(dbx, cursor, Authorization="Bearer x")
    assert reply.status == 400
    assert "includes an Authorization header, but this function does not use it" in reply.text


def test_longpoll_hears_of_a_reset(dbx: Dropbox) -> None:
    _, cursor = dbx.list("")
    timer = threading.Timer(0.1, dbx.control.reset_cursors)
    timer.start()
    assert poll(dbx, cursor).tags == "reset"
    timer.join()


def test_request_log(dbx: Dropbox) -> None:
    dbx.upload("/a", b"0123456789")
    dbx.control.clear_log()
    dbx.fetch("files/download", {"path": "/a"}, Range="bytes=0-3")
    dbx.download("/a")
    finished(dbx, "files/download")
    log = dbx.control.log("files/download")
    assert log["count"] == 2
    first = log["requests"][0]
    assert first["range"] == "bytes=0-3"
    assert first["arg"] == {"path": "/a"}
    assert first["bytes_out"] == 4
    assert first["headers"]["authorization"].startswith("Bearer ")
    assert dbx.control.log("files/*", has_range=True)["count"] == 1
    assert dbx.control.log(status=206, since=first["number"])["count"] == 0
    counters = dbx.control.counters()
    assert counters["calls"] == {"files/download": 2}
    assert counters["bytes_sent"]["files/download"] == 14


def test_log_counts_parallel_calls(dbx: Dropbox) -> None:
    dbx.control.clear_log()
    dbx.control.fault("slow_first_byte", CHECK, times=3, seconds=0.3)
    in_parallel(*[lambda: check(dbx)] * 3)
    assert dbx.control.counters()["most_parallel"][CHECK] == 3


class Listener:
    """A webhook that writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.statuses: list[int] = []
        self.bell = threading.Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                word = parse_qs(urlsplit(self.path).query).get("challenge", [""])[0]
                self._reply(200, b"" if "deaf" in self.path else word.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((self.headers["X-Dropbox-Signature"], body))
                self._reply(listener.statuses.pop(0) if listener.statuses else 200, b"")
                listener.bell.set()

            def _reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def test_webhook_rings_after_a_change(dbx: Dropbox, listener: Listener) -> None:
    dbx.control.change_app(dbx.app["app_key"], add_webhook=listener.url)
    dbx.upload("/a", b"x")
    assert listener.bell.wait(5)
    signature, body = listener.heard[0]
    account = dbx.ok("users/get_current_account")["account_id"]
    told = json.loads(body)
    assert told["list_folder"]["accounts"] == [account]
    assert isinstance(told["delta"]["users"][0], int)
    secret = dbx.app["app_secret"].encode()
    assert signature == hmac.new(secret, body, hashlib.sha256).hexdigest()


def test_webhook_tries_again(dbx: Dropbox, listener: Listener) -> None:
    dbx.control.behave(webhook_retry_delays=[0.01, 0.01])
    listener.statuses = [500, 500]
    dbx.control.change_app(dbx.app["app_key"], add_webhook=listener.url)
    dbx.upload("/a", b"x")
    while len(listener.heard) < 3:
        assert listener.bell.wait(5)
    assert len({body for _, body in listener.heard}) == 1


def test_webhook_must_answer_the_challenge(dbx: Dropbox, listener: Listener) -> None:
    with pytest.raises(ControlError, match="did not answer the challenge"):
        dbx.control.change_app(dbx.app["app_key"], add_webhook=listener.url + "/deaf")
    with pytest.raises(ControlError, match="must use https"):
        dbx.control.change_app(dbx.app["app_key"], add_webhook="http://example.org/")
