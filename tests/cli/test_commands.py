"""The commands: what they write where, and the status they end with."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import typer

from fanlight import __version__
from fanlight.cli import commands
from fanlight.cli.moments import moment
from fanlight.cli.root import tree
from fanlight.errors import Invalid
from tests.cli.conftest import PASSWORD, Shell

if TYPE_CHECKING:
    from pathlib import Path

LIGHT = """
import sys
from fanlight.cli.root import run
status = run(["--help"])
heavy = {"pydantic", "sqlalchemy", "starlette", "structlog", "rich", "granian", "asyncio"}
ours = {"fanlight.model", "fanlight.web", "fanlight.config", "fanlight.cli.channel"}
loaded = (heavy | ours) & set(sys.modules)
sys.exit(f"loaded: {loaded}" if loaded else status)
"""

COMMANDS = (
    ("serve",),
    ("work",),
    ("upload",),
    ("index",),
    ("reconcile",),
    ("doctor",),
    ("version",),
    ("user", "add"),
    ("user", "list"),
    ("user", "password"),
    ("token", "add"),
    ("token", "list"),
    ("token", "revoke"),
    ("key", "rotate"),
    ("channel", "add"),
    ("channel", "list"),
    ("channel", "check"),
    ("channel", "edit"),
    ("channel", "on"),
    ("channel", "off"),
    ("channel", "quota"),
    ("channel", "test"),
    ("channel", "connect"),
    ("channel", "reconnect"),
    ("channel", "disconnect"),
    ("channel", "remove"),
    ("gallery", "list"),
    ("gallery", "show"),
    ("gallery", "create"),
    ("gallery", "publish"),
    ("gallery", "unpublish"),
    ("gallery", "set"),
    ("gallery", "password"),
    ("gallery", "links", "list"),
    ("gallery", "links", "make"),
    ("gallery", "links", "revoke"),
    ("gallery", "picks", "list"),
    ("gallery", "picks", "photos"),
    ("gallery", "picks", "export"),
    ("gallery", "activity"),
    ("gallery", "folders"),
    ("gallery", "refresh"),
    ("gallery", "duplicate"),
    ("gallery", "archive"),
    ("gallery", "unarchive"),
    ("gallery", "delete"),
)


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "Publish what is in your own cloud storage" in done.stdout


def test_what_the_first_help_says_of_a_command_is_what_it_says_of_itself() -> None:
    root: Any = typer.main.get_command(tree())
    said = {name: command.get_short_help_str(200) for name, command in root.commands.items()}
    assert said == {name: place.help for name, place in commands.COMMANDS.items()}


def test_a_name_that_is_nearly_right_is_put_right(ready: Shell) -> None:
    done = ready.run("chanel", "list")
    assert done.returncode == 2
    assert "Did you mean 'channel'?" in done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(ready: Shell, command: tuple[str, ...]) -> None:
    help_ = ready.good(*command, "--help")
    assert help_.startswith(f"Usage: fanlight {' '.join(command)}")
    assert len(help_.splitlines()) >= 4


def test_a_wrong_command_line_ends_with_2(ready: Shell) -> None:
    for arguments in (("unheard",), ("serve", "--port", "x"), ("token", "add", "x")):
        done = ready.run(*arguments)
        assert done.returncode == 2
        assert "Usage" in done.stderr


def test_version(ready: Shell) -> None:
    assert ready.good("version") == f"Fanlight {__version__}\n"
    assert json.loads(ready.good("version", "--json"))["fanlight"] == __version__


# --- people and tokens ---------------------------------------------------------------------------


def test_users_are_added_listed_and_given_passwords(shell: Shell) -> None:
    add = ("user", "add", "ada", "--password-stdin")
    assert "owns this server" in shell.good(*add, "--owner", stdin=f"{PASSWORD}\n")
    assert "already" in shell.bad(5, *add, "--owner", stdin=f"{PASSWORD}\n")
    shell.good("user", "add", "bob", "--password-stdin", stdin=f"{PASSWORD}\n")
    users = json.loads(shell.good("user", "list", "--json"))
    assert [(user["name"], user["role"]) for user in users] == [("ada", "owner"), ("bob", "member")]
    assert "password_hash" not in users[0]
    assert "ada" in shell.good("user", "list")
    shell.good("user", "password", "bob", "--password-stdin", stdin="another long one\n")
    assert "no user" in shell.bad(4, "user", "password", "eve", "--password-stdin", stdin="x" * 9)
    assert "characters" in shell.bad(3, *add[:2], "eve", "--password-stdin", stdin="short\n")


def test_the_token_stands_alone_on_the_last_line(ready: Shell) -> None:
    out = ready.good("token", "add", "PicGo", "--scope", "upload", "--scope", "read")
    text = out.strip().splitlines()[-1]
    assert text.startswith("fl_")
    made = json.loads(ready.good("token", "add", "Script", "--scope", "list", "--json"))
    assert made["token"].startswith("fl_")
    assert made["scopes"] == ["list"]
    listed = ready.good("token", "list", "--json")
    assert text not in listed
    assert {"PicGo", "Script"} <= {token["name"] for token in json.loads(listed)}
    assert "PicGo" in ready.good("token", "list")
    ready.good("token", "revoke", made["id"])
    ready.bad(4, "token", "revoke", made["id"])


def test_a_token_is_bound_as_asked(ready: Shell) -> None:
    bounds = ("--channel", "Here", "--folder", "trips", "--expires", "30d")
    made = json.loads(ready.good("token", "add", "b", "--scope", "upload", *bounds, "--json"))
    assert made["folder"] == "trips"
    assert made["channel_id"]
    expires = datetime.fromisoformat(made["expires_at"])
    assert timedelta(days=29) < expires - datetime.now(UTC) < timedelta(days=31)


def test_what_a_token_cannot_be_is_refused(ready: Shell) -> None:
    assert "scope" in ready.bad(3, "token", "add", "x", "--scope", "fly")
    assert "time" in ready.bad(3, "token", "add", "x", "--scope", "list", "--expires", "soon")
    ready.bad(4, "token", "add", "x", "--scope", "list", "--channel", "nowhere")


@pytest.mark.parametrize(
    ("text", "hours"), [("12h", 12), ("30d", 720), ("2w", 336)], ids=["h", "d", "w"]
)
def test_spans_of_time(text: str, hours: int) -> None:
    at = moment(text)
    assert at is not None
    assert abs(at - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=1)


def test_moments_without_a_zone_are_utc_and_nonsense_is_refused() -> None:
    assert moment(None) is None
    assert moment("2027-01-31") == datetime(2027, 1, 31, tzinfo=UTC)
    for text in ("d", "x", "-1d", "30 d"):
        with pytest.raises(Invalid):
            moment(text)


# --- channels, index, doctor ---------------------------------------------------------------------


def test_a_channel_is_added_checked_listed_and_removed(shell: Shell) -> None:
    (shell.folder / "photos").mkdir()
    assert "added" in shell.good("channel", "add", "local", "photos", "--name", "Photos")
    listed = json.loads(shell.good("channel", "list", "--json"))
    assert [channel["name"] for channel in listed] == ["Photos"]
    assert shell.good("channel", "check", "Photos") == "Nothing is wrong.\n"
    (shell.folder / "photos" / ".fanlight").rmdir()
    (shell.folder / "photos").rmdir()
    done = shell.run("channel", "check", "Photos")
    assert done.returncode == 12
    assert "problem:" in done.stderr
    shell.good("channel", "remove", "Photos")
    shell.bad(4, "channel", "check", "Photos")


def test_a_channel_that_cannot_be_is_refused(ready: Shell) -> None:
    ready.bad(4, "channel", "add", "floppy", "x")
    assert "too many" in ready.bad(3, "channel", "add", "local", "a", "b")
    assert "NAME=VALUE" in ready.bad(3, "channel", "add", "local", "--option", "path")
    assert "missing" in ready.bad(3, "channel", "add", "local", "--name", "x")


def test_index_brings_what_is_there_into_the_catalogue(shell: Shell) -> None:
    shell.set_up()
    (shell.originals / "trips").mkdir()
    (shell.originals / "trips" / "lake.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert "1 seen, 1 added" in shell.good("index", "Here")
    (report,) = json.loads(shell.good("index", "--json"))
    assert (report["channel"], report["seen"], report["added"]) == ("Here", 1, 0)
    shell.bad(4, "index", "nowhere")


def test_doctor_finds_nothing_in_a_healthy_house(ready: Shell) -> None:
    assert "nothing is broken" in ready.good("doctor")
    found = json.loads(ready.good("doctor", "--json"))
    assert {one["where"] for one in found} >= {"disk", "key", "database", "people", "Here"}


def test_doctor_says_what_to_do(shell: Shell) -> None:
    shell.set_up()
    (shell.data / "key").chmod(0o644)
    done = shell.run("doctor")
    assert done.returncode == 12
    assert f"chmod 600 {shell.data / 'key'}" in done.stdout
    assert "Traceback" not in done.stderr


def test_doctor_finds_a_channel_that_lost_its_folder(shell: Shell) -> None:
    shell.set_up()
    shell.originals.rename(shell.folder / "elsewhere")
    done = shell.run("doctor")
    assert done.returncode == 12
    assert "BAD   Here" in done.stdout


# --- what is wrong before anything begins --------------------------------------------------------


def test_a_wrong_setting_is_named_with_what_was_read_and_what_is_allowed(shell: Shell) -> None:
    said = shell.bad(10, "doctor", naming="best")
    assert "FANLIGHT_NAMING" in said
    assert "'best'" in said
    assert "origin" in said
    assert "FANLIGHT_PROT" in shell.bad(10, "token", "list", prot="1")


def test_a_key_that_is_wrong_or_open_stops_every_command(shell: Shell) -> None:
    shell.set_up()
    shell.bad(9, "channel", "list", key="x" * 43 + "=")
    (shell.data / "key").chmod(0o640)
    said = shell.bad(9, "channel", "list")
    assert "chmod" in said


def test_a_database_that_is_none_is_said_in_a_sentence(shell: Shell) -> None:
    shell.data.mkdir()
    (shell.data / "fanlight.db").write_bytes(b"this is not a database" * 100)
    done = shell.start("channel", "list")
    assert done.returncode == 9
    assert done.stderr.startswith("fanlight: ")
    assert len(done.stderr.splitlines()) <= 3


def test_a_data_folder_that_is_none_is_said_in_a_sentence(shell: Shell) -> None:
    shell.data.write_text("a file")
    for command in (("channel", "list"), ("work",)):
        assert "data folder" in shell.bad(10, *command)
    done = shell.run("doctor")
    assert done.returncode == 12
    assert "takes no writes" in done.stdout


def test_output_into_a_closed_pipe_is_no_traceback(ready: Shell, tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m fanlight channel list --data '{ready.data}' | true"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr
