"""Writes docs/reference/ from the code, so that it cannot disagree with it.

    python -m scripts.reference            write the pages
    python -m scripts.reference --check    say which are out of date, and fail

`tests/test_docs.py` does the second.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args, get_origin

from pydantic import SecretStr

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Written by `make docs` from {source}. Change it there. -->"


def cell(text: object) -> str:
    """Text that may stand in a table's cell."""
    return " ".join(str(text).replace("|", "\\|").split())


def page(title: str, source: str, *parts: str) -> str:
    """A whole page."""
    return "\n\n".join([f"# {title}", MADE.format(source=source), *parts]).rstrip() + "\n"


# --- settings -----------------------------------------------------------------------------------


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, tuple):
        value = ", ".join(str(part) for part in cast("tuple[object, ...]", value))
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if str(value) else "empty"


def _allowed(field: Any) -> str:
    if get_args(field.annotation) and get_origin(field.annotation) is not tuple:
        return ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
    names = {"ge": "at least", "gt": "more than", "le": "at most"}
    bounds = [
        f"{words} {getattr(rule, name)}"
        for rule in field.metadata
        for name, words in names.items()
        if getattr(rule, name, None) is not None
    ]
    if bounds:
        return ", ".join(bounds)
    if field.annotation is bool:
        return "`true`, `false`"
    return "a list, comma separated" if get_origin(field.annotation) is tuple else ""


def settings() -> str:
    """Every setting, its default and what it allows."""
    from fanlight.config import PREFIX, Settings

    intro = f"""\
Set them in the environment (`{PREFIX}PORT=8000`) or in a TOML file (`port = 8000` in
`<data>/fanlight.toml`, or the file that `{PREFIX}CONFIG` names). The environment wins, and what the
command line says (`fanlight serve --port`) wins over both. A value that is not allowed, or a name
that does not exist, stops the start and says so."""
    rows = ["| setting | default | allowed | |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        rows.append(
            f'| <a id="{name}"></a>`{PREFIX}{name.upper()}`, in the file `{name}` '
            f"| {_default(field.default)} | {_allowed(field)} | {cell(field.description)} |"
        )
    return page("Settings", "`config.Settings`", intro, "\n".join(rows))


# --- errors -------------------------------------------------------------------------------------


def _descend(kind: type, depth: int = 0) -> Iterator[tuple[type, int]]:
    yield kind, depth
    for child in kind.__subclasses__():
        if child.__module__ == "fanlight.errors":
            yield from _descend(child, depth + 1)


def errors() -> str:
    """Every error with its code, status and exit status."""
    from fanlight.cli import exits
    from fanlight.errors import FanlightError
    from fanlight.web import errors as faces

    intro = """\
Each failure is one of these. Programs go by the code, which stays; a code may be refined after a
dot (`not-found.channel`). The API answers `application/problem+json` with `code`, `title` (the
sentence below), `remedy` (the next step), `temporary` (the same request may succeed later) and
`request_id`, which is in the server's log too. "temporary" errors may be repeated after
`Retry-After`."""
    rows = ["| code | HTTP | exit | temporary | what it says | next step |"]
    rows.append("| --- | --- | --- | --- | --- | --- |")
    for kind, depth in _descend(FanlightError):
        error = cast("type[FanlightError]", kind)
        rows.append(
            f"| {'&emsp;' * depth}`{error.code}` | {faces.status_of(error())} "
            f"| {exits.status_of(error())} | {'yes' if error.temporary else ''} "
            f"| {cell(error.message)} | {cell(error.remedy)} |"
        )
    return page("Errors", "`errors`, `web/errors.py` and `cli/exits.py`", intro, "\n".join(rows))


# --- providers ----------------------------------------------------------------------------------


def _can(provider: object) -> str:
    from fanlight.storage import base, many

    abilities = [
        name
        for name, protocol in (vars(base) | vars(many)).items()
        if inspect.isclass(protocol)
        and getattr(protocol, "_is_runtime_protocol", False)
        and isinstance(provider, protocol)
    ]
    return ", ".join(abilities)


def providers() -> str:
    """Every provider with its options and abilities."""
    import tempfile

    from fanlight.storage import registry

    intro = """\
A channel is made with `fanlight channel add PROVIDER`, on the page *Channels*, or by
`POST /api/v1/channels`. The options are the same everywhere. Secrets are sealed in the catalogue
and never shown again. What a provider lacks, Fanlight does by other means (a copy is read and
stored, a move is a copy and a delete) or says that it cannot be done."""
    parts: list[str] = []
    for name, listed in registry.PROVIDERS.items():
        rows = ["| option | | | default |", "| --- | --- | --- | --- |"]
        for option in registry.options(name):
            marks = [option.label, "secret" if option.secret else ""]
            marks += [] if option.required else ["optional"]
            rows.append(
                f"| `{option.name}` | {', '.join(mark for mark in marks if mark)} "
                f"| {cell(option.help)} | {f'`{option.default}`' if option.default else ''} |"
            )
        table = "\n".join(rows) if registry.options(name) else "It has no options."
        with tempfile.TemporaryDirectory() as folder:
            made = registry.create(
                name,
                {o.name: o.default or folder for o in registry.options(name) if o.required},
            )
            traits = made.traits
        facts = [
            f"Can: {_can(made)}.",
            f"Objects are named by {traits.addressing.value}; names are "
            f"{'' if traits.case_sensitive else 'not '}told apart by case.",
            f"At most {traits.parallel} calls at a time.",
        ]
        parts.append(f"## {name}: {listed.label}\n\n{' '.join(facts)}\n\n{table}")
    return page("Providers", "each provider's `OPTIONS`", intro, *parts)


