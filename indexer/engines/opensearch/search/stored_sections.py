"""Sections as the index stores them, and what is found in their texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise
from typing import Any

import numpy as np

from archive.text.normalize import normal_form
from indexer.answers.engine import Hit
from indexer.answers.highlight import Span, leaf_spans, snippets
from indexer.engines.opensearch.build.grams import restored
from indexer.engines.opensearch.build.mapping import RECORD
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.engines.opensearch.search.node_counts import Row, countable, counting_search, rows_of
from indexer.engines.opensearch.search.scored_clauses import Clause, both
from indexer.query.ast import Term, Text, Where
from indexer.text.tokenizer import Tokenizer

_PLACES = 10_000
"""Sections of one page without their texts; OpenSearch returns no more."""
_COUNTED = 100_000
"""Sections whose occurrences the nodes count in one search."""
_AT_ONCE = 250
"""Sections whose occurrences are counted together."""


def texts_of(where: Where) -> tuple[str, ...]:
    """Returns the fields of the texts that a query searches."""
    return {"text": ("text",), "tables": ("cells",), "all": ("text", "cells")}[where]


@dataclass(frozen=True)
class StoredSection:
    """One section; its texts are there if they were fetched."""

    source: Mapping[str, Any]
    words: Tokenizer
    score: float = 0.0

    @property
    def number(self) -> int:
        """The number of the section in the archive."""
        return int(self.source["number"])

    @property
    def year(self) -> int | None:
        return self.source.get("year")

    @property
    def length(self) -> int:
        """The length of the running text in UTF-16 units."""
        return int(self.source["text_length"])

    @property
    def agency(self) -> str:
        return str(self.source["agency"])

    @property
    def address(self) -> str:
        return f"/reports/{self.source['report']}#{self.source['anchor']}"

    @cached_property
    def heading(self) -> str | None:
        heading = self.source.get("heading")
        return None if heading is None else restored(heading)

    def text(self, where: Where) -> str:
        """Returns the running text, the table cells, or both with a line feed between."""
        return "\n".join(filter(None, (restored(self.source[name]) for name in texts_of(where))))

    def spans(self, leaves: Sequence[Text], where: Where, form: str | None = None) -> tuple[list[Span], list[Span]]:
        """Returns the distinct occurrences of leaves, and all spans that are marked, both sorted."""
        form = normal_form(self.text(where)) if form is None else form
        counted, marked = set[Span](), set[Span]()
        for leaf in leaves:
            occurrences, beside = leaf_spans(leaf, form, self.words)
            counted.update(occurrences)
            marked.update(beside)
        return sorted(counted), sorted(marked | counted)

    def hit(self, leaves: Sequence[Text], where: Where, *, has_text: bool) -> Hit:
        text = self.text(where)
        form = normal_form(text)
        counted, marked = self.spans(leaves, where, form)
        return Hit(
            report=self.source["report"],
            agency=self.agency,
            agency_name=restored(self.source["agency_name"]),
            year=self.year,
            section=self.source["code"],
            anchor=self.source["anchor"],
            heading=self.heading,
            title=restored(self.source["title"]),
            url=self.address,
            score=round(self.score, 4),
            occurrences=len(counted) if has_text else None,
            snippets=snippets(text, marked, form, self.heading or ""),
        )


def occurrence_counts(leaves: Sequence[Text], texts: Sequence[str], words: Tokenizer) -> list[int]:
    """Returns the number of distinct occurrences of leaves in each text.

    A plain string depends on the whole text. Nothing else crosses a line feed, so that many texts are searched as one.
    """
    ends = list(accumulate(len(text) + 1 for text in texts))
    form, starts = normal_form("\n".join(texts)), [0, *ends]
    spans = set[Span]()
    for leaf in leaves:
        if isinstance(leaf, Term):
            for start, end in pairwise(starts):
                found = leaf_spans(leaf, form[start : end - 1], words)[0]
                spans.update((start + first, start + last) for first, last in found)
        else:
            spans.update(leaf_spans(leaf, form, words)[0])
    places = np.searchsorted(ends, [first for first, _ in spans], side="right")
    counts: list[int] = np.bincount(places, minlength=len(texts)).tolist()
    return counts


class StoredSections:
    """Reads the sections of one index."""

    def __init__(self, cluster: Cluster, index: str, words: Tokenizer) -> None:
        self.cluster, self.index, self.words = cluster, index, words

    def scan(
        self, clause: Mapping[str, Any], texts: Sequence[str] = (), sort: Sequence[Mapping[str, Any]] = ()
    ) -> Iterator[StoredSection]:
        """Yields the sections of a clause, in the order of the archive or sorted, with their records and some texts."""
        for document in self.cluster.scan(self.index, clause, (*RECORD, "identity", *texts), sort):
            yield StoredSection(document["_source"], self.words, document.get("_score") or 0.0)

    def counted(self, clause: Clause, leaves: Sequence[Text], where: Where) -> Iterator[Row]:
        """Yields the number, agency, year and occurrences of each section of a clause, counted in its texts."""
        found = countable(leaves, self.words)
        if found is None:
            yield from self._read_counts(clause, leaves, where)
            return
        unread = list[int]()
        for part in self._parts(clause):
            for row in rows_of(self.cluster.search(self.index, counting_search(part, found, texts_of(where)))):
                if row[-1] >= 0:
                    yield row
                else:
                    unread.append(row[0])
        for at in range(0, len(unread), _PLACES):
            yield from self._read_counts({"terms": {"number": unread[at : at + _PLACES]}}, leaves, where)

    def _parts(self, clause: Clause) -> Iterator[Clause]:
        """Yields clauses of the sections of a clause, about as many in each as one search counts."""
        body = {"size": 0, "track_total_hits": True, "query": clause, "aggs": {"last": {"max": {"field": "number"}}}}
        answer = self.cluster.search(self.index, body)
        parts = -(-int(answer["hits"]["total"]["value"]) // _COUNTED)
        if parts <= 1:
            yield clause
            return
        size = int(answer["aggregations"]["last"]["value"]) // parts + 1
        for number in range(parts):
            yield both(clause, {"range": {"number": {"gte": number * size, "lt": (number + 1) * size}}})

    def _read_counts(self, clause: Mapping[str, Any], leaves: Sequence[Text], where: Where) -> Iterator[Row]:
        names = texts_of(where)
        documents = self.cluster.scan(self.index, clause, ("number", "agency", "year", *names))
        while page := [StoredSection(each["_source"], self.words) for each in islice(documents, _AT_ONCE)]:
            counts = occurrence_counts(leaves, [each.text(where) for each in page], self.words)
            for section, number in zip(page, counts, strict=True):
                yield section.number, section.agency, section.year, number

    def places(self, clause: Mapping[str, Any]) -> set[int]:
        """Returns the numbers of the sections of a clause."""
        body: dict[str, Any] = {"size": _PLACES, "query": clause, "sort": [{"number": "asc"}], "_source": False}
        found = set[int]()
        while True:
            page = self.cluster.search(self.index, body | {"track_total_hits": False})["hits"]["hits"]
            found.update(int(each["sort"][0]) for each in page)
            if len(page) < _PLACES:
                return found
            body["search_after"] = page[-1]["sort"]

    def searches(self, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Returns the answers to several searches, asked in one request."""
        return self.cluster.searches(self.index, bodies)

    def read(self, answer: Mapping[str, Any]) -> list[StoredSection]:
        """Returns the sections of an answer in order."""
        documents = answer["hits"]["hits"]
        return [StoredSection(each["_source"], self.words, each["_score"] or 0.0) for each in documents]

    def counts(self, clauses: Sequence[Mapping[str, Any]]) -> list[int]:
        """Returns the number of documents of each clause."""
        bodies = [{"size": 0, "track_total_hits": True, "query": clause} for clause in clauses]
        return [int(answer["hits"]["total"]["value"]) for answer in self.cluster.searches(self.index, bodies)]

    def count(self, clause: Mapping[str, Any]) -> int:
        return self.counts([clause])[0]
