"""Reads the queries and filters of pages that count occurrences, and writes them back as URL parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from flask import g
from werkzeug.datastructures import MultiDict

from archive.errors import Language
from indexer.query.fields import FIELDS, UNDATED
from indexer.query.request import Request
from webui.http.i18n import link_asking
from webui.params.search_params import SearchParams, read_filters
from webui.params.validators import check_query, missing_query, read_values


@dataclass(frozen=True, slots=True)
class CountParams:
    """Queries that are counted separately under the same filters. Most pages take one."""

    queries: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The first query, or an empty text."""
        return self.queries[0] if self.queries else ""

    def one(self, query: str) -> CountParams:
        return replace(self, queries=(query,))

    def of(self, facet: str, value: str | int | None) -> CountParams:
        """The same queries with one facet limited to one value; None as a year means reports without a year."""
        return replace(self, filters={**self.filters, facet: (UNDATED if value is None else str(value),)})

    def arguments(self) -> dict[str, list[str]]:
        """The URL parameters; `read_count_params` is the inverse."""
        filters = {facet: list(values) for facet in FIELDS if (values := self.filters.get(facet))}
        return ({"q": list(self.queries)} if self.queries else {}) | filters

    def hidden(self) -> Iterator[tuple[str, str]]:
        """The hidden fields of a form with a search box."""
        return ((facet, value) for facet, values in self.filters.items() for value in values)

    def hidden_beside(self, names: Collection[str]) -> Iterator[tuple[str, str]]:
        """The hidden fields of a form that has a field for the first value of some filters: all the rest."""
        yield from (("q", query) for query in self.queries)
        first = {name: values[0] for name, values in self.filters.items() if name in names}
        yield from ((name, value) for name, value in self.hidden() if first.get(name) != value)

    def request(self, language: Language) -> Request:
        return Request(query=self.query, filters=dict(self.filters), limit=0, language=language)

    def requests(self, language: Language) -> Iterator[Request]:
        """Each query; `flask.g.asked` holds the current one, so that the error page shows the one with the mistake."""
        for query in self.queries:
            g.asked = query
            yield self.one(query).request(language)

    def hits(self) -> str:
        """The URL of the search for the first query."""
        return link_asking("search.results", self.state().arguments())

    def state(self) -> SearchParams:
        return SearchParams(self.query, self.filters)


def read_count_params(arguments: MultiDict[str, str], most: int = 1) -> CountParams:
    """Reads up to `most` queries, without empty and repeated ones, and the filters."""
    queries = tuple(query for query in map(check_query, read_values(arguments, "q", most)) if query.strip())
    return CountParams(queries, read_filters(arguments))


def read_counted_params(arguments: MultiDict[str, str], most: int = 1) -> CountParams:
    """Reads as `read_count_params`, for a file or the API.

    Raises:
        ParameterError: without a query.
    """
    if not (question := read_count_params(arguments, most)).queries:
        raise missing_query()
    return question


MOST_CONTEXT = 1_000


MOST_LINES = 10_000_000


MOST_QUERIES = 6
"""Lines of a chart that differ in colour and marker."""

KEYWORDS_LISTED, SIMILAR_LISTED = 40, 10
"""Distinctive words and similar sections, if no limit is given."""
