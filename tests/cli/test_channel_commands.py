"""Channels on the command line, an account that is connected by consent included."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.cli.conftest import Shell
from tests.support.server import FANLIGHT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from dropbox_emulator.pytest_plugin import EmulatorHandle

EMAIL, PASSWORD = "ann@example.org", "password"


class Near(Shell):
    """A shell whose commands take the emulator for the service."""

    service: EmulatorHandle

    def run(
        self, *arguments: str, stdin: str = "", **settings: object
    ) -> subprocess.CompletedProcess[str]:
        """See `Shell`."""
        return super().run(*arguments, stdin=stdin, **self.settings, **settings)

    @property
    def settings(self) -> dict[str, object]:
        """What leads to the emulator."""
        return {"services": f"dropbox={self.service.addresses.http}"}

    def add(self, **app: object) -> dict[str, str]:
        """An app at the service, and a channel for it that is not connected yet."""
        made = self.service.control.add_app("Photos", **app)
        secret = f"app_secret={made['app_secret']}"
        self.good(
            *("channel", "add", "dropbox", made["app_key"], "--option", secret),
            *("--name", "Cloud"),
        )
        return made

    def connect(self) -> str:
        """Connect by a token from elsewhere; what the command says."""
        token = self.service.control.grant()["refresh_token"]
        done = self.run("channel", "connect", "Cloud", "--token-stdin", stdin=f"{token}\n")
        return done.stdout

    @contextmanager
    def asking(self, *arguments: str) -> Generator[subprocess.Popen[str]]:
        """A command that is talked with."""
        command = subprocess.Popen(
            [*FANLIGHT, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=clean_environment(data=self.data, **self.settings),
        )
        try:
            yield command
        finally:
            command.kill()
            command.communicate()


@pytest.fixture
def near(tmp_path: Path, dropbox_emulator: EmulatorHandle) -> Near:
    dropbox_emulator.control.add_account(EMAIL, given_name="Ann", surname="Lee", password=PASSWORD)
    made = Near(tmp_path)
    made.service = dropbox_emulator
    return made


def post(browser: OpenerDirector, address: str, **fields: str) -> str:
    with browser.open(address, urlencode(fields).encode(), timeout=60) as answer:
        return str(answer.read().decode())


def allowed(base: str, address: str) -> str:
    """Open the consent page as a person does, press Allow, and copy the code it shows."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    post(browser, f"{base}/login", email=EMAIL, password=PASSWORD, cont="")
    with browser.open(address, timeout=60) as shown:
        proof = re.search(r'name="csrf" value="([^"]*)"', shown.read().decode())
    assert proof
    page = post(browser, address, csrf=proof[1], decision="allow")
    code = re.search(r'value="([\w-]{20,})" readonly|<code[^>]*>([\w-]{20,})<', page)
    assert code, page
    return code[1] or code[2]


@pytest.mark.parametrize("command", ["connect", "reconnect"])
def test_connecting_prints_an_address_and_takes_the_code(near: Near, command: str) -> None:
    near.add()
    with near.asking("channel", command, "Cloud") as running:
        assert running.stdout is not None
        lines = iter(running.stdout.readline, "")
        address = next(line.strip() for line in lines if line.startswith("http"))
        code = allowed(near.service.addresses.http, address)
        out, err = running.communicate(f"{code}\n", timeout=120)
    assert running.returncode == 0, err
    assert "Connected as Ann Lee (ann@example.org)." in out
    assert near.service.control.send("grants")["grants"]


def test_a_channel_that_cannot_be_reached_by_its_token_says_so(near: Near) -> None:
    near.add()
    done = near.run("channel", "connect", "Cloud", "--token-stdin", stdin="rt.cut short\n")
    assert done.returncode == 12
    assert "problem: " in done.stderr
    done = near.run("channel", "connect", "Cloud", "--token-stdin", stdin="an access token\n")
    assert "The refresh token is not one" in done.stderr


