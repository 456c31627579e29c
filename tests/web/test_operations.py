"""Health, figures, static names, and what the server says when it is ready."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.routing import Route, Router

from fanlight.renditions.figures import Figures
from fanlight.web.bundle import Bundle
from fanlight.web.greeting import address, greet
from fanlight.web.picture_metrics import PictureFigures
from tests.web.conftest import House

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_health_and_readiness_need_no_proof(house: House) -> None:
    client = house.client()
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_without_its_catalogue_it_is_alive_but_not_ready(house: House) -> None:
    house.fanlight.catalogue.close()
    client = house.client()
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unready")


async def test_figures_are_shown_only_where_they_were_switched_on(
    house: House, building: Callable[..., House]
) -> None:
    assert (await house.client().get("/metrics")).status_code == 404
    counting = building(metrics=True)
    await counting.set_up()
    client = await counting.bearer()
    await client.post("/upload?uploadNameType=origin", files={"file": ("a.txt", b"x" * 1000)})
    await client.get("/file/a.txt")
    await client.get("/unheard/of")
    figures = (await client.get("/metrics")).text
    assert 'fanlight_requests_total{door="upload",status="200"} 1.0' in figures
    assert 'fanlight_requests_total{door="file",status="200"} 1.0' in figures
    assert 'fanlight_requests_total{door="other",status="404"} 1.0' in figures
    received = next(
        line for line in figures.splitlines() if line.startswith("fanlight_received_bytes_total{")
    )
    assert float(received.split()[-1]) > 1000
    assert "fanlight_pictures_made_total 0.0" in figures
    assert "fanlight_pictures_workers 0.0" in figures


def test_figures_of_pictures_are_read_when_they_are_asked_for() -> None:
    failed = {"picture-broken": 3}
    told: list[Figures | None] = [None, Figures(made=7, failed=failed, kept_bytes=1000)]
    figures = PictureFigures(told.pop)
    samples = {sample.name: sample for family in figures.collect() for sample in family.samples}
    assert samples["fanlight_pictures_made_total"].value == 7
    assert samples["fanlight_pictures_kept_bytes"].value == 1000
    assert samples["fanlight_pictures_failed_total"].labels == {"code": "picture-broken"}
    assert list(figures.collect()) == [], "where pictures are switched off there are none"


# --- the bundle ----------------------------------------------------------------------------------


@pytest.fixture
def built(tmp_path: Path) -> Bundle:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "studio-abc.css").write_text("body{}" * 200)
    (assets / "studio-abc.js").write_text("1")
    (assets / "font-abc.woff2").write_bytes(b"font")
    (tmp_path / "secret.txt").write_text("secret")
    manifest = {
        "src/studio.ts": {"file": "assets/studio-abc.js", "css": ["assets/studio-abc.css"]},
        "font.woff2": {"file": "assets/font-abc.woff2"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return Bundle(tmp_path)


def static(bundle: Bundle) -> httpx2.AsyncClient:
    app = Router([Route("/static/{name:path}", bundle.serve)])
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)  # pyright: ignore[reportArgumentType]
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


async def test_a_built_name_is_kept_for_ever_and_packed_if_the_browser_unpacks(
    built: Bundle,
) -> None:
    assert built.url("src/studio.ts") == "/static/assets/studio-abc.js"
    (style,) = built.styles("src/studio.ts")
    async with static(built) as client:
        plain = await client.get(style, headers={"Accept-Encoding": "identity"})
        assert plain.headers["content-type"] == "text/css; charset=utf-8"
        assert "immutable" in plain.headers["cache-control"]
        packed = await client.get(style, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content)
        assert packed.content == plain.content or gzip.decompress(packed.content) == plain.content
        font = await client.get("/static/assets/font-abc.woff2")
        assert "content-encoding" not in font.headers


@pytest.mark.parametrize(
    "name", ["secret.txt", "manifest.json", "../secret.txt", "assets/../secret.txt", "", "x"]
)
async def test_only_built_names_are_served(built: Bundle, name: str) -> None:
    async with static(built) as client:
        answer = await client.get(f"/static/{name}")
    assert answer.status_code in (404, 500)
    assert "secret" not in answer.text


async def test_without_a_bundle_pages_still_work(tmp_path: Path) -> None:
    bare = Bundle(tmp_path)
    assert bare.url("src/studio.ts") == ""
    assert bare.styles("src/studio.ts") == ()


# --- the greeting --------------------------------------------------------------------------------


async def test_the_greeting_carries_the_setup_link_until_there_is_an_owner(
    bare: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await greet(bare.fanlight)
    said = capsys.readouterr().out
    link = next(line.strip() for line in said.splitlines() if "/setup?code=" in line)
    assert link.startswith("http://127.0.0.1:8000/setup?code=")
    await bare.set_up()
    await greet(bare.fanlight)
    said = capsys.readouterr().out
    assert "/setup" not in said
    assert "http://127.0.0.1:8000/sign-in" in said


async def test_of_several_processes_one_greets(
    bare: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await greet(bare.fanlight, lambda: False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (("", "127.0.0.1", 8000), "http://127.0.0.1:8000"),
        (("", "0.0.0.0", 80), "http://127.0.0.1:80"),
        (("", "::", 8000), "http://127.0.0.1:8000"),
        (("", "2001:db8::1", 8000), "http://[2001:db8::1]:8000"),
        (("https://photos.example.com", "0.0.0.0", 8000), "https://photos.example.com"),
    ],
)
def test_the_address_shown_is_one_that_can_be_opened(
    given: tuple[str, str, int], shown: str
) -> None:
    assert address(*given) == shown
