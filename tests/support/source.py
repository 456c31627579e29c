"""The package's own source, parsed once, for tests about its shape and its documentation."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "fanlight"
DOCS = ROOT / "docs"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Module:
    """One source module: its dotted name, path, text and tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        """Its path from the root of the checkout."""
        return str(self.path.relative_to(ROOT))

    @property
    def part(self) -> str:
        """The package or module right below `fanlight` that it belongs to."""
        return self.name.split(".")[1] if "." in self.name else "fanlight"

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())

    def functions(self) -> Iterator[Function]:
        """Every function and method in it."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


def length(function: Function) -> int:
    """Lines of a function without its decorators and docstring."""
    first = function.body[0]
    spoken = 0
    if ast.get_docstring(function, clean=False) is not None:
        spoken = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - spoken


@cache
def modules() -> tuple[Module, ...]:
    """All of them."""
    found: list[Module] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        dotted = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        text = path.read_text(encoding="utf-8")
        found.append(Module(dotted.removesuffix(".__init__"), path, text, ast.parse(text)))
    return tuple(found)


@dataclass(frozen=True)
class Import:
    """One imported module, as written."""

    module: str
    line: int
    in_function: bool
    for_types: bool


@cache
def imports(module: Module) -> tuple[Import, ...]:
    """What a module imports, and where it does so."""
    return tuple(_imports(module.tree, in_function=False, for_types=False))


def _imports(node: ast.AST, *, in_function: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, in_function, for_types)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            for alias in child.names:
                yield Import(f"{child.module}.{alias.name}", child.lineno, in_function, for_types)
        else:
            types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            inside = in_function or isinstance(child, Function)
            yield from _imports(child, in_function=inside, for_types=for_types or types)


def strings(module: Module) -> Iterator[ast.Constant]:
    """String literals of a module, without docstrings and other bare strings."""
    bare = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node
