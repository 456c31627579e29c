"""Puts the built front end into the package, so that nobody who installs a wheel needs Node.

Runs for wheels, sdists and editable installs alike. An unpacked sdist carries the bundle already,
and a bundle newer than its sources is left alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = Path("src/fanlight/web/static/bundle/manifest.json")
SOURCES = ("package.json", "package-lock.json", "vite.config.js", "tsconfig.json", "src")


class FrontendHook(BuildHookInterface[Any]):
    """The hook that hatchling calls before it collects the package's contents."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle if it is missing or older than its sources."""
        del version, build_data
        root = Path(self.root)
        frontend = root / "frontend"
        if (root / "PKG-INFO").exists() or _newest(frontend) <= _age(root / BUNDLE):
            return
        npm = shutil.which("npm")
        if npm is None:
            self.app.abort(
                "Building Fanlight from a checkout needs Node 20.19 or newer (npm was not found); "
                "a released wheel does not."
            )
            return
        installed = frontend / "node_modules/.package-lock.json"
        if _age(frontend / "package-lock.json") > _age(installed):
            self._run(npm, "ci", "--loglevel=error", "--no-audit", "--no-fund", cwd=frontend)
        self._run(npm, "run", "--silent", "build", "--", "--logLevel=warn", cwd=frontend)
        os.utime(root / BUNDLE)

    def _run(self, *command: str, cwd: Path) -> None:
        done = subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False)
        if done.returncode:
            self.app.abort(f"`{' '.join(command[1:])}` failed:\n{done.stdout}{done.stderr}")


def _age(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _newest(frontend: Path) -> float:
    """When the newest source changed; a folder counts too, for what was removed from it."""
    found = [frontend / name for name in SOURCES]
    return max(_age(path) for top in found for path in (top, *top.rglob("*")))
