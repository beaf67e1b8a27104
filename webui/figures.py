"""`/figures`: any figures and measures, agency by agency through the years, with a break where they are no series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from flask import Blueprint, Response, render_template, request

from archive import Agency, Figure, Language, Report, csv_lines, figure_json
from archive.breaks import breaks_between
from archive.codebook import HEAD, rows_of_codebook
from archive.measures import Measured, measure, measured_json
from webui.choosing import KINDS, MEASURES, Choice, column_codes, read_choice, row_codes
from webui.labels import column_label, row_label, table_label
from webui.language import language, link
from webui.references import state_of_catalogue
from webui.rooms import catalogue
from webui.streaming import streamed
from webui.tables import is_failed

figures = Blueprint("figures", __name__)

AGENCIES_A_PAGE = 25
FIGURE_HEAD = (
    *("agency", "agency_name", "year", "report", "form", "table", "row", "row_label", "column", "column_label"),
    *("value", "unit", "printed", "state", "basis", "check", "breaks", "sha256", "as_of"),
)
MEASURE_HEAD = (
    *("agency", "agency_name", "year", "report", "form", "measure", "label", "value", "numerator", "denominator"),
    *("standing", "doubtful", "breaks", "formula", "sha256", "as_of"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure or a measure of one report, None where it has none; `breaks` says why it continues nothing."""

    key: str
    found: Figure | Measured | None
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One row through the years: a place for each year of the page, None where no report is held."""

    label: str
    note: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one agency."""

    agency: Agency
    lines: tuple[Line, ...]


