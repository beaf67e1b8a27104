"""Writes selected figures and measures as records, for CSV files and the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from archive.analysis.computed import ComputedFigure
from archive.analysis.measures import measure
from archive.errors import Language
from archive.export.json import FIGURE, MEASURE, figure_json, measured_json
from archive.export.json_types import Json, record, shape
from archive.model import Figure, ReportSummary
from archive.vocabulary import SERIES
from webui.http.i18n import language
from webui.params.figure_params import FigureParams
from webui.render.figures.figure_series import breaks, label_of
from webui.render.labels import column_label
from webui.render.references import state_of_catalogue

FIGURE_HEAD = (
    *("agency", "agency_name", "year", "report", "form", "table", "row", "row_label", "column", "column_label"),
    *("value", "unit", "printed", "state", "basis", "confidence", "check", "breaks", "parts", "sha256", "as_of"),
)
MEASURE_HEAD = (
    *("agency", "agency_name", "year", "report", "form", "measure", "label", "value", "numerator", "denominator"),
    *("standing", "doubtful", "breaks", "formula", "sha256", "as_of"),
)


_OF = shape("figure_of", ReportSummary, "agency year form sha256", agency_name=str, report=str, as_of=str, breaks=[str])
FIGURE_ROW = shape("figure_row", FIGURE, **_OF.__annotations__, row_label=str, column_label=str, parts=[str])
MEASURE_ROW = shape("measure_row", MEASURE, **_OF.__annotations__, label=str, formula=str)
"""A figure or a measure with its report; `breaks` part it from the agency's report before."""


def figure_records(choice: FigureParams) -> Iterator[Json]:
    """The selected figures or measures as records of CSV and the API; the whole table if no row is selected."""
    code = language()
    as_of, of = state_of_catalogue(code), choice.of()
    of_figures = _FigureRecords(choice, code)
    for agency, held in groupby(choice.reports(of, every=True), key=lambda report: report.agency):
        for before, report in pairwise((None, *held)):
            if report is None:
                continue
            shared = {"agency_name": of[agency].name, "report": f"{agency}/{report.key}", "as_of": as_of}
            if choice.of_measures:
                yield from _measure_records(choice, before, report, shared)
            else:
                yield from of_figures.of_report(before, report, shared)


def _measure_records(
    choice: FigureParams, before: ReportSummary | None, report: ReportSummary, shared: Json
) -> Iterator[Json]:
    for each in choice.measures():
        yield record(
            MEASURE_ROW,
            report,
            **shared,
            **measured_json(measure(each, report)),
            label=each.label(language()),
            formula=each.codes,
            breaks=breaks(each.table, before, report, language()),
        )


class _FigureRecords:
    """Writes the figures of reports as records. Looks up labels and breaks that reports repeat once."""

    def __init__(self, choice: FigureParams, language: Language) -> None:
        self._is_series = choice.table == SERIES
        self._language = language
        self._labels: dict[tuple[str | None, ...], tuple[str, str]] = {}
        self._breaks: dict[object, tuple[str, ...]] = {}

    def of_report(self, before: ReportSummary | None, report: ReportSummary, shared: Json) -> Iterator[Json]:
        """Yields a record of each figure. `before` is the agency's report before, `shared` is in each record."""
        earlier = {figure.row: figure for figure in before.figures} if before and self._is_series else {}
        shared = {"agency": report.agency, "year": report.year, "form": report.form, "sha256": report.sha256, **shared}
        for figure in report.figures:
            row, column = self._labels_of(report.form, figure)
            yield {
                **figure_json(figure),
                **shared,
                "row_label": row,
                "column_label": column,
                "parts": figure.parts if isinstance(figure, ComputedFigure) else (),
                "breaks": self._breaks_of(figure, before, report, earlier.get(figure.row)),
            }

    def _labels_of(self, form: str | None, figure: Figure) -> tuple[str, str]:
        key = form, figure.table, figure.row, figure.column, figure.label
        if key not in self._labels:
            column = column_label(form, figure.table, figure.column, self._language)
            self._labels[key] = label_of(form, figure), column
        return self._labels[key]

    def _breaks_of(
        self, figure: Figure, before: ReportSummary | None, report: ReportSummary, earlier: Figure | None
    ) -> tuple[str, ...]:
        if self._is_series:  # depends on the figure
            return breaks(figure.table, before, report, self._language, earlier, figure)
        key = before and (figure.table, before.form, before.year, report.form, report.year)
        if key not in self._breaks:
            self._breaks[key] = breaks(figure.table, before, report, self._language, earlier, figure)
        return self._breaks[key]


def figure_table(choice: FigureParams) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
    """The columns and rows of the CSV file, one row a figure or measure."""
    head = MEASURE_HEAD if choice.of_measures else FIGURE_HEAD
    *cells, _ = head
    as_of, values = state_of_catalogue(language()), itemgetter(*cells)
    return head, ((*values(_flat(each)), as_of) for each in figure_records(choice))


def _flat(row: Json) -> Json:
    """The record with its lists as text."""
    row.setdefault("confidence", None)
    for name in ("breaks", "parts"):
        if row.get(name):
            row[name] = "; ".join(row[name])
        elif name in row:
            row[name] = ""
    if row.get("check"):
        row["check"] = "; ".join([f"{name}={result}" for name, result in row["check"].items()])
    elif "check" in row:
        row["check"] = ""
    return row
