"""Evaluates requests: a tree under filters becomes a result, with its totals and its interpretation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce

import numpy as np

from archive.errors import Language
from archive.model import Agency
from indexer.answers.engine import Alternative, Total
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools
from indexer.engines.whoosh.columns.postings import AllPostings
from indexer.engines.whoosh.search.figures import Figures
from indexer.engines.whoosh.search.matching.boolean_match import BooleanMatcher
from indexer.engines.whoosh.search.matching.leaf_search import LeafSearch
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.engines.whoosh.search.matching.scan import Scanner
from indexer.query.alternatives import alternatives
from indexer.query.ast import Condition, Query, positive_texts, scope_of, walk
from indexer.query.explain import Explainer
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import restrictions
from indexer.sized_cache import SizedCache
from indexer.text.tokenizer import Tokenizer

_FILTER_BYTES = 64 << 20


class Evaluator:
    """Evaluates requests on the sections of one index. Threads may share it."""

    def __init__(self, columns: Columns, figures: Figures, agencies: Mapping[str, Agency], words: Tokenizer) -> None:
        self.leaves = LeafSearch(columns, AllPostings(columns.shards), Scanner(columns), words)
        self._columns, self._figures, self._agencies, self._words = columns, figures, agencies, words
        self._filters = SizedCache[Bools](_FILTER_BYTES, lambda mask: mask.nbytes)

    def evaluate(self, request: Request) -> tuple[Query, str, ResultSet]:
        """Returns the tree of a request, its interpretation and its result."""
        tree = parse(request.query)
        sentence = self._explainer(request.language).sentence(tree, restrictions(request))
        return tree, sentence, self.match(tree, request)

    def result(self, request: Request) -> ResultSet:
        return self.match(parse(request.query), request)

    def match(self, tree: Query, request: Request) -> ResultSet:
        """Evaluates a tree under the filters of a request."""
        scope = scope_of(tree)
        matcher = BooleanMatcher(self._columns, self.leaves, self._figures, self._agencies, scope.where, scope.unit)
        beside = BooleanMatcher(self._columns, self.leaves, self._figures, self._agencies)
        query_mask = matcher.sections(scope)
        filters = {
            name: self._filters.get(parts, lambda parts=parts: beside.any_of(parts))  # type: ignore[misc]
            for name, parts in restrictions(request).items()
        }
        mask = reduce(np.logical_and, filters.values(), query_mask)
        doubtful = matcher.sections(scope, doubtful=True) if _has_condition(scope) else query_mask
        doubtful = reduce(np.logical_and, filters.values(), doubtful & ~query_mask)
        texts = tuple(positive_texts(scope))
        leaves = tuple(self.leaves.find(leaf, scope.where) for leaf in texts)
        return ResultSet(self._columns, scope, query_mask, filters, mask, doubtful, texts, leaves)

    def total(self, result: ResultSet) -> Total:
        def reports(mask: Bools) -> int:
            numbers = self._columns.reports.take(np.flatnonzero(mask))
            return int(np.count_nonzero(np.diff(numbers))) + bool(len(numbers))

        return Total(
            sections=int(np.count_nonzero(result.mask)),
            reports=reports(result.mask),
            occurrences=result.count if result.has_text else None,
            reports_without_figure=reports(result.doubtful) if _has_condition(result.scope) else None,
        )

    def count(self, tree: Query, request: Request) -> Total:
        """Returns the totals of a tree under the filters of a request."""
        return self.total(self.match(tree, request))

    def alternatives(self, tree: Query, request: Request) -> Iterator[Alternative]:
        """Yields the interpretations of a tree, with their totals under the filters of a request."""
        explainer = self._explainer(request.language)
        for kind, other in alternatives(tree):
            yield Alternative(kind, str(other), explainer.sentence(other, {}), self.count(other, request))

    def _explainer(self, language: Language) -> Explainer:
        values = {name: facet.numbers for name, facet in self._columns.facets.items()}
        return Explainer(language, self._words, self._agencies, values)


def _has_condition(tree: Query) -> bool:
    return any(isinstance(node, Condition) for node, _ in walk(tree))
