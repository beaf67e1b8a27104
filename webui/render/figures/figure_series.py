"""Arranges figures and measures by year: lines of an agency, breaks in series, and small charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext

from archive.analysis.breaks import breaks_between
from archive.analysis.computed import ComputedFigure, computed_rows, series_breaks, source_table
from archive.analysis.measures import Measured, measure_named
from archive.errors import Language
from archive.model import Agency, Figure, Report, ReportSummary
from archive.store.figures_table import FigureSelection
from archive.vocabulary import SERIES
from webui.data_access import catalogue
from webui.http.i18n import agency_text, language, link
from webui.params.figure_params import MEASURES
from webui.render.labels import column_label, row_label, table_label
from webui.render.line_chart import SMALL, Plot, plot
from webui.render.statutory_grid import is_failed

KEY_FIGURES = ("received", "granted", "partly_granted", "refused", "not_held")
"""The series at the head of a report and of an agency."""
MOST_LINES = 6
"""Agencies in one chart that differ in colour and marker."""


@dataclass(frozen=True, slots=True)
class SeriesCell:
    """A figure or measure of one report, or None; `breaks` has the reasons why it does not continue the series."""

    key: str
    found: Figure | Measured | None
    breaks: tuple[str, ...]

    @property
    def value(self) -> float | None:
        """The value of a chart point; a measure in percent."""
        if self.found is None or self.found.value is None:
            return None
        return float(self.found.value * 100 if isinstance(self.found, Measured) else self.found.value)

    @property
    def doubtful(self) -> bool:
        """Whether the figure, or one that the measure is computed from, is in a failed identity."""
        return self.found.doubtful if isinstance(self.found, Measured) else is_failed(self.found)


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """The row of a line: its table, its code in the table, its name, and the unit of the chart's axis."""

    table: str
    code: str
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One row with a cell for each year of the page, None without a report."""

    row: SeriesRow
    cells: tuple[SeriesCell | None, ...]

    @property
    def is_computed(self) -> bool:
        return any(isinstance(cell.found, ComputedFigure) for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """The lines of one agency."""

    agency: Agency
    lines: tuple[FigureLine, ...]


@dataclass(frozen=True, slots=True)
class FigurePanel:
    """A chart of one row of one or several agencies."""

    row: SeriesRow
    plot: Plot


def span(reports: Iterable[Report | ReportSummary]) -> tuple[int, ...]:
    """Every year from the first report to the last, years without a report included."""
    years = [report.year for report in reports if report.year is not None]
    return tuple(range(min(years), max(years) + 1)) if years else ()


def line_of(
    row: SeriesRow, held: Sequence[Report | ReportSummary], years: Sequence[int], found: Mapping[str, Figure | Measured]
) -> FigureLine:
    """The line of an agency with these reports; `found` maps keys of reports to values."""
    placed: dict[int | None, SeriesCell] = {}
    for before, report in pairwise((None, *held)):
        if report is not None:
            sides = [found.get(each.key) if each else None for each in (before, report)]
            broken = breaks(row.table, before, report, language(), *sides)
            placed[report.year] = SeriesCell(report.key, found.get(report.key), broken)
    return FigureLine(row, tuple(placed.get(year) for year in years))


def breaks(
    table: str,
    before: Report | ReportSummary | None,
    report: Report | ReportSummary,
    code: Language,
    figure_before: Figure | Measured | None = None,
    figure: Figure | Measured | None = None,
) -> tuple[str, ...]:
    """The reasons why figures of a table do not continue those of the report before; for a series, it depends on its
    figures."""
    if before is None:
        return ()
    if table == SERIES:
        return series_breaks((before, figure_before), (report, figure), code)
    return tuple(each.reason(code) for each in breaks_between(table, before, report))


def label_of(form: str | None, figure: Figure) -> str:
    """The name of a figure's row; a row without a rule has its printed label."""
    label = row_label(form, figure.table, figure.row, language())
    return figure.label if figure.label and label == figure.row.rpartition(".")[2] else label


