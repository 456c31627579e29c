"""A small, blocking client that shows everything: status, headers, body."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from dropbox_emulator.pytest_plugin import EmulatorHandle

BLOCK = 4 * 1024 * 1024


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def result(self) -> Any:
        return json.loads(self.headers["dropbox-api-result"])

    @property
    def tags(self) -> str:
        """error_summary without its dots."""
        return self.json["error_summary"].rstrip(".").rstrip("/")


def http(
    address: str,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Reply:
    parts = urlsplit(address)
    assert parts.hostname
    if parts.scheme == "https":
        connection = HTTPSConnection(parts.hostname, parts.port, timeout=30, context=tls)
    else:
        connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        found = {key.lower(): value for key, value in reply.getheaders()}
        return Reply(reply.status, found, reply.read())
    finally:
        connection.close()


@dataclass
class Dropbox:
    """Calls routes as a client with one access token would."""

    handle: EmulatorHandle
    token: str
    app: dict[str, Any]
    grant: dict[str, Any]
    extra: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def control(self):
        return self.handle.control

    @property
    def address(self) -> str:
        return self.handle.addresses.http

    def with_token(self, token: str) -> Dropbox:
        return Dropbox(self.handle, token, self.app, self.grant)

    def with_root(self, root: dict[str, str]) -> Dropbox:
        extra = {"Dropbox-API-Path-Root": json.dumps(root)}
        return Dropbox(self.handle, self.token, self.app, self.grant, extra)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **self.extra}

    def call(self, route: str, arg: Any = None, **headers: str) -> Reply:
        """Rpc style."""
        sent = {**self._headers(), "Content-Type": "application/json", **headers}
        return http(self.address, "POST", f"/2/{route}", json.dumps(arg).encode(), sent)

    def ok(self, route: str, arg: Any = None) -> Any:
        """Rpc style, and it has to succeed."""
        reply = self.call(route, arg)
        assert reply.status == 200, reply.text
        return reply.json

    def error(self, route: str, arg: Any = None) -> str:
        """Rpc style, and it has to fail with 409; answers the tags."""
        reply = self.call(route, arg)
        assert reply.status == 409, reply.text
        return reply.tags

    def send(self, route: str, arg: Any, data: bytes = b"", **headers: str) -> Reply:
        """Upload style."""
        sent = {
            **self._headers(),
            "Dropbox-API-Arg": json.dumps(arg),
            "Content-Type": "application/octet-stream",
            **headers,
        }
        return http(self.address, "POST", f"/2/{route}", data, sent)

    def sent(self, route: str, arg: Any, data: bytes = b"") -> Any:
        """Upload style, and it has to succeed."""
        reply = self.send(route, arg, data)
        assert reply.status == 200, reply.text
        return reply.json

    def fetch(self, route: str, arg: Any, method: str = "POST", **headers: str) -> Reply:
        """Download style."""
        sent = {**self._headers(), "Dropbox-API-Arg": json.dumps(arg), **headers}
        return http(self.address, method, f"/2/{route}", None, sent)

    def upload(self, path: str, data: bytes = b"data", **more: Any) -> Any:
        return self.sent("files/upload", {"path": path, **more}, data)

    def download(self, path: str) -> bytes:
        reply = self.fetch("files/download", {"path": path})
        assert reply.status == 200, reply.text
        return reply.body

    def list(self, path: str = "", **more: Any) -> tuple[list[dict[str, Any]], str]:
        """All entries, and the cursor behind them."""
        page = self.ok("files/list_folder", {"path": path, **more})
        return self.rest(page)

    def rest(self, page: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
        entries = list(page["entries"])
        while page["has_more"]:
            page = self.ok("files/list_folder/continue", {"cursor": page["cursor"]})
            entries += page["entries"]
        return entries, page["cursor"]

    def changes(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        return self.rest(self.ok("files/list_folder/continue", {"cursor": cursor}))

    def names(self, path: str = "", **more: Any) -> list[str]:
        return sorted(entry["path_display"] for entry in self.list(path, **more)[0])


def form(
    address: str, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
) -> Reply:
    """Post a form."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return http(address, "POST", path, urlencode(fields).encode(), sent)
