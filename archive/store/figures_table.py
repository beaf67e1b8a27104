"""Writes the tables `reports`, `figures` and `notices`, and selects figures and notices in SQL."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from archive.analysis.coverage import report_state
from archive.errors import DamagedRecord
from archive.limits import bounded_cache
from archive.model import CheckResult, Figure, Notice, Report, ReportSummary, SourceSpan
from archive.store import schema
from archive.store.row_hash import is_whole, whole_rows, with_hash
from archive.store.schema import figures, notices, reports
from archive.store.serialization import damaged_report, digest

_T = TypeVar("_T")
_OCR = "ocr:"
Summaries = Sequence[tuple[int, ReportSummary]]
"""Reports with the numbers of their rows."""
BATCH = 400
"""Reports or agencies named in one query: bounds memory and stays below SQLite's limit of parameters."""
_FIRST_BATCH = 20
"""Reports or agencies that are read first, so that a file begins at once."""


@dataclass(frozen=True, slots=True)
class FigureSelection:
    """Which figures to select; an empty tuple or None selects all. An undated report is in no range of years."""

    agencies: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    tables: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ocr: bool = True
    """Whether figures that were read by OCR are selected."""


def shown() -> sa.ColumnElement[bool]:
    """The condition on a row of `reports`: the newest version of its report, in the first copy on its page."""
    other = reports.alias()
    newer = sa.select(other.c.id).where(
        other.c.agency == reports.c.agency,
        other.c.key == reports.c.key,
        other.c.duplicate.is_(False),
        (other.c.capture > reports.c.capture)
        | ((other.c.capture == reports.c.capture) & (other.c.position < reports.c.position)),
    )
    return reports.c.duplicate.is_(False) & ~newer.exists()


def insert_report(connection: sa.Connection, report: Report, document: str, capture: int, position: int) -> None:
    """Inserts a report with its figures and notices."""
    row = with_hash(reports, {"capture": capture, "position": position, **_report_row(report, document)})
    result = connection.execute(reports.insert().values(row))
    (number,) = result.inserted_primary_key or (None,)
    if report.figures:
        connection.execute(figures.insert(), [_figure_row(number, figure) for figure in report.figures])
    if report.notices:
        connection.execute(notices.insert(), [_notice_row(number, notice) for notice in report.notices])


def differing_tables(connection: sa.Connection, row: sa.Row[Any], report: Report) -> Iterator[str]:
    """Yields the names of the tables whose rows of a report are not those that `insert_report` writes.

    Args:
        connection: to the catalogue.
        row: the row of the report in the table `reports`.
        report: the report that its document holds.
    """
    expected = {**_report_row(report, ""), "digest": row.digest, "document": row.document}
    stored = row._asdict()
    if {name: stored[name] for name in expected} != expected or not is_whole(reports, stored):
        yield reports.name
    for table, rows in (
        (figures, [_figure_row(row.id, figure) for figure in report.figures]),
        (notices, [_notice_row(row.id, notice) for notice in report.notices]),
    ):
        query = sa.select(*table.c[1:]).where(table.c.report == row.id).order_by(table.c.id)
        if [dict(each) for each in connection.execute(query).mappings()] != rows:
            yield table.name


def _report_row(report: Report, document: str) -> dict[str, object]:
    """The columns of a report that follow from its document."""
    return {
        "year": report.year,
        "sha256": report.source.sha256,
        "fingerprint": report.fingerprint,
        "duplicate": report.duplicate_of is not None,
        "form": report.form,
        "state": report_state(report),
        **agency_columns(report, document),
    }


def agency_columns(report: Report, document: str) -> dict[str, object]:
    """The columns of a report that change when its agency is joined with another, renamed or refused."""
    return {
        "agency": report.agency,
        "key": report.key,
        "agency_name": report.agency_name,
        "agency_as_printed": report.agency_as_printed,
        "digest": digest(document.encode()),
        "document": document,
    }


def delete_reports(connection: sa.Connection, sha256: str) -> None:
    """Deletes the reports of a page with their figures and notices."""
    of_page = reports.c.sha256 == sha256
    for table in (figures, notices):
        connection.execute(table.delete().where(table.c.report.in_(sa.select(reports.c.id).where(of_page))))
    connection.execute(reports.delete().where(of_page))