@figures.get("/figures")
def page() -> str:
    """The choice as a form, and what was chosen as a table."""
    choice = read_choice(request.args)
    of = choice.of()
    number = choice.page
    here = dict(list(of.items())[(number - 1) * AGENCIES_A_PAGE : number * AGENCIES_A_PAGE])
    reports = tuple(report for report in choice.reports(here) if report.year is not None)
    blocks, years = _trimmed(tuple(_blocks(choice, here, reports, _span(reports))), _span(reports))
    return render_template(
        "figures/page.html",
        choice=choice,
        kinds=[
            (kind, kind_label(kind), _address(Choice(kind, (), (), choice.agencies, choice.first, choice.last)))
            for kind in KINDS
        ],
        rows=[(code, _row(choice.table, code)) for code in row_codes(choice.table)],
        columns=[(code, _column(choice.table, code)) for code in column_codes(choice.table)],
        agencies=catalogue().agencies(),
        years=years,
        blocks=blocks,
        measures=choice.measures() if choice.of_measures else (),
        page=number,
        last=max(1, -(-len(of) // AGENCIES_A_PAGE)),
        at=lambda wanted: link("figures.page", **choice.arguments(), page=wanted),
        csv=link("figures.csv_file", **choice.arguments()),
        api=link("api.figures_json", **choice.arguments()),
        is_failed=is_failed,
        as_of=state_of_catalogue(),
    )


@figures.get("/figures.csv")
def csv_file() -> Response:
    """The same, one figure a line, undated reports too, sent while it is made."""
    choice = read_choice(request.args)
    head = MEASURE_HEAD if choice.of_measures else FIGURE_HEAD
    lines = csv_lines(head, ([_plain(row[name]) for name in head] for row in rows(choice)))
    return streamed(lines, "text/csv", f"gongkai-{choice.table}.csv")


@figures.get("/figures/codebook.csv")
def codebook() -> Response:
    """Every row, column, unit, form, measure and source."""
    response = Response("".join(csv_lines(HEAD, rows_of_codebook())), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-codebook.csv")
    return response


def rows(choice: Choice) -> Iterator[dict[str, object]]:
    """One figure or measure after the other, as CSV and the API give them; the whole table where no row is named."""
    as_of, of = state_of_catalogue(), choice.of()
    for agency, held in groupby(choice.reports(of), key=lambda report: report.agency):
        for before, report in pairwise((None, *held)):
            if report is None:
                continue
            named = {
                "agency": agency,
                "agency_name": of[agency].name,
                "year": report.year,
                "report": f"{agency}/{report.key}",
                "form": report.form,
                "sha256": report.source.sha256,
                "as_of": as_of,
            }
            if choice.of_measures:
                for each in choice.measures():
                    breaks = _breaks(each.table, before, report, language())
                    more = {"label": each.label(language()), "formula": each.codes, "breaks": breaks}
                    yield named | measured_json(measure(each, report)) | more
                continue
            for figure in report.figures:
                if choice.wants(figure, every=True):
                    labels = {
                        "row_label": _label(report.form, figure),
                        "column_label": column_label(report.form, figure.table, figure.column, language()),
                        "breaks": _breaks(figure.table, before, report, language()),
                    }
                    yield named | labels | figure_json(figure)


def kind_label(kind: str) -> str:
    """The name of a table, or of the measures."""
    if kind == MEASURES:
        return "常用指标" if language() == "zh" else "Measures"
    return table_label(kind, language())


def _span(reports: tuple[Report, ...]) -> tuple[int, ...]:
    """Every year from the first report's to the last one's: a year without a report is to be seen."""
    years = [report.year for report in reports if report.year is not None]
    return tuple(range(min(years), max(years) + 1)) if years else ()


def _trimmed(blocks: tuple[Block, ...], years: tuple[int, ...]) -> tuple[tuple[Block, ...], tuple[int, ...]]:
    """The blocks without the years before the first figure and after the last one."""
    lines = [line for block in blocks for line in block.lines]
    told = [place for place in range(len(years)) if any((cell := line.cells[place]) and cell.found for line in lines)]
    if not told:
        return (), ()
    kept = slice(told[0], told[-1] + 1)
    return (
        tuple(
            replace(block, lines=tuple(replace(line, cells=line.cells[kept]) for line in block.lines))
            for block in blocks
        ),
        years[kept],
    )


def _blocks(
    choice: Choice, of: dict[str, Agency], reports: tuple[Report, ...], years: tuple[int, ...]
) -> Iterator[Block]:
    for agency, group in groupby(reports, key=lambda report: report.agency):
        held = list(group)
        lines = tuple(_measure_lines(choice, held, years) if choice.of_measures else _lines(choice, held, years))
        if lines:
            yield Block(of[agency], lines)


def _measure_lines(choice: Choice, held: list[Report], years: tuple[int, ...]) -> Iterator[Line]:
    for each in choice.measures():
        found = {report.key: measure(each, report) for report in held}
        if any(one.standing != "missing" for one in found.values()):
            cells = _cells(
                each.table, held, years, {key: one for key, one in found.items() if one.standing != "missing"}
            )
            yield Line(each.label(language()), each.formula(language()), cells)


def _lines(choice: Choice, held: list[Report], years: tuple[int, ...]) -> Iterator[Line]:
    named: dict[tuple[str, str | None], dict[str, Figure]] = {}
    labels: dict[tuple[str, str | None], str] = {}
    for report in held:
        for figure in report.figures:
            if choice.wants(figure):
                name = (figure.row, figure.column)
                named.setdefault(name, {}).setdefault(report.key, figure)
                column = column_label(report.form, figure.table, figure.column, language())
                labels[name] = " · ".join(filter(None, [_label(report.form, figure), column]))
    order = row_codes(choice.table)
    for name in sorted(named, key=lambda name: order.index(name[0]) if name[0] in order else len(order)):
        yield Line(labels[name], "", _cells(choice.table, held, years, dict(named[name])))


def _cells(
    table: str, held: list[Report], years: tuple[int, ...], found: dict[str, Figure] | dict[str, Measured]
) -> tuple[Cell | None, ...]:
    placed: dict[int | None, Cell] = {}
    for before, report in pairwise((None, *held)):
        if report is not None:
            placed[report.year] = Cell(report.key, found.get(report.key), _breaks(table, before, report, language()))
    return tuple(placed.get(year) for year in years)


def _breaks(table: str, before: Report | None, report: Report, code: Language) -> tuple[str, ...]:
    return tuple(each.reason(code) for each in breaks_between(table, before, report)) if before else ()


def _label(form: str | None, figure: Figure) -> str:
    label = row_label(form, figure.table, figure.row, language())
    return figure.label if figure.label and label == figure.row.rpartition(".")[2] else label


def _row(table: str, code: str) -> str:
    if table == MEASURES:
        return next(each.label(language()) for each in Choice().measures() if each.code == code)
    return row_label(None, table, code, language())


def _column(table: str, code: str) -> str:
    return column_label(None, table, code, language())


def _address(choice: Choice) -> str:
    return link("figures.page", **choice.arguments())


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return "; ".join(f"{name}={result}" for name, result in value.items())
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value
