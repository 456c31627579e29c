"""Type expressions of the route data, parsed once at start."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean, timestamp or void, with its limits."""

    name: str
    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    regex: re.Pattern[str] | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list with an item type and bounds of its length."""

    item: TypeExpr
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """A struct or union by name, as in ``files.WriteMode``."""

    name: str


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value that may be null."""

    inner: TypeExpr


TypeExpr = Scalar | ListOf | Ref | Nullable

_SCALARS = {
    "string",
    "boolean",
    "int32",
    "int64",
    "uint32",
    "uint64",
    "float64",
    "timestamp",
    "void",
}
_LIMIT = re.compile(r"(min|max)=([^,]+)(?:, |$)")


def parse_type(text: str) -> TypeExpr:
    """Read one expression, as in ``list<string(min=1)>[1..1000]?``."""
    if text.endswith("?"):
        return Nullable(parse_type(text[:-1]))
    if text.startswith("list<"):
        end = text.rindex(">")
        low, high = _bounds(text[end + 1 :])
        return ListOf(parse_type(text[5:end]), low, high)
    name, _, rest = text.partition("(")
    if name not in _SCALARS:
        return Ref(text)
    return _scalar(name, rest[:-1])


def _bounds(text: str) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    low, high = text.strip("[]").split("..")
    return (int(low) if low else None), (int(high) if high else None)


def _scalar(name: str, options: str) -> Scalar:
    if name == "timestamp":
        return Scalar(name, form=options)
    limits: dict[str, float] = {}
    while (found := _LIMIT.match(options)) is not None:
        limits[found[1]] = float(found[2])
        options = options[found.end() :]
    pattern = options.removeprefix("pattern=") or None
    return Scalar(name, limits.get("min"), limits.get("max"), pattern, _compile(pattern))


def _compile(pattern: str | None) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    # "(.|[\r\n])*" means anything; said plainly it is matched without backtracking.
    return re.compile(pattern.replace(r"(.|[\r\n])*", r"[\s\S]*"))
