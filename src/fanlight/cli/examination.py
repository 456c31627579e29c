"""What `doctor` looks at. Each look gives findings: a note where all is well."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import stat
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

from fanlight import __version__
from fanlight.cli.opening import made
from fanlight.cli.told import findings_of
from fanlight.errors import FanlightError
from fanlight.model import SERVER, Finding, Role, Severity
from fanlight.web.logs import configure
from fanlight.web.words import size

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.app import Fanlight
    from fanlight.config import Settings
    from fanlight.model import Channel

LITTLE_SPACE = 1_000_000_000
SHORTEST_CODE = 12


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; never raises what a look finds."""
    configure(settings.log_format, "error")
    found = [_environment(), *_data_folder(settings.data), *_key(settings), *_settings(settings)]
    try:
        fanlight = made(settings)
    except FanlightError as error:
        return [*found, _failure("database", error)]
    return [*found, *asyncio.run(_inside(fanlight))]


def _ok(where: str, code: str, meaning: str) -> Finding:
    return Finding(code, Severity.NOTE, meaning, where=where)


def _bad(where: str, code: str, meaning: str, *steps: str) -> Finding:
    return Finding(code, Severity.PROBLEM, meaning, steps, where)


def _look(where: str, code: str, meaning: str, *steps: str) -> Finding:
    return Finding(code, Severity.WARNING, meaning, steps, where)


def _failure(where: str, error: FanlightError) -> Finding:
    return _bad(where, error.public_code, error.public_message, error.public_remedy)


def _environment() -> Finding:
    versions = f"Fanlight {__version__}, Python {platform.python_version()}"
    return _ok("environment", "environment", f"{versions}, {platform.system()}")


def _data_folder(folder: Path) -> list[Finding]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        steps = (f"Give the user that runs Fanlight the right to write to {folder}",)
        return [
            _bad("disk", "disk.no-writes", f"{folder} takes no writes: {error.strerror}.", *steps)
        ]
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        steps = ("Make space, or move the data folder to a larger disk",)
        meaning = f"Only {size(free)} are free at {folder}."
        return [_look("disk", "disk.little-space", meaning, *steps)]
    return [_ok("disk", "disk", f"{folder} takes writes, {size(free)} are free")]


def _key(settings: Settings) -> list[Finding]:
    if settings.key.get_secret_value():
        return [_ok("key", "key", "Secrets are sealed with the key from the settings")]
    path = settings.data / "key"
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return [_ok("key", "key", f"{path} will be made at the first start")]
    except OSError:
        return []  # the folder itself is the trouble, and has been told
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [_bad("key", "key.open", f"{path} can be read by others.", f"Run: chmod 600 {path}")]
    return [_ok("key", "key", f"{path} is there and is yours alone; keep a copy elsewhere")]


def _settings(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    code = settings.upload_code.get_secret_value()
    if code and len(code) < SHORTEST_CODE:
        meaning = "The upload code is short: it can be guessed."
        found.append(
            _look("settings", "settings.short-code", meaning, "Choose a longer upload_code")
        )
    if settings.public_url.startswith("http://"):
        meaning = "People reach this server without https: passwords can be read on the way."
        step = "Put it behind a server with https, and set public_url and trusted_proxies"
        found.append(_look("settings", "settings.no-https", meaning, step))
    return found or [_ok("settings", "settings", "Every setting can be used")]


async def _inside(fanlight: Fanlight) -> list[Finding]:
    found = [_ok("database", "database", f"The catalogue answers ({fanlight.catalogue.dialect})")]
    try:
        found += await _people(fanlight)
        channels = await fanlight.channels.all(SERVER)
        if not channels:
            step = "Run: fanlight channel add local PATH --name NAME"
            found.append(_look("channels", "channels.none", "There is no channel yet.", step))
        for channel in channels:
            found += await _channel(fanlight, channel)
    except FanlightError as error:
        found.append(_failure("database", error))
    finally:
        await fanlight.stop()
    return found


async def _people(fanlight: Fanlight) -> list[Finding]:
    users = await fanlight.accounts.users(SERVER)
    if any(user.role is Role.OWNER for user in users):
        return [_ok("people", "people", "The server has its owner")]
    step = "Open the link that fanlight serve prints, or run: fanlight user add NAME --owner"
    return [_look("people", "people.no-owner", "Nobody owns this server yet.", step)]


async def _channel(fanlight: Fanlight, channel: Channel) -> list[Finding]:
    if not channel.enabled:
        return [_ok(channel.name, "channel.off", "Switched off")]
    found = await findings_of(fanlight, channel)
    if not found:
        return [_ok(channel.name, "channel", "The channel answers")]
    return [replace(one, where=channel.name) for one in found]
