"""Translates the leaves of a query.

A leaf that terms decide is one clause. Any other (gaps, NEAR, characters that no term has) is first resolved to the
sections that match: nodes, or the program, search the texts of its candidates. So AND, OR and NOT over leaves, and all
counts of sections, are exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.text.normalize import normal_form
from indexer.engines.opensearch.build.documents import HEADING_WEIGHT
from indexer.engines.opensearch.build.grams import is_exact, overlaps_itself, phrase_grams, spelled, word_term
from indexer.engines.opensearch.search.node_counts import Row
from indexer.engines.opensearch.search.scored_clauses import Clause, Counted, both
from indexer.engines.opensearch.search.stored_sections import StoredSections, texts_of
from indexer.query.ast import Gapped, Near, Phrase, Term, Text, Where, Word
from indexer.sized_cache import SizedCache

SECTION: Clause = {"term": {"document": "section"}}
NOTHING: Clause = {"match_none": {}}

_CACHED = 4 << 20
"""Sections that resolved leaves keep."""
_TERMS = 50_000
"""Places in one clause; OpenSearch accepts 65,536."""
_K1, _B = 1.2, 0.75  # BM25, as in the embedded engine
_BM25 = """
double weight = _score / params.grams;
double norm = {k1} * (1 - {b} + {b} * ({length}) / params.mean);
return params.base + params.rarity * ({k1} + 1) * weight / (weight + norm);
"""
"""Constants are part of the script, because a parameter is looked up in a table for each section."""


def either(clauses: Sequence[Clause]) -> Clause:
    """Returns the clause of alternatives, whose scores add up."""
    if len(clauses) == 1:
        return clauses[0]
    return {"bool": {"should": [*clauses], "minimum_should_match": 1}} if clauses else NOTHING


def without(clause: Clause) -> Clause:
    return {"bool": {"filter": [SECTION], "must_not": [clause]}}


@dataclass(frozen=True, slots=True)
class IndexSizes:
    """What the scores of an index are relative to: the number of its sections and the mean lengths of their texts."""

    sections: int
    lengths: dict[str, float]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The sections that match a leaf, with its occurrences in each; `rejected` are the candidates that do not."""

    rejected: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()
    years: tuple[int | None, ...] = ()
    occurrences: tuple[int, ...] = ()


