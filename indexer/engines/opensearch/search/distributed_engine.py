"""Answers requests from one index of a cluster."""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from archive.errors import Language
from archive.model import Agency
from archive.text.pinyin import any_name_fits
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Collocates
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.engine import Alternative, Answer, Correction, FacetValue, Hit, Sample, SentenceList
from indexer.answers.suggest import DistinctiveKeyword, Kind, Suggestion, suggestions
from indexer.answers.trends import Matrix, TrendSeries
from indexer.engines.opensearch.build.documents import REPORT_NUMBER, agency_of_document
from indexer.engines.opensearch.build.mapping import RECORD
from indexer.engines.opensearch.build.publish import ClusterManifest
from indexer.engines.opensearch.connection.cluster_client import Cluster, Json
from indexer.engines.opensearch.search.equal_sentences import collapse, is_repetitive
from indexer.engines.opensearch.search.exploration import Exploration
from indexer.engines.opensearch.search.facet_counts import (
    Counts,
    Facet,
    FacetCounts,
    aggregations,
    counts_key,
    facet_search,
)
from indexer.engines.opensearch.search.indexed_keywords import IndexedKeywords
from indexer.engines.opensearch.search.leaf_queries import IndexSizes, LeafQueries, either
from indexer.engines.opensearch.search.matches import Counting, Matches
from indexer.engines.opensearch.search.nearby_words import collocates, words_found
from indexer.engines.opensearch.search.sampling import sample_key
from indexer.engines.opensearch.search.scored_clauses import Clause, both, ranked
from indexer.engines.opensearch.search.stored_lines import Found, lines
from indexer.engines.opensearch.search.stored_sections import StoredSection, StoredSections, texts_of
from indexer.engines.opensearch.search.tree_queries import TreeQueries
from indexer.engines.opensearch.search.yearly_counts import AllByYear, points, rows
from indexer.query.alternatives import alternatives
from indexer.query.ast import Condition, Query, parts_without_text, positive_texts, scope_of, walk
from indexer.query.explain import Explainer
from indexer.query.fields import FIELDS, FieldValue
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import restrictions
from indexer.sized_cache import SizedCache
from indexer.text.tokenizer import Tokenizer

_ANSWERS = 1000
"""Cached answers, about 10 KB each: a page of hits, or a row of years."""
_PAGE = 50
"""The most hits of an answer that is cached."""
_DEEPEST = 10_000
"""Hits up to which OpenSearch pages; those behind are reached by a scan."""
_RANKED = 100
"""Texts of a query that decide the order of hits: OpenSearch limits the clauses of a search to 1,024."""


