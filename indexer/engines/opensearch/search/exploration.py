"""Similar sections, distinctive keywords and suggestions."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from archive.errors import Language
from archive.model import Agency
from indexer.answers.engine import Hit
from indexer.answers.hints.proposals import Proposals
from indexer.answers.suggest import DistinctiveKeyword, Suggester, candidates
from indexer.engines.opensearch.build.documents import CutText, word_weights
from indexer.engines.opensearch.build.grams import storable
from indexer.engines.opensearch.build.mapping import RECORD
from indexer.engines.opensearch.build.report_writers import read_frequencies
from indexer.engines.opensearch.search.facet_counts import FacetCounts
from indexer.engines.opensearch.search.leaf_queries import SECTION, LeafQueries
from indexer.engines.opensearch.search.matches import Matches
from indexer.engines.opensearch.search.scored_clauses import Clause
from indexer.engines.opensearch.search.stored_sections import StoredSections
from indexer.engines.whoosh.search.related import COMPARED, distinctive_keywords
from indexer.query.facet_values import facet_label
from indexer.query.fields import FieldValue
from indexer.text.keywords import may_be_keyword

_REPORTS = 10_000


class Exploration:
    """What helps to explore one index."""

    def __init__(
        self, sections: StoredSections, leaves: LeafQueries, facets: FacetCounts, agencies: Mapping[str, Agency]
    ) -> None:
        self._sections, self._leaves, self._facets, self._agencies = sections, leaves, facets, agencies
        self.proposals = Proposals(agencies, self._reports, self._words)
        self._suggesters: dict[Language, Suggester] = {}
        self._lock = threading.Lock()

    def suggester(self, language: Language) -> Suggester:
        with self._lock:  # the pinyin of all names takes a moment, once
            if language not in self._suggesters:
                label = functools.partial(self._label, language=language)
                self._suggesters[language] = Suggester(candidates(self._every_count, label))
            return self._suggesters[language]

    def related(self, address: str, most: int) -> Iterator[Hit]:
        """Yields the sections most similar to the one at an address: BM25 by its most distinctive words."""
        report, _, anchor = address.removeprefix("/reports/").partition("#")
        found = [
            section
            for section in self._sections.scan(
                {"bool": {"filter": [SECTION, {"term": {"report": storable(report)}}]}}, ["text"]
            )
            if section.source["anchor"] == anchor
        ]
        if not found:
            return
        (section,) = found
        cut = CutText.of(section.text("text"), self._sections.words)
        weights = word_weights(cut.words(), section.heading, self._sections.words)
        chosen = {word: weight for word, weight in weights.items() if may_be_keyword(word)}
        scores = self._leaves.word_scores(sorted(chosen), chosen, section.length)[:COMPARED]
        if not scores:
            return
        others = {"bool": {"must_not": [{"term": {"number": section.number}}], "should": scores, "filter": [SECTION]}}
        body = {
            "size": most,
            "min_score": 1e-9,
            "query": others,
            "sort": [{"_score": "desc"}, {"number": "asc"}],
            "track_scores": True,
            "_source": [*RECORD, "text"],
        }
        for each in self._sections.read(self._sections.cluster.search(self._sections.index, body)):
            yield each.hit((), "text", has_text=False)

    def distinctive(self, matches: Matches, most: int) -> tuple[DistinctiveKeyword, ...]:
        """Returns the keywords that are more frequent in a result than in the archive."""
        here, everywhere = dict(self._facets.every("keyword", matches.clause)), self._counts_of_keywords
        inside, size = self._sections.counts([matches.clause, SECTION])
        keywords = [*everywhere]
        counted, all_ = (np.array([each.get(word, 0) for word in keywords], np.int64) for each in (here, everywhere))
        return distinctive_keywords([*map(str, keywords)], counted, all_, inside / size if size else 0.0, most)

    def _reports(self, agency: str) -> list[tuple[str, int | None]]:
        """Returns the address and the year of each report of an agency that has sections, by year."""
        clause: Clause = {"bool": {"filter": [{"term": {"document": "report"}}, {"term": {"agency": agency}}]}}
        clause["bool"]["filter"].append({"has_child": {"type": "section", "query": {"match_all": {}}}})
        body: dict[str, Any] = {"size": _REPORTS, "query": clause, "_source": ["report", "year"]}
        hits = self._sections.cluster.search(self._sections.index, body)["hits"]["hits"]
        reports = [(str(each["_source"]["report"]), each["_source"].get("year")) for each in hits]
        return sorted(reports, key=lambda report: (report[1] or 0, report[0]))

    def _label(self, name: str, value: FieldValue, *, language: Language) -> str:
        return facet_label(name, value, language, self._agencies)

    def _every_count(self, name: str) -> Iterable[tuple[FieldValue, int]]:
        return self._counts_of_keywords.items() if name == "keyword" else self._facets.every(name, SECTION)

    @functools.cached_property
    def _counts_of_keywords(self) -> dict[FieldValue, int]:
        return dict(self._facets.every("keyword", SECTION))

    def _words(self) -> Iterable[str]:
        """Returns the words that may be meant by a misspelt one, as in the embedded engine."""
        return read_frequencies(self._sections.cluster, self._sections.index).in_sections
