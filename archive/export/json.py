"""Reports as the JSON that other programs read."""

from __future__ import annotations

from typing import Any

from archive.analysis.compare import Comparison, ParagraphChange, SectionPair, TextDiffLine
from archive.analysis.measures import Measured
from archive.errors import Language
from archive.model import Check, Figure, Notice, Report, Section, Source, SourceSpan, Table
from archive.notices import message


def report_json(report: Report, language: Language = "zh") -> dict[str, Any]:
    """One report: who, which year, what it says; lines count from 1, values are decimal strings."""
    return {
        "title": report.title,
        "title_basis": report.title_basis,
        "agency": report.agency,
        "agency_name": report.agency_name,
        "agency_as_printed": report.agency_as_printed,
        "agency_basis": report.agency_basis,
        "year": report.year,
        "year_basis": report.year_basis,
        "key": report.key,
        "form": report.form,
        "published_on": report.published_on and report.published_on.isoformat(),
        "period": report.period and [day.isoformat() for day in report.period],
        "first_line": report.place.first_line,
        "last_line": report.place.last_line,
        "duplicate_of": report.duplicate_of and _place(report.duplicate_of),
        "source": source_json(report.source),
        "sections": [_section(section) for section in report.sections],
        "figures": [figure_json(figure) for figure in report.figures],
        "checks": [_check(check) for check in report.checks],
        "notices": [notice_json(notice, language) for notice in report.notices],
    }


def figure_json(figure: Figure) -> dict[str, Any]:
    """One figure; `value` is a decimal string, or null where none is printed or readable."""
    return {
        "table": figure.table,
        "row": figure.row,
        "column": figure.column,
        "value": None if figure.value is None else f"{figure.value:f}",
        "printed": figure.printed,
        "state": figure.state,
        "basis": figure.basis,
        "unit": figure.unit,
        "check": dict(figure.check),
        "sentence": figure.sentence,
        "line": figure.place.first_line,
    }


def notice_json(notice: Notice, language: Language) -> dict[str, Any]:
    """One notice with its sentence; `place` holds lines."""
    return {
        "code": notice.code,
        "severity": notice.severity,
        "message": message(notice, language),
        "place": _place(notice.place),
    }


def source_json(source: Source) -> dict[str, Any]:
    """Where a report came from."""
    return {
        "path": source.path,
        "sha256": source.sha256,
        "media_type": source.media_type,
        "url": source.url,
        "site": source.site,
        "captured_on": source.captured_on and source.captured_on.isoformat(),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "code": section.code,
        "also": list(section.also),
        "anchor": section.anchor,
        "heading": section.heading,
        "text": section.text,
        "first_line": section.place.first_line,
        "last_line": section.place.last_line,
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": table.kind,
        "first_line": table.place.first_line,
        "last_line": table.place.last_line,
        "rows": [[cell.text for cell in row] for row in table.rows],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "table": check.table,
        "identity": check.identity,
        "where": check.where,
        "left": {"figures": list(check.left), "sum": f"{check.left_sum:f}"},
        "right": {"figures": list(check.right), "sum": f"{check.right_sum:f}"},
        "result": check.result,
    }


def _place(place: SourceSpan) -> dict[str, int | None]:
    return {"first_line": place.first_line, "last_line": place.last_line}


def comparison_json(comparison: Comparison, language: Language = "zh") -> dict[str, Any]:
    """A comparison as plain values; `share` is a number from 0 to 1 or null, differences are decimal strings."""
    share = comparison.share
    return {
        "agency": comparison.after.agency,
        "before": _report_json(comparison.before),
        "after": _report_json(comparison.after),
        "carried_over": {
            "share": None if share is None else round(share, 4),
            "characters": comparison.carried,
            "of": comparison.characters,
        },
        "paragraphs": dict(comparison.counts),
        "sections": [_section_json(pair) for pair in comparison.sections],
        "figures": [
            {
                "table": pair.figure.table,
                "row": pair.figure.row,
                "column": pair.figure.column,
                "before": pair.before and figure_json(pair.before),
                "after": pair.after and figure_json(pair.after),
                "difference": None if pair.difference is None else f"{pair.difference:f}",
                "breaks": [{"code": each.code, "reason": each.reason(language)} for each in table.breaks],
            }
            for table in comparison.tables
            for pair in table.pairs
        ],
    }


def _report_json(report: Report) -> dict[str, Any]:
    return {"key": report.key, "title": report.title, "form": report.form, "sha256": report.source.sha256}


def _section_json(pair: SectionPair) -> dict[str, Any]:
    return {
        "code": pair.section.code,
        "anchor": pair.section.anchor,
        "heading_before": pair.before and pair.before.heading,
        "heading_after": pair.after and pair.after.heading,
        "paragraphs": [_line_json(line) for line in pair.lines],
    }


def _line_json(line: TextDiffLine) -> dict[str, Any]:
    return {
        "fate": line.fate,
        "before": line.before and _passage_json(line.before),
        "after": line.after and _passage_json(line.after),
        "numbers_only": line.numbers_only,
        "pieces": [{"kind": piece.kind, "text": piece.text} for piece in line.pieces],
    }


def _passage_json(passage: ParagraphChange) -> dict[str, Any]:
    return {"number": passage.number, "section": passage.section, "text": passage.text}


def measured_json(found: Measured) -> dict[str, Any]:
    """A measure of one report as plain values; numbers are decimal strings."""
    value = found.value
    return {
        "measure": found.measure.code,
        "value": None if value is None else f"{value:.6f}",
        "numerator": None if found.numerator is None else f"{found.numerator:f}",
        "denominator": None if found.denominator is None else f"{found.denominator:f}",
        "standing": found.standing,
        "doubtful": found.doubtful,
    }
