"""Reads a search from URL parameters and writes it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from werkzeug.datastructures import MultiDict

from archive.errors import Language
from indexer.query.fields import FIELDS
from indexer.query.request import Request, Sort
from webui.http.errors import ParameterError
from webui.params.validators import (
    check_query,
    missing_query,
    read_number,
    read_one,
    read_optional,
    read_optional_number,
    read_values,
)

SORTS: tuple[Sort, ...] = ("relevance", "year", "-year")
ResultUnit = Literal["section", "report"]
UNITS: tuple[ResultUnit, ...] = ("section", "report")
YEARS = ("from", "to")
"""The parameters of the first and the last year; `/search` redirects to the filter that they mean."""
PAGE_SIZE = 10
MOST_HITS = 100  # per API response; a page has at most `PAGE_SIZE`
MOST_PAGES = 10_000
MOST_VALUES = 100  # of one facet
LONGEST_VALUE = 200  # characters
MOST_DRAWN = 1_000  # hits of a sample
MOST_SEED = 999_999_999
Sentences = Literal["once", "all"]
SENTENCES: tuple[Sentences, ...] = get_args(Sentences)
MOST_NAMED = 100  # suggestions, agencies, keywords or sections of one API response


@dataclass(frozen=True, slots=True)
class SearchParams:
    """A search. `page` counts from 1; methods that change another field return the first page.

    `sample` is a number of random hits that are shown instead of all, the same ones for the same `seed`. `sentences` is
    whether hits with the same sentences are listed once; None leaves it to the page.
    """

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    limit: int = PAGE_SIZE
    group: ResultUnit = "section"
    sample: int | None = None
    seed: int = 1
    sentences: Sentences | None = None

    @property
    def asked(self) -> bool:
        return bool(self.query.strip() or self.filters)

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Every active filter as a pair of facet and value."""
        return tuple((facet, value) for facet, values in self.filters.items() for value in values)

    def has(self, facet: str, value: str) -> bool:
        return value in self.filters.get(facet, ())

    def toggled(self, facet: str, value: str) -> SearchParams:
        """The search with this filter added, or removed if it is active."""
        values = self.filters.get(facet, ())
        kept = tuple(old for old in values if old != value) if value in values else (*values, value)
        filters = {name: found for name in FIELDS if (found := kept if name == facet else self.filters.get(name, ()))}
        return replace(self, filters=filters, page=1)

    def without_filters(self) -> SearchParams:
        return replace(self, filters={}, page=1)

    def without_sample(self) -> SearchParams:
        return replace(self, sample=None, seed=1, page=1)

    def asking(self, query: str) -> SearchParams:
        return replace(self, query=query, page=1)

    def grouped_by(self, group: ResultUnit) -> SearchParams:
        return replace(self, group=group, page=1)

    def without_sentences(self) -> SearchParams:
        return replace(self, sentences=None)

    def in_years(self, first: int | None, last: int | None) -> SearchParams:
        """The search with a range of years as its only filter of years; without both, none."""
        years = () if first is None and last is None else (f"{first or ''}..{last or ''}",)
        filters = {name: found for name in FIELDS if (found := years if name == "year" else self.filters.get(name, ()))}
        return replace(self, filters=filters, page=1)

    def at(self, page: int) -> SearchParams:
        return replace(self, page=page)

    def arguments(self) -> dict[str, str | list[str]]:
        """The URL parameters without defaults; `read_search_params` is the inverse."""
        spelled: dict[str, str | list[str]] = {"q": self.query} if self.query else {}
        for facet in FIELDS:
            if values := self.filters.get(facet):
                spelled[facet] = list(values)
        if self.sort != "relevance":
            spelled["sort"] = self.sort
        if self.group != "section":
            spelled["group"] = self.group
        if self.sentences is not None:
            spelled["sentences"] = self.sentences
        if self.sample is not None:
            spelled["sample"] = str(self.sample)
        if self.seed != 1:
            spelled["seed"] = str(self.seed)
        if self.page > 1:
            spelled["page"] = str(self.page)
        if self.limit != PAGE_SIZE:
            spelled["limit"] = str(self.limit)
        return spelled

    def hidden(self) -> Iterator[tuple[str, str]]:
        """The hidden fields of a form with a search box: all parameters but the query and the page."""
        for name, value in replace(self, page=1).arguments().items():
            if name != "q":
                for each in [value] if isinstance(value, str) else value:
                    yield name, each

    def request(self, language: Language) -> Request:
        return Request(
            query=self.query,
            filters=dict(self.filters),
            sort=self.sort,
            limit=self.limit,
            offset=(self.page - 1) * self.limit,
            sample=self.sample,
            seed=self.seed,
            language=language,
        )


def read_search_params(arguments: MultiDict[str, str], most: int = MOST_HITS) -> SearchParams:
    """Reads a search with up to `most` hits a page. Values of filters are checked by the index."""
    return SearchParams(
        query=check_query(arguments.get("q", "")),
        filters=read_filters(arguments),
        sort=read_one(arguments, "sort", SORTS),
        page=read_number(arguments, "page", 1, MOST_PAGES),
        limit=read_number(arguments, "limit", PAGE_SIZE, most),
        group=read_one(arguments, "group", UNITS),
        sample=read_optional_number(arguments, "sample", MOST_DRAWN),
        seed=read_number(arguments, "seed", 1, MOST_SEED),
        sentences=read_optional(arguments, "sentences", SENTENCES),
    )


def read_asked_params(arguments: MultiDict[str, str], most: int = MOST_HITS) -> SearchParams:
    """Reads as `read_search_params`, for a file.

    Raises:
        ParameterError: without a query and filters, which would ask for the whole archive.
    """
    if not (state := read_search_params(arguments, most)).asked:
        raise missing_query(or_filter=True)
    return state


def read_years(arguments: MultiDict[str, str]) -> tuple[int | None, int | None]:
    """Reads the two boxes beside the bars: the first and the last year, either of them None.

    Raises:
        ParameterError: for anything but years of four digits in order.
    """
    first, last = (read_optional_number(arguments, name, 9999) for name in YEARS)
    if any(year is not None and year < 1000 for year in (first, last)) or (first or 0) > (last or 9999):
        raise ParameterError(
            "请填写四位数的年份，起始年份不晚于终止年份，例如 2014 至 2018。",
            "Enter years of four digits, the first one not later than the last, such as 2014 to 2018.",
        )
    return first, last


def read_filters(arguments: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    """Reads the filters: the values of each facet that has any."""
    found = {facet: read_values(arguments, facet, MOST_VALUES, LONGEST_VALUE) for facet in FIELDS}
    return {facet: values for facet, values in found.items() if values}


LOOKED_UP = tuple(name for name in FIELDS if name != "year")
"""Facets with their own page. Years are shown as bars instead."""