def test_the_whole_life_of_a_connection(near: Near) -> None:
    near.add()
    assert "Connected as Ann Lee" in near.connect()
    assert near.good("channel", "quota", "Cloud").endswith(" GB used.\n")
    assert json.loads(near.good("channel", "quota", "Cloud", "--json"))["total"]
    said = near.good("channel", "test", "Cloud")
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "ok    Upload",
        "ok    Read by its link",
        "ok    Remove",
    ]
    steps = json.loads(near.good("channel", "test", "Cloud", "--json"))
    assert all(step["ok"] for step in steps)
    assert "was disconnected" in near.good("channel", "disconnect", "Cloud")
    assert all(one["revoked"] for one in near.service.control.send("grants")["grants"])
    done = near.run("channel", "test", "Cloud")
    assert done.returncode == 12
    assert done.stdout.startswith("BAD   Upload")


def test_disconnecting_while_the_service_is_silent_says_what_is_left_to_do(near: Near) -> None:
    near.add()
    near.connect()
    near.service.control.fault("server_error", "*", status=503, times=1000)
    done = near.run("channel", "disconnect", "Cloud")
    assert done.returncode == 0
    assert "end the access there too" in done.stderr


def test_a_channel_is_edited_and_switched(near: Near) -> None:
    near.add()
    near.connect()
    changed = near.good(
        *("channel", "edit", "Cloud", "--name", "Main", "--root", "photos"),
        *("--no-uploads", "--note", "the large one", "--json"),
    )
    after = json.loads(changed)
    assert (after["name"], after["root"], after["uploads"], after["note"]) == (
        "Main",
        "photos",
        False,
        "the large one",
    )
    done = near.run("channel", "edit", "Main", "--option", "app_secret=wrong")
    assert done.returncode == 0
    assert "do not belong together" in done.stderr
    assert "switched off" in near.good("channel", "off", "Main")
    (listed,) = json.loads(near.good("channel", "list", "--json"))
    assert not listed["enabled"]
    assert "switched on" in near.good("channel", "on", "Main")
    near.bad(4, "channel", "edit", "nowhere")
    near.bad(3, "channel", "edit", "Main", "--option", "pair")


def test_doctor_tells_of_a_connection_what_its_card_tells(near: Near) -> None:
    near.add(scopes=["account_info.read", "files.metadata.read", "files.content.read"])
    near.connect()
    done = near.run("doctor")
    assert done.returncode == 12
    assert "BAD   Cloud" in done.stdout
    assert "Permission: files.content.write" in done.stdout
    assert "press Submit" in done.stdout
    found = json.loads(near.run("doctor", "--json").stdout)
    assert "scope.not-submitted" in {one["code"] for one in found if one["where"] == "Cloud"}


def test_doctor_finds_a_connection_in_order(near: Near) -> None:
    near.add()
    near.connect()
    near.good("channel", "test", "Cloud")
    assert "ok    Cloud" in near.good("doctor")
    near.service.control.send("grants/revoke", account=EMAIL)
    done = near.run("doctor")
    assert "BAD   Cloud        The service has ended this access" in done.stdout


def test_a_channel_goes_with_its_assets_when_that_is_said(shell: Shell) -> None:
    shell.set_up()
    (shell.originals / "a.txt").write_text("x")
    shell.good("index", "Here")
    assert "There are assets" in shell.bad(5, "channel", "remove", "Here")
    forget = ("channel", "remove", "Here", "--forget-assets")
    refused = shell.run(*forget, stdin="Her\n")
    assert refused.returncode == 3
    assert "Links to 1 asset stop working for good." in refused.stderr
    assert "not the name" in refused.stderr
    assert "removed, and 1 asset with it" in shell.good(*forget, stdin="Here\n")
    assert (shell.originals / "a.txt").exists()
    shell.good("channel", "add", "local", "originals", "--name", "Here")
    shell.good("index", "Here")
    shell.good(*forget, "--yes")
    assert json.loads(shell.good("channel", "list", "--json")) == []
