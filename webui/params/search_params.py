"""The state of a search is its address: parameters to a request, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from werkzeug.datastructures import MultiDict

from archive.errors import Language
from indexer.query.fields import FIELDS
from indexer.query.request import Request, Sort
from webui.params.validators import check_query, read_number, read_one, read_optional_number, read_values

SORTS: tuple[Sort, ...] = ("relevance", "year", "-year")
ResultUnit = Literal["section", "report"]
UNITS: tuple[ResultUnit, ...] = ("section", "report")
PAGE_SIZE = 10
MOST_HITS = 100  # of one answer to a program; a page has `PAGE_SIZE` at most
MOST_PAGES = 10_000
MOST_VALUES = 100  # of one facet
LONGEST_VALUE = 200  # characters
MOST_DRAWN = 1_000  # hits of a sample
MOST_SEED = 999_999_999
MOST_NAMED = 100  # suggestions, or agencies, for who asks for a number of them


@dataclass(frozen=True, slots=True)
class SearchParams:
    """A search as its address spells it. `page` counts from 1; a change of anything else goes back to the first.

    `sample` hits are drawn at random, the same ones for the same `seed`, instead of all in order.
    """

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    limit: int = PAGE_SIZE
    group: ResultUnit = "section"
    sample: int | None = None
    seed: int = 1

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.query.strip() or self.filters)

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Every filter value in force, as pairs of facet and value."""
        return tuple((facet, value) for facet, values in self.filters.items() for value in values)

    def has(self, facet: str, value: str) -> bool:
        """Whether this filter value is in force."""
        return value in self.filters.get(facet, ())

    def toggled(self, facet: str, value: str) -> SearchParams:
        """With this filter value added, or taken away where it is in force."""
        values = self.filters.get(facet, ())
        kept = tuple(old for old in values if old != value) if value in values else (*values, value)
        filters = {name: found for name in FIELDS if (found := kept if name == facet else self.filters.get(name, ()))}
        return replace(self, filters=filters, page=1)

    def without_filters(self) -> SearchParams:
        """The query alone."""
        return replace(self, filters={}, page=1)

    def without_sample(self) -> SearchParams:
        """All hits again, in order."""
        return replace(self, sample=None, seed=1, page=1)

    def asking(self, query: str) -> SearchParams:
        """Another query under the same filters."""
        return replace(self, query=query, page=1)

    def sorted_by(self, sort: Sort) -> SearchParams:
        """In another order, from the first page."""
        return replace(self, sort=sort, page=1)

    def grouped_by(self, group: ResultUnit) -> SearchParams:
        """Sections one by one, or reports with their sections, from the first page."""
        return replace(self, group=group, page=1)

    def at(self, page: int) -> SearchParams:
        """At another page."""
        return replace(self, page=page)

    def arguments(self) -> dict[str, str | list[str]]:
        """URL parameters of this search, defaults left out; `read_search_params` is the inverse."""
        spelled: dict[str, str | list[str]] = {"q": self.query} if self.query else {}
        for facet in FIELDS:
            if values := self.filters.get(facet):
                spelled[facet] = list(values)
        if self.sort != "relevance":
            spelled["sort"] = self.sort
        if self.group != "section":
            spelled["group"] = self.group
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
        """What a form with a search box carries along beside the query; not the page."""
        for name, value in replace(self, page=1).arguments().items():
            if name != "q":
                for each in [value] if isinstance(value, str) else value:
                    yield name, each

    def request(self, language: Language) -> Request:
        """The same, as the index is asked."""
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
    """The state that an address spells, of `most` hits a page; a parameter of no concern here is left alone.

    Whether a facet has such a value is for the index to say, which knows its values.

    Raises:
        ParameterError: for too much of anything, and an order or page that there cannot be.
    """
    return SearchParams(
        query=check_query(arguments.get("q", "")),
        filters=read_filters(arguments),
        sort=read_one(arguments, "sort", SORTS),
        page=read_number(arguments, "page", 1, MOST_PAGES),
        limit=read_number(arguments, "limit", PAGE_SIZE, most),
        group=read_one(arguments, "group", UNITS),
        sample=read_optional_number(arguments, "sample", MOST_DRAWN),
        seed=read_number(arguments, "seed", 1, MOST_SEED),
    )


def read_filters(arguments: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    """The filters beside a query: each facet that has any, with its values.

    Raises:
        ParameterError: for too many values, and one that is too long.
    """
    found = {facet: read_values(arguments, facet, MOST_VALUES, LONGEST_VALUE) for facet in FIELDS}
    return {facet: values for facet, values in found.items() if values}


LOOKED_UP = tuple(name for name in FIELDS if name != "year")
"""Facets with a page of their own; the years are bars."""
