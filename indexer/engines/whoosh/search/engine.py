"""Answers requests: evaluates a tree to a mask of sections, and derives totals, facets and hits from it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from archive.errors import GongkaiError, Language
from archive.text.pinyin import any_name_fits
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Collocates
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.engine import (
    Answer,
    FacetValue,
    Hit,
    Sample,
    SentenceEntry,
    SentenceList,
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
from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.columns.records import ColumnValue, identity
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
from indexer.engines.whoosh.search.matching.evaluator import Evaluator
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.engines.whoosh.search.passages import CachedHits, hits, openings
from indexer.engines.whoosh.search.ranking import ranked, sampled, years_of
from indexer.engines.whoosh.search.related import distinctive, reports_of, similarities
from indexer.engines.whoosh.search.time_series import YearTotals, points, rows, totals_by_year
from indexer.query.ast import parts_without_text
from indexer.query.request import Request
from indexer.query.values import restrictions
from indexer.sized_cache import SizedCache
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
    """One generation of the embedded index, open for reading, with the methods of `Engine`. Threads may share it."""

    def __init__(self, directory: Path, manifest: Manifest, words: Tokenizer) -> None:
        self._directory, self._manifest = directory, manifest
        self.as_of, self.revision = manifest.as_of, manifest.revision
        self.columns = Columns(directory / "columns", directory / "shards")
        self.agencies = read_agencies(directory / "agencies.json")
        self.words = words
        self.evaluator = Evaluator(self.columns, Figures(directory), self.agencies, words)
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
        self._collocates = SizedCache[Collocates](_COLLOCATES, lambda found: len(found.words) + 100)
        self._year_totals = SizedCache[YearTotals | None](_ANSWERS)
        self._groups = SizedCache[SentenceGroups](_GROUP_BYTES, lambda groups: groups.nbytes)
        self._suggesters: dict[Language, Suggester] = {}
        self._lock = threading.Lock()

    @_explained
    def search(self, request: Request) -> Answer:
        if request.limit > _PAGE:
            return self._answer(request)
        return self._answers.get(repr(request), lambda: self._answer(request))

    def _answer(self, request: Request) -> Answer:
        tree, reading, result = self.evaluator.evaluate(request)
        facets = {name: self._facet(result, name, request.language) for name in request.facets}
        total = self.evaluator.total(result)
        return Answer(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=total,
            facets=facets,
            hits=self._hits(result, request),
            readings=tuple(self.evaluator.alternatives(tree, request)) if request.readings else (),
            sample=None if request.sample is None else Sample(request.sample, request.seed),
            agencies=self._proposals.named(tree) if request.readings else None,
            did_you_mean=(
                self._proposals.corrections(tree, lambda other: self.evaluator.count(other, request))
                if request.readings and not total.sections
                else ()
            ),
        )

    @_explained
    def every_hit(self, request: Request) -> Iterator[Hit]:
        result = self.evaluator.result(request)
        sections = self._selected(result, request, slice(request.offset, self.columns.size))
        batches = (sections[start : start + _BATCH] for start in range(0, len(sections), _BATCH))
        return self._explain_damage(hit for batch in batches for hit in hits(self.columns, batch, result))

    @_explained
    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        def fits(value: ColumnValue) -> bool:
            return any_name_fits(typed, self._facets.names(name, value, request.language))

        return self._facet(self.evaluator.result(request), name, request.language, fits)

    def _facet(
        self, result: ResultSet, name: str, language: Language, among: Callable[[ColumnValue], bool] | None = None
    ) -> tuple[FacetValue, ...]:
        return self._facets.counted(name, result.without_filter(name), language, among=among)

    @_explained
    def is_repetitive(self, request: Request) -> bool:
        result = self.evaluator.result(request)
        return is_repetitive(grouped(self.columns, result, self._ordered(result, request)))

    @_explained
    def collapsed(self, request: Request) -> SentenceList:
        result = self.evaluator.result(request)
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
        _, reading, result = self.evaluator.evaluate(request)
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
        return self._collocates.get(repr((request, options)), lambda: self._find_collocates(request, options))

    def _find_collocates(self, request: Request, options: CollocateOptions) -> Collocates:
        tree, reading, result = self.evaluator.evaluate(request)
        fields = parts_without_text(tree)
        mask = self.evaluator.match(fields, request).mask
        texts = Texts(mask, result.scope.where, (fields, repr(restrictions(request))))
        return self._collocation.answer((request.query, reading, self.as_of), result, texts, options)

    @_explained
    def series(self, request: Request) -> TrendSeries:
        return self._series.get(repr(request), lambda: self._counted_by_year(request))

    def _counted_by_year(self, request: Request) -> TrendSeries:
        _, reading, result = self.evaluator.evaluate(request)
        where = result.scope.where
        key = where, repr(restrictions(request))
        totals = self._year_totals.get(key, lambda: totals_by_year(self.columns, where, result.admitted))
        return TrendSeries(request.query, reading, self.as_of, points(self.columns, result, totals))

    @_explained
    def matrix(self, request: Request) -> Matrix:
        _, reading, result = self.evaluator.evaluate(request)
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
        return int(np.count_nonzero(self.evaluator.result(Request(query)).mask))

    @_explained
    def related(self, address: str, most: int = 5) -> tuple[Hit, ...]:
        found = np.flatnonzero(self.columns.identities == identity(address))
        if not len(found):
            return ()
        scores = similarities(self.columns, self.evaluator.leaves, self.words, int(found[0]))
        order = np.argsort(-scores, kind="stable")[:most]
        similar = order[scores[order] > 0]
        return tuple(openings(self.columns, similar, scores[similar].tolist()))

    @_explained
    def distinctive(self, request: Request, most: int = 20) -> tuple[DistinctiveKeyword, ...]:
        return distinctive(self.columns, self.evaluator.result(request).mask, most)

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
