"""Hosts, TLS, the three request styles, and what every reply carries."""

from __future__ import annotations

import json
import re
import socket
import ssl

import pytest

from .support import Dropbox, http

HOSTS = {
    "www": "www.dropbox.com",
    "api": "api.dropboxapi.com",
    "content": "content.dropboxapi.com",
    "notify": "notify.dropboxapi.com",
    "dl": "uc123.dl.dropboxusercontent.com",
}


def test_hosts_are_told_apart_by_host_header(dbx: Dropbox) -> None:
    ok = dbx.call("files/list_folder", {"path": ""}, Host=HOSTS["api"])
    wrong = dbx.call("files/list_folder", {"path": ""}, Host=HOSTS["content"])
    assert ok.status == 200
    assert wrong.status == 400
    assert "Unknown API function" in wrong.text


def test_hosts_are_told_apart_by_path_prefix(dbx: Dropbox) -> None:
    headers = {"Authorization": f"Bearer {dbx.token}", "Content-Type": "application/json"}
    body = b'{"path": ""}'
    assert http(dbx.address, "POST", "/api/2/files/list_folder", body, headers).status == 200
    assert http(dbx.address, "POST", "/content/2/files/list_folder", body, headers).status == 400
    assert http(dbx.address, "GET", "/www/login").status == 200
    assert http(dbx.address, "GET", "/dl/login").status == 404


def test_hosts_are_told_apart_by_port(dbx: Dropbox) -> None:
    ports = dbx.handle.addresses.by_host
    headers = {"Authorization": f"Bearer {dbx.token}", "Content-Type": "application/json"}
    body = b'{"path": ""}'
    assert http(ports["api"], "POST", "/2/files/list_folder", body, headers).status == 200
    assert http(ports["notify"], "POST", "/2/files/list_folder", body, headers).status == 400


@pytest.mark.parametrize("kind", HOSTS)
def test_tls_certificate_covers_every_host(dbx: Dropbox, kind: str) -> None:
    addresses = dbx.handle.addresses
    assert addresses.https
    assert addresses.ca_file
    context = ssl.create_default_context(cafile=addresses.ca_file)
    port = int(addresses.https.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        context.wrap_socket(plain, server_hostname=HOSTS[kind]) as tls,
    ):
        assert tls.version() in ("TLSv1.2", "TLSv1.3")


def test_tls_works_on_loopback(dbx: Dropbox) -> None:
    addresses = dbx.handle.addresses
    context = ssl.create_default_context(cafile=addresses.ca_file)
    assert addresses.https
    data = bytes(range(256)) * 4096
    dbx.upload("/big.bin", data)
    headers = {"Authorization": f"Bearer {dbx.token}", "Dropbox-API-Arg": '{"path": "/big.bin"}'}
    reply = http(addresses.https, "POST", "/2/files/download", None, headers, context)
    assert reply.body == data


