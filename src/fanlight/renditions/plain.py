"""Records to JSON and back, strictly: what does not fit its type exactly is refused.

Knows what the records of this package are made of: numbers, texts, enums, times, bytes, tuples,
other records, and `None` where a type allows it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

R = TypeVar("R")


def to_json(record: object) -> str:
    """One line of JSON."""
    return json.dumps(_to_plain(record), separators=(",", ":"))


def from_json(kind: type[R], text: str | bytes) -> R:
    """The record that `to_json` wrote. Raises ValueError for anything else."""
    try:
        return cast("R", _from_plain(kind, json.loads(text)))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _to_plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case bytes():
            return b64encode(value).decode()
        case tuple():
            return [_to_plain(item) for item in cast("tuple[object, ...]", value)]
        case _ if is_dataclass(value):
            return {each.name: _to_plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value


def _from_plain(kind: Any, plain: Any) -> object:
    if get_origin(kind) in (UnionType, Union):
        return _from_union(get_args(kind), plain)
    if get_origin(kind) is tuple:
        _expect(list, plain)
        return tuple(_from_plain(get_args(kind)[0], item) for item in plain)
    if is_dataclass(kind):
        return _from_object(cast("type[object]", kind), plain)
    if kind is float and type(plain) is int:
        return float(plain)
    if kind in (bytes, datetime) or issubclass(kind, Enum):
        _expect(str, plain)
        return _from_text(kind, plain)
    _expect(kind, plain)
    return plain


def _from_union(kinds: tuple[Any, ...], plain: Any) -> object:
    if plain is None and NoneType in kinds:
        return None
    (kind,) = (kind for kind in kinds if kind is not NoneType)
    return _from_plain(kind, plain)


def _from_text(kind: Any, plain: str) -> object:
    if kind is bytes:
        return b64decode(plain, validate=True)
    return datetime.fromisoformat(plain) if kind is datetime else kind(plain)


def _from_object(kind: type[object], plain: Any) -> object:
    _expect(dict, plain)
    types = _types(kind)
    if set(types) != set(plain):
        raise ValueError(f"{kind.__name__} has other fields")
    return kind(**{name: _from_plain(types[name], plain[name]) for name in types})


def _expect(kind: type[object], plain: object) -> None:
    if type(plain) is not kind:  # a bool is no int here
        raise ValueError(f"expected {kind.__name__}, found {type(plain).__name__}")


@cache
def _types(kind: type[object]) -> dict[str, Any]:
    return get_type_hints(kind)
