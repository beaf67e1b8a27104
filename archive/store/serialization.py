"""Reports as plain documents, to keep and to read back."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from cattrs.preconf.json import JsonConverter, make_converter

from archive.model import Agency, Notice, Report, Source

_T = TypeVar("_T")


def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(Decimal, str)  # a float would lose 82.3658
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    return converter


_CONVERTER = _converter()


def dump(value: Report | Source | Agency | tuple[Notice, ...]) -> str:
    """The value as a JSON text; `load` gives it back equal."""
    return _CONVERTER.dumps(value, ensure_ascii=False)


def load(text: str, kind: type[_T]) -> _T:
    """The value that `dump` wrote."""
    return _CONVERTER.loads(text, kind)
