"""Judge: the integration tests that Dropbox runs against Dropbox, fetched when needed."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dropbox_emulator.pytest_plugin import EmulatorHandle
from dropbox_emulator.scopes import BY_NAME

from ..strictness import StrictReader
from ..support import Dropbox
from .tools import led_to, prepared, run

HERE = Path(__file__).parent
FACTS: dict[str, Any] = tomllib.loads((HERE / "sdk.toml").read_text("utf-8"))
TESTS = "test/integration"


def fetch(into: Path) -> None:
    """The source distribution, checked and unpacked."""
    wanted = f"dropbox=={FACTS['version']}"
    options = ["--no-deps", "--no-binary", "dropbox", "--disable-pip-version-check", "--quiet"]
    run([sys.executable, "-m", "pip", "download", *options, "--dest", into, wanted], timeout=300)
    [archive] = into.glob("*.tar.gz")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == FACTS["sha256"]
    run(["tar", "-xzf", archive, "-C", into], timeout=60)
    [unpacked] = (each for each in into.iterdir() if each.is_dir())
    unpacked.rename(into / "sdk")


@pytest.fixture
def sdk(tmp_path: Path) -> Path:
    """The SDK's integration tests, in a place of their own."""
    source = prepared("python-sdk", FACTS["sha256"], fetch)
    copy = tmp_path / "sdk"
    shutil.copytree(source / "sdk" / TESTS, copy / TESTS)
    return copy


def accounts(emulator: EmulatorHandle) -> dict[str, str]:
    """What the SDK's tests want to find in their environment."""
    control = emulator.control
    control.add_account("ann@example.org", given_name="Ann", team="Judges")
    app = control.add_app("SDK tests", scopes=list(BY_NAME))
    user, team = control.grant(), control.send("grants/add", team=True)
    [picture] = control.photos(1)
    share = "sharing/create_shared_link_with_settings"
    link = Dropbox(emulator, user["access_token"], app, user).ok(share, {"path": picture})
    found = {"DROPBOX_SHARED_LINK": str(link["url"])}
    for kind, grant in (("USER", user), ("TEAM", team)):
        found[f"SCOPED_{kind}_REFRESH_TOKEN"] = grant["refresh_token"]
        found[f"SCOPED_{kind}_CLIENT_ID"] = app["app_key"]
        found[f"SCOPED_{kind}_CLIENT_SECRET"] = app["app_secret"]
    return found


def test_the_tests_of_the_sdk(emulator: EmulatorHandle, sdk: Path, strict: StrictReader) -> None:
    assert version("dropbox") == FACTS["version"], "sdk.toml and pyproject.toml disagree"
    ca_file = emulator.addresses.ca_file
    assert ca_file
    shutil.copy(ca_file, sdk / TESTS / "trusted-certs.crt")
    report = sdk / "report.xml"
    env = led_to(
        emulator,
        EMULATOR_CA_FILE=ca_file,
        PYTHONPATH=str(HERE),
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        **accounts(emulator),
    )
    command = [sys.executable, "-m", "pytest", "-p", "believe_emulator", "-q", TESTS]
    options = ["-p", "no:cacheprovider", "--rootdir", sdk, f"--junit-xml={report}"]
    out = run([*command, *options], env=env, cwd=sdk, fails=True)
    passed: set[str] = set()
    others: set[str] = set()
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
        (others if len(case) else passed).add(name)
    assert others == set(FACTS["not_applicable"]), out[-8000:]
    assert len(passed) + len(others) == FACTS["tests"], out[-8000:]
    assert strict.read["files/get_thumbnail_v2", 200] == 4
