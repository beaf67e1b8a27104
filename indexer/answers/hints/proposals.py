"""Proposes agencies that a query names, and corrections of a query without matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from archive.agencies.name_forms import read_question
from archive.agencies.name_search import AgencySearch
from archive.model import Agency
from archive.text.normalize import normal_form
from archive.text.pinyin import pinyin_spellings
from indexer.answers.engine import Correction, Total
from indexer.answers.hints.named_agencies import NamedAgencies, named_agencies, named_beside
from indexer.answers.hints.operators import with_operators
from indexer.answers.hints.spelling import Vocabulary
from indexer.answers.suggest import Suggestion
from indexer.query.ast import And, In, Not, Or, Phrase, Query, Scope, Term, Word, YearRange, walk
from indexer.query.values import agencies_meant
from indexer.text.tokenizer import field_terms

_MOST = 3
"""Corrections of an answer."""
_TRIED = 40
"""Corrections of one word that are counted."""

Count = Callable[[Query], Total]


class Proposals:
    """The agencies and the words of one index.

    Args:
        agencies: the agencies by id.
        reports: returns the address (`AGENCY/KEY`) and the year of each report of an agency, by year.
        words: returns the words of the texts.
    """

    def __init__(
        self,
        agencies: Mapping[str, Agency],
        reports: Callable[[str], Sequence[tuple[str, int | None]]],
        words: Callable[[], Iterable[str]],
    ) -> None:
        self.agencies = AgencySearch(agencies.values())
        self._reports, self._words = reports, words

    def named(self, tree: Query) -> NamedAgencies | None:
        """Returns the agencies that a query names."""
        return named_agencies(tree, self.agencies, self._reports)

    def suggestions(self, typed: str, line: str, most: int) -> list[Suggestion]:
        """Returns the reports that a line names with its years, and its agencies; else those of one word of it.

        The agency of one word among others is a field of the query, so that its page does not replace the query.
        """
        found = [*self._suggested(line, most)]
        return found or [replace(each, url=None) for each in self._suggested(typed, most) if typed != line]

    def _suggested(self, line: str, most: int) -> Iterator[Suggestion]:
        """Yields reports, then agencies, of any part of a name."""
        question = read_question(line)
        words = line if not question.years and self.agencies.find(line) else question.words
        matches = self.agencies.find_all(words)[:most] if words else ()
        named = [(match, self._named(match.agency)) for match in matches]
        best = [(match, name) for match, name in named if match.rank == matches[0].rank]
        for match, name in best if question.years else ():
            for address, year in self._reports(match.agency.id):
                if year in question.years:
                    query = f"{In('agency', name)} {YearRange(year, year)}"
                    text = f"{match.agency.name} {year}"
                    yield Suggestion("report", text, query, 0, f"/reports/{address}", match.tolerance)
        for match, name in named:
            query = str(In("agency", name))
            yield Suggestion("agency", match.agency.name, query, 0, f"/agencies/{match.agency.id}", match.tolerance)

    def corrections(self, tree: Query, count: Count) -> tuple[Correction, ...]:
        """Returns corrections of a query without matches, each with matches: homophones first, then by frequency.

        Words that may mean operators (微博 or 微信), an agency and a year come before misspelt ones.
        """
        for meant in (with_operators(tree), self._with_agency(tree)):
            if meant and (total := count(meant[0])).sections:
                return (Correction(str(meant[0]), *meant[1:], total),)
        wrong = [
            leaf for leaf, _ in walk(tree, into_not=False) if self._can_be_misspelt(leaf) and not count(leaf).sections
        ]
        found: list[Correction] = []
        for number, leaf in enumerate(wrong):
            for other in self._others(leaf, count):
                corrected = _with(tree, leaf, other)
                for later in wrong[number + 1 :]:
                    corrected = _with(corrected, later, next(iter(self._others(later, count)), later))
                total = count(corrected)
                if total.sections:
                    found.append(Correction(str(corrected), _text(leaf), _text(other), total))
            if found:
                break
        return tuple(found[:_MOST])

    def _with_agency(self, tree: Query) -> tuple[Query, str, str] | None:
        """Returns the query with fields for the words that name an agency and years, these words, and the fields.

        None if no word names an agency, or none is left to search for in its reports.
        """
        named = named_beside(tree, self.agencies)
        if named is None or not isinstance(tree, And):
            return None
        fields: list[Query] = [In("agency", self._named(named[1].agency))]
        written: list[Query] = [named[0]]
        others: list[Query] = []
        for part in tree.parts:
            question = read_question(part.text) if isinstance(part, Term) else None
            if part == named[0]:
                continue
            if question is not None and not question.words:
                written.append(part)
                if question.years:
                    fields.append(YearRange(min(question.years), max(question.years)))
            else:
                others.append(part)
        proposed = And((*fields, *others))
        return (proposed, " ".join(map(str, written)), " ".join(map(str, fields))) if others else None

    def _can_be_misspelt(self, leaf: Query) -> bool:
        return isinstance(leaf, Term | Phrase | Word) or (isinstance(leaf, In) and leaf.name in ("agency", "keyword"))

    def _others(self, leaf: Query, count: Count) -> list[Query]:
        """Returns the leaf with a similar word or agency that has matches: homophones first, then by frequency."""
        if isinstance(leaf, In) and leaf.name == "agency":
            similar = islice(self.agencies.find_similar(leaf.value), _MOST)
            return [replace(leaf, value=self._named(match.agency)) for match in similar]
        others: Iterator[Query] = iter(())
        if isinstance(leaf, In):
            others = (replace(leaf, value=text) for text in self._vocabulary.corrections(normal_form(leaf.value)))
        elif isinstance(leaf, Term | Phrase | Word):
            others = (replace(leaf, text=text) for text in self._vocabulary.corrections(normal_form(leaf.text)))
        counted = [(count(_exact(other)), other) for other in islice(others, _TRIED)]
        matching = [(total, other) for total, other in counted if total.sections]
        heard = pinyin_spellings(_text(leaf))
        order = sorted(
            matching,
            key=lambda each: (pinyin_spellings(_text(each[1])) != heard, -(each[0].occurrences or each[0].sections)),
        )
        return [other for _, other in order[:_MOST]]

    def _named(self, agency: Agency) -> str:
        """The name of an agency, or its id if others have the name, too."""
        alone = agencies_meant(self.agencies.agencies, agency.name) == (agency,)
        return agency.name if alone else agency.id

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary({*self._words(), *field_terms()})


def _exact(leaf: Query) -> Query:
    """A plain string as the exact characters: a correction has to occur as it is written."""
    return Phrase(leaf.text) if isinstance(leaf, Term) else leaf


def _text(leaf: Query) -> str:
    return leaf.text if isinstance(leaf, Term | Phrase | Word) else leaf.value if isinstance(leaf, In) else ""


def _with(tree: Query, leaf: Query, other: Query) -> Query:
    """The tree with another leaf in the place of one."""
    if tree == leaf:
        return other
    if isinstance(tree, And | Or):
        return replace(tree, parts=tuple(_with(part, leaf, other) for part in tree.parts))
    return replace(tree, part=_with(tree.part, leaf, other)) if isinstance(tree, Not | Scope) else tree
