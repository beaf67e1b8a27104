"""A report laid out for reading: sections with anchors, tables where they stand, the hits of a query marked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from archive import Figure, Language, Paragraph, Report, Section, Table
from archive.compare import Passage as Passed
from indexer import Span
from webui.labels import section_label
from webui.marking import joined, marked
from webui.tables import Grid, grid

LONGEST_HEADING = 40
"""Characters. A numbered line longer than this is a paragraph that begins with its number, not a sub-heading."""

Finder = Callable[[str], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph. `level` is 0 for running text, else that of its sub-heading."""

    anchor: str
    html: Markup
    level: int


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its code's label, its heading as printed, what stands under it, and how many marks are in it."""

    section: Section
    labels: tuple[str, ...]
    heading: Markup | None
    passages: tuple[Passage, ...]
    grids: tuple[Grid, ...]
    printed: tuple[Table, ...]
    marks: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that a sentence states, with the address of the paragraph it stands in."""

    figure: Figure
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole report. `loose` are tables whose figures no section claims."""

    parts: tuple[Part, ...]
    loose: tuple[Grid, ...]
    stated: tuple[Stated, ...]
    marks: int


def lay_out(report: Report, language: Language, find: Finder) -> Layout:
    """The report for reading; `find` gives the spans to mark in the text of a section."""
    grids = dict(_grids(report, language))
    left = dict(grids)
    parts: list[Part] = []
    anchors: list[tuple[str, Paragraph]] = []
    numbers = 0  # paragraphs so far; their anchors count through the report
    marks = 0

    found = [list(joined(find(section.text))) for section in report.sections]
    total = sum(map(len, found))
    for section, spans in zip(report.sections, found, strict=True):
        lines = _lines(section, spans, marks + 1, total)
        marks += len(spans)
        heading = next(lines) if section.heading else None
        passages: list[Passage] = []
        for paragraph, line in zip(section.paragraphs, lines, strict=True):
            numbers += 1
            anchor = paragraph_anchor(numbers, paragraph.text)
            anchors.append((anchor, paragraph))
            level = paragraph.level if len(paragraph.text) <= LONGEST_HEADING else 0
            passages.append(Passage(anchor, line, level))
        claimed = [left.pop(kind) for kind in _claims(section, left, report)]
        printed = tuple(table for table in section.tables if table.kind not in grids)
        labels = tuple(section_label(code, language) for code in (section.code, *section.also))
        parts.append(Part(section, labels, heading, tuple(passages), tuple(claimed), printed, len(spans)))
    stated = tuple(Stated(figure, _home(figure, anchors)) for figure in report.figures if figure.basis == "prose")
    return Layout(tuple(parts), tuple(left.values()), stated, marks)


def anchor_of(passage: Passed) -> str:
    """The anchor of a paragraph that a comparison counts."""
    return paragraph_anchor(passage.number, passage.text)


def paragraph_anchor(number: int, text: str) -> str:
    """`p12-3fa9c1`: its number in the report, from 1, and six hex digits of its text's SHA-256.

    The number finds a paragraph in this version; the digits find it again in a later one where it has moved.
    """
    return f"p{number}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def _lines(section: Section, spans: list[Span], number: int, total: int) -> Iterator[Markup]:
    """The lines of a section's text with the spans found in it marked; no span crosses a line."""
    offset = 0
    for line in [*filter(None, [section.heading]), *(paragraph.text for paragraph in section.paragraphs)]:
        end = offset + len(line)
        here = [(start - offset, stop - offset) for start, stop in spans if offset <= start and stop <= end]
        yield marked(line, here, number, total)
        number += len(here)
        offset = end + 1


def _grids(report: Report, language: Language) -> Iterator[tuple[str, Grid]]:
    by_table: dict[str, list[Figure]] = {}
    for figure in report.figures:
        if figure.basis == "table":
            by_table.setdefault(figure.table, []).append(figure)
    for kind, figures in by_table.items():
        yield kind, grid(kind, figures, report.form, language)


def _claims(section: Section, left: Container[str], report: Report) -> list[str]:
    """The tables that stand in this section: those printed here, and the one of its code that is printed nowhere."""
    here = [table.kind for table in section.tables if table.kind]
    anywhere = {table.kind for other in report.sections for table in other.tables}
    if section.code not in anywhere:
        here.append(section.code)
    return [kind for kind in dict.fromkeys(here) if kind in left]


def _home(figure: Figure, anchors: list[tuple[str, Paragraph]]) -> str | None:
    """The paragraph that holds the figure's sentence; the one on its line where two say the same."""
    found = [(anchor, paragraph) for anchor, paragraph in anchors if (figure.sentence or "\0") in paragraph.text]
    on_line = [anchor for anchor, paragraph in found if paragraph.place == figure.place]
    return next(iter([*on_line, *(anchor for anchor, _ in found)]), None)
