"""The configuration in docs/guides/reverse-proxy.md, word for word, in a real nginx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.server import Server, free_port, make_owner, run_cli, serving
from tests.support.source import DOCS

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONTENT = os.urandom(400_000)


def configuration(server: Server, port: int) -> str:
    """The guide's two blocks as one server, without TLS and on free ports."""
    page = (DOCS / "guides" / "reverse-proxy.md").read_text("utf-8")
    site, sending = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    site = site.rstrip().removesuffix("}") + sending + "}"
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    return f"events {{}}\nhttp {{\naccess_log off;\n{site}\n}}\n"


@contextmanager
def nginx(folder: Path, server: Server) -> Generator[str]:
    """nginx in front of a server; its address."""
    if NGINX is None:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    port = free_port()
    (folder / "nginx.conf").write_text(
        ("user root;\n" if os.geteuid() == 0 else "")
        + f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        + configuration(server, port).replace(
            "http {", f"http {{\nclient_body_temp_path {folder}/body;\nproxy_temp_path {folder}/p;"
        )
    )
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def get(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers, whatever the status."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), {k.lower(): v for k, v in answer.headers.items()}
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), {k.lower(): v for k, v in error.headers.items()}


def test_nginx_sends_what_fanlight_decides(tmp_path: Path) -> None:
    data, sent = tmp_path / "data", tmp_path / "sent.bin"
    sent.write_bytes(CONTENT)
    token = make_owner(data)
    with (
        serving(data, sendfile="x-accel-redirect", trusted_proxies="127.0.0.1") as server,
        nginx(tmp_path, server) as front,
    ):
        to = ("--to", front, "--token", token)
        link = run_cli(data, "upload", str(sent), *to).stdout.strip().splitlines()[-1]
        assert link.startswith(front), "the link does not carry the address people use"
        path = link.removeprefix(front)

        status, body, headers = get(link)
        assert (status, body) == (200, CONTENT)
        assert "x-accel-redirect" not in headers

        status, body, headers = get(link, Range="bytes=100-199")
        assert (status, body) == (206, CONTENT[100:200])

        through = get(link)[2]
        status, body, headers = get(f"{server.url}{path}")
        for name in ("etag", "content-security-policy", "x-content-type-options", "cache-control"):
            assert through[name] == headers[name], f"nginx lost or changed {name}"
        assert "x-accel-redirect" in headers, "the bytes did not go by nginx"
        assert body == b""
        assert get(f"{front}{headers['x-accel-redirect']}")[0] == 404, "nginx hands out any path"