# --- the command line ---------------------------------------------------------------------------


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if path[1:]:
        yield path, command
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(child, (*path, name))


def cli() -> str:
    """Every command with what its `--help` says."""
    import typer
    from typer.testing import CliRunner

    from fanlight.cli.root import tree

    app = tree()
    runner = CliRunner(env={"COLUMNS": "96", "TERM": "dumb", "NO_COLOR": "1"})
    intro = """\
`--help` stands behind every command. Where a script would want it, `--json` writes one JSON value.
The exit status tells the kind of a failure: see [Errors](errors.md)."""
    parts: list[str] = []
    paths = [("fanlight",)]
    paths += [path for path, _ in _commands(typer.main.get_command(app), ("fanlight",))]
    for path in paths:
        said = runner.invoke(app, [*path[1:], "--help"], prog_name="fanlight").output
        text = "\n".join(line.rstrip() for line in said.strip().splitlines())
        parts.append(f"{'#' * (1 + len(path))} {' '.join(path)}\n\n```text\n{text}\n```")
    return page("Command line", "the commands", intro, *parts)


# --- the API ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """One method of one path in the OpenAPI document."""

    method: str
    path: str
    said: dict[str, Any]


@cache
def openapi() -> dict[str, Any]:
    """The document that the server itself answers with at `/api/v1/openapi.json`."""
    from fanlight.web.api import create_api

    return create_api().openapi()


def _name(name: str) -> str:
    """A shape's name as people say it: a page of assets is `Many_Asset_` in the document."""
    if name.startswith("Many_") and name.endswith("_"):
        return f"page of {name.removeprefix('Many_')[:-1]}"
    return name


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _name(str(schema["$ref"]).rpartition("/")[2])
    if "anyOf" in schema:
        kinds = [_type(part) for part in schema["anyOf"]]
        return " or ".join(dict.fromkeys(kinds))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    return str(schema.get("format") or schema.get("type") or "any")


def _operation(one: Operation) -> str:
    parts = [
        f"### {one.method.upper()} {one.path}",
        one.said.get("description") or one.said.get("summary", ""),
    ]
    asked = one.said.get("parameters", [])
    if asked:
        rows = ["| parameter | in | type | |", "| --- | --- | --- | --- |"]
        rows += [
            f"| `{p['name']}`{' (needed)' if p.get('required') else ''} | {p['in']} "
            f"| {cell(_type(p.get('schema', {})))} | {cell(p.get('description', ''))} |"
            for p in asked
        ]
        parts.append("\n".join(rows))
    body = one.said.get("requestBody", {}).get("content", {})
    if body:
        kinds = [f"`{kind}` ({_type(how.get('schema', {}))})" for kind, how in body.items()]
        parts.append(f"Body: {', '.join(kinds)}.")
    answers = one.said.get("responses", {})
    parts += [_answer(status, how) for status, how in answers.items() if int(status) < 400]
    failures = [f"`{status}`" for status in answers if int(status) >= 400]
    if failures:
        parts.append(f"Fails with {', '.join(failures)}.")
    return "\n\n".join(part for part in parts if part)


def _answer(status: str, how: dict[str, Any]) -> str:
    shapes = [_type(content["schema"]) for content in how.get("content", {}).values()]
    said = how.get("description", "")
    said = "" if said == "Successful Response" else f" {cell(said)}"
    return f"Answers `{status}`{f' with {shapes[0]}' if shapes else ''}.{said}"


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = [f"### {_name(name)}", cell(schema.get("description", ""))]
    if "enum" in schema:
        rows.append(f"One of {_type(schema)}.")
    fields = schema.get("properties", {})
    if fields:
        table = ["| field | type | |", "| --- | --- | --- |"]
        table += [
            f"| `{field}` | {cell(_type(how))} | {cell(how.get('description', ''))} |"
            for field, how in fields.items()
        ]
        rows.append("\n".join(table))
    rows += [f"```json\n{json.dumps(one, indent=2)}\n```" for one in schema.get("examples", [])]
    return "\n\n".join(row for row in rows if row)


def api() -> str:
    """Every operation of `/api/v1` and every shape it speaks of."""
    said = openapi()
    intro = """\
The document itself is at `/api/v1/openapi.json`. Send `Authorization: Bearer TOKEN` with a token
made on the page *Tokens* or by `fanlight token add`. Errors are described in [Errors](errors.md).
Lists are paged: pass the answer's `next` as `after` until it is null."""
    groups: dict[str, list[str]] = {}
    for path, methods in said["paths"].items():
        for method, how in methods.items():
            tag = (how.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(_operation(Operation(method, path, how)))
    parts = [f"## {tag.capitalize()}\n\n" + "\n\n".join(ops) for tag, ops in groups.items()]
    schemas = said.get("components", {}).get("schemas", {})
    shapes = "\n\n".join(_schema(name, schema) for name, schema in schemas.items())
    return page("API", "the OpenAPI document", intro, *parts, f"## Shapes\n\n{shapes}")


REFERENCE: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "errors.md": errors,
    "providers.md": providers,
    "cli.md": cli,
    "api.md": api,
}


def stale() -> list[str]:
    """Pages that are not what the code says."""
    return [
        name
        for name, make in REFERENCE.items()
        if not (PAGES / name).exists() or (PAGES / name).read_text(encoding="utf-8") != make()
    ]


def main() -> None:
    """Write the pages, or check them."""
    if "--check" in sys.argv[1:]:
        late = stale()
        sys.exit(f"out of date, run `make docs`: {', '.join(late)}" if late else 0)
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, make in REFERENCE.items():
        (PAGES / name).write_text(make(), encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
