"""`/matrix`: occurrences by agency and year, with different marks for the reasons of an empty cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from archive.export.csv import csv_lines
from archive.vocabulary import form_changes
from indexer.answers.trends import MARKS, Matrix, MatrixCell, MatrixRow, matrix_table
from webui.data_access import index
from webui.http.i18n import language, link
from webui.params.agency_filter_params import AGENCY_FILTERS
from webui.params.count_params import CountParams, read_count_params, read_counted_params
from webui.params.search_params import MOST_PAGES
from webui.params.validators import read_number
from webui.render.chips import chips
from webui.render.examples import EXAMPLES
from webui.render.pagination import last_page, on_page, pages_near
from webui.render.pictures.charts import PictureCell, grid_chart
from webui.render.pictures.files import counted_text, drawn, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import fields_of

matrix = Blueprint("matrix", __name__)

AGENCIES_A_PAGE = 40
DEPTHS = 4
"""Shades of a cell."""


@dataclass(frozen=True, slots=True)
class Square:
    """A cell with its shade, from 1 to `DEPTHS` if there are occurrences, and the URL of its hits."""

    cell: MatrixCell
    depth: int
    address: str


@matrix.get("/matrix")
def page() -> str:
    """Shows one page of agencies, or examples without a query."""
    question = read_count_params(request.args)
    number = read_number(request.args, "page", 1, MOST_PAGES)
    if not question.queries:
        return render_template("matrix/empty.html", question=question, examples=EXAMPLES)
    found = index().matrix(question.request(language()))
    last = last_page(len(found.rows), AGENCIES_A_PAGE)
    most = _most(found)
    here = [(row, _squares(question, row, most)) for row in found.rows[on_page(number, AGENCIES_A_PAGE)]]
    arguments = _arguments(question, number)
    csv = link("matrix.csv_file", **question.arguments())

    def address(wanted: CountParams, page: int = 1) -> str:
        return link("matrix.page", **_arguments(wanted, page))

    return render_template(
        "matrix/page.html",
        question=question,
        found=found,
        rows=here,
        files=picture_files("matrix.page", arguments, question.query, _drawn(question, found, number), csv)
        if here
        else None,
        marks=MARKS,
        depths=range(1, DEPTHS + 1),
        totals=_totals(found.rows),
        breaks=_breaks(found.years),
        chips=chips(question, address),
        filters=fields_of(question.filters),
        beside_filters=[*question.hidden_beside(AGENCY_FILTERS)],
        page=number,
        last=last,
        pages=pages_near(number, last),
        at=lambda wanted: address(question, wanted),
        csv=csv,
        api=link("api.agency_matrix", **question.arguments()),
    )


@matrix.get("/matrix.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends one page of agencies as a picture; 404 if there are none."""
    question = read_counted_params(request.args)
    number = read_number(request.args, "page", 1, MOST_PAGES)
    found = index().matrix(question.request(language()))
    if not found.rows[on_page(number, AGENCIES_A_PAGE)]:
        abort(404)
    return send_picture(_drawn(question, found, number), suffix, "gongkai-matrix")


@matrix.get("/matrix.csv")
def csv_file() -> Response:
    """Sends a row for each agency and a column for each year."""
    table = matrix_table([index().matrix(read_counted_params(request.args).request(language()))], language())
    response = Response("".join(csv_lines(*table)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-matrix.csv")
    return response


def _arguments(question: CountParams, page: int) -> dict[str, object]:
    return {**question.arguments(), **({"page": page} if page > 1 else {})}


def _drawn(question: CountParams, found: Matrix, page: int) -> Picture:
    most = _most(found)
    undated = gettext("年份不明")
    rows = [
        (row.name, [_picture_cell(cell, _depth(cell, most)) for cell in row.cells])
        for row in found.rows[on_page(page, AGENCIES_A_PAGE)]
    ]
    return drawn(
        "matrix.page",
        _arguments(question, page),
        gettext("机关×年份"),
        counted_text(question),
        grid_chart([undated if year is None else str(year) for year in found.years], rows),
        gettext("数字为提及次数，颜色越深每万字提及越多；0 未提及，- 没有收录报告，/ 报告没有可检索的文字。"),
        found.as_of.sentence(language()),
    )


def _picture_cell(cell: MatrixCell, depth: int) -> PictureCell:
    text = f"{cell.count:,}" if cell.state == "said" else MARKS[cell.state]
    return PictureCell(text, depth, border=cell.state != "no_report")


def _breaks(years: Sequence[int | None]) -> list[int]:
    """The columns of the years from which reports have another form."""
    return [column for column, year in enumerate(years) if column and year in form_changes()]


def _squares(question: CountParams, row: MatrixRow, most: float) -> list[Square]:
    asked = question.of("agency", row.agency)
    return [Square(cell, _depth(cell, most), asked.of("year", cell.year).hits()) for cell in row.cells]


def _depth(cell: MatrixCell, most: float) -> int:
    """The shade of a cell by occurrences per 10,000 characters, since reports differ in length."""
    return max(1, min(DEPTHS, -int(-DEPTHS * _weight(cell) // most))) if cell.state == "said" and most else 0


def _most(found: Matrix) -> float:
    return max((_weight(cell) for row in found.rows for cell in row.cells if cell.count), default=0.0)


def _weight(cell: MatrixCell) -> float:
    return (cell.per_10000 or 0.0) if cell.state == "said" else 0.0


def _totals(rows: Sequence[MatrixRow]) -> dict[str, int]:
    """The number of cells in each state, over all agencies."""
    states = Counter(cell.state for row in rows for cell in row.cells)
    return {state: states[state] for state in ("said", *MARKS)}
