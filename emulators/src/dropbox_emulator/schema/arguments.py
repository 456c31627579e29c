"""Validation of arguments, with the texts that the real service was seen to send.

A type compiles into a function from JSON value to Python value: structs become dictionaries with
every field present (defaults filled in), unions become :class:`Tag`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .types import ListOf, Nullable, Ref, Scalar, TypeExpr, parse_type

Check = Callable[[Any], Any]

# Tags that the public spec marks for internal callers; outside callers are refused.
INTERNAL_TAGS = frozenset({("files.ThumbnailSize", "w3200h2400")})

_INTEGERS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}


_KINDS = {
    "bool": "boolean",
    "int": "integer",
    "float": "float",
    "str": "string",
    "list": "list",
    "dict": "object",
}


class Tag(NamedTuple):
    """A union value: its tag and, unless void, what it carries."""

    name: str
    value: Any = None


class BadArgument(Exception):
    """An argument that does not fit its type; ``where`` is the field path."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.where: list[str] = []

    def __str__(self) -> str:
        return ": ".join([*reversed(self.where), super().__str__()])


def json_kind(value: Any) -> str:
    """The name of a JSON value's kind as error texts say it."""
    if value is None:
        return "null"
    return _KINDS.get(type(value).__name__, "value")


class ArgumentCompiler:
    """Compiles types of the route data into checks; each type once."""

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types = types
        self._named: dict[str, Check] = {}

    def compile(self, text: str) -> Check:
        """The check for a type expression."""
        return self._check(parse_type(text))

    def _check(self, expr: TypeExpr) -> Check:
        if isinstance(expr, Nullable):
            inner = self._check(expr.inner)
            return lambda value: None if value is None else inner(value)
        if isinstance(expr, ListOf):
            return self._list(expr)
        if isinstance(expr, Ref):
            return self._ref(expr.name)
        return _scalar(expr)

    def _ref(self, name: str) -> Check:
        if name not in self._named:
            spec = self._types[name]
            # Late lookup first, so that recursive types would compile.
            self._named[name] = lambda value: self._named[name](value)
            build = self._struct if spec["kind"] == "struct" else self._union
            self._named[name] = build(name, spec)
        return self._named[name]

    def _list(self, expr: ListOf) -> Check:
        item, low, high = self._check(expr.item), expr.low, expr.high

        def check(value: Any) -> list[Any]:
            if not isinstance(value, list):
                raise BadArgument(f"{_quoted(value)} expected to be a list, got {json_kind(value)}")
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            if low is not None and len(items) < low:
                raise BadArgument(f"list must have at least {low} items, got {len(items)}")
            if high is not None and len(items) > high:
                raise BadArgument(f"list must have at most {high} items, got {len(items)}")
            return [_within(f"[{i}]", item, each) for i, each in enumerate(items)]

        return check

    def _struct(self, name: str, spec: Mapping[str, Any]) -> Check:
        checks: dict[str, Check] = {}
        defaults: dict[str, Any] = {}
        required: list[str] = []
        for field in spec["fields"]:
            if field.get("internal_only"):
                defaults[field["n"]] = _default(field.get("default"))
                continue
            checks[field["n"]] = self.compile(field["t"])
            if "default" in field:
                defaults[field["n"]] = _default(field["default"])
            elif field.get("opt"):
                defaults[field["n"]] = None
            else:
                required.append(field["n"])

        def check(value: Any) -> dict[str, Any]:
            if not isinstance(value, dict):
                raise BadArgument(f"expected object, got {json_kind(value)}")
            given: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
            result = dict(defaults)
            for key, each in given.items():
                field_check = checks.get(key)
                if field_check is None:
                    raise BadArgument(f"unknown field '{key}'")
                try:
                    result[key] = field_check(each)
                except BadArgument as bad:
                    bad.where.append(key)
                    raise
            for key in required:
                if key not in result:
                    raise BadArgument(f"missing required field '{key}'")
            return result

        return check

    def _union(self, name: str, spec: Mapping[str, Any]) -> Check:
        tags: dict[str, Any] = {
            tag: kind
            for tag, kind in spec["tags"].items()
            if (name, tag) not in INTERNAL_TAGS and not (tag == "other" and not spec.get("closed"))
        }
        carried = {tag: self._carried(tag, kind) for tag, kind in tags.items() if kind != "void"}

        def check(value: Any) -> Tag:
            given: dict[str, Any]
            if isinstance(value, str):
                given = {".tag": value}
            elif isinstance(value, dict) and ".tag" in value:
                given = value  # pyright: ignore[reportUnknownVariableType]
            else:
                raise BadArgument(f"{_quoted(value)} expected to be a tag, got {json_kind(value)}")
            tag = given[".tag"]
            if tag not in tags:
                raise BadArgument(f"unknown tag '{tag}'")
            if tag in carried:
                return Tag(tag, carried[tag](given))
            for key in given:
                if key not in (".tag", tag):
                    raise BadArgument(f"unknown field '{key}'")
            return Tag(tag)

        return check

    def _carried(self, tag: str, kind: str) -> Check:
        expr = parse_type(kind)
        nullable = isinstance(expr, Nullable)
        inner = expr.inner if isinstance(expr, Nullable) else expr
        check = self._check(expr)
        flat = isinstance(inner, Ref) and self._types[inner.name]["kind"] == "struct"
        flat = (
            flat and not self._types[inner.name].get("subtypes")
            if isinstance(inner, Ref)
            else False
        )

        def take(given: dict[str, Any]) -> Any:
            if flat:
                return check({key: each for key, each in given.items() if key != ".tag"})
            for key in given:
                if key not in (".tag", tag):
                    raise BadArgument(f"unknown field '{key}'")
            if tag not in given:
                if nullable:
                    return None
                raise BadArgument(f"missing '{tag}' key")
            return _within(tag, check, given[tag])

        return take


