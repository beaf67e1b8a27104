"""Reports as the JSON that other programs read (FACE: Show JSON)."""

from __future__ import annotations

from typing import Any

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
