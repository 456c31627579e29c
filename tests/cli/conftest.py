"""Commands run with a data folder of their own: in this process, or in one as a shell starts it."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import structlog

from fanlight.cli.root import run
from tests.support.server import FANLIGHT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

PASSWORD = "correct horse battery"


@dataclass
class Shell:
    """Runs commands on one data folder."""

    folder: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def originals(self) -> Path:
        """The folder of the channel that `set_up` adds."""
        return self.folder / "originals"

    def run(
        self, *arguments: str, stdin: str = "", **settings: object
    ) -> subprocess.CompletedProcess[str]:
        """Run one command in this process; its failure is the test's business."""
        out, err = io.StringIO(), io.StringIO()
        environment = clean_environment(data=self.data, **settings)
        placed = standing_in(self.folder, environment, stdin)
        with placed, redirect_stdout(out), redirect_stderr(err):
            status = run(arguments)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    def start(self, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Run one command in a process of its own."""
        return subprocess.run(
            [*FANLIGHT, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=self.folder,
            env=clean_environment(data=self.data, **settings),
        )

    def good(self, *arguments: str, stdin: str = "", **settings: object) -> str:
        """Run one command that must succeed; its output."""
        done = self.run(*arguments, stdin=stdin, **settings)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def bad(self, status: int, *arguments: str, stdin: str = "", **settings: object) -> str:
        """Run one command that must fail with that status and no traceback; its complaint."""
        done = self.run(*arguments, stdin=stdin, **settings)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
        return done.stderr

    def set_up(self) -> None:
        """An owner and a channel."""
        add = ("user", "add", "ada", "--owner", "--password-stdin")
        self.good(*add, stdin=f"{PASSWORD}\n")
        self.originals.mkdir()
        self.good("channel", "add", "local", "originals", "--name", "Here")


@contextmanager
def standing_in(folder: Path, environment: Mapping[str, str], stdin: str) -> Generator[None]:
    """Be in that folder, with that environment and input, as a new process would."""
    before, here, typed = dict(os.environ), os.getcwd(), sys.stdin  # noqa: PTH109
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    try:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.stdin = io.StringIO(stdin)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        os.chdir(here)
        sys.stdin = typed
        structlog.reset_defaults()
        root.setLevel(level)
        root.handlers[:] = handlers


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder."""
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell with an owner and a channel, shared by the tests of a module."""
    made = Shell(tmp_path_factory.mktemp("shell"))
    made.set_up()
    return made
