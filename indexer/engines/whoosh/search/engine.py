"""Answers requests: evaluates a tree to a mask of sections, and derives totals, facets and hits from it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from archive.errors import GongkaiError, Language
from archive.text.pinyin import any_name_fits
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Collocates
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.engine import (
    Alternative,
    Answer,
    Correction,
    FacetValue,
    Hit,
    Sample,
    SentenceEntry,
    SentenceList,
    Total,
)
from indexer.answers.hints.proposals import Proposals
from indexer.answers.suggest import (
    DistinctiveKeyword,
    Kind,
    Suggester,
    Suggestion,
    candidates,
    suggestions,
)
from indexer.answers.trends import Matrix, TrendSeries
from indexer.engines.whoosh.build.manifest import Manifest, damaged_files
from indexer.engines.whoosh.build.shard_builder import read_agencies
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.damage import damaged_index
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.columns.postings import AllPostings
from indexer.engines.whoosh.columns.records import ColumnValue, identity
from indexer.engines.whoosh.search.boolean_match import BooleanMatcher
from indexer.engines.whoosh.search.cache import SizedCache
from indexer.engines.whoosh.search.collocates.collocation import Collocation, Texts
from indexer.engines.whoosh.search.facets import Facets
from indexer.engines.whoosh.search.figures import Figures
from indexer.engines.whoosh.search.grouping.same_sentences import (
    MOST_OTHERS,
    SentenceGroups,
    grouped,
    is_repetitive,
    places,
)
from indexer.engines.whoosh.search.kwic import evenly, lines
from indexer.engines.whoosh.search.kwic_order import sort_lines
from indexer.engines.whoosh.search.leaf_search import LeafSearch
from indexer.engines.whoosh.search.passages import CachedHits, hits, openings
from indexer.engines.whoosh.search.ranking import ranked, sampled, years_of
from indexer.engines.whoosh.search.related import distinctive, reports_of, similarities
from indexer.engines.whoosh.search.result_set import ResultSet
from indexer.engines.whoosh.search.scan import Scanner
from indexer.engines.whoosh.search.time_series import YearTotals, points, rows, totals_by_year
from indexer.query.alternatives import alternatives
from indexer.query.ast import Condition, Query, parts_without_text, positive_texts, scope_of, walk
from indexer.query.explain import Explainer
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import restrictions
from indexer.text.keywords import Frequencies
from indexer.text.tokenizer import Tokenizer

_ANSWERS = 1000
"""Cached answers, about 10 KB each: a page of hits, or a row of years."""
_BATCH = 500
"""Hits of an export that are made at once."""
_PAGE = 50
"""The most hits of an answer that is cached."""
_COLLOCATES = 100_000
"""Words of cached lists of collocates, about 300 bytes each; a list without words takes as much as a hundred."""
_FILTER_BYTES = 64 << 20
_GROUP_BYTES = 32 << 20


Method = TypeVar("Method", bound=Callable[..., Any])
_Row = TypeVar("_Row")


def _explained(method: Method) -> Method:
    """Decorates a method so that an unexpected error that damage to the index explains is raised as `DamagedArchive`.

    Opening an index does not compare the checksums of large files, because that would take seconds.
    """

    @functools.wraps(method)
    def answer(engine: WhooshEngine, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(engine, *args, **kwargs)
        except GongkaiError:
            raise
        except Exception as error:
            engine.raise_damage(error)
            raise

    return cast(Method, answer)


class WhooshEngine:
    """One generation of the embedded index, open for reading. Threads may share it.

    Methods raise `QueryError` for a query, or a filter beside it, that cannot be read.
    """

    def __init__(self, directory: Path, manifest: Manifest, words: Tokenizer) -> None:
        self._directory, self._manifest = directory, manifest
        self.as_of, self.revision = manifest.as_of, manifest.revision
        self.columns = Columns(directory / "columns", directory / "shards")
        self.agencies = read_agencies(directory / "agencies.json")
        self.words = words
        self._leaves = LeafSearch(self.columns, AllPostings(self.columns.shards), Scanner(self.columns), words)
        self._figures = Figures(directory)
        self._collocation = Collocation(self.columns)
        self._facets = Facets(self.columns, self.agencies)
        frequencies = directory / "frequencies.json"
        self._proposals = Proposals(
            self.agencies,
            functools.partial(reports_of, self.columns),
            lambda: Frequencies.read(frequencies).in_sections if frequencies.exists() else (),
        )
        self._hit_cache = CachedHits(self.columns)
        self._answers, self._series = SizedCache[Answer](_ANSWERS), SizedCache[TrendSeries](_ANSWERS)
        self._filters = SizedCache[Bools](_FILTER_BYTES, lambda mask: mask.nbytes)
        self._collocates = SizedCache[Collocates](_COLLOCATES, lambda found: len(found.words) + 100)
        self._year_totals = SizedCache[YearTotals | None](_ANSWERS)
        self._groups = SizedCache[SentenceGroups](_GROUP_BYTES, lambda groups: groups.nbytes)
        self._suggesters: dict[Language, Suggester] = {}
        self._lock = threading.Lock()

    @_explained
    def search(self, request: Request) -> Answer:
        """Returns totals and facets of all matches, and one page of hits."""
        if request.limit > _PAGE:
            return self._answer(request)
        return self._answers.get(repr(request), lambda: self._answer(request))

    def _answer(self, request: Request) -> Answer:
        tree, reading, result = self._evaluate(request)
        facets = {name: self._facet(result, name, request.language) for name in request.facets}
        total = self._total(result)
        return Answer(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=total,
            facets=facets,
            hits=self._hits(result, request),
            readings=tuple(self._alternatives(tree, request)) if request.readings else (),
            sample=None if request.sample is None else Sample(request.sample, request.seed),
            agencies=self._proposals.named(tree) if request.readings else None,
            did_you_mean=self._corrections(tree, request) if request.readings and not total.sections else (),
        )

    def _corrections(self, tree: Query, request: Request) -> tuple[Correction, ...]:
        return self._proposals.corrections(tree, lambda other: self._total(self.match(other, request)))

    @_explained
    def every_hit(self, request: Request) -> Iterator[Hit]:
        """Returns an iterator over all hits from the offset on (see `Engine`)."""
        result = self.match(parse(request.query), request)
        sections = self._selected(result, request, slice(request.offset, self.columns.size))
        batches = (sections[start : start + _BATCH] for start in range(0, len(sections), _BATCH))
        return self._explain_damage(hit for batch in batches for hit in hits(self.columns, batch, result))

    @_explained
    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """Returns the values of a facet that fit an input by characters, pinyin or initials, however rare."""

        def fits(value: ColumnValue) -> bool:
            return any_name_fits(typed, self._facets.names(name, value, request.language))

        return self._facet(self.match(parse(request.query), request), name, request.language, fits)

    def _facet(
        self, result: ResultSet, name: str, language: Language, among: Callable[[ColumnValue], bool] | None = None
    ) -> tuple[FacetValue, ...]:
        return self._facets.counted(name, result.without_filter(name), language, among=among)

    @_explained
    def is_repetitive(self, request: Request) -> bool:
        """Returns whether most hits of a page have the sentences of another one (see `Engine`)."""
        result = self.match(parse(request.query), request)
        return is_repetitive(grouped(self.columns, result, self._ordered(result, request)))

    @_explained
    def collapsed(self, request: Request) -> SentenceList:
        """Returns one page of hits without those whose sentences an earlier hit has (see `Engine`)."""
        result = self.match(parse(request.query), request)
        every = replace(request, limit=len(result.mask), offset=0)
        groups = self._groups.get(
            (repr(restrictions(request)), request.query, request.sort, request.sample, request.seed),
            lambda: grouped(self.columns, result, self._ordered(result, every)),
        )
        shown = range(request.offset, min(request.offset + request.limit, len(groups)))
        return SentenceList(tuple(self._entry(result, groups.members(group)) for group in shown), len(groups))

    def _entry(self, result: ResultSet, members: Ints) -> SentenceEntry:
        (hit,) = self._hit_cache.hits(members[:1], result)
        years = years_of(self.columns)[members]
        return SentenceEntry(
            hit,
            reports=len(np.unique(self.columns.reports[members])),
            first_year=int(years[years >= 0].min()) if (years >= 0).any() else None,
            others=tuple(places(self.columns, members[1 : 1 + MOST_OTHERS])),
            more=max(len(members) - 1 - MOST_OTHERS, 0),
        )

    @_explained
    def concordance(
        self,
        request: Request,
        order: ConcordanceOrder = "agency",
        width: int | None = None,
        most: int | None = None,
        collocate: CollocateFilter | None = None,
    ) -> Concordance:
        """Returns every occurrence, or every word near one, with its context (see `Engine`)."""
        _, reading, result = self._evaluate(request)
        spans = result.occurrences
        if collocate:
            spans = self._collocation.lines(spans, collocate)
            reading += collocate.sentence(request.language)
        numbers = sort_lines(self.columns, spans, order, most)
        return Concordance(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=len(spans),
            shown=len(numbers),
            lines=self._explain_damage(lines(self.columns, spans, numbers, width)),
            has_text=result.has_text,
            some=lambda: self._explain_damage(lines(self.columns, spans, evenly(len(spans)), None)),
        )

    @_explained
    def collocates(self, request: Request, options: CollocateOptions) -> Collocates:
        """Returns the words near occurrences (see `Engine`)."""
        return self._collocates.get(repr((request, options)), lambda: self._find_collocates(request, options))

    def _find_collocates(self, request: Request, options: CollocateOptions) -> Collocates:
        tree, reading, result = self._evaluate(request)
        fields = parts_without_text(tree)
        texts = Texts(self.match(fields, request).mask, result.scope.where, (fields, repr(restrictions(request))))
        return self._collocation.answer((request.query, reading, self.as_of), result, texts, options)

    @_explained
    def series(self, request: Request) -> TrendSeries:
        """Returns occurrences, sections and reports by year, with the totals to divide by."""
        return self._series.get(repr(request), lambda: self._counted_by_year(request))

    def _counted_by_year(self, request: Request) -> TrendSeries:
        _, reading, result = self._evaluate(request)
        where = result.scope.where
        key = where, repr(restrictions(request))
        totals = self._year_totals.get(key, lambda: totals_by_year(self.columns, where, result.admitted))
        return TrendSeries(request.query, reading, self.as_of, points(self.columns, result, totals))

    @_explained
    def matrix(self, request: Request) -> Matrix:
        """Returns the occurrences by agency and year."""
        _, reading, result = self._evaluate(request)
        years, listed = rows(self.columns, self.agencies.values(), result)
        return Matrix(request.query, reading, self.as_of, years, listed)

    @_explained
    def suggest(
        self,
        typed: str,
        language: Language = "zh",
        most: int = 10,
        kind: Kind | None = None,
        line: str | None = None,
    ) -> tuple[Suggestion, ...]:
        """Returns the reports, agencies, sections, phrases and keywords that an input may mean, best first.

        Args:
            typed: the beginning or any characters of a name, or its pinyin or initials.
            language: the language of section names.
            most: the number of suggestions.
            kind: the kind of all suggestions.
            line: the whole input that `typed` is a word of; it names agencies and reports, else the word does.
        """
        with self._lock:  # the pinyin of all names takes a moment, once
            if language not in self._suggesters:
                label = functools.partial(self._facets.label, language=language)
                self._suggesters[language] = Suggester(candidates(self._every_count, label))
        named = self._proposals.suggestions(typed, line or typed, -(-most // 2))
        return suggestions(self._suggesters[language], typed, named, most, kind, self._sections)

    def _every_count(self, name: str) -> Iterator[tuple[ColumnValue, int]]:
        facet = self.columns.facets.get(name)
        if facet is not None:
            yield from zip(facet.values, facet.count(np.ones(self.columns.size, np.bool_)).tolist(), strict=True)

    def _sections(self, query: str) -> int:
        return int(np.count_nonzero(self.match(parse(query), Request()).mask))

    @_explained
    def related(self, address: str, most: int = 5) -> tuple[Hit, ...]:
        """Returns the sections most similar to the one at an address, best first; empty for an unknown address."""
        places = np.flatnonzero(self.columns.identities == identity(address))
        if not len(places):
            return ()
        scores = similarities(self.columns, self._leaves, self.words, int(places[0]))
        order = np.argsort(-scores, kind="stable")[:most]
        similar = order[scores[order] > 0]
        return tuple(openings(self.columns, similar, scores[similar].tolist()))

    @_explained
    def distinctive(self, request: Request, most: int = 20) -> tuple[DistinctiveKeyword, ...]:
        """Returns the keywords that are more frequent in a result than in the archive: to explore, not to cite."""
        return distinctive(self.columns, self.match(parse(request.query), request).mask, most)

    def raise_damage(self, error: Exception) -> None:
        """Raises `DamagedArchive` for an error of a damaged index; returns if every file is as it was written."""
        if name := next(damaged_files(self._directory, self._manifest), None):
            raise damaged_index(self._directory / name) from error

    def _explain_damage(self, rows: Iterator[_Row]) -> Iterator[_Row]:
        try:
            yield from rows
        except Exception as error:
            self.raise_damage(error)
            raise

    def _evaluate(self, request: Request) -> tuple[Query, str, ResultSet]:
        """Returns the tree of a request, its interpretation and its result."""
        tree = parse(request.query)
        return tree, self._explainer(request).sentence(tree, restrictions(request)), self.match(tree, request)

    def match(self, tree: Query, request: Request) -> ResultSet:
        """Evaluates a tree under the filters of a request."""
        scope = scope_of(tree)
        matcher = BooleanMatcher(self.columns, self._leaves, self._figures, self.agencies, scope.where, scope.unit)
        beside = BooleanMatcher(self.columns, self._leaves, self._figures, self.agencies)
        query_mask = matcher.sections(scope)
        filters = {
            name: self._filters.get(parts, lambda parts=parts: beside.any_of(parts))  # type: ignore[misc]
            for name, parts in restrictions(request).items()
        }
        mask = reduce(np.logical_and, filters.values(), query_mask)
        doubtful = matcher.sections(scope, doubtful=True) if _has_condition(scope) else query_mask
        doubtful = reduce(np.logical_and, filters.values(), doubtful & ~query_mask)
        texts = tuple(positive_texts(scope))
        leaves = tuple(self._leaves.find(leaf, scope.where) for leaf in texts)
        return ResultSet(self.columns, scope, query_mask, filters, mask, doubtful, texts, leaves)

    def _total(self, result: ResultSet) -> Total:
        def reports(mask: Bools) -> int:
            numbers = self.columns.reports.take(np.flatnonzero(mask))
            return int(np.count_nonzero(np.diff(numbers))) + bool(len(numbers))

        return Total(
            sections=int(np.count_nonzero(result.mask)),
            reports=reports(result.mask),
            occurrences=result.count if result.has_text else None,
            reports_without_figure=reports(result.doubtful) if _has_condition(result.scope) else None,
        )

    def _alternatives(self, tree: Query, request: Request) -> Iterator[Alternative]:
        for kind, other in alternatives(tree):
            total = self._total(self.match(other, request))
            yield Alternative(kind, str(other), self._explainer(request).sentence(other, {}), total)

    def _explainer(self, request: Request) -> Explainer:
        values = {name: facet.numbers for name, facet in self.columns.facets.items()}
        return Explainer(request.language, self.words, self.agencies, values)

    def _hits(self, result: ResultSet, request: Request) -> tuple[Hit, ...]:
        """Returns one page of hits, those of pages that people read from a cache."""
        sections = self._ordered(result, request)
        if request.limit > _PAGE:
            return tuple(hits(self.columns, sections, result))
        return self._hit_cache.hits(sections, result)

    def _ordered(self, result: ResultSet, request: Request) -> Ints:
        """Returns the sections of a page in the order of the request."""
        return self._selected(result, request, slice(request.offset, request.offset + request.limit))

    def _selected(self, result: ResultSet, request: Request, page: slice) -> Ints:
        """Returns the sections of a page in the order of a request, or of its sample."""
        if request.sample is not None:
            return sampled(self.columns, result.mask, request.sample, request.seed)[page]
        return ranked(self.columns, result, request.sort, page)


def _has_condition(tree: Query) -> bool:
    return any(isinstance(node, Condition) for node, _ in walk(tree))