def select_figures(connection: sa.Connection, selection: FigureSelection) -> Iterator[ReportSummary]:
    """Yields the reports of a selection with the selected figures, also reports that have none of these figures.

    Reports are ordered by agency (as in `selection.agencies`, else by id) and key.
    """
    return by_page(connection, selection, lambda page: with_figures(connection, page, selection))


def by_page(
    connection: sa.Connection, selection: FigureSelection, read: Callable[[Summaries], Iterable[_T]]
) -> Iterator[_T]:
    """Yields what `read` returns for the reports of a selection, in the order of `select_figures`.

    It gets some reports at a time. Its queries see the reports as they were listed: a page that is read again in
    between gets other row numbers. Nothing is locked while the caller uses what was yielded.
    """
    c = reports.c
    where = [shown(), *in_years(selection)]
    if selection.agencies:
        first, others = selection.agencies[:_FIRST_BATCH], selection.agencies[_FIRST_BATCH:]
        for agencies in (first, *batches(others)):
            with schema.snapshot(connection):
                summaries = _select_summaries(connection, *where, c.agency.in_(agencies))
                order = {agency: number for number, agency in enumerate(agencies)}
                summaries.sort(key=lambda row: order[row[1].agency])  # stable: keys stay in order
                found = [each for batch in batches(summaries) for each in read(batch)]
            yield from found
        return
    last: tuple[str, str] | None = ("", "")
    size = _FIRST_BATCH
    while last:
        with schema.snapshot(connection):
            summaries = _select_summaries(connection, *where, sa.tuple_(c.agency, c.key) > last, limit=size)
            found = [*read(summaries)]
        last = (summaries[-1][1].agency, summaries[-1][1].key) if len(summaries) == size else None
        size = BATCH
        yield from found


def wanted_figures(selection: FigureSelection) -> list[sa.ColumnElement[bool]]:
    """The conditions on a row of `figures` for the tables, rows and columns of a selection."""
    c = figures.c
    wanted = ((c.table, selection.tables), (c.row, selection.rows), (c.column, selection.columns))
    return [*(column.in_(values) for column, values in wanted if values), *of_basis(selection)]


def select_stating(
    connection: sa.Connection, tables: Collection[str], where: Sequence[sa.ColumnElement[bool]]
) -> frozenset[str]:
    """The agencies with a figure of tables in a shown report with a year. One figure of each agency is read."""
    c = figures.c
    stated = sa.select(c.id).where(c.report == reports.c.id, c.table.in_(tables)).exists()
    first = sa.select(sa.func.min(reports.c.id)).where(shown(), reports.c.year.is_not(None), *where, stated)
    query = sa.select(reports).where(reports.c.id.in_(first.group_by(reports.c.agency)))
    stating = {row.id: row for row in report_rows(connection, query)}
    addresses = {number: f"{row.agency}/{row.key}" for number, row in stating.items()}
    one = sa.select(c.id).where(c.report == reports.c.id, c.table.in_(tables)).limit(1).scalar_subquery()
    found = set[str]()
    for some in batches([*stating]):
        cells = sa.select(one).where(reports.c.id.in_(some))
        rows = whole_rows(connection, figures, sa.select(figures).where(c.id.in_(cells)), damaged_row_of(addresses))
        found.update(stating[row.report].agency for row in rows)
    return frozenset(found)


def in_years(selection: FigureSelection) -> list[sa.ColumnElement[bool]]:
    """The conditions on a row of `reports` for the years of a selection."""
    where: list[sa.ColumnElement[bool]] = []
    if selection.first is not None:
        where.append(reports.c.year >= selection.first)
    if selection.last is not None:
        where.append(reports.c.year <= selection.last)
    return where


def with_figures(
    connection: sa.Connection, summaries: Summaries, selection: FigureSelection
) -> Iterator[ReportSummary]:
    """Yields reports with their figures of a selection."""
    c = figures.c
    found: defaultdict[int, list[Figure]] = defaultdict(list)
    of_reports = c.report.in_([number for number, _ in summaries])
    query = sa.select(figures).where(of_reports, *wanted_figures(selection)).order_by(c.id)
    addresses = {number: f"{summary.agency}/{summary.key}" for number, summary in summaries}
    for row in whole_rows(connection, figures, query, damaged_row_of(addresses)):
        found[row.report].append(_figure(row[2:-1]))
    for number, summary in summaries:
        yield replace(summary, figures=tuple(found[number])) if number in found else summary


