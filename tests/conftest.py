"""What every test shares: one event loop, no settings from outside, no network, no silent skips."""

from __future__ import annotations

import os
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

pytest_plugins = ["tests.support.postgres", "tests.support.catalogues"]

STRICT = bool(os.environ.get("CI") or os.environ.get("STRICT_TESTS"))
"""A contract that is skipped is not held: with `CI=true` or `STRICT_TESTS=1` a skip fails."""


def _forget_settings() -> None:
    for setting in [name for name in os.environ if name.startswith("FANLIGHT_")]:
        del os.environ[setting]


_forget_settings()


@pytest.fixture(autouse=True)
def no_settings_from_elsewhere() -> Generator[None]:
    """What a command line was given goes on in the environment: here, until the test ends."""
    _forget_settings()
    yield
    _forget_settings()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: whatever library it comes through, nothing leaves this machine."""
    if event == "socket.connect":
        address = arguments[1]  # a tuple of host and port, or the path of a local socket
        host: object = cast("object", address[0]) if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise RuntimeError(f"a test reached for the network: {event} {host!r}")


sys.addaudithook(_refuse_the_network)


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if STRICT and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not be skipped here: {reason}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report
