"""The table of routes: what each accepts, answers, and demands of the caller."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from .arguments import ArgumentCompiler
from .wire import WireChecker


@dataclass(slots=True)
class Route:
    """One route. ``name`` is what error texts and the request log call it: ``files/upload``."""

    path: str
    host: str
    style: str
    auth: frozenset[str]
    scope: str | None
    app_folder: bool
    arg: str
    result: str
    error: str
    parse: Callable[[Any], Any]
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.path.removeprefix("/2/")


@dataclass(slots=True)
class Table:
    """All routes by path, and a checker for replies."""

    routes: dict[str, Route]
    wire: WireChecker
    common_errors: dict[str, str]
    path_root: Callable[[Any], Any]


def _read(name: str) -> dict[str, Any]:
    text = resources.files("dropbox_emulator").joinpath("data", name).read_text("utf-8")
    return json.loads(text)


@cache
def load_table() -> Table:
    """Read the public routes and the few older ones that real clients still call."""
    public, older = _read("dropbox-routes.json"), _read("more-routes.json")
    types: dict[str, Any] = {**public["types"], **older["types"]}
    for name, fields in older["added_fields"].items():
        types[name] = {**types[name], "fields": [*types[name]["fields"], *fields]}
    compiler = ArgumentCompiler(types)
    routes: dict[str, Route] = {}
    for row in [*public["routes"], *older["routes"]]:
        routes[row["path"]] = Route(
            path=row["path"],
            host=row["host"],
            style=row["style"],
            auth=frozenset(str(row["auth"]).split(", ")),
            scope=row["scope"],
            app_folder=row["app_folder"],
            arg=row["arg"],
            result=row["result"],
            error=row["error"],
            parse=_nothing if row["arg"] == "void" else compiler.compile(row["arg"]),
        )
    return Table(
        routes, WireChecker(types), public["common_errors"], compiler.compile("common.PathRoot")
    )


def _nothing(value: Any) -> None:
    """A route without argument takes null; the dispatcher refuses anything else."""