def _within(where: str, check: Check, value: Any) -> Any:
    try:
        return check(value)
    except BadArgument as bad:
        bad.where.append(where)
        raise


def _default(value: Any) -> Any:
    return Tag(value["tag"]) if isinstance(value, dict) else value


def _quoted(value: Any) -> str:
    return f"'{value}'"


def _scalar(expr: Scalar) -> Check:
    if expr.name == "string":
        return _string(expr)
    if expr.name == "timestamp":
        return _timestamp(expr)
    if expr.name == "boolean":
        return _boolean
    return _number(expr)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise BadArgument(f"{_quoted(value)} expected to be a boolean, got {json_kind(value)}")


def _string(expr: Scalar) -> Check:
    low, high, regex = expr.low, expr.high, expr.regex
    reads_path = (expr.pattern or "").startswith(_READ_PATHS)

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise BadArgument(f"{_quoted(value)} expected to be a string, got {json_kind(value)}")
        if reads_path and value == "/":
            raise BadArgument(ROOT_AS_SLASH)
        if low is not None and len(value) < low:
            raise BadArgument(f"{_quoted(value)} must be at least {low:.0f} characters")
        if high is not None and len(value) > high:
            raise BadArgument(f"must be at most {high:.0f} characters, got {len(value)}")
        if regex is not None and not regex.fullmatch(value):
            if reads_path and value == "":
                raise BadArgument("The root folder is unsupported.")
            raise BadArgument(f"{_quoted(value)} did not match pattern '{expr.pattern}'")
        return value

    return check


# How the patterns of paths to be read begin; paths to be written have others.
_READ_PATHS = (r"(/(.|[\r\n])*)?", r"(/(.|[\r\n])*|id")
ROOT_AS_SLASH = 'Specify the root folder as an empty string rather than as "/".'


def _timestamp(expr: Scalar) -> Check:
    form = expr.form or "%Y-%m-%dT%H:%M:%SZ"

    def check(value: Any) -> int:
        if not isinstance(value, str):
            raise BadArgument(f"{_quoted(value)} expected to be a string, got {json_kind(value)}")
        try:
            return int(datetime.strptime(value, form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            raise BadArgument(
                f"time data {_quoted(value)} does not match format '{form}'"
            ) from None

    return check


def _number(expr: Scalar) -> Check:
    whole = expr.name != "float64"
    low, high = _INTEGERS.get(expr.name, (float("-inf"), float("inf")))
    low = low if expr.low is None else expr.low
    high = high if expr.high is None else expr.high
    noun = "an integer" if whole else "a number"

    def check(value: Any) -> int | float:
        fits = type(value) is int or (type(value) is float and not whole)
        if not fits:
            raise BadArgument(f"{_quoted(value)} expected to be {noun}, got {json_kind(value)}")
        if not low <= value <= high:
            raise BadArgument(f"{_quoted(value)} is not within range [{low:.0f}, {high:.0f}]")
        return value

    return check
