"""The truth: the tree evaluated on one section at a time, with plain string operations over the stored text.

It calls the cutter for words and the same rule for keywords; nothing else of the engines is in it.
"""

from __future__ import annotations

import functools
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.model import Agency, Report, Section
from archive.text.normalize import normal_form
from indexer.query.ast import (
    And,
    Condition,
    Gapped,
    In,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Term,
    Text,
    Where,
    Word,
    YearRange,
    scope_of,
)
from indexer.text.keywords import Frequencies, KeywordCounts
from indexer.text.tokenizer import Tokenizer, is_word
from tests.conformance.reports import Places

Span = tuple[int, int]
Filters = Mapping[str, Sequence[Query]]
COMPARE = {"=": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True, eq=False)
class Row:
    """One section as the truth sees it."""

    report: Report
    section: Section
    agency: str
    places: tuple[str, ...]
    listed: Agency | None
    keywords: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"/reports/{self.report.agency}/{self.report.key}#{self.section.anchor}"

    @functools.cache  # noqa: B019 (rows live as long as the tests)
    def text(self, where: Where) -> str:
        cells = [cell.text for table in self.section.tables for cell in table.cells() if cell.text]
        texts = {"text": [self.section.text], "tables": cells, "all": [self.section.text, *cells]}[where]
        return "\n".join(filter(None, texts))

    @functools.cache  # noqa: B019
    def form(self, where: Where) -> str:
        return normal_form(self.text(where))

    def values(self, field: str) -> set[int | str | None]:
        match field:
            case "year":
                return {self.report.year}
            case "section":
                return {self.section.code, *self.section.also}
            case "agency":
                return {self.report.agency}
            case "place":
                return set(self.places)
            case "level":
                return set(filter(None, [self.listed and self.listed.level]))
            case "kind":
                return set(filter(None, [self.listed and self.listed.kind]))
            case "keyword":
                return set(self.keywords)
            case "form":
                return {self.report.form} if self.report.form else set()
        raise KeyError(field)


