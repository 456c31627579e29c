"""Checking of our own replies against the route data, as strictly as the official serializers.

Used by tests (``check_replies``): a reply with an unknown field, a wrong type or a wrongly nested
union never leaves the emulator unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .arguments import BadArgument, json_kind
from .types import ListOf, Nullable, Ref, Scalar, TypeExpr, parse_type

_JSON_KIND = {"string": str, "timestamp": str, "boolean": bool, "void": type(None)}


class WireChecker:
    """Says whether a JSON value is a faithful form of a type; raises ``BadArgument`` if not."""

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types = types

    def check(self, text: str, value: Any) -> None:
        """Check ``value`` against a type expression."""
        self._check(parse_type(text), value)

    def _check(self, expr: TypeExpr, value: Any) -> None:
        if isinstance(expr, Nullable):
            if value is not None:
                self._check(expr.inner, value)
        elif isinstance(expr, ListOf):
            if not isinstance(value, list):
                raise BadArgument(f"expected list, got {json_kind(value)}")
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            for item in items:
                self._check(expr.item, item)
        elif isinstance(expr, Ref):
            self._named(expr.name, value)
        else:
            _scalar(expr, value)

    def _named(self, name: str, value: Any) -> None:
        spec = self._types[name]
        if not isinstance(value, dict):
            raise BadArgument(f"{name}: expected object, got {json_kind(value)}")
        wire: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        if spec["kind"] == "union":
            self._union(name, spec, wire)
        elif spec.get("subtypes"):
            tag: Any = wire.get(".tag")
            if tag not in spec["subtypes"]:
                raise BadArgument(f"{name}: bad subtype {tag!r}")
            rest = {key: each for key, each in wire.items() if key != ".tag"}
            self._named(spec["subtypes"][tag], rest)
        else:
            self._struct(name, spec, wire)

    def _struct(self, name: str, spec: Mapping[str, Any], wire: dict[str, Any]) -> None:
        fields = {field["n"]: field for field in spec["fields"]}
        if unknown := wire.keys() - fields.keys():
            raise BadArgument(f"{name}: unknown fields {sorted(unknown)}")
        for key, field in fields.items():
            if key in wire:
                self._at(f"{name}.{key}", field["t"], wire[key])
            elif not field.get("opt") and "default" not in field:
                raise BadArgument(f"{name}: missing {key}")

    def _union(self, name: str, spec: Mapping[str, Any], wire: dict[str, Any]) -> None:
        tag: Any = wire.get(".tag")
        if tag not in spec["tags"]:
            raise BadArgument(f"{name}: unknown tag {tag!r}")
        expr = parse_type(spec["tags"][tag])
        nullable = isinstance(expr, Nullable)
        inner = expr.inner if isinstance(expr, Nullable) else expr
        rest = {key: each for key, each in wire.items() if key != ".tag"}
        if isinstance(inner, Scalar) and inner.name == "void":
            if rest:
                raise BadArgument(f"{name}.{tag}: void tag carries {sorted(rest)}")
        elif self._is_flat(inner):
            if rest or not nullable:
                self._check(inner, rest)
        elif rest or not nullable:
            if set(rest) != {tag}:
                raise BadArgument(f"{name}.{tag}: expected key {tag!r}, got {sorted(rest)}")
            self._at(f"{name}.{tag}", spec["tags"][tag], rest[tag])

    def _is_flat(self, expr: TypeExpr) -> bool:
        if not isinstance(expr, Ref):
            return False
        spec = self._types[expr.name]
        return spec["kind"] == "struct" and not spec.get("subtypes")

    def _at(self, where: str, text: str, value: Any) -> None:
        try:
            self.check(text, value)
        except BadArgument as bad:
            bad.where.append(where)
            raise


def _scalar(expr: Scalar, value: Any) -> None:
    kind = _JSON_KIND.get(expr.name)
    if kind is None:
        fits = type(value) in ((int,) if expr.name != "float64" else (int, float))
    else:
        fits = isinstance(value, kind)
    if not fits:
        raise BadArgument(f"expected {expr.name}, got {json_kind(value)}")
    size = len(value) if isinstance(value, str) else value
    if (expr.low is not None and size < expr.low) or (expr.high is not None and size > expr.high):
        raise BadArgument(f"{value!r} is out of bounds")
    if expr.regex is not None and not expr.regex.fullmatch(value):
        raise BadArgument(f"{value!r} does not match {expr.pattern!r}")
