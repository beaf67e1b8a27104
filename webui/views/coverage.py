"""`/coverage` and `/notices`: reports in the archive, missing years, and data to check."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext

from archive.agencies.agency_filter import AgencyFilter
from archive.analysis.coverage import CoverageCell
from archive.export.csv import csv_lines
from archive.export.notice_list import NOTICE_HEAD, notice_rows
from archive.notices import codes, message
from archive.store.curation.notice_reviews import REVIEW_STATE_NAMES
from webui import data_access
from webui.http.i18n import language, link
from webui.http.streaming import streamed
from webui.params.agency_filter_params import read_agency_filter
from webui.params.search_params import MOST_PAGES
from webui.params.validators import read_number, read_optional
from webui.render.coverage_grid import CoverageGrid, coverage_grid
from webui.render.labels import notice_name
from webui.render.pagination import last_page, on_page, pages_near
from webui.render.pictures.charts import PictureCell, grid_chart
from webui.render.pictures.files import drawn, listed, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import described, filter_fields
from webui.render.places.tile_map import tile_map
from webui.render.references import state_of_catalogue

coverage = Blueprint("coverage", __name__)

AGENCIES_A_PAGE = 50
NOTICES_A_PAGE = 25
SEVERITIES = ("error", "warning", "info")
HEAD = ("agency", "agency_name", "year", "state", "duplicate", "as_of")


@coverage.get("/coverage")
def page() -> str:
    """Shows the grid of agencies and years."""
    number = read_number(request.args, "page", 1, MOST_PAGES)
    where = read_agency_filter(request.args)
    shown = _grid(where, number)
    last = last_page(shown.agencies, AGENCIES_A_PAGE)
    csv, files = link("coverage.csv_file", **where.arguments()), None
    if shown.rows:
        drawing = _drawn(shown, where, number)
        files = picture_files("coverage.page", _at(where, number), gettext("收录与缺失"), drawing, csv)
    return render_template(
        "coverage/page.html",
        picture=shown,
        filters=filter_fields(where),
        map=tile_map(
            data_access.divisions(where.level, where.kind),
            lambda place: link("coverage.page", **{**where.arguments(), "place": place}),
        ),
        page=number,
        last=last,
        pages=pages_near(number, last),
        at=lambda wanted: link("coverage.page", **_at(where, wanted)),
        files=files,
        csv=csv,
        csv_rows=len(data_access.coverage(where)),
        api=link("api.coverage", **where.arguments()),
    )


@coverage.get("/coverage.csv")
def csv_file() -> Response:
    """Streams the state of each agency and year, one a line; a report printed twice is marked."""
    where, as_of = read_agency_filter(request.args), state_of_catalogue(language())
    names = {agency.id: agency.name for agency in data_access.agency_table().agencies.values()}
    rows = (
        (cell.agency, names.get(cell.agency), cell.year, cell.state, "yes" if cell.duplicate else "", as_of)
        for cell in data_access.coverage(where)
    )
    return streamed(csv_lines(HEAD, rows), "text/csv", "gongkai-coverage.csv")


@coverage.get("/coverage.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends one page of the grid as a picture; 404 if it is empty."""
    number, where = read_number(request.args, "page", 1, MOST_PAGES), read_agency_filter(request.args)
    shown = _grid(where, number)
    if not shown.rows:
        abort(404)
    return send_picture(_drawn(shown, where, number), suffix, "gongkai-coverage")


def _grid(where: AgencyFilter, page: int) -> CoverageGrid:
    cells, agencies = data_access.coverage(where), data_access.agency_table().agencies.values()
    return coverage_grid(cells, agencies, AGENCIES_A_PAGE, (page - 1) * AGENCIES_A_PAGE)


def _at(where: AgencyFilter, page: int) -> dict[str, object]:
    return where.arguments() | ({"page": page} if page > 1 else {})


