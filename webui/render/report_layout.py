"""Lays out a report: sections with anchors, tables in their place, and marked hits of a query."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from archive.analysis.compare import Fate, SectionPair
from archive.analysis.compare import ParagraphChange as Passed
from archive.analysis.compare import TextDiffLine as Compared
from archive.analysis.computed import with_computed
from archive.errors import Language
from archive.model import Figure, Report, Section, Table
from archive.notices import message
from archive.vocabulary import TABLES, table_label, table_rules
from indexer.answers.highlight import Span, merged
from webui.render.diff_marks import Changes, edits
from webui.render.highlight import Layer, Tag, layered, numbered
from webui.render.labels import section_label
from webui.render.prose_anchors import StatedFigure, sentences
from webui.render.statutory_grid import StatutoryGrid, grid

LONGEST_HEADING = 40
"""Characters. A longer numbered line is a paragraph and not a sub-heading."""

Finder = Callable[[str], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class LayoutPassage:
    """One paragraph. `level` is 0 for running text, else the level of a sub-heading.

    `fate` is the result of a comparison with another report; a dropped paragraph has no anchor.
    """

    anchor: str | None
    html: Markup
    level: int
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class LayoutPart:
    """A section with the labels of its codes, its printed heading, its content and its number of marks."""

    section: Section
    labels: tuple[str, ...]
    heading: Markup | None
    passages: tuple[LayoutPassage, ...]
    grids: tuple[StatutoryGrid, ...] = ()
    printed: tuple[Table, ...] = ()
    marks: int = 0
    fate: Fate | None = None
    before: Section | None = None
    """The corresponding section of the other report."""


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """A whole report. `loose` are tables that belong to no section."""

    parts: tuple[LayoutPart, ...]
    loose: tuple[StatutoryGrid, ...]
    stated: tuple[StatedFigure, ...]
    marks: int


def lay_out(report: Report, language: Language, find: Finder, changes: Changes | None = None) -> ReportLayout:
    """Lays out a report.

    Args:
        report: the report.
        language: the language of labels.
        find: returns the spans to mark in the text of a section.
        changes: the changes since another report.
    """
    grids = dict(_grids(report, language))
    left = dict(grids)
    found = {section.anchor: merged(find(section.text)) for section in report.sections}
    total = sum(map(len, found.values()))
    stated, stating = sentences(report)
    parts: list[LayoutPart] = []
    number = marks = 0  # counted through the whole report
    for pair in changes.comparison.sections if changes else (SectionPair(None, each, ()) for each in report.sections):
        section = pair.after
        if section is None:
            parts.append(_gone(pair, language))
            continue
        spans = found[section.anchor]
        lines = _lines(section, spans, marks + 1, total)
        heading = layered(section.heading, [next(lines)]) if section.heading else None
        marks += len(spans)
        passages: dict[int, LayoutPassage] = {}
        compared = {line.after.number: line for line in pair.lines if line.after}
        for paragraph, hits in zip(section.paragraphs, lines, strict=True):
            number += 1
            layers = [edits(compared[number])] if number in compared else []
            html = layered(paragraph.text, [*layers, stating.get(number, ()), hits])
            level = paragraph.level if len(paragraph.text) <= LONGEST_HEADING else 0
            passages[number] = LayoutPassage(paragraph_anchor(number, paragraph.text), html, level)
        claimed = [left.pop(kind) for kind in _claims(section, left, report)]
        parts.append(
            LayoutPart(
                section,
                _labels(section, language),
                heading,
                tuple(_woven(passages, pair.lines)) if changes else tuple(passages.values()),
                tuple(claimed),
                tuple(table for table in section.tables if table.kind not in grids),
                len(spans),
                "added" if changes and pair.before is None else None,
                pair.before,
            )
        )
    return ReportLayout(tuple(parts), tuple(left.values()), stated, marks)


def anchor_of(passage: Passed) -> str:
    return paragraph_anchor(passage.number, passage.text)


def paragraph_anchor(number: int, text: str) -> str:
    """`p12-3fa9c1`: the number in the report, from 1, and six hex digits of the SHA-256 of the text.

    The digits identify a paragraph that has another number in a later version.
    """
    return f"p{number}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def _lines(section: Section, spans: list[Span], number: int, total: int) -> Iterator[Layer]:
    """The marks on each line of a section's text; no span crosses a line."""
    offset = 0
    for line in [*filter(None, [section.heading]), *(paragraph.text for paragraph in section.paragraphs)]:
        end = offset + len(line)
        here = [(start - offset, stop - offset) for start, stop in spans if offset <= start and stop <= end]
        yield numbered(here, number, total)
        number += len(here)
        offset = end + 1


def _gone(pair: SectionPair, language: Language) -> LayoutPart:
    """A section that only the other report has."""
    section = pair.section
    heading = layered(section.heading, ()) if section.heading else None
    passages = tuple(_woven({}, pair.lines))
    return LayoutPart(section, _labels(section, language), heading, passages, fate="dropped", before=section)


def _woven(passages: Mapping[int, LayoutPassage], lines: Iterable[Compared]) -> Iterator[LayoutPassage]:
    """The paragraphs with their fates, dropped ones included."""
    for line in lines:
        if line.after:
            yield replace(passages[line.after.number], fate=line.fate)
        elif line.before:
            text = line.before.text
            yield LayoutPassage(None, layered(text, [[Tag((0, len(text)), "del")]]), 0, line.fate)


def _labels(section: Section, language: Language) -> tuple[str, ...]:
    return tuple(section_label(code, language) for code in (section.code, *section.also))


def _grids(report: Report, language: Language) -> Iterator[tuple[str, StatutoryGrid]]:
    by_table: dict[str, list[Figure]] = {}
    for figure in with_computed(report.figures, report.form):
        if figure.table != "prose":
            by_table.setdefault(figure.table, []).append(figure)
    holding = Counter(check.table for check in report.checks if check.result.startswith("passed"))
    failures: dict[str, list[str]] = {}
    for notice in report.notices:
        if notice.code == "check_failed":
            failures.setdefault(notice.facts["table"], []).append(message(notice, language))
    for kind, figures in by_table.items():
        failed = tuple(failures.get(table_label(kind, "zh"), ()))
        yield kind, replace(grid(kind, figures, report.form, language), holding=holding[kind], failures=failed)


def _claims(section: Section, left: Container[str], report: Report) -> list[str]:
    """The tables of a section: those printed in it, and the one of its code if it is printed nowhere."""
    here = [table.kind for table in section.tables if table.kind]
    anywhere = {table.kind for other in report.sections for table in other.tables}
    if section.code not in anywhere:
        here.append(section.code)
    # rows of a local table can be counted in another one
    rows = (row for kind in here if kind in TABLES for row in table_rules(kind)["row"])
    here += sorted({row["counts_in"] for row in rows if "counts_in" in row} - anywhere)
    return [kind for kind in dict.fromkeys(here) if kind in left]
