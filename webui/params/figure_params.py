"""Reads which figures or measures are selected: table, rows, columns, agencies and years."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from archive import vocabulary
from archive.agencies.agency_filter import AgencyFilter
from archive.analysis.codebook import codebook
from archive.analysis.computed import computed_rows, parts_of
from archive.analysis.measures import Measure, figures_of, measures
from archive.model import UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME, Agency, ReportSummary
from archive.store.figures_table import FigureSelection
from archive.vocabulary import SERIES, TABLES, column_codes
from webui.data_access import agencies_stating, agency_table, catalogue
from webui.http.errors import ParameterError
from webui.params.agency_filter_params import read_agency_filter
from webui.params.ocr_param import ocr_argument, read_ocr
from webui.params.path_params import no_such_agency
from webui.params.search_params import MOST_PAGES
from webui.params.validators import (
    check_known,
    read_number,
    read_one,
    read_values,
    read_year_range,
)

MEASURES = "measures"
KINDS: tuple[str, ...] = (MEASURES, SERIES, *("requests", "review", "proactive", "prose"), *TABLES[3:])
"""Tables in the order of the page."""
# Rows and columns shown by default: sums, not all 175 cells.
_FIRST_ROWS = {
    "requests": (
        *("new", "carried_in", "granted", "partly_granted", "refused", "unavailable", "not_processed"),
        *("handled_total", "carried_out"),
    )
}
_FIRST_COLUMNS = {"requests": ("total",), "review": ("corrected", "total")}
MOST_VALUES = 200
_COUNTED = 100
"""Agencies whose figures are counted for the size of a file; counting those of 10,000 takes seconds."""


@dataclass(frozen=True, slots=True)
class FigureParams:
    """A selection. Empty `rows` and `columns` select the usual ones, empty `agencies` all that `where` selects."""

    table: str = MEASURES
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    page: int = 1
    where: AgencyFilter = field(default_factory=AgencyFilter)
    ocr: bool = True

    def arguments(self) -> dict[str, str | list[str]]:
        """The URL parameters without the page."""
        spelled: dict[str, str | list[str]] = {"table": self.table}
        for name, values in (("row", self.rows), ("column", self.columns), ("agency", self.agencies)):
            if values:
                spelled[name] = list(values)
        for name, year in (("from", self.first), ("to", self.last)):
            if year is not None:
                spelled[name] = str(year)
        return spelled | self.where.arguments() | ocr_argument(self.ocr)

    def of_agencies(self) -> dict[str, object]:
        """The parameters that select the same agencies on another page."""
        return {"agency": [*self.agencies], **self.where.arguments(), **ocr_argument(self.ocr)}

    @property
    def of_measures(self) -> bool:
        return self.table == MEASURES

    def measures(self) -> tuple[Measure, ...]:
        return tuple(each for each in measures() if not self.rows or each.code in self.rows)

    def reports(self, agencies: Iterable[str], *, every: bool = False) -> Iterator[ReportSummary]:
        """Yields the reports of agencies with the chosen figures, agency by agency, years ascending.

        Undated reports are included unless a year is given; with `every`, all rows and columns unless some are given.
        """
        if not (agencies := tuple(agencies)):
            return iter(())
        selection = FigureSelection(agencies, self.first, self.last, ocr=self.ocr)
        if self.of_measures:
            names = [name for each in self.measures() for name in figures_of(each)]
            tables, rows, columns = (tuple(dict.fromkeys(parts)) for parts in zip(*names, strict=True))
            return catalogue().figures(replace(selection, tables=tables, rows=rows, columns=columns))
        rows = self.rows or (() if every else _FIRST_ROWS.get(self.table, ()))
        columns = self.columns or (() if every else _FIRST_COLUMNS.get(self.table, ()))
        return catalogue().computed_figures(replace(selection, tables=(self.table,), rows=rows, columns=columns))

    def count(self, agencies: Sequence[str]) -> tuple[int, bool]:
        """The number of rows of the file of agencies, and whether it is exact: of many, it is estimated from some."""
        selection = FigureSelection((), self.first, self.last, (self.table,), self.rows, self.columns, self.ocr)
        every = () if agencies and not self.agencies and not self.where else tuple(agencies)  # () is one query for all
        reports = catalogue().count_summaries(replace(selection, agencies=every)) if agencies else 0
        if self.of_measures or not reports:
            return reports * len(self.measures()), True
        some = replace(selection, agencies=tuple(agencies[:: -(-len(agencies) // _COUNTED)]))
        rows = catalogue().count_figures(some)
        if len(some.agencies) == len(agencies):
            return rows, True
        if not rows:  # few reports have the table
            return catalogue().count_figures(replace(selection, agencies=every)), True
        return int(float(f"{rows * reports / catalogue().count_summaries(some):.2g}")), False

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the reports that the selection is read from."""
        if self.of_measures:
            return tuple({each.table for each in self.measures()})
        if self.table != SERIES:
            return (self.table,)
        rows = (row for row in computed_rows().values() if row.table == SERIES)
        return tuple({table for table, _, _ in parts_of(rows)})

    @property
    def lines(self) -> int:
        """The most lines that an agency can have with rules for them, at least one."""
        if self.of_measures:
            return len(self.measures())
        rows, columns = self.rows or _FIRST_ROWS.get(self.table), self.columns or _FIRST_COLUMNS.get(self.table)
        names = [
            (row, column)
            for row, column in _named(self.table)
            if (not rows or row in rows) and (not columns or not column or column in columns)
        ]
        return max(1, len(names))

    def of(self) -> dict[str, Agency]:
        """The selected agencies by id."""
        known = {agency.id: agency for agency in agency_table().select(self.where)}
        if self.agencies:
            return {code: known[code] for code in self.agencies if code in known}
        is_whole = not self.where and catalogue().keys(UNKNOWN_AGENCY)
        return known | ({UNKNOWN_AGENCY: Agency(UNKNOWN_AGENCY, UNKNOWN_AGENCY_NAME)} if is_whole else {})


