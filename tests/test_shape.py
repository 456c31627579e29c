"""The shape of the house: what is confined to where, how long things are, no cycles.

The direction of imports is held by import-linter (`[tool.importlinter]` in pyproject.toml), the
presence of docstrings by ruff.
"""

from __future__ import annotations

import ast
import re
from statistics import median

import pytest

from fanlight.storage import registry
from tests.support.source import DOCS, Function, Module, imports, length, modules, strings

# a library -> the parts of the package that may import it
CONFINED = {
    "sqlalchemy": {"catalogue"},
    "alembic": {"catalogue"},
    "sqlite3": {"catalogue"},
    "psycopg": {"catalogue", "jobs"},
    "psycopg_pool": {"catalogue", "jobs"},
    "procrastinate": {"jobs"},
    "cryptography": {"catalogue"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "python_multipart": {"web"},
    "jinja2": {"web"},
    "prometheus_client": {"web"},
    "granian": {"cli", "web"},
    "typer": {"cli"},
    "rich": {"cli"},
    "aiohttp": {"outgoing", "cli"},  # one place for time-outs, proxy, rules; cli asks our server
    "aiosmtplib": {"notices"},
    "segno": {"web"},
    "reportlab": {"proofing"},
    "font_roboto": {"proofing"},
    "argon2": {"guard"},
    "filetype": {"library"},
    "pydantic_settings": {"config"},
    "pyvips": {"renditions"},
    "PIL": {"renditions"},
    "pillow_heif": {"renditions"},
    "rawpy": {"renditions"},
    "av": {"renditions"},
    "anyio": set[str](),  # its threads keep a stopping server alive: use executors of our own
    "requests": set[str](),
    "httpx": set[str](),
}

# what only an extra installs
EXTRAS = {"procrastinate", "psycopg", "psycopg_pool", "pillow_heif", "rawpy", "av"}

# loaded only where it is switched on or asked for, so that nobody else pays for it
SWITCHED_ON = {"fanlight.web.metrics", "fanlight.web.middleware.metrics", "fanlight.web.api"}

# providers whose names are ordinary words: only the bare string betrays that one is meant
ORDINARY = {"memory", "local"}

SQL = re.compile(
    r"\s*(SELECT\b.+\bFROM\b|INSERT INTO\b|UPDATE\b.+\bSET\b|DELETE FROM\b)", re.DOTALL
)

AVOIDED = re.compile(r"thumbnail|backend|album|favou?rite", re.IGNORECASE)

MODULE_MEDIAN, MODULE_LARGE, MODULE_LARGEST = 150, 500, 800
FUNCTION_MEDIAN, FUNCTION_LONG, LONG_SHARE = 10, 50, 0.04
PROVIDER_LARGEST = 350
HANDLER_LONGEST = 25


def excused() -> set[str]:
    """Modules over the budget that a decision defends: `path` in its first column."""
    page = (DOCS / "decisions" / "sizes.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(src/[^`]+)`", page, re.MULTILINE))


@pytest.mark.parametrize("library", CONFINED)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    strays = [
        f"{module.where}:{found.line}"
        for module in modules()
        for found in imports(module)
        if found.module.split(".")[0] == library and module.part not in CONFINED[library]
    ]
    assert not strays, f"{library} belongs to {sorted(CONFINED[library]) or 'nobody'}"


def test_sql_is_written_only_in_the_catalogue() -> None:
    strays = [
        f"{module.where}:{text.lineno}"
        for module in modules()
        for text in strings(module)
        if module.part not in ("catalogue", "jobs") and SQL.match(str(text.value))
    ]
    assert not strays


def names_a_provider(module: Module) -> list[str]:
    found = [
        f"{module.where}:{text.lineno}: {text.value!r}"
        for text in strings(module)
        if text.value in registry.PROVIDERS
    ]
    for name in set(registry.PROVIDERS) - ORDINARY:
        for number, line in enumerate(module.text.splitlines(), 1):
            if re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", line, re.IGNORECASE):
                found.append(f"{module.where}:{number}: {line.strip()}")
    return found


def test_no_module_outside_storage_names_a_provider() -> None:
    strays = [
        line
        for module in modules()
        if module.part != "storage"
        for line in names_a_provider(module)
    ]
    assert not strays, "what is special to a provider belongs into its own module"


