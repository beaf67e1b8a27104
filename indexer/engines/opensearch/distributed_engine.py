"""Answers requests from one index of a cluster."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from archive.errors import MissingSupport
from archive.model import Agency
from archive.text.pinyin import any_name_fits
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Collocates
from indexer.answers.concordance import Concordance, ConcordanceOrder
from indexer.answers.engine import Alternative, Answer, FacetValue, Hit, Sample, SentenceList
from indexer.answers.trends import Matrix, TrendSeries
from indexer.engines.opensearch.cluster_client import Cluster, Json
from indexer.engines.opensearch.documents import REPORT_NUMBER, agency_of_document
from indexer.engines.opensearch.facet_counts import Facet, FacetCounts
from indexer.engines.opensearch.leaf_queries import Clause, LeafQueries, Ranking, both, either
from indexer.engines.opensearch.mapping import RECORD
from indexer.engines.opensearch.matches import Matches
from indexer.engines.opensearch.publish import ClusterManifest
from indexer.engines.opensearch.sampling import sample_key
from indexer.engines.opensearch.stored_lines import lines
from indexer.engines.opensearch.stored_sections import StoredSection, StoredSections, texts_of
from indexer.engines.opensearch.tree_queries import TreeQueries
from indexer.engines.opensearch.yearly_counts import points, rows
from indexer.query.alternatives import alternatives
from indexer.query.ast import Condition, Query, positive_texts, scope_of, walk
from indexer.query.explain import Explainer
from indexer.query.fields import FIELDS, FieldValue
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import restrictions
from indexer.text.tokenizer import Tokenizer

_DEEPEST = 10_000
"""Hits up to which OpenSearch pages; those behind are reached by a scan."""
_RANKED = 100
"""Texts of a query that decide the order of hits: OpenSearch limits the clauses of a search to 1,024."""


class OpenSearchEngine:
    """One index of a cluster, which never changes. Threads may share it.

    Methods raise `QueryError` for a query, or a filter beside it, that cannot be read, and `ClusterUnavailable` if the
    cluster gives no complete answer.
    """

    def __init__(self, cluster: Cluster, index: str, manifest: ClusterManifest, words: Tokenizer) -> None:
        self.as_of = manifest.as_of
        self.words = words
        self._sections = StoredSections(cluster, index, words)
        agencies = cluster.scan(index, {"range": {"number": {"lt": REPORT_NUMBER}}}, ["agency_record"])
        self.agencies: Mapping[str, Agency] = {
            agency.id: agency for agency in (agency_of_document(each["_source"]) for each in agencies)
        }
        self._leaves = LeafQueries(self._sections, Ranking(self.as_of.sections, manifest.lengths))
        self._facets = FacetCounts(self._sections, self.agencies)
        self._values: Mapping[str, Collection[FieldValue]] = {
            name: _Keywords(self._sections)
            if name == "keyword"
            else dict(self._facets.every(name, {"term": {"document": "section"}}))
            for name in FIELDS
        }

    def search(self, request: Request) -> Answer:
        """Returns totals and facets of all matches, and one page of hits."""
        tree, reading, matches = self._evaluate(request)
        facets = [Facet(name, matches.others(name)) for name in request.facets]
        return Answer(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=matches.total(),
            facets=self._facets.listed(matches.query, facets, request.language),
            hits=tuple(self._hits(matches, request)),
            readings=tuple(self._alternatives(tree, request)) if request.readings else (),
            sample=None if request.sample is None else Sample(request.sample, request.seed),
        )

    def every_hit(self, request: Request) -> Iterator[Hit]:
        """Returns an iterator over all hits from the offset on (see `Engine`)."""
        matches = self._match(parse(request.query), request)
        if request.sample is not None:
            everything = replace(request, limit=request.sample)
            return iter(self._hits(matches, everything))
        return self._scanned(matches, request, request.offset, None)

    def is_repetitive(self, request: Request) -> bool:
        raise _missing("同句合并", "the merging of equal sentences")

    def collapsed(self, request: Request) -> SentenceList:
        raise _missing("同句合并", "the merging of equal sentences")

    def facet(self, request: Request, name: str, typed: str) -> tuple[FacetValue, ...]:
        """Returns the values of a facet that fit an input (see `Engine`)."""
        matches = self._match(parse(request.query), request)
        facet = Facet(name, matches.others(name))
        fits = lambda names: any_name_fits(typed, names)  # noqa: E731
        return self._facets.fitting(matches.query, facet, request.language, fits)

    def concordance(
        self,
        request: Request,
        order: ConcordanceOrder = "agency",
        width: int | None = None,
        most: int | None = None,
        collocate: CollocateFilter | None = None,
    ) -> Concordance:
        """Returns every occurrence with its context (see `Engine`)."""
        if collocate is not None:
            raise _missing("搭配词", "collocates")
        _, reading, matches = self._evaluate(request)
        total = sum(matches.occurrences().values()) if matches.has_text else 0
        return Concordance(
            query=request.query,
            reading=reading,
            as_of=self.as_of,
            total=total,
            shown=total if most is None else min(total, most),
            lines=lines(matches, order, width, most) if total else (),
            has_text=matches.has_text,
        )

    def collocates(self, request: Request, options: CollocateOptions) -> Collocates:
        raise _missing("搭配词", "collocates")

    def series(self, request: Request) -> TrendSeries:
        """Returns occurrences, sections and reports by year, with the totals to divide by."""
        _, reading, matches = self._evaluate(request)
        return TrendSeries(request.query, reading, self.as_of, points(matches))

    def matrix(self, request: Request) -> Matrix:
        """Returns the occurrences by agency and year."""
        _, reading, matches = self._evaluate(request)
        years, listed = rows(matches, self.agencies)
        return Matrix(request.query, reading, self.as_of, years, listed)

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

    def _alternatives(self, tree: Query, request: Request) -> Iterator[Alternative]:
        for kind, other in alternatives(tree):
            total = self._match(other, request).total()
            yield Alternative(kind, str(other), self._explainer(request).sentence(other, {}), total)

    def _explainer(self, request: Request) -> Explainer:
        return Explainer(request.language, self.words, self.agencies, self._values)

    def _hits(self, matches: Matches, request: Request) -> Iterator[Hit]:
        """Yields one page of hits in the order of the request, or of its sample."""
        if request.sample is not None:
            sections: Sequence[StoredSection] = self._sampled(matches, request)
        elif request.offset + request.limit > _DEEPEST:
            yield from self._scanned(matches, request, request.offset, request.offset + request.limit)
            return
        else:
            where = matches.scope.where
            query, sort = self._ranked(matches, request)
            body: Json = {
                "from": request.offset,
                "size": request.limit,
                "track_total_hits": False,
                "track_scores": True,
                "query": query,
                "sort": [*sort, {"number": "asc"}],
                "_source": [*RECORD, *texts_of(where)],
            }
            cluster = self._sections.cluster
            sections = self._sections.read(cluster.search(self._sections.index, body)) if request.limit else []
        yield from self._shown(matches, sections)

    def _scanned(self, matches: Matches, request: Request, first: int, last: int | None) -> Iterator[Hit]:
        query, sort = self._ranked(matches, request)
        sections = self._sections.scan(query, texts_of(matches.scope.where), sort)
        yield from self._shown(matches, islice(sections, first, last))

    def _shown(self, matches: Matches, sections: Sequence[StoredSection] | Iterator[StoredSection]) -> Iterator[Hit]:
        for section in sections:
            yield section.hit(matches.texts, matches.scope.where, has_text=matches.has_text)

    def _ranked(self, matches: Matches, request: Request) -> tuple[Clause, list[dict[str, Any]]]:
        """Returns a query with the scores of hits, and the sort; without text, the latest year comes first."""
        if request.sort == "relevance" and matches.texts:
            scores = [self._leaves.scored(leaf, matches.scope.where) for leaf in matches.texts[:_RANKED]]
            return {"bool": {"filter": [matches.clause], "should": scores}}, [{"_score": "desc"}]
        order = "asc" if request.sort == "year" else "desc"
        return matches.clause, [{"year": {"order": order, "missing": "_last"}}]

    def _sampled(self, matches: Matches, request: Request) -> list[StoredSection]:
        """Returns one page of the sample, which depends on the seed and the addresses only."""
        every = (
            (sample_key(section.source["identity"], request.seed), section.number)
            for section in self._sections.scan(matches.clause)
        )
        drawn = [number for _, number in heapq.nsmallest(request.sample or 0, every)]
        page = drawn[request.offset : request.offset + request.limit]
        clause = both(matches.clause, {"terms": {"number": page}})
        by_number = {each.number: each for each in self._sections.scan(clause, texts_of(matches.scope.where))}
        return [by_number[number] for number in page]


class _Keywords(Collection[FieldValue]):
    """The keywords of an index: too many to be held, so that each is looked up."""

    def __init__(self, sections: StoredSections) -> None:
        self._sections = sections

    def __contains__(self, keyword: object) -> bool:
        return self._sections.count({"term": {"keyword": keyword}}) > 0

    def __iter__(self) -> Iterator[FieldValue]:
        raise TypeError("keywords are not listed")

    def __len__(self) -> int:
        raise TypeError("keywords are not counted")


def _missing(zh: str, en: str) -> MissingSupport:
    return MissingSupport(
        f"搜索集群上的索引还不支持{zh}。内置索引支持（不设 GONGKAI_INDEX）。",
        f"An index in a search cluster does not support {en} yet; the embedded index does (without GONGKAI_INDEX).",
    )
