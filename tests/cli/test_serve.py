"""`fanlight serve` and `fanlight work` as processes: start, refusal, bad clients, stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import Shell
from tests.support.server import FANLIGHT, clean_environment, free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.server import Server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """One server for this module, and a token."""
    shell = Shell(tmp_path_factory.mktemp("house"))
    with serving(shell.data, upload_timeout=1, log_level="info") as server:
        yield server, token_of(shell)


def token_of(shell: Shell) -> str:
    """Make an owner, a channel and a token while the server runs."""
    shell.set_up()
    return shell.good("token", "add", "t", "--scope", "manage").strip()


def speak(server: Server, request: bytes, *, then: str = "read") -> bytes:
    """Send bytes to the server's socket; read what comes, or hang up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as wire:
        wire.sendall(request)
        if then == "hang up":
            return b""
        if then == "half close":
            wire.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
        return answer


def head(token: str, length: int, *, path: str = "/upload") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="p.bin"\r\n\r\n'
END = b"\r\n--b--\r\n"
BODY = PART + b"bytes" + END


def listed(server: Server, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    with urlopen(Request(f"{server.url}/api/v1/assets", headers=headers)) as answer:
        return answer.read()


# --- clients that do not behave ------------------------------------------------------------------


def test_a_body_in_one_piece_and_one_in_crumbs_are_both_stored(house: tuple[Server, str]) -> None:
    server, token = house
    assert b" 200 OK" in speak(server, head(token, len(BODY)) + BODY)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as wire:
        for byte in head(token, len(BODY)) + BODY:
            wire.sendall(bytes([byte]))
        assert b" 200 OK" in wire.recv(65536)


@pytest.mark.parametrize(
    ("announced", "sent", "then"),
    [
        (len(BODY) + 100, BODY, "half close"),
        (len(BODY), BODY[:-20], "half close"),
        (len(BODY), BODY[:-20], "hang up"),
        (10_000_000, PART + b"x" * 3_000_000, "hang up"),
        (len(BODY) - 20, BODY, "read"),
    ],
    ids=["announced more", "half", "hung up", "hung up in a large one", "announced less"],
)
def test_a_body_that_is_not_all_there_leaves_nothing_behind(
    house: tuple[Server, str], announced: int, sent: bytes, then: str
) -> None:
    server, token = house
    before = listed(server, token)
    answer = speak(server, head(token, announced) + sent, then=then)
    assert b" 200 OK" not in answer
    deadline = time.monotonic() + 20
    while list(server.data.parent.rglob("*.part")):
        assert time.monotonic() < deadline, "half an upload stays in storage"
        time.sleep(0.05)
    assert listed(server, token) == before


def test_a_client_that_stands_still_is_told_so_and_let_go(house: tuple[Server, str]) -> None:
    server, token = house
    answer = speak(server, head(token, 1_000_000) + PART + b"x" * 1000)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"stood still" in answer


def test_a_stranger_hears_why_although_the_body_is_still_coming(house: tuple[Server, str]) -> None:
    server, _ = house
    answer = speak(server, head("fl_wrong", 600_000) + PART + b"x" * 500_000)
    assert answer.startswith(b"HTTP/1.1 401")


def test_requests_that_are_no_http_do_not_hurt(house: tuple[Server, str]) -> None:
    server, token = house
    for junk in (
        b"\0\1\2\3\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" * 3 + b"\r\n",
    ):
        speak(server, junk, then="half close")
    huge = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 2_000_000 + b"\r\n\r\n"
    with suppress(ConnectionError):  # dropped before it could be sent: as good an answer
        assert b" 200 " not in speak(server, huge)
    assert listed(server, token)


def test_nothing_secret_stands_in_the_log(house: tuple[Server, str]) -> None:
    server, token = house
    with pytest.raises(HTTPError):
        urlopen(f"{server.url}/upload?authCode=s3cr3t-c0de")
    with pytest.raises(HTTPError):
        urlopen(f"{server.url}/file/nothing?signature=s3cr3t-s1gn")
    listed(server, token)
    urlopen(f"{server.url}/setup?code=s3cr3t-setup").close()
    deadline = time.monotonic() + 10
    while "path=/setup" not in server.log:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "authCode=***" in server.log
    assert "s3cr3t" not in server.log
    assert token not in server.log


# --- start and stop ------------------------------------------------------------------------------


def test_a_new_server_prints_its_setup_link_and_where_to_go_next(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with urlopen(server.setup_link()) as page:
            assert b"Become the owner" in page.read()
        assert "Where to go next" in server.log
        assert server.stop() == 0
    assert "Traceback" not in server.log


def test_two_workers_greet_once_and_both_serve(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2) as server:
        with urlopen(server.setup_link()) as page:
            assert b"Become the owner" in page.read()
        assert server.log.count("/setup?code=") == 1
        assert server.stop() == 0


def test_it_stops_at_once_although_clients_hold_on(shell: Shell) -> None:
    with serving(shell.data) as server:
        token = token_of(shell)
        idle = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200" in idle.recv(1000)
        half = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        half.sendall(head(token, 1_000_000) + PART)
        assert server.stop() == 0
        idle.close()
        half.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)


def serve_badly(data: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*FANLIGHT, "serve", "--port", str(free_port())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=clean_environment(data=data, **settings),
    )
    assert "Traceback" not in done.stderr
    return done


def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path) -> None:
    done = serve_badly(tmp_path, naming="best", log_level="loud")
    assert done.returncode == 10
    assert "FANLIGHT_NAMING" in done.stderr
    assert "FANLIGHT_LOG_LEVEL" in done.stderr


def test_a_wrong_key_stops_the_start_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("not a key")
    (tmp_path / "key").chmod(0o600)
    done = serve_badly(tmp_path)
    assert done.returncode == 9
    assert done.stderr.startswith("fanlight: ")


def test_a_data_folder_that_is_none_stops_the_start_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done = serve_badly(tmp_path / "data")
    assert done.returncode == 10
    assert "data folder" in done.stderr


def test_a_port_that_is_taken_is_said_in_a_sentence(house: tuple[Server, str]) -> None:
    server, _ = house
    done = subprocess.run(
        [*FANLIGHT, "serve", "--port", str(server.port)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=clean_environment(data=server.data),
    )
    assert done.returncode == 10
    assert f"127.0.0.1:{server.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_work_ends_when_it_is_asked_to(shell: Shell) -> None:
    shell.set_up()
    process = subprocess.Popen(
        [*FANLIGHT, "work"],
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(data=shell.data),
    )
    assert process.stderr is not None
    assert "Working" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_a_worker_that_is_killed_ends_the_server_and_is_told(shell: Shell) -> None:
    with serving(shell.data) as server:
        assert server.process is not None
        (worker,) = children(server.process.pid)
        os.kill(worker, signal.SIGKILL)
        assert server.process.wait(timeout=20) == 1
    assert "ended by itself" in server.log


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]