def is_optional(name: str) -> bool:
    """Whether the module (or the one that holds this name) is not for everybody."""
    if name in SWITCHED_ON or name.rpartition(".")[0] in SWITCHED_ON:
        return True
    return any(
        found.module.split(".")[0] in EXTRAS
        for module in modules()
        if module.name in (name, name.rpartition(".")[0])
        for found in imports(module)
    )


def test_imports_inside_functions_are_for_quick_commands_and_optional_parts() -> None:
    strays = [
        f"{module.where}:{found.line}"
        for module in modules()
        for found in imports(module)
        if found.in_function
        and module.part not in ("cli", "__main__")
        and found.module.startswith("fanlight")
        and not is_optional(found.module)
    ]
    assert not strays, "import at the top, or say what keeps the two modules apart"


def test_there_are_no_import_cycles() -> None:
    known = {module.name for module in modules()}
    needs: dict[str, set[str]] = {name: set() for name in known}
    for module in modules():
        for found in imports(module):
            target = found.module if found.module in known else found.module.rpartition(".")[0]
            if target in known and not (found.in_function or found.for_types):
                needs[module.name].add(target)
    while True:  # take away what needs nothing (more): what stays is in a cycle or leads into one
        free = {name for name, wanted in needs.items() if not wanted - {name}}
        if not free:
            break
        needs = {name: wanted - free for name, wanted in needs.items() if name not in free}
    assert not needs, f"cycle among {sorted(needs)}"


def test_modules_are_short() -> None:
    sizes = [module.lines for module in modules() if module.lines]
    assert median(sizes) <= MODULE_MEDIAN
    large = {m.where: m.lines for m in modules() if m.lines > MODULE_LARGE}
    unexcused = {where: lines for where, lines in large.items() if where not in excused()}
    assert not unexcused, (
        f"over {MODULE_LARGE} lines: part them, or defend them in docs/decisions/sizes.md"
    )
    assert not [where for where, lines in large.items() if lines > MODULE_LARGEST]


def test_excuses_are_still_needed() -> None:
    large = {module.where for module in modules() if module.lines > MODULE_LARGE}
    assert excused() <= large, "docs/decisions/sizes.md excuses what needs no excuse"


def test_functions_are_short() -> None:
    sizes = {
        f"{module.where}:{function.lineno} {function.name}": length(function)
        for module in modules()
        for function in module.functions()
    }
    assert median(sizes.values()) <= FUNCTION_MEDIAN
    long = {where: lines for where, lines in sizes.items() if lines > FUNCTION_LONG}
    assert len(long) <= LONG_SHARE * len(sizes), f"over {FUNCTION_LONG} lines: {long}"


def test_a_provider_fits_in_one_head() -> None:
    for name, listed in registry.PROVIDERS.items():
        module = next(module for module in modules() if module.name == listed.module)
        assert module.lines <= PROVIDER_LARGEST, f"provider {name} has {module.lines} lines"


def handlers() -> dict[str, int]:
    """Route handlers and the lines of their bodies: their parameters are declared, not computed."""
    found: dict[str, int] = {}
    for module in modules():
        if module.part != "web":
            continue
        for function in module.functions():
            first = function.args.args[0].annotation if function.args.args else None
            takes_request = getattr(first, "id", "") == "Request" and is_public_coroutine(function)
            decorated = any(
                getattr(getattr(mark, "func", None), "attr", "")
                in ("get", "post", "put", "patch", "delete", "head", "options", "route")
                for mark in function.decorator_list
            )
            if decorated or takes_request:
                signature = function.body[0].lineno - function.lineno
                size = length(function) - signature
                found[f"{module.where}:{function.lineno} {function.name}"] = size
    return found


def is_public_coroutine(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) and not function.name.startswith("_")


def test_handlers_read_validate_call_and_respond() -> None:
    assert handlers(), "no handler was recognised: this test looks at the wrong thing"
    long = {where: lines for where, lines in handlers().items() if lines > HANDLER_LONGEST}
    assert not long, "move the rule into a use case, where every door can reach it"


def test_names_use_the_words_of_the_house() -> None:
    strays = [
        f"{module.where}:{function.lineno} {function.name}"
        for module in modules()
        for function in module.functions()
        if AVOIDED.search(function.name)
    ]
    strays += [module.where for module in modules() if AVOIDED.search(module.path.stem)]
    assert not strays, "see docs/concepts.md"
