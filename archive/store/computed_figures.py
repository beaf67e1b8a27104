"""Selects computed rows and single values in SQL (`archive.analysis.computed`), decoding no document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from archive.analysis.computed import (
    ComputedFigure,
    ComputedRow,
    Name,
    ReportValues,
    Value,
    compute,
    computed_rows,
    parts_of,
)
from archive.model import ReportSummary
from archive.store.figures_table import (
    FigureSelection,
    Summaries,
    batches,
    by_page,
    in_years,
    of_basis,
    report_rows,
    shown,
    stored_confidence,
    wanted_figures,
    with_figures,
)
from archive.store.row_hash import whole_rows
from archive.store.schema import figures, reports, snapshot
from archive.store.serialization import damaged_report
from archive.vocabulary import SERIES


class _Cells(NamedTuple):
    """The values of a report by name, and the confidence of those that were read by OCR."""

    values: dict[Name, list[Value]]
    confidences: dict[Name, float]


_TRIED = 20
"""Reports of a year that are read at once to find one that states a figure: most do."""


def select_with_computed(connection: sa.Connection, selection: FigureSelection) -> Iterator[ReportSummary]:
    """Yields the reports of `select_figures` with the computed rows of the selection behind their figures.

    The series are left out unless their table is selected.
    """
    wanted = [row for row in computed_rows().values() if _is_selected(row, selection)]
    parts = parts_of(wanted)

    def read(page: Summaries) -> Iterator[ReportSummary]:
        cells = _cells(connection, parts, [reports.c.id.in_([number for number, _ in page])], selection)
        for (number, _), report in zip(page, with_figures(connection, page, selection), strict=True):
            computed = _computed(report.form, wanted, cells.get(number))
            yield replace(report, figures=(*report.figures, *computed.values())) if computed else report

    return by_page(connection, selection, read)


def count_summaries(connection: sa.Connection, selection: FigureSelection) -> int:
    """The number of reports that `select_figures` yields; rows are not compared with their hashes."""
    query = sa.select(sa.func.count()).select_from(reports)
    return sum(connection.execute(query.where(shown(), *where)).scalar_one() for where in _conditions(selection))


def count_figures(connection: sa.Connection, selection: FigureSelection) -> int:
    """The number of figures of the reports of `select_with_computed`; rows are not compared with their hashes."""
    groups: defaultdict[tuple[str, str], list[ComputedRow]] = defaultdict(list)
    for row in computed_rows().values():
        if _is_selected(row, selection):
            groups[row.table, row.row].append(row)
    total = 0
    for where in _conditions(selection):
        chosen = sa.select(reports.c.id, reports.c.form).where(shown(), *where).cte("chosen")
        stored = sa.select(figures.c.id).where(figures.c.report.in_(sa.select(chosen.c.id)), *wanted_figures(selection))
        queries = (stored, *(_stating_any(rows, chosen, selection) for rows in groups.values()))
        counts = [sa.select(sa.func.count()).select_from(each.subquery()).scalar_subquery() for each in queries]
        total += sum(connection.execute(sa.select(*counts)).one())  # in one query, for which reports are chosen once
    return total


def _stating_any(rows: Sequence[ComputedRow], chosen: sa.CTE, selection: FigureSelection) -> sa.CompoundSelect[Any]:
    """One row for each report and column in which `compute` gives one of `rows`, which differ in their column only.

    `chosen` are the ids and the forms of the reports.
    """
    c = figures.c
    by = (c.report,) if rows[0].column is None else (c.report, c.column)
    columns: defaultdict[tuple[tuple[str, ...], frozenset[tuple[str, str]]], set[str | None]] = defaultdict(set)
    for step in (step for row in rows for step in row.steps):
        columns[step.forms, frozenset((table, row) for table, row, _ in step.names)] |= {of for *_, of in step.names}
    return sa.union(
        *(
            sa.select(*by)
            .where(
                # not a join, with which SQLite scans all figures
                c.report.in_(
                    sa.select(chosen.c.id).where(chosen.c.form.in_(forms) | chosen.c.form.is_(None))
                    if forms
                    else sa.select(chosen.c.id)
                ),
                c.table.in_({table for table, _ in names}),
                c.row.in_({row for _, row in names}),
                c.column.is_(None) if of == {None} else c.column.in_(of),
                *of_basis(selection),
            )
            .distinct()
            for (forms, names), of in columns.items()
        )
    )


def select_values(
    connection: sa.Connection,
    selection: FigureSelection,
    wanted: Sequence[ComputedRow],
    is_selected: Callable[[str, int | None], object] | None = None,
) -> Iterator[ReportValues]:
    """Yields each shown report of the agencies and years of a selection, with the rows that are wanted.

    `is_selected` is a condition on agency and year; the figures of the other reports are not read.
    """
    parts = parts_of(wanted)
    for where in _conditions(selection):
        with snapshot(connection):
            found = [*_shown_reports(connection, where)]
            if is_selected is None:
                cells = _cells(connection, parts, where, selection)
                values = [_values(report, wanted, cells) for report in found]
            else:
                values = []
                for some in batches([report for report in found if is_selected(report.agency, report.year)]):
                    cells = _cells(connection, parts, [reports.c.id.in_([report.id for report in some])], selection)
                    values += [_values(report, wanted, cells) for report in some]
        yield from values


def select_years(
    connection: sa.Connection,
    selection: FigureSelection,
    wanted: Sequence[ComputedRow],
    is_stating: Callable[[ReportValues], object],
) -> frozenset[int]:
    """The years in which any report of a selection passes a test, reading few reports of most years."""
    years: defaultdict[int, list[sa.Row[Any]]] = defaultdict(list)
    for where in _conditions(selection):
        for report in _shown_reports(connection, where):
            if report.year is not None:
                years[report.year].append(report)
    parts = parts_of(wanted)

    def is_stated(reports_of_year: Sequence[sa.Row[Any]]) -> bool:
        for some in batches(reports_of_year, _TRIED):
            cells = _cells(connection, parts, [reports.c.id.in_([report.id for report in some])], selection)
            if any(is_stating(_values(report, wanted, cells)) for report in some):
                return True
        return False

    return frozenset(year for year, found in years.items() if is_stated(found))


def _conditions(selection: FigureSelection) -> Iterator[list[sa.ColumnElement[bool]]]:
    """The conditions on a row of `reports` for the agencies and years of a selection, agencies in batches."""
    if not selection.agencies:
        yield in_years(selection)
    for agencies in batches(selection.agencies):
        yield [*in_years(selection), reports.c.agency.in_(agencies)]


def _shown_reports(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> Iterator[sa.Row[Any]]:
    return report_rows(connection, sa.select(reports).where(shown(), *where).order_by(reports.c.agency, reports.c.key))


def _values(report: sa.Row[Any], wanted: Sequence[ComputedRow], cells: Mapping[int, _Cells]) -> ReportValues:
    values = _computed(report.form, wanted, cells.get(report.id))
    return ReportValues(report.agency, report.key, report.year, report.form, values)


def _computed(form: str | None, wanted: Sequence[ComputedRow], cells: _Cells | None) -> Mapping[Name, ComputedFigure]:
    computed = ((row.name, compute(row, form, *cells)) for row in wanted) if cells else ()
    return {name: figure for name, figure in computed if figure}


def _is_selected(row: ComputedRow, selection: FigureSelection) -> bool:
    if row.table == SERIES and SERIES not in selection.tables:
        return False
    wanted = ((row.table, selection.tables), (row.row, selection.rows), (row.column, selection.columns))
    return all(not values or value in values for value, values in wanted)


def _cells(
    connection: sa.Connection,
    names: Collection[Name],
    where: Sequence[sa.ColumnElement[bool]],
    selection: FigureSelection,
) -> Mapping[int, _Cells]:
    """The values of names by report."""
    if not names:
        return {}
    found: defaultdict[int, _Cells] = defaultdict(lambda: _Cells({}, {}))
    tables, rows, columns = ({name[place] for name in names} for place in range(3))
    c = figures.c
    query = sa.select(figures).where(
        # not a join, with which SQLite scans all figures
        c.report.in_(sa.select(reports.c.id).where(*where)),
        c.table.in_(tables),
        c.row.in_(rows),
        c.column.in_([column for column in columns if column is not None]) | c.column.is_(None),
        *of_basis(selection),
    )
    for cell in whole_rows(connection, figures, query, lambda cell: damaged_report(f"#{cell.report}")):
        name = cell.table, cell.row, cell.column
        if name in names:
            value = None if cell.value is None else Decimal(cell.value)
            of_report = found[cell.report]
            of_report.values.setdefault(name, []).append((value, cell.state))
            if (confidence := stored_confidence(cell.basis)) is not None:
                of_report.confidences[name] = confidence
    return found
