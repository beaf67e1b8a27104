"""Reports as the JSON that other programs read; lines count from 1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, NotRequired

from msgspec import Meta

from archive.agencies.name_tolerance import Tolerance
from archive.analysis.aggregates import Aggregate
from archive.analysis.compare import FATES, Comparison, ParagraphChange, SectionPair, TextDiffLine
from archive.analysis.coverage import CoverageCell
from archive.analysis.measures import Measured
from archive.errors import Language
from archive.export.json_types import Count, DecimalText, Json, Line, decimal_text, record, shape
from archive.model import Agency, Check, Figure, Name, Notice, Report, Section, Source, SourceSpan, Table
from archive.notices import message
from archive.store.curation.notice_reviews import NO_REVIEWS, NoticeReview, NoticeReviews, ReviewState, report_address

_LINES = shape("lines", SourceSpan, "first_line last_line", first_line=Line, last_line=Line)
_TABLE = shape("table", Table, "kind", first_line=Line, last_line=Line, rows=list[list[str]])
_SIDE = shape("side", figures=tuple[str, ...], sum=DecimalText)
_CHECK = shape("check", Check, "table identity where left right result", left=_SIDE, right=_SIDE)
_SECTION = shape(
    "section", Section, "code also anchor heading text", first_line=Line, last_line=Line, tables=[_TABLE]
)  # fmt: skip
SOURCE = shape("source", Source, "path sha256 media_type url site captured_on")
FIGURE = shape(
    "figure", Figure, "table row column value printed state basis unit check sentence",
    value=DecimalText | None, line=Line, confidence=NotRequired[Annotated[float, Meta(ge=0, le=1)]],
)  # fmt: skip
NOTICE = shape(
    "notice", Notice, "code severity", message=str, place=_LINES,
    state=NotRequired[ReviewState], reason=NotRequired[str], reviewed_on=NotRequired[date],
)  # fmt: skip
REPORT = shape(
    "report", Report,
    "title title_basis agency agency_name agency_as_printed agency_basis year year_basis key form published_on period",
    first_line=Line, last_line=Line, duplicate_of=_LINES | None, source=SOURCE,
    sections=[_SECTION], figures=[FIGURE], checks=[_CHECK], notices=[NOTICE],
)  # fmt: skip


def report_json(report: Report, language: Language = "zh", reviews: NoticeReviews = NO_REVIEWS) -> Json:
    """One report: who, which year, what it says; its notices with the states that a curator gave them."""
    address = report_address(report)
    return record(
        REPORT,
        report,
        **_lines(report.place),
        duplicate_of=report.duplicate_of and _lines(report.duplicate_of),
        source=source_json(report.source),
        sections=[_section(section) for section in report.sections],
        figures=[figure_json(figure) for figure in report.figures],
        checks=[_check(check) for check in report.checks],
        notices=[notice_json(each, language, reviews.of(address, report.source, each)) for each in report.notices],
    )


def figure_json(figure: Figure) -> Json:
    """One figure; `value` is null where none is printed or readable, `confidence` only there if OCR read it."""
    # the document of `record`, written out: exports have 100,000 of them
    written: Json = {
        "table": figure.table,
        "row": figure.row,
        "column": figure.column,
        "value": decimal_text(figure.value),
        "printed": figure.printed,
        "state": figure.state,
        "basis": figure.basis,
        "unit": figure.unit,
        "check": dict(figure.check),
        "sentence": figure.sentence,
        "line": figure.place.first_line,
    }
    if figure.confidence is not None:
        written["confidence"] = figure.confidence
    return written


def notice_json(notice: Notice, language: Language, review: NoticeReview | None = None) -> Json:
    """One notice with its sentence, and the state that a curator gave it, if there is one."""
    found: Json = {
        "code": notice.code,
        "severity": notice.severity,
        "message": message(notice, language),
        "place": _lines(notice.place),
    }
    if review:
        found |= {"state": review.state, "reason": review.reason, "reviewed_on": review.date}
    return found


def source_json(source: Source) -> Json:
    """Where a report comes from."""
    return record(SOURCE, source)


def _lines(place: SourceSpan) -> Json:
    return record(_LINES, place)


def _section(section: Section) -> Json:
    return record(_SECTION, section, **_lines(section.place), tables=[_table(table) for table in section.tables])


def _table(table: Table) -> Json:
    return record(_TABLE, table, **_lines(table.place), rows=[[cell.text for cell in row] for row in table.rows])


def _check(check: Check) -> Json:
    left = {"figures": check.left, "sum": f"{check.left_sum:f}"}
    right = {"figures": check.right, "sum": f"{check.right_sum:f}"}
    return record(_CHECK, check, left=left, right=right)


_COMPARED = shape("compared_report", Report, "key title form", sha256=str)
_CARRIED = shape("carried_over", share=Annotated[float, Meta(ge=0, le=1)] | None, characters=Count, of=Count)
_PASSAGE = shape("passage", ParagraphChange, "number section text", number=Count)
_PARAGRAPHS = shape(
    "paragraph_pair", TextDiffLine, "fate before after numbers_only pieces",
    before=_PASSAGE | None, after=_PASSAGE | None,
)  # fmt: skip
_SECTIONS = shape(
    "section_pair", Section, "code anchor",
    heading_before=str | None, heading_after=str | None, paragraphs=[_PARAGRAPHS],
)  # fmt: skip
_FIGURES = shape(
    "figure_pair", Figure, "table row column",
    before=FIGURE | None, after=FIGURE | None, difference=DecimalText | None,
    breaks=[shape("break", code=str, reason=str)],
)  # fmt: skip
COMPARISON = shape(
    "compared", agency=str, before=_COMPARED, after=_COMPARED, carried_over=_CARRIED,
    paragraphs=shape("fates", **dict.fromkeys(FATES, Count)), sections=[_SECTIONS], figures=[_FIGURES],
)  # fmt: skip


def comparison_json(comparison: Comparison, language: Language = "zh") -> Json:
    """A comparison; `share` is a number from 0 to 1 or null."""
    before, after, share = comparison.before, comparison.after, comparison.share
    share = None if share is None else round(share, 4)
    return record(
        COMPARISON,
        comparison,
        agency=after.agency,
        before=record(_COMPARED, before, sha256=before.source.sha256),
        after=record(_COMPARED, after, sha256=after.source.sha256),
        carried_over={"share": share, "characters": comparison.carried, "of": comparison.characters},
        paragraphs=comparison.counts,
        sections=[_section_pair(pair) for pair in comparison.sections],
        figures=[
            record(
                _FIGURES,
                pair.figure,
                before=pair.before and figure_json(pair.before),
                after=pair.after and figure_json(pair.after),
                difference=decimal_text(pair.difference),
                breaks=[{"code": each.code, "reason": each.reason(language)} for each in table.breaks],
            )
            for table in comparison.tables
            for pair in table.pairs
        ],
    )


def _section_pair(pair: SectionPair) -> Json:
    return record(
        _SECTIONS,
        pair.section,
        heading_before=pair.before and pair.before.heading,
        heading_after=pair.after and pair.after.heading,
        paragraphs=[record(_PARAGRAPHS, x, before=_passage(x.before), after=_passage(x.after)) for x in pair.lines],
    )


def _passage(passage: ParagraphChange | None) -> Json | None:
    return record(_PASSAGE, passage) if passage else None


AGGREGATE = shape(
    "aggregate", Aggregate, "figure year group agencies stating sum median lower_quartile upper_quartile share "
    "share_agencies sources approximate ocr", sum=DecimalText | None, median=DecimalText | None,
    lower_quartile=DecimalText | None, upper_quartile=DecimalText | None, share=DecimalText | None, sources=[str],
)  # fmt: skip
_NUMBERS = ("sum", "median", "lower_quartile", "upper_quartile", "share")


def aggregate_json(found: Aggregate) -> Json:
    """An aggregate with decimals as strings."""
    return record(AGGREGATE, found, **{name: decimal_text(getattr(found, name)) for name in _NUMBERS})


MEASURE = shape(
    "measure", Measured, "measure value numerator denominator standing doubtful",
    measure=str, value=DecimalText | None, numerator=DecimalText | None, denominator=DecimalText | None,
)  # fmt: skip
_CELL = shape("coverage_cell", CoverageCell, "agency year state", duplicate=NotRequired[bool])
COVERAGE = shape("coverage", as_of=str, cells=[_CELL])


def measured_json(found: Measured) -> Json:
    """A measure of one report."""
    value = None if found.value is None else f"{found.value:.6f}"
    parts = {"numerator": decimal_text(found.numerator), "denominator": decimal_text(found.denominator)}
    return record(MEASURE, found, measure=found.measure.code, value=value, **parts)


def coverage_json(cells: Iterable[CoverageCell], as_of: str) -> Json:
    """The state of each agency and year; `duplicate` is there only where it is true."""
    return {"as_of": as_of, "cells": [_cell(cell) for cell in cells]}


def _cell(cell: CoverageCell) -> Json:
    plain = {"agency": cell.agency, "year": cell.year, "state": cell.state}
    return plain | ({"duplicate": True} if cell.duplicate else {})


_NAME = shape("name", Name, "name first_year last_year", name=str)
AGENCY = shape("agency_json", Agency, "agency name names place level kind", agency=str, names=[_NAME], reports=[str])
FOUND_AGENCY = shape(
    "found_agency", Agency, "agency name names place level kind", agency=str, names=[_NAME], reports=[str],
    tolerance=NotRequired[Tolerance],
)  # fmt: skip


def agency_entry(agency: Agency, keys: Iterable[str], tolerance: Tolerance | None = None) -> Json:
    """An agency with its names over time and its reports, and the tolerated difference by which it was found."""
    names = [record(_NAME, name, name=name.text) for name in agency.names]
    reports = [f"{agency.id}/{key}" for key in keys]
    found = record(AGENCY, agency, agency=agency.id, names=names, reports=reports)
    return found | ({"tolerance": tolerance} if tolerance else {})
