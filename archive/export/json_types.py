"""The types of JSON documents: which attributes of which dataclass they contain.

A type made by `shape` is a `TypedDict`. The OpenAPI document is generated from these types, and `record` makes a
document with exactly the keys of its type. Dataclasses and dates in it are written by `msgspec.to_builtins`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import GenericAlias
from typing import Annotated, Any, TypedDict, get_type_hints

from msgspec import Meta, to_builtins

Json = dict[str, Any]
Count = Annotated[int, Meta(ge=0)]
Line = Annotated[int, Meta(ge=1)] | None
DecimalText = Annotated[str, Meta(pattern=r"^-?\d+(\.\d+)?$", description="A decimal number as a string.")]

_typed_dict: Any = TypedDict  # mypy admits only literals


def shape(name: str, kind: type = object, keys: str = "", /, **own: Any) -> Any:
    """The type of a JSON object, under its name in the OpenAPI document.

    Args:
        name: the name.
        kind: a dataclass, or a type made by `shape`.
        keys: attributes of `kind`, all fields if there are none; `own` may give another type.
        own: the types of the other keys; `[x]` is a list of `x`.
    """
    hints = get_type_hints(kind, include_extras=True)
    own = {key: GenericAlias(list, tuple(each)) if isinstance(each, list) else each for key, each in own.items()}
    names = keys.split() or [*hints]
    return _typed_dict(name, {key: own.get(key) or hints.get(key) or _returned(kind, key) for key in names} | own)


def _returned(kind: type, name: str) -> object:
    return get_type_hints(getattr(kind, name).fget, include_extras=True)["return"]


def record(kind: Any, value: object, /, **own: object) -> Json:
    """An object of a type made by `shape`: for each key what `own` has, or the attribute of `value` of that name."""
    if unknown := own.keys() - kind.__annotations__.keys():
        raise TypeError(f"{kind.__name__} has no keys {', '.join(sorted(unknown))}")
    return {key: own[key] if key in own else getattr(value, key) for key in kind.__annotations__}


def decimal_text(value: Decimal | None) -> str | None:
    """A number without exponent."""
    return None if value is None else f"{value:f}"


def json_pieces(document: Mapping[str, Any], last: str) -> Iterator[str]:
    """A document in pieces: the items of its key `last`, which may be an iterator, stand on lines of their own."""
    head = {key: value for key, value in document.items() if key != last}
    yield json.dumps(head, ensure_ascii=False, default=to_builtins)[:-1] + f', "{last}": ['
    opening = "\n"
    for item in document[last]:
        yield opening + json.dumps(item, ensure_ascii=False, default=to_builtins)
        opening = ",\n"
    yield "\n]}\n"