def read_figure_params(arguments: MultiDict[str, str]) -> FigureParams:
    """Reads a selection.

    Raises:
        ParameterError: for an unknown table, column, measure, agency, place, level or kind, and for an invalid year.
    """
    table = read_one(arguments, "table", KINDS)
    rows = read_values(arguments, "row", MOST_VALUES)
    if table == MEASURES:
        # Rows of a table are not checked: a row without a rule has a code that ends in its printed label.
        for row in rows:
            check_known("row", row, row_codes(table))
    columns = read_values(arguments, "column", MOST_VALUES, known=column_codes(table))
    agencies = []
    for agency in read_values(arguments, "agency", MOST_VALUES):
        found = catalogue().agency(agency)
        if found is None:
            raise ParameterError(*no_such_agency(agency))
        agencies.append(found.id)
    first, last = read_year_range(arguments)
    page = read_number(arguments, "page", 1, MOST_PAGES)
    where = read_agency_filter(arguments)
    ocr = read_ocr(arguments)
    return FigureParams(table, rows, columns, tuple(dict.fromkeys(agencies)), first, last, page, where, ocr)


def load_stating() -> None:
    """Caches the agencies of the first pages of figures, which take half of their time with 10,000 agencies."""
    for table in (MEASURES, SERIES, "requests", "review", "proactive"):
        agencies_stating(FigureParams(table).tables, None, None)


@functools.cache
def _named(table: str) -> frozenset[tuple[str, str]]:
    """Row and column of every figure of a table in any form; a figure without columns has an empty one."""
    names = (entry.name.partition(".") for entry in codebook() if entry.kind != "measure")
    if not column_codes(table):
        return frozenset((rest, "") for of, _, rest in names if of == table)
    return frozenset((rest.rpartition(".")[0], rest.rpartition(".")[2]) for of, _, rest in names if of == table)


def row_codes(table: str) -> tuple[str, ...]:
    """The codes of all rows of a table, or of all measures."""
    if table == MEASURES:
        return tuple(each.code for each in measures())
    return vocabulary.row_codes(table)