def test_connect_proxy_leads_to_the_emulator(dbx: Dropbox) -> None:
    addresses = dbx.handle.addresses
    assert addresses.proxy
    port = int(addresses.proxy.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as plain:
        plain.sendall(b"CONNECT www.dropbox.com:443 HTTP/1.1\r\nHost: www.dropbox.com:443\r\n\r\n")
        assert plain.recv(4096).startswith(b"HTTP/1.1 200")
        context = ssl.create_default_context(cafile=addresses.ca_file)
        with context.wrap_socket(plain, server_hostname="www.dropbox.com") as tls:
            tls.sendall(
                b"GET /login HTTP/1.1\r\nHost: www.dropbox.com\r\nConnection: close\r\n\r\n"
            )
            assert tls.recv(4096).startswith(b"HTTP/1.1 200")


def test_json_replies_have_exactly_the_json_type(dbx: Dropbox) -> None:
    for reply in (dbx.call("users/get_current_account"), dbx.with_token("no").call("check/user")):
        assert reply.headers["content-type"] == "application/json"
        assert re.fullmatch("[0-9a-f]{32}", reply.headers["x-dropbox-request-id"])
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["server"] == "envoy"


def test_401_headers_are_as_captured(dbx: Dropbox) -> None:
    reply = dbx.with_token("no").call("users/get_current_account")
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == 'Bearer realm="Dropbox-API"'
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.json["error"] == {".tag": "invalid_access_token"}


def test_result_header_is_ascii_with_del_escaped(dbx: Dropbox) -> None:
    dbx.upload("/Größe 😀.txt", b"x")
    reply = dbx.fetch("files/download", {"path": "/größe 😀.txt"})
    assert reply.headers["dropbox-api-result"].isascii()
    assert reply.result["name"] == "Größe 😀.txt"


def test_raw_utf8_in_the_argument_header_is_read(dbx: Dropbox) -> None:
    dbx.upload("/ü.txt", b"x")
    arg = '{"path": "/ü.txt"}'.encode().decode("latin-1")
    reply = dbx.fetch("files/download", None, **{"Dropbox-API-Arg": arg})
    assert reply.status == 200


def test_latin1_in_the_argument_header_is_refused(dbx: Dropbox) -> None:
    reply = dbx.fetch("files/download", None, **{"Dropbox-API-Arg": '{"path": "/ü.txt"}'})
    assert reply.status == 400
    assert 'HTTP header "Dropbox-API-Arg": could not decode input as JSON' in reply.text


def test_argument_and_token_may_stand_in_the_query(dbx: Dropbox) -> None:
    from urllib.parse import urlencode

    dbx.upload("/a.txt", b"hello")
    query = urlencode(
        {"arg": json.dumps({"path": "/a.txt"}), "authorization": f"Bearer {dbx.token}"}
    )
    assert http(dbx.address, "GET", f"/2/files/download?{query}").body == b"hello"


def test_routes_without_argument_take_null_or_nothing(dbx: Dropbox) -> None:
    auth = {"Authorization": f"Bearer {dbx.token}"}
    path = "/2/users/get_current_account"
    assert http(dbx.address, "POST", path, b"", auth).status == 200
    assert dbx.call("users/get_current_account", None).status == 200
    reply = dbx.call("users/get_current_account", {})
    assert reply.status == 400
    assert "expected null" in reply.text


@pytest.mark.parametrize(
    ("route", "content_type", "status"),
    [
        ("files/list_folder", "application/json; charset=utf-8", 200),
        ("files/list_folder", "text/plain; charset=dropbox-cors-hack", 200),
        ("files/list_folder", "application/x-www-form-urlencoded", 400),
        ("files/upload", "text/plain; charset=dropbox-cors-hack", 200),
        ("files/upload", "application/octet-stream; charset=utf8", 400),
        ("files/upload", "application/json", 400),
    ],
)
def test_content_type_is_checked(dbx: Dropbox, route: str, content_type: str, status: int) -> None:
    if route == "files/upload":
        reply = dbx.send(route, {"path": "/x"}, b"", **{"Content-Type": content_type})
    else:
        reply = dbx.call(route, {"path": ""}, **{"Content-Type": content_type})
    assert reply.status == status
    if status == 400:
        assert f'Bad HTTP "Content-Type" header: "{content_type}".  Expecting one of' in reply.text
        assert reply.headers["content-type"] == "text/plain; charset=utf-8"


def test_void_results_are_null(dbx: Dropbox) -> None:
    assert dbx.call("auth/token/revoke").body == b"null"


def test_unknown_function(dbx: Dropbox) -> None:
    reply = dbx.call("files/fly", {})
    assert reply.status == 400
    assert "Unknown API function" in reply.text


def test_missing_and_malformed_authorization(dbx: Dropbox) -> None:
    headers = {"Content-Type": "application/json"}
    reply = http(dbx.address, "POST", "/2/users/get_current_account", b"null", headers)
    assert reply.status == 400
    headers["Authorization"] = "Bearer"
    reply = http(dbx.address, "POST", "/2/users/get_current_account", b"null", headers)
    assert 'Invalid authorization value in HTTP header "Authorization": "Bearer"' in reply.text


def test_expect_continue_is_answered(dbx: Dropbox) -> None:
    port = int(dbx.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        head = (
            "POST /2/files/upload HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            f"Authorization: Bearer {dbx.token}\r\nContent-Type: application/octet-stream\r\n"
            'Dropbox-API-Arg: {"path": "/e.txt"}\r\nContent-Length: 5\r\nConnection: close\r\n\r\n'
        )
        sock.sendall(head.encode())
        assert sock.recv(100).startswith(b"HTTP/1.1 100 Continue")
        sock.sendall(b"hello")
        assert sock.recv(4096).startswith(b"HTTP/1.1 200")
    assert dbx.download("/e.txt") == b"hello"
