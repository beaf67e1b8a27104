"""Makes a link for each active filter that leads to the same page without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext

from indexer.query.fields import FIELDS, UNDATED
from webui.data_access import catalogue
from webui.http.i18n import agency_name, language
from webui.params.count_params import CountParams

UNDATED_NAME = lazy_gettext("年份不明")


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the URL without it."""

    name: str
    label: str
    address: str


def chips(question: CountParams, address: Callable[[CountParams], str]) -> tuple[Chip, ...]:
    """A chip for each filter; `address` gives the URL of the page for other parameters."""

    def listed() -> Iterator[Chip]:
        for facet, value in question.hidden():
            left = question.state().toggled(facet, value).filters
            without = address(CountParams(question.queries, left))
            yield Chip(FIELDS[facet].title(language()), filter_label(facet, value), without)

    return tuple(listed())


def filter_label(facet: str, value: str, known: Mapping[str, str] | None = None) -> str:
    """The name of a filter value; `known` holds names from the answer."""
    if value.casefold() == UNDATED:
        return str(UNDATED_NAME)
    if facet == "agency":
        agency = None if known and value in known else catalogue().agency(value)
        name = agency.name if agency else (known or {}).get(value)
        return agency_name(name) if name else value
    if known and value in known:
        return known[value]
    return FIELDS[facet].value_label(FIELDS[facet].code_of(value) or value, language())
