"""nginx as the peer: one worker, sendfile, open files kept."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from bench.processes import family
from bench.wrk import find
from tests.support.server import free_port

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

CONFIGURATION = """
worker_processes 1;
daemon off;
{user}
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=2000 inactive=60s;
  open_file_cache_valid 60s;
  keepalive_requests 100000000;
  default_type application/octet-stream;
  types {{ image/webp webp; }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {root};
    add_header Cache-Control "public, max-age=3600";
  }}
}}
"""


@contextmanager
def serving_static(root: Path, folder: Path, core: int) -> Generator[tuple[int, int]]:
    """nginx over a folder, pinned to a core; gives its port and the pid of its worker."""
    folder.mkdir()
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    text = CONFIGURATION.format(folder=folder, port=port, root=root, user=user)
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen(
        [
            *("taskset", "-c", str(core), find("nginx") or "nginx"),
            *("-p", str(folder), "-c", str(folder / "nginx.conf")),
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port, family(process.pid)[1]
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            with urlopen(f"http://127.0.0.1:{port}/ready", timeout=2):
                return
        except URLError as error:
            if not isinstance(error.reason, OSError):
                return
            time.sleep(0.05)
    raise AssertionError("nginx did not start")
