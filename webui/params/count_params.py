"""What the pages that count occurrences are asked: queries and filters, as their address spells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from flask import g
from werkzeug.datastructures import MultiDict

from archive.errors import Language
from indexer.query.fields import FIELDS, UNDATED
from indexer.query.request import Request
from webui.http.i18n import link
from webui.params.search_params import SearchParams, read_filters
from webui.params.validators import check_query, read_values


@dataclass(frozen=True, slots=True)
class CountParams:
    """Queries, each by itself, under the same filters. Most pages take one."""

    queries: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The only query, or the first; empty where nothing is asked."""
        return self.queries[0] if self.queries else ""

    def one(self, query: str) -> CountParams:
        """One query alone, under the same filters."""
        return replace(self, queries=(query,))

    def of(self, facet: str, value: str | int | None) -> CountParams:
        """The same with one facet held to one value; a year that is None means the reports without one."""
        return replace(self, filters={**self.filters, facet: (UNDATED if value is None else str(value),)})

    def arguments(self) -> dict[str, list[str]]:
        """The parameters that spell it; `read_count_params` reads them back."""
        filters = {facet: list(values) for facet in FIELDS if (values := self.filters.get(facet))}
        return ({"q": list(self.queries)} if self.queries else {}) | filters

    def hidden(self) -> Iterator[tuple[str, str]]:
        """What a form with a box for the query carries along beside it."""
        return ((facet, value) for facet, values in self.filters.items() for value in values)

    def request(self, language: Language) -> Request:
        """The first query, as the index is asked."""
        return Request(query=self.query, filters=dict(self.filters), limit=0, language=language)

    def requests(self, language: Language) -> Iterator[Request]:
        """Each query, as the index is asked.

        A mistake in one of them is a `QueryError` about that one: the error page must know which.
        """
        for query in self.queries:
            g.asked = query
            yield self.one(query).request(language)

    def hits(self) -> str:
        """The address of the sections that the first query finds."""
        return link("search.results", **self.state().arguments())

    def state(self) -> SearchParams:
        """The first query as a search."""
        return SearchParams(self.query, self.filters)


def read_count_params(arguments: MultiDict[str, str], most: int = 1) -> CountParams:
    """The question that an address spells; empty queries, and one asked twice, say nothing more.

    Raises:
        ParameterError: for more queries than `most`, one of too many words, and for too many or too long filters.
    """
    queries = tuple(check_query(query) for query in read_values(arguments, "q", most) if query.strip())
    return CountParams(queries, read_filters(arguments))


MOST_CONTEXT = 1_000


MOST_LINES = 10_000_000


MOST_QUERIES = 6
"""As many lines as a picture can tell apart, by colour and by mark."""