def _drawn(shown: CoverageGrid, where: AgencyFilter, page: int) -> Picture:
    rows = [
        (row.name or gettext("机关不详"), [_picture_cell(cell) if cell else None for cell in row.cells])
        for row in shown.rows
    ]
    reports, agencies = f"{shown.reports:,}", f"{shown.agencies:,}"
    held = gettext("%(reports)s 份报告，%(agencies)s 个机关", reports=reports, agencies=agencies)
    return drawn(
        "coverage.page",
        _at(where, page),
        gettext("收录与缺失"),
        listed([held, *described(where)]),
        grid_chart([str(year) for year in shown.years], rows),
        gettext("深色：已收录；T：只有表格；I：只有图片；空框：缺。"),
    )


def _picture_cell(cell: CoverageCell) -> PictureCell:
    return PictureCell({"tables_only": "T", "image_only": "I"}.get(cell.state, ""), dark=cell.state == "held")


@coverage.get("/notices")
def notices() -> str:
    """Lists notices, errors first; `?severity=`, `?code=` and `?state=` filter them."""
    number = read_number(request.args, "page", 1, MOST_PAGES)
    where = _notice_filter()
    every = [(each, _values(each)) for each in data_access.notices()]

    def counts(counted: str) -> Counter[str]:
        """The notices by the value of one filter that the other filters leave."""
        others = {name: value for name, value in where.items() if name != counted}
        return Counter(values[counted] for _, values in every if others.items() <= values.items())

    severities, kinds, states = map(counts, ("severity", "code", "state"))
    wanted = [each for each, values in every if where.items() <= values.items()]
    wanted.sort(key=lambda each: SEVERITIES.index(each.notice.severity))
    here = wanted[on_page(number, NOTICES_A_PAGE)]
    return render_template(
        "coverage/notices.html",
        to_report=_to_report,
        entries=[(each, message(each.notice, language())) for each in here],
        severities=[(name, severities[name]) for name in SEVERITIES],
        kinds=sorted((name, notice_name(name), count) for name, count in kinds.items()),
        name=notice_name,
        states=[(name, states[name]) for name in REVIEW_STATE_NAMES],
        is_reviewed=bool(data_access.reviews().every),
        unmatched=data_access.unmatched_reviews(),
        where=where,
        to=lambda **changed: link("coverage.notices", **{**where, **changed}),
        page=number,
        at=lambda wanted_page: link("coverage.notices", **where, page=wanted_page),
        last=last_page(len(wanted), NOTICES_A_PAGE),
        csv=link("coverage.notices_file", **where),
        csv_rows=len(wanted),
        api=link("api.notices", **({"state": where["state"]} if "state" in where else {})),
    )


@coverage.get("/notices.csv")
def notices_file() -> Response:
    """Streams the notices that the filters of `/notices` select, with the states that a curator gave them."""
    where, as_of = _notice_filter(), state_of_catalogue(language())
    listed = (each.listed() for each in data_access.notices() if where.items() <= _values(each).items())
    return streamed(csv_lines(NOTICE_HEAD, notice_rows(listed, as_of, language())), "text/csv", "gongkai-notices.csv")


def _notice_filter() -> dict[str, str]:
    """The filters of the URL, by name."""
    known = {"severity": SEVERITIES, "code": codes(), "state": (*REVIEW_STATE_NAMES,)}
    found = {name: read_optional(request.args, name, values) for name, values in known.items()}
    return {name: value for name, value in found.items() if value}


def _values(each: data_access.Noticed) -> dict[str, str]:
    """The value of a notice for each filter."""
    return {"severity": each.notice.severity, "code": each.notice.code, "state": each.listed().state}


def _to_report(each: data_access.Noticed) -> str:
    """The absolute URL of the report of a notice, or of what the page was captured from."""
    if each.report is None:
        return each.source.url or ""
    report = each.report
    return url_for("zh.reports.page", agency=report.agency, key=report.key, _anchor="notices", _external=True)
