"""Answers requests: a tree becomes one bit for each section, and totals, facets and hits are read off the bits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import numpy as np

from archive import Language, normal_form
from indexer.agencies import meant
from indexer.engine import Answer, AsOf, FacetValue, Hit, Request, Total
from indexer.engines.whoosh.build import read_agencies
from indexer.engines.whoosh.columns import Bools, Columns, Facet, Ints, Value
from indexer.engines.whoosh.leaves import Found, Leaves, Scores
from indexer.engines.whoosh.postings import Postings
from indexer.fields import FIELDS, UNDATED
from indexer.query import parse, restrictions
from indexer.reading import Reader
from indexer.spans import marks, snippets
from indexer.tree import And, Everything, In, Not, Or, Phrase, Query, Term, Text, Word, Years, positive_texts, walk
from indexer.words import Words

_LENGTH_BITS = 14
"""Bits of a span's number that hold its length; no query is longer than 10,000 characters."""


class WhooshEngine:
    """One generation of the embedded index, open for reading. Threads may share it."""

    def __init__(self, directory: Path, as_of: AsOf, words: Words) -> None:
        self._as_of = as_of
        self._words = words
        self._columns = Columns(directory / "columns")
        self._agencies = read_agencies(directory)
        self._leaves = Leaves(self._columns, Postings(directory / "words"), words)

    def search(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
        """
        tree = parse(request.query)
        limits = restrictions(request)
        asked = self._sections(tree)
        filters = {name: self._any_of(parts) for name, parts in limits.items()}
        found = reduce(np.logical_and, filters.values(), asked)
        leaves = [self._leaves.find(leaf) for leaf in positive_texts(tree)]
        spans = self._spans(leaves, found)
        has_text = any(isinstance(node, Text) for node, _ in walk(tree))
        scores = sum((leaf.scores for leaf in leaves), np.zeros(self._columns.size))
        page = self._ordered(found, scores, request, ranked=bool(leaves))[request.offset :][: request.limit]
        per_section = np.bincount(self._columns.sections_of(spans), minlength=self._columns.size)
        return Answer(
            query=request.query,
            reading=Reader(request.language, self._words, self._agencies).sentence(tree, limits),
            as_of=self._as_of,
            total=Total(
                sections=int(np.count_nonzero(found)),
                reports=int(np.count_nonzero(np.bincount(self._columns.reports[found]))),
                occurrences=len(spans) if has_text else None,
            ),
            facets={name: self._facet(name, self._lifted(asked, filters, name), request.language) for name in FIELDS},
            hits=tuple(
                self._hit(section, tree, float(scores[section]), int(per_section[section]) if has_text else None)
                for section in page.tolist()
            ),
        )

    def _sections(self, tree: Query) -> Bools:
        """The sections that match a tree: one bit each."""
        columns = self._columns
        match tree:
            case Everything():
                return np.ones(columns.size, np.bool_)
            case Term() | Phrase() | Word():
                return self._leaves.find(tree).sections
            case And(parts):
                return reduce(lambda bits, part: bits & self._sections(part) if bits.any() else bits, parts, self._all)
            case Or(parts):
                return reduce(lambda bits, part: bits | self._sections(part), parts, ~self._all)
            case Not(part):
                return ~self._sections(part)
            case Years() | In():
                facet = columns.facets.get(tree.name)
                return facet.having(self._codes(tree, facet), columns.size) if facet else ~self._all

    @property
    def _all(self) -> Bools:
        return np.ones(self._columns.size, np.bool_)

    def _any_of(self, parts: tuple[Query, ...]) -> Bools:
        return reduce(np.logical_or, map(self._sections, parts), ~self._all)

    def _codes(self, asked: Years | In, facet: Facet) -> list[int]:
        """The numbers of the values of a facet that are asked for."""
        if isinstance(asked, Years):
            return [code for code, year in enumerate(facet.values) if asked.holds(year)]
        if asked == In("year", UNDATED):
            wanted: set[Value] = {None}
        elif asked.name == "agency":
            wanted = {agency.id for agency in meant(self._agencies.values(), asked.value)}
        else:
            wanted = {normal_form(asked.value)}
        return [code for code, value in enumerate(facet.values) if value in wanted]

    def _spans(self, leaves: list[Found], sections: Bools) -> Ints:
        """Where the distinct marked spans of matching sections begin, each as often as there are lengths of it."""
        numbers = [
            (places[sections[self._columns.sections_of(places)]] << _LENGTH_BITS) | length
            for leaf in leaves
            for places, length in leaf.spans
        ]
        if not numbers:
            return np.zeros(0, np.int64)
        merged = np.sort(np.concatenate(numbers), kind="stable")  # of sorted runs, which a stable sort merges
        again = np.flatnonzero(merged[1:] == merged[:-1]) + 1
        distinct: Ints = np.delete(merged, again)
        return distinct >> _LENGTH_BITS

    def _ordered(self, found: Bools, scores: Scores, request: Request, *, ranked: bool) -> Ints:
        """Matching sections in the order asked; without words to rank by, the latest year first."""
        sections = np.flatnonzero(found)
        if request.sort == "relevance" and ranked:
            return sections[np.argsort(-scores[sections], kind="stable")]
        facet = self._columns.facets.get("year")
        if facet is None:
            return sections
        years = np.array([year if isinstance(year, int) else -1 for year in facet.values], np.int64)[facet.codes]
        keys = years[sections]  # a section has one year, so the rows of the facet are the sections themselves
        ascending = request.sort == "year"
        return sections[np.lexsort((keys if ascending else -keys, keys < 0))]

    @staticmethod
    def _lifted(asked: Bools, filters: Mapping[str, Bools], facet: str) -> Bools:
        """The matching sections as if the facet's own filter were not set."""
        return reduce(np.logical_and, (bits for name, bits in filters.items() if name != facet), asked)

    def _facet(self, name: str, sections: Bools, language: Language) -> tuple[FacetValue, ...]:
        facet, field = self._columns.facets.get(name), FIELDS[name]
        if facet is None:
            return ()
        counted = zip(facet.values, facet.count(sections).tolist(), strict=True)
        values = [FacetValue(value, self._label(name, value, language), count) for value, count in counted if count]
        if field.codes is not None:
            order = {code: place for place, code in enumerate(field.codes())}
            values.sort(key=lambda each: order.get(str(each.value), len(order)))
        elif name == "year":
            values.sort(key=lambda each: (each.value is None, each.value or 0))
        else:
            values.sort(key=lambda each: (-each.count, each.label))
        return tuple(values[: field.listed])

    def _label(self, name: str, value: Value, language: Language) -> str:
        if value is None:
            return "年份不明" if language == "zh" else "Undated"
        if name == "agency":
            return self._agencies[str(value)].name
        return FIELDS[name].value_label(str(value), language)

    def _hit(self, section: int, tree: Query, score: float, occurrences: int | None) -> Hit:
        record = self._columns.record(section)
        text = self._columns.text(section)
        report = f"{record.agency}/{record.key}"
        return Hit(
            report=report,
            agency=record.agency,
            agency_name=record.agency_name,
            year=record.year,
            section=record.section,
            anchor=record.anchor,
            heading=record.heading,
            title=record.title,
            url=f"/reports/{report}#{record.anchor}",
            score=round(score, 4),
            occurrences=occurrences,
            snippets=snippets(text, marks(text, tree, self._words)),
        )
