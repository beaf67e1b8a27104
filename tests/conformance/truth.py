"""The truth: the tree evaluated on one section at a time, with plain string operations over the stored text.

It calls the cutter for words and the same rule for keywords; nothing else of the engines is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive import Agency, Report, Section, normal_form
from indexer.keywords import KeywordCounts
from indexer.tree import And, Everything, In, Not, Or, Phrase, Query, Term, Word, Years
from indexer.words import Words, is_word

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One section as the truth sees it."""

    report: Report
    section: Section
    agency: str
    keywords: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"/reports/{self.report.agency}/{self.report.key}#{self.section.anchor}"

    def values(self, field: str) -> set[int | str | None]:
        match field:
            case "year":
                return {self.report.year}
            case "section":
                return {self.section.code, *self.section.also}
            case "agency":
                return {self.report.agency}
            case "keyword":
                return set(self.keywords)
            case "form":
                return {self.report.form} if self.report.form else set()
        raise KeyError(field)


class Truth:
    def __init__(self, reports: Iterable[Report], agencies: Iterable[Agency], words: Words) -> None:
        self.words = words
        names = {agency.id: " ".join(name.text for name in agency.names) for agency in agencies}
        counts = KeywordCounts()
        pairs = []
        for report in reports:
            counted = []
            for section in report.sections:
                counted.append(Counter(filter(is_word, words.cut(normal_form(section.text)))))
                pairs.append((report, section))
            counts.add_report(counted)
        self.rows = [
            Row(report, section, names.get(report.agency, report.agency_name or ""), keywords)
            for (report, section), keywords in zip(pairs, counts.keywords(), strict=True)
        ]

    def sections(self, tree: Query, filters: Mapping[str, Sequence[Query]]) -> list[Row]:
        return [
            row
            for row in self.rows
            if self.matches(tree, row)
            and all(any(self.matches(part, row) for part in parts) for parts in filters.values())
        ]

    def facet(self, field: str, tree: Query, filters: Mapping[str, Sequence[Query]]) -> Counter[int | str | None]:
        others = {name: parts for name, parts in filters.items() if name != field}
        return Counter(value for row in self.sections(tree, others) for value in row.values(field))

    def matches(self, tree: Query, row: Row) -> bool:
        match tree:
            case Everything():
                return True
            case Term(text):
                form, wanted = normal_form(row.section.text), self.words.words(normal_form(text))
                return normal_form(text) in form or (bool(wanted) and set(wanted) <= self.words.held(form))
            case Phrase() | Word():
                return bool(self.leaf_spans(tree, row))
            case Years(first, last):
                year = row.report.year
                return year is not None and (first is None or first <= year) and (last is None or year <= last)
            case In("year", _):
                return row.report.year is None
            case In("agency", value):
                return value == row.report.agency or normal_form(value) in normal_form(row.agency)
            case In(field, value):
                return normal_form(value) in row.values(field)
            case And(parts):
                return all(self.matches(part, row) for part in parts)
            case Or(parts):
                return any(self.matches(part, row) for part in parts)
            case Not(part):
                return not self.matches(part, row)

    def spans(self, tree: Query, row: Row) -> set[Span]:
        """The distinct marked spans of all positive leaves."""
        match tree:
            case And(parts) | Or(parts):
                return set().union(*(self.spans(part, row) for part in parts))
            case Term() | Phrase() | Word():
                return set(self.leaf_spans(tree, row))
            case _:
                return set()

    def leaf_spans(self, leaf: Term | Phrase | Word, row: Row) -> list[Span]:
        form, wanted = normal_form(row.section.text), normal_form(leaf.text)
        match leaf:
            case Phrase():
                return find(wanted, form)
            case Word():
                edges = {0}
                for piece in self.words.cut(form):
                    edges.add(max(edges) + len(piece))
                return find(wanted, form, edges)
            case Term():
                if wanted in form:
                    return find(wanted, form)
                if not self.matches(leaf, row):
                    return []
                return [span for word in self.words.words(wanted) for span in find(word, form)]


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


def has_text(tree: Query) -> bool:
    match tree:
        case Term() | Phrase() | Word():
            return True
        case And(parts) | Or(parts):
            return any(map(has_text, parts))
        case Not(part):
            return has_text(part)
        case _:
            return False
