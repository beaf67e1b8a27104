"""Answers requests: a tree becomes one bit for each section, and totals, facets and hits are read off the bits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import islice
from pathlib import Path

import numpy as np

from archive.agencies.search import find_agencies
from archive.errors import Language
from archive.model import Agency
from archive.text.pinyin import any_name_fits
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Alternative, Answer, FacetValue, Hit, Sample, Total
from indexer.answers.suggest import Distinctive, Kind, Suggester, Suggestion
from indexer.answers.trends import Matrix, TrendSeries
from indexer.engines.whoosh.build.shard_builder import read_agencies
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools
from indexer.engines.whoosh.columns.postings import AllPostings
from indexer.engines.whoosh.columns.records import ColumnValue, identity
from indexer.engines.whoosh.search.boolean_match import BooleanMatcher
from indexer.engines.whoosh.search.cache import SizedCache
from indexer.engines.whoosh.search.facets import Facets
from indexer.engines.whoosh.search.figures import Figures
from indexer.engines.whoosh.search.kwic import lines
from indexer.engines.whoosh.search.kwic_order import sort_lines
from indexer.engines.whoosh.search.leaf_search import LeafSearch
from indexer.engines.whoosh.search.passages import Passages
from indexer.engines.whoosh.search.ranking import drawn, ordered
from indexer.engines.whoosh.search.related import candidates, distinctive, like
from indexer.engines.whoosh.search.result_set import ResultSet
from indexer.engines.whoosh.search.scan import Scanner
from indexer.engines.whoosh.search.time_series import YearColumn, by_year, points, rows
from indexer.query.alternatives import alternatives
from indexer.query.ast import Condition, In, Query, positive_texts, scope_of, walk
from indexer.query.explain import Explainer
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import agencies_meant, restrictions
from indexer.text.tokenizer import Tokenizer

_ANSWERS = 1000
"""Answers that are remembered, each a page of hits or a row of years: some 10 KB."""
_LOOKED_AT = 4
"""Suggestions that are counted for each that is wanted: a term of the trade may be one that nobody wrote."""
_PAGE = 50
"""Hits of an answer that is remembered at most."""
_FILTER_BYTES = 64 << 20
"""A filter is a byte for each section."""
_HITS = 10_000
"""Hits that are remembered, each some KB with its snippets."""


class WhooshEngine:
    """One generation of the embedded index, open for reading. Threads may share it."""

    def __init__(self, directory: Path, as_of: DataVersion, words: Tokenizer) -> None:
        self.as_of = as_of
        self.columns = Columns(directory / "columns", directory / "shards")
        self.agencies = read_agencies(directory / "agencies.json")
        self.words = words
        self._leaves = LeafSearch(self.columns, AllPostings(self.columns.shards), Scanner(self.columns), words)
        self._figures = Figures(directory)
        self.facets = Facets(self.columns, self.agencies)
        self._passages = Passages(self.columns)
        self._shown = SizedCache[Hit](_HITS)
        self._answers, self._series = SizedCache[Answer](_ANSWERS), SizedCache[TrendSeries](_ANSWERS)
        self._filters = SizedCache[Bools](_FILTER_BYTES, lambda bits: bits.nbytes)
        self._wholes = SizedCache[YearColumn | None](_ANSWERS)
        self._suggesters: dict[Language, Suggester] = {}
        self._lock = threading.Lock()

    def search(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
        """
        if request.limit > _PAGE:
            return self._answer(request)
        return self._answers.get(_key(request), lambda: self._answer(request))

    def _answer(self, request: Request) -> Answer:
        tree = parse(request.query)
        matched = self.matched(tree, request)
        return Answer(
            query=request.query,
            reading=self._explainer(request).sentence(tree, restrictions(request)),
            as_of=self.as_of,
            total=self._total(matched),
            facets={name: self.facets.counted(name, matched.lifted(name), request.language) for name in request.facets},
            hits=self._hits(matched, request),
            readings=tuple(self._alternatives(tree, request)) if request.readings else (),
            sample=None if request.sample is None else Sample(request.sample, request.seed),
        )

    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """The values of one facet whose name fits what was typed: how the less frequent ones are reached.

        Raises:
            QueryError: for a query, or a filter beside it, that cannot be read.
        """
        matched = self.matched(parse(request.query), request)

        def wanted(value: ColumnValue) -> bool:
            return any_name_fits(typed, self.facets.names(name, value, request.language))

        return self.facets.counted(name, matched.lifted(name), request.language, among=wanted)

    def concordance(
        self, request: Request, order: ConcordanceOrder = "agency", width: int | None = None, most: int | None = None
    ) -> Concordance:
        """Every occurrence that the answer counts, line by line (see `Engine`)."""
        tree = parse(request.query)
        matched = self.matched(tree, request)
        spans = matched.occurrences
        numbers = sort_lines(self.columns, spans, order, most)
        return Concordance(
            query=request.query,
            reading=self._explainer(request).sentence(tree, restrictions(request)),
            as_of=self.as_of,
            total=len(spans),
            shown=len(numbers),
            lines=lines(self.columns, spans, numbers, width),
            has_text=matched.has_text,
        )

    def series(self, request: Request) -> TrendSeries:
        """Occurrences, sections and reports by year, and what to divide them by."""
        return self._series.get(_key(request), lambda: self._counted_by_year(request))

    def _counted_by_year(self, request: Request) -> TrendSeries:
        tree = parse(request.query)
        reading = self._explainer(request).sentence(tree, restrictions(request))
        matched = self.matched(tree, request)
        key = matched.scope.where, repr(restrictions(request))
        whole = self._wholes.get(key, lambda: by_year(self.columns, matched.scope.where, matched.admitted))
        return TrendSeries(request.query, reading, self.as_of, points(self.columns, matched, whole))

    def matrix(self, request: Request) -> Matrix:
        """How often it is said, agency by year, with different marks for where it is not."""
        tree = parse(request.query)
        reading = self._explainer(request).sentence(tree, restrictions(request))
        years, listed = rows(self.columns, self.agencies.values(), self.matched(tree, request))
        return Matrix(request.query, reading, self.as_of, years, listed)

    def suggest(
        self, typed: str, language: Language = "zh", most: int = 10, kind: Kind | None = None
    ) -> tuple[Suggestion, ...]:
        """Agencies, sections and phrases that what was typed may mean, the best first; keywords where there is room."""
        with self._lock:  # pinyin of all names takes a moment, once
            if language not in self._suggesters:
                self._suggesters[language] = Suggester(candidates(self.columns, self.facets, language))
        named = find_agencies(typed, self.agencies.values())[: -(-most // 2)] if typed.strip() else ()
        found = self._suggesters[language].suggest(typed, _LOOKED_AT * most)
        phrases = [each.text for each in found if each.kind == "phrase"]
        keywords = [Suggestion("keyword", text, str(In("keyword", text)), 0) for text in phrases]
        wanted = (each for each in (*map(self._named, named), *found, *keywords) if kind in (None, each.kind))
        counted = (replace(each, count=self._sections(each.query)) for each in wanted)
        return tuple(islice((each for each in counted if each.count), most))

    def _named(self, agency: Agency) -> Suggestion:
        """An agency by the name that a person reads, where it means this one alone."""
        alone = agencies_meant(self.agencies.values(), agency.name) == (agency,)
        return Suggestion("agency", agency.name, str(In("agency", agency.name if alone else agency.id)), 0)

    def _sections(self, query: str) -> int:
        return int(np.count_nonzero(self.matched(parse(query), Request()).found))

    def related(self, address: str, most: int = 5) -> tuple[Hit, ...]:
        """Returns the sections most similar to the one at an address, best first; empty for an unknown address."""
        places = np.flatnonzero(self.columns.identities == identity(address))
        if not len(places):
            return ()
        scores = like(self.columns, self._leaves, self.words, int(places[0]))
        order = np.argsort(-scores, kind="stable")[:most]
        return tuple(
            self._passages.of(section, "text").hit(float(scores[section]), None, ())
            for section in order.tolist()
            if scores[section] > 0
        )

    def distinctive(self, request: Request, most: int = 20) -> tuple[Distinctive, ...]:
        """The keywords that set what a request finds apart from the rest of the archive."""
        return distinctive(self.columns, self.matched(parse(request.query), request).found, most)

    def matched(self, tree: Query, request: Request) -> ResultSet:
        """What a tree matches under the filters of a request."""
        scope = scope_of(tree)
        matcher = BooleanMatcher(self.columns, self._leaves, self._figures, self.agencies, scope.where, scope.unit)
        beside = BooleanMatcher(self.columns, self._leaves, self._figures, self.agencies)
        asked = matcher.sections(scope)
        filters = {
            name: self._filters.get(parts, lambda parts=parts: beside.any_of(parts))  # type: ignore[misc]
            for name, parts in restrictions(request).items()
        }
        found = reduce(np.logical_and, filters.values(), asked)
        doubtful = matcher.sections(scope, doubtful=True) if _has_condition(scope) else asked
        doubtful = reduce(np.logical_and, filters.values(), doubtful & ~asked)
        texts = tuple(positive_texts(scope))
        leaves = tuple(self._leaves.find(leaf, scope.where) for leaf in texts)
        return ResultSet(self.columns, scope, asked, filters, found, doubtful, texts, leaves)

    def _total(self, matched: ResultSet) -> Total:
        def reports(sections: Bools) -> int:
            held = self.columns.reports.take(np.flatnonzero(sections))
            return int(np.count_nonzero(np.diff(held))) + bool(len(held))

        return Total(
            sections=int(np.count_nonzero(matched.found)),
            reports=reports(matched.found),
            occurrences=matched.count if matched.has_text else None,
            reports_without_figure=reports(matched.doubtful) if _has_condition(matched.scope) else None,
        )

    def _alternatives(self, tree: Query, request: Request) -> Iterator[Alternative]:
        for kind, other in alternatives(tree):
            total = self._total(self.matched(other, request))
            yield Alternative(kind, str(other), self._explainer(request).sentence(other, {}), total)

    def _explainer(self, request: Request) -> Explainer:
        held = {name: facet.numbers for name, facet in self.columns.facets.items()}
        return Explainer(request.language, self.words, self.agencies, held)

    def _hits(self, matched: ResultSet, request: Request) -> tuple[Hit, ...]:
        page = slice(request.offset, request.offset + request.limit)
        if request.sample is not None:
            sections = drawn(self.columns, matched.found, request.sample, request.seed)[page]
        else:
            sections = ordered(self.columns, matched, request.sort, page)
        # the same words with other filters show the same of a section
        asked = matched.scope.where, matched.texts, matched.has_text
        return tuple(
            self._shown.get((section, asked), lambda section=section: self._hit(section, matched))  # type: ignore[misc]
            for section in sections.tolist()
        )

    def _hit(self, section: int, matched: ResultSet) -> Hit:
        passage, leaves = self._passages.of(section, matched.scope.where), matched.leaves
        counted = {span for leaf in leaves for span in passage.inside(leaf.spans)}
        marked = counted.union(*(passage.inside(leaf.beside) for leaf in leaves if len(leaf.beside)))
        score = sum(leaf.score(section) for leaf in leaves)
        return passage.hit(score, len(counted) if matched.has_text else None, sorted(marked))


def _key(request: Request) -> str:
    """What makes a request the same as another."""
    return repr(request)


def _has_condition(tree: Query) -> bool:
    return any(isinstance(node, Condition) for node, _ in walk(tree))