class LeafQueries:
    """The clauses of leaves over one index."""

    def __init__(self, sections: StoredSections, ranking: IndexSizes) -> None:
        self._sections, self._ranking = sections, ranking
        self._words = sections.words
        self._resolved = SizedCache[Resolved](_CACHED, lambda found: len(found.places) + len(found.rejected) + 1)
        self._frequencies = SizedCache[int](10_000)

    def clause(self, leaf: Text, where: Where) -> Clause:
        """Returns the clause of the sections that match a leaf."""
        if self.is_decided(leaf):
            return self._candidates(leaf, where)
        found = self.resolved(leaf, where)
        if len(found.rejected) >= len(found.places):
            return _numbered(found.places)
        candidates = both(SECTION, self._candidates(leaf, where))
        return both(candidates, without(_numbered(found.rejected))) if found.rejected else candidates

    def resolved(self, leaf: Text, where: Where) -> Resolved:
        """Returns the sections that match a leaf, found in the texts of its candidates."""
        return self._resolved.get((leaf, where), lambda: self._verified(leaf, where))

    def is_decided(self, leaf: Text) -> bool:
        return isinstance(leaf, Term | Phrase | Word) and is_exact(normal_form(leaf.text))

    def _verified(self, leaf: Text, where: Where) -> Resolved:
        candidates = both(SECTION, self._candidates(leaf, where))
        rows, rejected = list[Row](), list[int]()
        for row in self._sections.counted(candidates, (leaf,), where):
            if row[-1]:
                rows.append(row)
            else:
                rejected.append(row[0])
        return Resolved(tuple(rejected), *zip(*rows, strict=True)) if rows else Resolved()

    def _candidates(self, leaf: Text, where: Where) -> Clause:
        """Returns a clause of all sections that may match."""
        match leaf:
            case Term(text):
                whole = _phrase(normal_form(text), where)[0]
                parts = self._parts(text)
                return either([whole, self._all_words(parts, where)]) if parts else whole
            case Phrase(text) | Word(text):
                return _phrase(normal_form(text), where, whole=isinstance(leaf, Word))[0]
            case Gapped(texts, _):
                return both(SECTION, *(_phrase(normal_form(text), where)[0] for text in texts if text))
            case Near(left, _, right):
                return both(*(either([self._candidates(each, where) for each in side]) for side in (left, right)))

    def _parts(self, text: str) -> list[str]:
        """Returns the words of a plain string; none if it is one word or contains none, and is searched as a phrase."""
        form = normal_form(text)
        parts = self._words.words(form)
        return [] if parts == [form] else parts

    def _all_words(self, parts: Sequence[str], where: Where) -> Clause:
        return both(*(_word(part, where) for part in parts))

    def counted(self, leaf: Text, where: Where) -> list[Counted] | None:
        """Returns the strings of which all occurrences are counted by scores; None if texts have to be searched.

        A plain string counts as its words in the sections that do not contain it as a whole.
        """
        if isinstance(leaf, Gapped | Near):
            return None
        form = normal_form(leaf.text)
        parts = self._parts(leaf.text) if isinstance(leaf, Term) else []
        if not all(is_exact(each) and not overlaps_itself(each) for each in (form, *parts)):
            return None
        whole, grams = _phrase(form, where, whole=isinstance(leaf, Word))
        found = [Counted(form, whole, grams)]
        if parts:
            loose = {"bool": {"filter": [self._all_words(parts, where)], "must_not": [whole]}}
            found += [Counted(part, *_phrase(part, where), loose) for part in parts]
        return found

    def scored(self, leaf: Text, where: Where) -> Clause:
        """Returns a clause that matches like a leaf; its score is BM25 where terms decide the leaf."""
        if not self.is_decided(leaf) or not isinstance(leaf, Term | Phrase | Word):
            return {"constant_score": {"filter": self.clause(leaf, where)}}
        words = self._word_clauses(leaf, where)
        whole, grams = self._whole(leaf, where)
        scores = [self._bm25(word, word, 1, where) for word in words]
        best = sum(each["script_score"]["script"]["params"]["rarity"] for each in scores) * (_K1 + 1)
        weighed = whole
        if where != "tables":
            heading = _phrase(normal_form(leaf.text), "text", whole=isinstance(leaf, Word), name="heading")[0]
            boosted = {"bool": {"must": [heading], "boost": HEADING_WEIGHT - 1}}
            weighed = {"bool": {"must": [whole], "should": [boosted]}}
        scores.append(self._bm25(whole, weighed, grams, where, base=best + 1.0 if words else 0.0))
        return {"bool": {"filter": [self.clause(leaf, where)], "should": scores}} if words else scores[0]

    def know_frequencies(self, leaves: Sequence[Text], where: Where) -> None:
        """Counts in one request the sections of all clauses by which leaves are ranked."""
        wanted: dict[str, Clause] = {}
        for leaf in leaves:
            if self.is_decided(leaf) and isinstance(leaf, Term | Phrase | Word):
                for clause in (*self._word_clauses(leaf, where), self._whole(leaf, where)[0]):
                    if self._frequencies.find(repr(clause)) is None:
                        wanted[repr(clause)] = clause
        for key, count in zip(wanted, self._sections.counts([*wanted.values()]), strict=True) if wanted else ():
            self._frequencies.keep(key, count)

    def _word_clauses(self, leaf: Term | Phrase | Word, where: Where) -> list[Clause]:
        return [_word(part, where) for part in self._parts(leaf.text)] if isinstance(leaf, Term) else []

    @staticmethod
    def _whole(leaf: Term | Phrase | Word, where: Where) -> tuple[Clause, int]:
        return _phrase(normal_form(leaf.text), where, whole=isinstance(leaf, Word))

    def word_scores(self, words: Sequence[str], weights: Mapping[str, int], length: int) -> list[Clause]:
        """Returns the clauses of words by BM25, those that score highest in a text of a length with weights first."""
        clauses = [_word(word, "text") for word in words]
        found = dict(zip(words, self._sections.counts(clauses), strict=True))
        for word, clause in zip(words, clauses, strict=True):
            self._frequencies.keep(repr(clause), found[word])
        norm = _K1 * (1 - _B + _B * length / (self._ranking.lengths["text"] or 1.0))

        def score(word: str) -> float:
            return self._rarity(found[word]) * weights[word] / (weights[word] + norm)

        best = sorted(words, key=score, reverse=True)
        return [self._bm25(clause, clause, 1, "text") for clause in (_word(word, "text") for word in best)]

    def _rarity(self, found: int) -> float:
        return math.log(1 + (self._ranking.sections - found + 0.5) / (found + 0.5))

    def _bm25(self, clause: Clause, weighed: Clause, grams: int, where: Where, base: float = 0.0) -> Clause:
        params = {
            "grams": grams,
            "rarity": self._rarity(self._frequency(clause)),
            "base": base,
            "mean": sum(self._ranking.lengths[name] for name in texts_of(where)) or 1.0,
        }
        lengths = " + ".join(f"doc['{name}_length'].value" for name in texts_of(where))
        source = _BM25.format(k1=_K1, b=_B, length=lengths)
        return {"script_score": {"query": weighed, "script": {"source": source, "params": params}}}

    def _frequency(self, clause: Clause) -> int:
        return self._frequencies.get(repr(clause), lambda: self._sections.count(clause))


def _phrase(form: str, where: Where, *, whole: bool = False, name: str = "") -> tuple[Clause, int]:
    """Returns the clause of a phrase, and what its score is to be divided by."""
    names = [name] if name else texts_of(where)
    if len(form) == 1:
        kind = "singles" if whole else "characters"
        return either([{"term": {f"{each}_{kind}": spelled(form)}} for each in names]), 1
    terms, grams = phrase_grams(form, whole=whole)
    if grams == 1:
        return either([{"term": {f"{each}_grams": terms}} for each in names]), 1
    return either([{"match_phrase": {f"{each}_grams": {"query": terms}}} for each in names]), grams


def _numbered(places: Sequence[int]) -> Clause:
    return either([{"terms": {"number": places[at : at + _TERMS]}} for at in range(0, len(places), _TERMS)])


def _word(word: str, where: Where) -> Clause:
    return either([{"term": {f"{name}_words": word_term(word)}} for name in texts_of(where)])
