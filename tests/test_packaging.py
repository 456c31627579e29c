"""What `pip install` gets: a wheel and an sdist that carry the built front end and need no Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.source import ROOT

NEEDED = (
    "web/static/bundle/manifest.json",
    "web/templates/studio.html",
    "catalogue/migrations/",
    "py.typed",
)


def hatch(where: Path, *arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    """Build in a folder with that PATH."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *arguments],
        cwd=where,
        env={"PATH": path, "HOME": str(where), "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
        capture_output=True,
        check=False,
        timeout=300,
    )


def checkout(to: Path) -> Path:
    """A copy of what git would hand out, with what was built here."""
    left_out = shutil.ignore_patterns(
        ".git",
        ".venv",
        ".tools",
        "node_modules",
        "__pycache__",
        "data",
        "emulators",
        "out",
        ".*_cache",
    )
    return Path(shutil.copytree(ROOT, to / "checkout", ignore=left_out))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheel and sdist, as a release makes them. The bundle is fresh: no Node is needed."""
    folder = tmp_path_factory.mktemp("dist")
    done = hatch(checkout(folder), "-d", str(folder), path="/nonexistent")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def one(folder: Path, pattern: str) -> Path:
    """The only match."""
    (found,) = folder.glob(pattern)
    return found


def test_a_wheel_carries_all_that_is_served(built: Path) -> None:
    names = ZipFile(one(built, "*.whl")).namelist()
    for needed in NEEDED:
        assert any(name.startswith(f"fanlight/{needed}") for name in names), needed
    assert not [name for name in names if name.startswith(("tests", "frontend", "node_modules"))]


def test_an_sdist_builds_without_node(built: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-xzf", one(built, "*.tar.gz"), "-C", tmp_path], check=True)
    source = one(tmp_path, "fanlight-*")
    done = hatch(source, "-t", "wheel", "-d", str(tmp_path), path="/nonexistent")
    assert done.returncode == 0, done.stdout + done.stderr
    names = ZipFile(one(tmp_path, "*.whl")).namelist()
    assert f"fanlight/{NEEDED[0]}" in names


def test_a_wheel_runs_from_anywhere(built: Path, tmp_path: Path) -> None:
    ZipFile(one(built, "*.whl")).extractall(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-m", "fanlight", "version"],
        cwd=tmp_path,
        env={"PATH": "/nonexistent", "PYTHONPATH": str(tmp_path / "installed")},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip()


def test_a_checkout_without_node_says_so_in_one_line(tmp_path: Path) -> None:
    source = checkout(tmp_path)
    shutil.rmtree(source / "src/fanlight/web/static/bundle")
    done = hatch(source, "-t", "wheel", "-d", str(tmp_path), path="/nonexistent")
    assert done.returncode != 0
    said = (done.stdout + done.stderr).strip().splitlines()
    assert len(said) == 1
    assert "Node 20.19" in said[0]


def test_a_bundle_older_than_its_sources_is_built_again(tmp_path: Path) -> None:
    source = checkout(tmp_path)
    os.utime(source / "frontend/src/studio.ts", (2e9, 2e9))
    done = hatch(source, "-t", "wheel", "-d", str(tmp_path), path="/nonexistent")
    assert "Node 20.19" in done.stdout + done.stderr, "the stale bundle was taken"
