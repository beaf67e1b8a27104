"""Selects computed rows and single values in SQL (`archive.analysis.computed`), decoding no document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa

from archive.analysis.computed import ComputedRow, Name, ReportValues, Value, compute, computed_rows, parts_of
from archive.model import ReportSummary
from archive.store.figures_table import FigureSelection, batches, in_years, select_figures, shown
from archive.store.schema import figures, reports
from archive.vocabulary import SERIES

_ROWS_AT_ONCE = 2_000
_Cells = Mapping[Name, Sequence[Value]]


def select_with_computed(connection: sa.Connection, selection: FigureSelection) -> Iterator[ReportSummary]:
    """Yields the reports of `select_figures` with the computed rows of the selection behind their figures.

    The series are left out unless their table is selected.
    """
    wanted = [row for row in computed_rows().values() if _is_selected(row, selection)]
    found = {(each.agency, each.key): each for each in select_values(connection, selection, wanted) if each.figures}
    for report in select_figures(connection, selection):
        values = found.get((report.agency, report.key))
        yield replace(report, figures=(*report.figures, *values.figures.values())) if values else report


def select_values(
    connection: sa.Connection, selection: FigureSelection, wanted: Sequence[ComputedRow]
) -> Iterator[ReportValues]:
    """Yields each shown report of the agencies and years of a selection, with the rows that are wanted."""
    parts = parts_of(wanted)
    for agencies in batches(selection.agencies) if selection.agencies else (None,):
        where = in_years(selection)
        if agencies is not None:
            where.append(reports.c.agency.in_(agencies))
        cells = _cells(connection, parts, where) if wanted else {}
        c = reports.c
        query = sa.select(c.id, c.agency, c.key, c.year, c.form).where(shown(), *where).order_by(c.agency, c.key)
        for number, agency, key, year, form in connection.execute(query):
            here = cells.get(number, {})
            computed = ((row.name, compute(row, form, here)) for row in wanted) if here else ()
            yield ReportValues(agency, key, year, form, {name: figure for name, figure in computed if figure})


def _is_selected(row: ComputedRow, selection: FigureSelection) -> bool:
    if row.table == SERIES and SERIES not in selection.tables:
        return False
    wanted = ((row.table, selection.tables), (row.row, selection.rows), (row.column, selection.columns))
    return all(not values or value in values for value, values in wanted)


def _cells(
    connection: sa.Connection, names: Collection[Name], where: Sequence[sa.ColumnElement[bool]]
) -> Mapping[int, _Cells]:
    """The values of names by report."""
    found: defaultdict[int, dict[Name, list[Value]]] = defaultdict(dict)
    tables, rows, columns = ({name[place] for name in names} for place in range(3))
    c = figures.c
    query = sa.select(c.report, c.table, c.row, c.column, c.value, c.state).where(
        # not a join, with which SQLite scans all figures
        c.report.in_(sa.select(reports.c.id).where(*where)),
        c.table.in_(tables),
        c.row.in_(rows),
        c.column.in_([column for column in columns if column is not None]) | c.column.is_(None),
    )
    for rows_fetched in connection.execute(query).partitions(_ROWS_AT_ONCE):  # fetching one by one takes twice as long
        for report, table, row, column, value, state in rows_fetched:
            name = table, row, column
            if name in names:
                found[report].setdefault(name, []).append((None if value is None else Decimal(value), state))
    return found