class OpenSearchEngine:
    """One index of a cluster, which never changes. Threads may share it.

    Methods raise `QueryError` for a query, or a filter beside it, that cannot be read, and `ClusterUnavailableError`
    if the cluster gives no complete answer.
    """

    def __init__(self, cluster: Cluster, index: str, manifest: ClusterManifest, words: Tokenizer) -> None:
        self.as_of, self.revision = manifest.as_of, manifest.revision
        self.words = words
        self._sections = StoredSections(cluster, index, words)
        agencies = cluster.scan(index, {"range": {"number": {"lt": REPORT_NUMBER}}}, ["agency_record"])
        self.agencies: Mapping[str, Agency] = {
            agency.id: agency for agency in (agency_of_document(each["_source"]) for each in agencies)
        }
        self._leaves = LeafQueries(self._sections, IndexSizes(self.as_of.sections, manifest.lengths))
        self._facets = FacetCounts(self._sections, self.agencies)
        self._exploration = Exploration(self._sections, self._leaves, self._facets, self.agencies)
        self._answers, self._series = SizedCache[Answer](_ANSWERS), SizedCache[TrendSeries](_ANSWERS)
        self._counts = SizedCache[Counts](_ANSWERS)
        self._year_totals = SizedCache[AllByYear](_ANSWERS)
        self._values: Mapping[str, Collection[FieldValue]] = {
            name: IndexedKeywords(self._sections)
            if name == "keyword"
            else dict(self._facets.every(name, {"term": {"document": "section"}}))
            for name in FIELDS
        }

    def search(self, request: Request) -> Answer:
        """Returns totals and facets of all matches, and one page of hits."""
        if request.limit > _PAGE:
            return self._answer(request)
        return self._answers.get(repr(request), lambda: self._answer(request))

    def _answer(self, request: Request) -> Answer:
        """Asks the cluster once for everything that the answer needs in most cases."""
        tree, reading, matches = self._evaluate(request)
        others = [*alternatives(tree)] if request.readings else []
        facets = [Facet(name, matches.without_filter(name)) for name in request.facets]
        known = self._counts.find(counts_key(request))
        unknown = [] if known else self._facets.unknown(facets)
        within = [facet for facet in unknown if facet.clause == matches.clause]
        beyond = [facet for facet in unknown if facet not in within]
        counting = [] if known else [Counting(matches, aggregations(within))]
        counting += [self._match(other, request).counting for _, other in others]
        page = [] if known and not known[0].sections else self._page_search(matches, request)
        bodies = [*page, *map(facet_search, beyond), *(body for each in counting for body in each.bodies)]
        found = iter(self._sections.searches(bodies))
        hits = self._sections.read(next(found)) if page else None
        values = {facet.name: next(found)["aggregations"][facet.name] for facet in beyond}
        counts = [[*islice(found, len(each.bodies))] for each in counting]
        totals = [each.total(answers) for each, answers in zip(counting, counts, strict=True)]
        if known is None:
            values |= counts[0][0]["aggregations"]
            known = totals.pop(0), self._facets.listed(facets, request.language, values)
            self._counts.keep(counts_key(request), known)
        total, listed = known
        return Answer(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=total,
            facets=listed,
            hits=tuple(self._hits(matches, request, hits if total.sections else ())),
            readings=tuple(
                Alternative(kind, str(other), self._explainer(request).sentence(other, {}), number)
                for (kind, other), number in zip(others, totals, strict=True)
            ),
            sample=None if request.sample is None else Sample(request.sample, request.seed),
            agencies=self._exploration.proposals.named(tree) if request.readings else None,
            did_you_mean=self._corrections(tree, request) if request.readings and not total.sections else (),
        )

    def _corrections(self, tree: Query, request: Request) -> tuple[Correction, ...]:
        return self._exploration.proposals.corrections(tree, lambda other: self._match(other, request).total())

    def every_hit(self, request: Request) -> Iterator[Hit]:
        """Returns an iterator over all hits from the offset on (see `Engine`)."""
        matches = self._match(parse(request.query), request)
        limit = self.as_of.sections + _DEEPEST if request.sample is None else request.sample
        return self._hits(matches, replace(request, limit=limit))

    def is_repetitive(self, request: Request) -> bool:
        """Returns whether most hits of a page have the sentences of another one (see `Engine`)."""
        matches = self._match(parse(request.query), request)
        return is_repetitive(matches, [*self._ordered(matches, request)])

    def collapsed(self, request: Request) -> SentenceList:
        """Returns one page of hits without those whose sentences an earlier hit has (see `Engine`)."""
        matches = self._match(parse(request.query), request)
        every = self._ordered(matches, replace(request, offset=0, limit=request.sample or self.as_of.sections))
        return collapse(matches, every, request.offset, request.limit)

    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """Returns the values of a facet that fit an input (see `Engine`)."""
        matches = self._match(parse(request.query), request)
        facet = Facet(name, matches.without_filter(name))
        return self._facets.fitting(facet, request.language, lambda names: any_name_fits(typed, names))

    def concordance(
        self,
        request: Request,
        order: ConcordanceOrder = "agency",
        width: int | None = None,
        most: int | None = None,
        collocate: CollocateFilter | None = None,
    ) -> Concordance:
        """Returns every occurrence with its context (see `Engine`)."""
        _, reading, matches = self._evaluate(request)
        total = sum(matches.occurrences().values()) if matches.has_text else 0
        found: Callable[[], Found] = matches.found
        if collocate is not None:
            reading += collocate.sentence(request.language)
            found = functools.partial(words_found, matches, collocate)
            total = sum(len(spans) for _, spans in found()) if total else 0
        return Concordance(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=total,
            shown=total if most is None else min(total, most),
            lines=lines(found(), matches.scope.where, order, width, most) if total else (),
            has_text=matches.has_text,
        )

    def collocates(self, request: Request, options: CollocateOptions) -> Collocates:
        """Returns the words near occurrences (see `Engine`)."""
        tree, reading, matches = self._evaluate(request)
        texts = self._match(parts_without_text(tree), request).clause
        return collocates((request.query, reading, self.as_of), matches, texts, options)

    def series(self, request: Request) -> TrendSeries:
        """Returns occurrences, sections and reports by year, with the totals to divide by."""
        return self._series.get(counts_key(request), lambda: self._find_series(request))

    def _find_series(self, request: Request) -> TrendSeries:
        _, reading, matches = self._evaluate(request)
        return TrendSeries(request.query, reading, self.as_of, points(matches, self._year_totals))

    def matrix(self, request: Request) -> Matrix:
        """Returns the occurrences by agency and year."""
        _, reading, matches = self._evaluate(request)
        years, listed = rows(matches, self.agencies)
        return Matrix(request.query, reading, self.as_of, years, listed)

    def suggest(
        self,
        typed: str,
        language: Language = "zh",
        most: int = 10,
        kind: Kind | None = None,
        line: str | None = None,
    ) -> tuple[Suggestion, ...]:
        """Returns the reports, agencies, sections, phrases and keywords that an input may mean (see `Engine`)."""
        named = self._exploration.proposals.suggestions(typed, line or typed, -(-most // 2))
        suggester = self._exploration.suggester(language)
        return suggestions(suggester, typed, named, most, kind, self._count)

    def related(self, address: str, most: int = 5) -> tuple[Hit, ...]:
        """Returns the sections most similar to the one at an address (see `Engine`)."""
        return tuple(self._exploration.related(address, most))

    def distinctive(self, request: Request, most: int = 20) -> tuple[DistinctiveKeyword, ...]:
        """Returns the keywords that are more frequent in a result than in the archive (see `Engine`)."""
        return self._exploration.distinctive(self._match(parse(request.query), request), most)

    def _count(self, query: str) -> int:
        return self._sections.count(self._match(parse(query), Request()).clause)

    def _evaluate(self, request: Request) -> tuple[Query, str, Matches]:
        """Returns the tree of a request, its interpretation and its matches."""
        tree = parse(request.query)
        return tree, self._explainer(request).sentence(tree, restrictions(request)), self._match(tree, request)

    def _match(self, tree: Query, request: Request) -> Matches:
        scope = scope_of(tree)
        queries = TreeQueries(self._leaves, self._values, self.agencies, scope.where, scope.unit)
        beside = TreeQueries(self._leaves, self._values, self.agencies)
        conditions = any(isinstance(node, Condition) for node, _ in walk(scope))
        return Matches(
            self._sections,
            self._leaves,
            scope,
            queries.sections(scope),
            {name: either([beside.sections(part) for part in parts]) for name, parts in restrictions(request).items()},
            queries.sections(scope, doubtful=True) if conditions else None,
            tuple(positive_texts(scope)),
        )

    def _explainer(self, request: Request) -> Explainer:
        return Explainer(request.language, self.words, self.agencies, self._values)

    def _hits(self, matches: Matches, request: Request, page: Iterable[StoredSection] | None = None) -> Iterator[Hit]:
        """Yields one page of hits in the order of the request, or of its sample."""
        for section in self._ordered(matches, request) if page is None else page:
            yield section.hit(matches.texts, matches.scope.where, has_text=matches.has_text)

    def _ordered(self, matches: Matches, request: Request) -> Iterable[StoredSection]:
        """Returns the sections of a page with their texts."""
        if request.sample is not None:
            return self._sampled(matches, request)
        last = request.offset + request.limit
        if last > _DEEPEST:
            query, sort = self._ranked(matches, request)
            return islice(self._sections.scan(query, texts_of(matches.scope.where), sort), request.offset, last)
        searches = self._page_search(matches, request)
        return self._sections.read(self._sections.searches(searches)[0]) if searches else ()

    def _page_search(self, matches: Matches, request: Request) -> list[Json]:
        """Returns the search of a page; none if it is empty, or takes several searches."""
        if request.sample is not None or not request.limit or request.offset + request.limit > _DEEPEST:
            return []
        query, sort = self._ranked(matches, request)
        body: Json = {
            "from": request.offset,
            "size": request.limit,
            "track_total_hits": False,
            "track_scores": True,
            "query": query,
            "sort": [*sort, {"number": "asc"}],
            "_source": [*RECORD, *texts_of(matches.scope.where)],
        }
        return [body]

    def _ranked(self, matches: Matches, request: Request) -> tuple[Clause, list[dict[str, Any]]]:
        """Returns a query with the scores of hits, and the sort; without text, the latest year comes first."""
        if request.sort == "relevance" and matches.texts:
            leaves, where = matches.texts[:_RANKED], matches.scope.where
            self._leaves.know_frequencies(leaves, where)
            scores = [(self._leaves.clause(leaf, where), self._leaves.scored(leaf, where)) for leaf in leaves]
            return ranked(matches.clause, scores), [{"_score": "desc"}]
        order = "asc" if request.sort == "year" else "desc"
        return matches.clause, [{"year": {"order": order, "missing": "_last"}}]

    def _sampled(self, matches: Matches, request: Request) -> list[StoredSection]:
        """Returns one page of the sample, which depends on the seed and the addresses only."""
        every = self._sections.scan(matches.clause)
        keys = ((sample_key(each.source["identity"], request.seed), each.number) for each in every)
        drawn = [number for _, number in heapq.nsmallest(request.sample or 0, keys)]
        page = drawn[request.offset : request.offset + request.limit]
        clause = both(matches.clause, {"terms": {"number": page}})
        by_number = {each.number: each for each in self._sections.scan(clause, texts_of(matches.scope.where))}
        return [by_number[number] for number in page]
