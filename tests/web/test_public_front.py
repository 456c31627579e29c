"""A front server that sends local originals: X-Accel-Redirect with a real nginx, X-Sendfile."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import anyio
import httpx2
import pytest

from fanlight.delivery import Rules
from fanlight.model import Visibility
from tests.delivery.stage import Stage, staged
from tests.support.server import free_port
from tests.web.public_stage import serving, visiting, wait_for

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.model import Asset

pytestmark = pytest.mark.anyio

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
BODY = bytes(range(256)) * 2000
NAME = "ü/日本 100% (1)?#&;+.jpg"

CONFIGURATION = """
worker_processes 1;
daemon off;
{user}
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $http_host; }}
    location /_originals/ {{
      internal;
      alias /;
      etag off;
      add_header ETag $upstream_http_etag;
      add_header Last-Modified $upstream_http_last_modified;
      add_header Content-Security-Policy $upstream_http_content_security_policy;
      add_header X-Content-Type-Options $upstream_http_x_content_type_options;
      add_header Access-Control-Allow-Origin $upstream_http_access_control_allow_origin;
      add_header Access-Control-Expose-Headers $upstream_http_access_control_expose_headers;
      add_header Cross-Origin-Resource-Policy $upstream_http_cross_origin_resource_policy;
      add_header Vary $upstream_http_vary;
    }}
  }}
}}
"""
"""nginx drops headers that it does not know when it takes over: they are passed on by hand."""


@contextmanager
def nginx(folder: Path, behind: int) -> Generator[int]:
    """nginx before a server; gives its port."""
    assert NGINX is not None
    folder.mkdir()
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    text = CONFIGURATION.format(folder=folder, port=port, behind=behind, user=user)
    (folder / "nginx.conf").write_text(text)
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


class Front(NamedTuple):
    """Addresses of the front server and of ours, and an asset."""

    front: str
    ours: str
    asset: Asset
    stage: Stage


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Generator[Front]:
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("front")
    with staged(folder) as stage:

        async def publish() -> Asset:
            return await stage.publish(BODY, alias=NAME)

        asset = anyio.run(publish)
        with (
            serving(folder, SENDFILE="x-accel-redirect") as server,
            nginx(folder / "nginx", server.port) as port,
        ):
            ours = f"http://127.0.0.1:{server.port}"
            yield Front(f"http://127.0.0.1:{port}", ours, asset, stage)


SAME = (
    "etag",
    "last-modified",
    "cache-control",
    "content-type",
    "content-disposition",
    "content-security-policy",
    "x-content-type-options",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cross-origin-resource-policy",
)


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({}, 200, BODY),
        ({"range": "bytes=5-9"}, 206, BODY[5:10]),
        ({"range": "bytes=-9"}, 206, BODY[-9:]),
        ({"range": "bytes=100000-"}, 206, BODY[100000:]),
        ({"if-none-match": '"x"'}, 200, BODY),
        ({"if-none-match": '"x"', "range": "bytes=0-1"}, 206, BODY[:2]),
        ({"if-range": '"x"', "range": "bytes=0-1"}, 200, BODY),
        ({"if-modified-since": "Sun, 01 Nov 2020 12:00:00 GMT"}, 200, BODY),
        ({"if-match": "*"}, 200, BODY),
        ({"if-none-match": "*"}, 304, b""),
        ({"range": f"bytes={len(BODY)}-"}, 416, None),
        ({"if-match": '"x"'}, 412, None),
    ],
)
async def test_the_front_server_answers_as_we_would(
    front: Front, headers: dict[str, str], status: int, body: bytes | None
) -> None:
    async with httpx2.AsyncClient(base_url=front.front) as client:
        head = (await client.head(f"/a/{front.asset.id}")).headers
        for _ in range(2):
            got = await client.get(f"/a/{front.asset.id}", headers=headers)
            assert got.status_code == status
            if body is not None:
                assert got.content == body
            if status in (200, 206):
                assert int(got.headers["content-length"]) == len(got.content)
                assert got.headers.get_list("accept-ranges") == ["bytes"] * (status == 200)
                assert {name: got.headers.get_list(name) for name in SAME} == {
                    name: head.get_list(name) for name in SAME
                }


async def test_several_ranges_and_if_range_are_ours_to_answer(front: Front) -> None:
    async with httpx2.AsyncClient(base_url=front.front) as client:
        etag = (await client.head(f"/a/{front.asset.id}")).headers["etag"]
        headers = {"range": "bytes=0-9", "if-range": etag}
        got = await client.get(f"/a/{front.asset.id}", headers=headers)
        assert (got.status_code, got.content) == (206, BODY[:10])
        got = await client.get(f"/a/{front.asset.id}", headers={"range": "bytes=0-1,9-10"})
        assert got.headers["content-type"].startswith("multipart/byteranges")


async def test_the_path_is_handed_over_and_no_bytes(front: Front) -> None:
    async with httpx2.AsyncClient(base_url=front.ours) as client:
        got = await client.get(f"/a/{front.asset.id}")
        assert (got.status_code, got.content) == (200, b"")
        assert got.headers["x-accel-redirect"].startswith("/_originals/")
        assert got.headers["x-accel-redirect"].isascii()


async def test_the_internal_location_cannot_be_asked_for(front: Front) -> None:
    path = quote(str(front.stage.path_of(front.asset)))
    async with httpx2.AsyncClient(base_url=front.front) as client:
        assert (await client.get(f"/_originals{path}")).status_code == 404


async def test_what_may_not_be_seen_is_not_handed_over(front: Front) -> None:
    private = await front.stage.publish(BODY, alias="p.jpg", visibility=Visibility.PRIVATE)
    async with httpx2.AsyncClient(base_url=front.ours) as client:
        got = await client.get(f"/a/{private.id}")
        assert got.status_code == 403
        assert "x-accel-redirect" not in got.headers


@pytest.fixture
def stage(sqlite_catalogue: Catalogue, tmp_path: Path) -> Stage:
    return Stage(sqlite_catalogue, tmp_path / "originals")


async def test_x_sendfile_names_the_path_encoded(stage: Stage) -> None:
    asset = await stage.publish(BODY, alias="ü 100%.jpg")
    async with visiting(stage, Rules(sendfile="x-sendfile")) as client:
        got = await client.get(f"/a/{asset.id}")
        assert got.headers["x-sendfile"].endswith("/%C3%BC%20100%25.jpg")
        assert (got.content, got.headers["content-length"]) == (b"", "0")
        head = await client.head(f"/a/{asset.id}")
        assert head.headers["content-length"] == str(len(BODY))


async def test_what_could_act_is_sent_by_us_with_its_guards(stage: Stage) -> None:
    asset = await stage.publish(BODY, alias="x.svg", media_type="image/svg+xml")
    async with visiting(stage, Rules(sendfile="x-accel-redirect")) as client:
        got = await client.get(f"/a/{asset.id}")
        assert got.content == BODY
        assert got.headers["content-security-policy"].startswith("sandbox;")


async def test_what_is_not_local_is_sent_by_us(stage: Stage) -> None:
    asset = await stage.publish(BODY, channel="cloud")
    async with visiting(stage, Rules(sendfile="x-accel-redirect")) as client:
        assert (await client.get(f"/a/{asset.id}")).content == BODY