def _select_summaries(
    connection: sa.Connection, *where: sa.ColumnElement[bool], limit: int | None = None
) -> list[tuple[int, ReportSummary]]:
    """Row number and summary of reports by agency and key, the newest version first."""
    c = reports.c
    query = sa.select(reports).where(*where).order_by(c.agency, c.key, c.capture.desc(), c.position).limit(limit)
    return [
        (
            row.id,
            ReportSummary(row.agency, row.agency_name, row.agency_as_printed, row.key, row.year, row.form, row.sha256),
        )
        for row in report_rows(connection, query)
    ]


def report_rows(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """Yields the rows of a query on `reports`, without documents; raises `DamagedRecord`."""
    return whole_rows(connection, reports, query, lambda row: damaged_report(f"{row.agency}/{row.key}"))


def damaged_row_of(addresses: Mapping[int, str]) -> Callable[[sa.Row[Any]], DamagedRecord]:
    """Returns what makes the error for a damaged row that belongs to one of these reports."""
    return lambda row: damaged_report(addresses.get(row.report, str(row.report)))


def select_notices(connection: sa.Connection) -> Iterator[tuple[ReportSummary, Notice]]:
    """Yields the notices on reports, every version and every copy of a report, by agency and key, newest first."""
    summaries = _select_summaries(connection, reports.c.id.in_(sa.select(notices.c.report)))
    addresses = {number: f"{summary.agency}/{summary.key}" for number, summary in summaries}
    found: defaultdict[int, list[Notice]] = defaultdict(list)
    query = sa.select(notices).order_by(notices.c.id)
    for row in whole_rows(connection, notices, query, damaged_row_of(addresses)):
        place = SourceSpan(row.first_line, row.last_line)
        found[row.report].append(Notice(row.code, row.severity, place, json.loads(row.facts)))
    for number, summary in summaries:
        yield from ((summary, notice) for notice in found[number])


def batches(rows: Sequence[_T], size: int = BATCH) -> Iterator[Sequence[_T]]:
    """The rows in groups that one query can name."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _figure_row(report: int | None, figure: Figure) -> dict[str, object]:
    row = {
        "report": report,
        "table": figure.table,
        "row": figure.row,
        "column": figure.column,
        "value": None if figure.value is None else str(figure.value),
        "printed": figure.printed,
        "state": figure.state,
        "basis": _stored_basis(figure),
        "unit": figure.unit,
        "label": figure.label,
        "sentence": figure.sentence,
        "first_line": figure.place.first_line,
        "last_line": figure.place.last_line,
        "check": json.dumps(dict(figure.check)) if figure.check else None,
    }
    return with_hash(figures, row)


def _figure(values: Iterable[Any]) -> Figure:
    """The figure of a row of the table, from the column `table` on."""
    table, row, column, value, printed, state, basis, unit, label, sentence, first, last, check = values
    return Figure(
        table, row, column, None if value is None else Decimal(value), printed, state, basis.partition(":")[0],
        unit, label, sentence,
        SourceSpan(first, last), _decoded_check(check) if check else {}, stored_confidence(basis),
    )  # fmt: skip


def _stored_basis(figure: Figure) -> str:
    """The basis as the column has it: `ocr:0.973` with the confidence of OCR."""
    return figure.basis if figure.confidence is None else f"{figure.basis}:{figure.confidence:g}"


def stored_confidence(basis: str) -> float | None:
    """The confidence in a column `basis`, None for a figure that was not read by OCR."""
    _, _, confidence = basis.partition(":")
    return float(confidence) if confidence else None


def of_basis(selection: FigureSelection) -> list[sa.ColumnElement[bool]]:
    """The conditions on a row of `figures` for what OCR read."""
    return [] if selection.ocr else [~figures.c.basis.startswith(_OCR)]


@bounded_cache(1 << 12)
def _decoded_check(check: str) -> Mapping[str, CheckResult]:
    """The results of the checks of a figure; the figures of a table have few different ones."""
    results: Mapping[str, CheckResult] = json.loads(check)
    return results


def _notice_row(report: int | None, notice: Notice) -> dict[str, object]:
    row = {
        "report": report,
        "code": notice.code,
        "severity": notice.severity,
        "first_line": notice.place.first_line,
        "last_line": notice.place.last_line,
        "facts": json.dumps(dict(notice.facts), ensure_ascii=False),
    }
    return with_hash(notices, row)