class Truth:
    def __init__(
        self,
        reports: Iterable[Report],
        agencies: Iterable[Agency],
        words: Tokenizer,
        places: Places,
        frequencies: Frequencies | None = None,
    ) -> None:
        """`frequencies` weigh the keywords; by default, those of the reports."""
        self.words = words
        self.words_and_parts = functools.cache(words.words_and_parts)
        self.known_places = {place for named in places.values() for place in named}
        listed = {agency.id: agency for agency in agencies}
        names = {id_: " ".join(name.text for name in agency.names) for id_, agency in listed.items()}
        counts = KeywordCounts()
        pairs = []
        for report in reports:
            counted = []
            names.setdefault(report.agency, report.agency_name or "")  # an agency that nobody listed is called as first
            for section in report.sections:
                counted.append(Counter(filter(is_word, words.cut(normal_form(section.text)))))
                pairs.append((report, section))
            counts.add_report(counted)
        self.frequencies = counts.frequencies
        self.rows = [
            Row(
                report,
                section,
                names[report.agency],
                places.get(report.agency, ()),
                listed.get(report.agency),
                keywords,
            )
            for (report, section), keywords in zip(pairs, counts.keywords(frequencies), strict=True)
        ]

    def sections(self, tree: Query, filters: Filters) -> list[Row]:
        return [row for row in self.rows if self._answer(tree, row) is True and self._let_through(row, filters)]

    def reports_without_figure(self, tree: Query, filters: Filters) -> int:
        """Reports with a section of which nobody knows whether it matches."""
        rows = [row for row in self.rows if self._answer(tree, row) is None and self._let_through(row, filters)]
        return len({(row.report.agency, row.report.key) for row in rows})

    def facet(self, field: str, tree: Query, filters: Filters) -> Counter[int | str | None]:
        others = {name: parts for name, parts in filters.items() if name != field}
        return Counter(value for row in self.sections(tree, others) for value in row.values(field))

    def _let_through(self, row: Row, filters: Filters) -> bool:
        return all(any(self.matches(part, [row], "text") for part in parts) for parts in filters.values())

    def _answer(self, tree: Query, row: Row) -> bool | None:
        scope = scope_of(tree)
        whole = [other for other in self.rows if other.report is row.report]
        return self.matches(scope.part, whole if scope.unit == "report" else [row], scope.where)

    def matches(self, tree: Query, rows: list[Row], where: Where) -> bool | None:
        """Whether a section, or the sections of a report, match; None when nobody knows."""
        match tree:
            case MatchAll():
                return True
            case Term() | Phrase() | Gapped() | Word() | Near():
                return any(self.holds(tree, row.form(where)) for row in rows)
            case YearRange(first, last):
                year = rows[0].report.year
                return year is not None and (first is None or first <= year) and (last is None or year <= last)
            case In("year", _):
                return rows[0].report.year is None
            case In("agency", value):
                return value == rows[0].report.agency or normal_form(value) in normal_form(rows[0].agency)
            case In("place", value):
                return bool({*rows[0].places} & self.places(value))
            case In(field, value):
                return any(normal_form(value) in row.values(field) for row in rows)
            case Condition(name, sign, number):
                stated = [f.value for f in rows[0].report.figures if f.name == name and f.value is not None]
                return any(COMPARE[sign](value, number) for value in stated) if stated else None
            case And(parts):
                answers = {self.matches(part, rows, where) for part in parts}
                return False if False in answers else None if None in answers else True
            case Or(parts):
                answers = {self.matches(part, rows, where) for part in parts}
                return True if True in answers else None if None in answers else False
            case Not(part):
                answer = self.matches(part, rows, where)
                return None if answer is None else not answer
            case Scope():
                raise TypeError(tree)

    def places(self, asked: str) -> set[str]:
        """The places that a filter selects: by name, else by how the name begins, else by how a part of it begins."""
        begun = {place for place in self.known_places if place.startswith(asked)}
        return {asked} & self.known_places or begun or {place for place in self.known_places if f"市{asked}" in place}

    def holds(self, leaf: Text, form: str) -> bool:
        if not isinstance(leaf, Term):
            return bool(self.leaf_spans(leaf, form))
        words = set(self.words.words(normal_form(leaf.text)))
        return normal_form(leaf.text) in form or (bool(words) and words <= self.words_and_parts(form))

    def spans(self, tree: Query, form: str) -> set[Span]:
        """The distinct occurrences of all positive leaves."""
        match tree:
            case And(parts) | Or(parts):
                return set().union(*(self.spans(part, form) for part in parts))
            case Scope(part):
                return self.spans(part, form)
            case Term() | Phrase() | Gapped() | Word() | Near():
                return set(self.leaf_spans(tree, form))
            case _:
                return set()

    def marks(self, tree: Query, form: str) -> set[Span]:
        """The same, and what stands near."""
        match tree:
            case And(parts) | Or(parts):
                return set().union(*(self.marks(part, form) for part in parts))
            case Scope(part):
                return self.marks(part, form)
            case Near(left, distance, right):
                return self.spans(tree, form) | self.spans(Near(right, distance, left), form)
            case _:
                return self.spans(tree, form)

    @functools.lru_cache(maxsize=10_000)  # noqa: B019 (facets ask again)
    def leaf_spans(self, leaf: Text, form: str) -> list[Span]:
        match leaf:
            case Phrase(text):
                return find(normal_form(text), form)
            case Word(text):
                edges = {0}
                for piece in self.words.cut(form):
                    edges.add(max(edges) + len(piece))
                return find(normal_form(text), form, edges)
            case Gapped(texts, gaps):
                return find_gapped([normal_form(text) for text in texts], gaps, form)
            case Near(left, distance, right):
                others = [span for part in right for span in self.leaf_spans(part, form)]
                ones = [span for part in left for span in self.leaf_spans(part, form)]
                return [one for one in ones if any(near(one, other, distance, form) for other in others)]
            case Term(text):
                if normal_form(text) in form:
                    return find(normal_form(text), form)
                if not self.holds(leaf, form):
                    return []
                return [span for word in self.words.words(normal_form(text)) for span in find(word, form)]


def find(wanted: str, form: str, edges: set[int] | None = None) -> list[Span]:
    """From the left, without overlap."""
    spans: list[Span] = []
    at = 0
    while at + len(wanted) <= len(form):
        end = at + len(wanted)
        if form[at:end] == wanted and (edges is None or (at in edges and end in edges)):
            spans.append((at, end))
            at = end
        else:
            at += 1
    return spans


def find_gapped(texts: Sequence[str], gaps: Sequence[str], form: str) -> list[Span]:
    """From the left, without overlap, the shortest from each beginning: every way to fill the gaps is tried."""
    spans: list[Span] = []
    at = 0
    while at < len(form):
        ends = {at}
        for text, gap in zip(texts, [*gaps, ""], strict=True):
            ends = {end + len(text) for end in ends if form[end:].startswith(text)}
            for mark in gap:
                widths = range(21) if mark == "*" else [1]
                ends = {end + width for end in ends for width in widths if is_line(form[end : end + width], width)}
        if ends:
            spans.append((at, min(ends)))
        at = min(ends) if ends else at + 1
    return spans


def is_line(text: str, length: int) -> bool:
    return len(text) == length and "\n" not in text


def near(one: Span, other: Span, distance: int, form: str) -> bool:
    between = form[one[1] : other[0]] if one[1] <= other[0] else form[other[1] : one[0]]
    overlap = one[0] < other[1] and other[0] < one[1]
    return not overlap and len(between) <= distance and "\n" not in between


def has_text(tree: Query) -> bool:
    match tree:
        case Term() | Phrase() | Gapped() | Word() | Near():
            return True
        case And(parts) | Or(parts):
            return any(map(has_text, parts))
        case Not(part) | Scope(part):
            return has_text(part)
        case _:
            return False
