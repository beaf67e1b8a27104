"""Labels and orders the values of a facet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.errors import Language
from archive.model import Agency
from indexer.query.fields import FIELDS, FieldValue

_UNKNOWN_YEAR = 1 << 20


def facet_label(name: str, value: FieldValue, language: Language, agencies: Mapping[str, Agency]) -> str:
    if value is None:
        return "年份不明" if language == "zh" else "Undated"
    if name == "agency":
        return agencies[str(value)].name
    return FIELDS[name].value_label(str(value), language)


def facet_names(name: str, value: FieldValue, language: Language, agencies: Mapping[str, Agency]) -> tuple[str, ...]:
    """Returns every name of an agency, or the label of any other value."""
    agency = agencies.get(str(value)) if name == "agency" else None
    if agency:
        return tuple(each.text for each in agency.names)
    return (facet_label(name, value, language, agencies),)


def is_open(name: str) -> bool:
    """Returns whether a field has no order of its own, so that frequent values come first."""
    return FIELDS[name].codes is None and name != "year"


def value_order(name: str, agencies: Mapping[str, Agency]) -> Callable[[FieldValue], tuple[int, str]]:
    """Returns the sort key of values: years ascending and unknown ones last, codes as in the rules, others by name."""
    codes = FIELDS[name].codes
    order = {code: place for place, code in enumerate(codes())} if codes else {}

    def key(value: FieldValue) -> tuple[int, str]:
        if isinstance(value, int) or value is None:
            return (_UNKNOWN_YEAR if value is None else value), ""
        return order.get(value, len(order)), facet_label(name, value, "zh", agencies)

    return key