def figure_label(form: str | None, figure: Figure) -> str:
    """The names of a figure's row and column."""
    column = column_label(form, figure.table, figure.column, language())
    return " · ".join(filter(None, [label_of(form, figure), column]))


def kind_label(kind: str) -> str:
    """The name of a table, or of the measures."""
    if kind == MEASURES:
        return "常用指标" if language() == "zh" else "Measures"
    return table_label(kind, language())


def row_name(table: str, code: str) -> str:
    """The name of a row of a table, or of a measure."""
    measure = measure_named(code) if table == MEASURES else None
    return measure.label(language()) if measure else row_label(None, table, code, language())


def column_name(table: str, code: str) -> str:
    return column_label(None, table, code, language())


def panels(blocks: Sequence[FigureBlock], years: Sequence[int]) -> tuple[FigurePanel, ...]:
    """A chart of each row with at least two values that are not all 0; none for more than `MOST_LINES` agencies."""
    if len(blocks) > MOST_LINES:
        return ()
    rows = {(line.row.table, line.row.code): line.row for block in blocks for line in block.lines}
    return tuple(panel for row in rows.values() if (panel := _panel(blocks, years, row)))


def _panel(blocks: Sequence[FigureBlock], years: Sequence[int], row: SeriesRow) -> FigurePanel | None:
    drawn: dict[str, dict[int, float]] = {}
    gaps: dict[int, str] = {}
    led: dict[tuple[str, int], str] = {}
    for block, year, cell in _cells(blocks, years, row):
        values = drawn.setdefault(block.agency.id, {})
        if cell.breaks:
            gaps[year] = "；".join(cell.breaks) if language() == "zh" else "; ".join(cell.breaks)
        if cell.value is not None:
            values[year] = cell.value
            led[block.agency.id, year] = address(block.agency.id, cell, row.table)
    if not any(len(values) > 1 and any(values.values()) for values in drawn.values()):
        return None
    # keyed by id, since two agencies may have one name
    names = {block.agency.id: agency_text(block.agency.name) for block in blocks}
    found = plot(drawn, lambda agency, year: led[agency, year], gaps, SMALL, names, unit=row.unit)
    return FigurePanel(row, found) if found else None


def _cells(
    blocks: Sequence[FigureBlock], years: Sequence[int], row: SeriesRow
) -> Iterator[tuple[FigureBlock, int, SeriesCell]]:
    for block in blocks:
        for line in block.lines:
            if (line.row.table, line.row.code) == (row.table, row.code):
                yield from ((block, year, cell) for year, cell in zip(years, line.cells, strict=True) if cell)


def address(agency: str, cell: SeriesCell, table: str) -> str:
    """The URL of the table in the report, or of its list of figures from sentences."""
    if table == SERIES:
        table = source_table(cell.found) or table
    return link("reports.page", agency=agency, key=cell.key, _anchor="figures" if table == "prose" else table)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of a report, None if it does not state it, and the URL of the same figure over the years."""

    label: str
    figure: ComputedFigure | None
    address: str
    item: str
    """The figure as an item of a basket."""

    @property
    def source(self) -> str:
        """Where the number is from, or why there is none."""
        if self.figure is None:
            return str(gettext("那一年的报告里没有这项数据"))
        if len(self.figure.parts) > 1:
            return f"{gettext('计算得出：')}{' + '.join(self.figure.parts)}"
        return self.figure.parts[0]


def key_figures(agency: str) -> Mapping[str, tuple[KeyFigure, ...]]:
    """The five figures of each report of an agency, by the report's key."""
    rows = [computed_rows()[SERIES, code, None] for code in KEY_FIGURES]
    found = catalogue().values(FigureSelection((agency,)), rows)
    return {
        report.key: tuple(
            KeyFigure(
                row_label(report.form, SERIES, row.row, language()),
                report.figures.get(row.name),
                link("figures.page", table=SERIES, row=row.row, agency=agency),
                f"{agency}/{report.key}/{SERIES}.{row.row}",
            )
            for row in rows
        )
        for report in found
    }
