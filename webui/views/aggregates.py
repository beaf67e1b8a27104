"""`/aggregates`: figures summed over agencies by year, division, kind or level; the first view of the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from archive.agencies.agency_filter import NOWHERE, region_label
from archive.agencies.regions import UNKNOWN
from archive.analysis.aggregates import Aggregate, AggregateRequest, breaks_by_year
from archive.analysis.computed import Name, computed_rows, figure_name, parse_name
from archive.export.csv import csv_lines
from archive.export.json import AGGREGATE, aggregate_json
from archive.export.json_types import Json, record, shape
from archive.rulebook import rulebook
from archive.vocabulary import SERIES, STATUTORY, kind_label, level_label, row_codes
from webui import data_access
from webui.http.i18n import agency_text, language, link
from webui.http.streaming import streamed
from webui.params.aggregate_params import aggregate_arguments, read_aggregate_params
from webui.render.chips import Chip, filter_label
from webui.render.figures.figure_series import FigurePanel, SeriesRow
from webui.render.labels import column_label, row_label, table_label
from webui.render.line_chart import SMALL, plot
from webui.render.pictures.charts import MOST_ROWS, PictureBar, PictureChart, PicturePanel, bar_chart, panel_chart
from webui.render.pictures.files import drawn, listed, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.places.filter_fields import described, filter_fields
from webui.render.references import state_of_catalogue

aggregates = Blueprint("aggregates", __name__)

AGGREGATE_ROW = shape("aggregate_row", AGGREGATE, label=str, group_label=str, breaks=[str])
"""An aggregate with its names; `breaks` part it from the year before."""
HEAD = (
    *("figure", "label", "year", "group", "group_label", "agencies", "stating", "sum", "median", "lower_quartile"),
    *("upper_quartile", "share", "share_agencies", "sources", "approximate", "ocr", "breaks"),
)


@dataclass(frozen=True, slots=True)
class AggregateBlock:
    """The aggregates of one figure: by year, or by group in one year."""

    figure: str
    label: str
    is_computed: bool
    cells: tuple[Aggregate, ...]
    panel: FigurePanel | None
    notes: tuple[str, ...]


@aggregates.get("/aggregates")
def page() -> str:
    """Shows sum, median and quartiles with the number of agencies that state each figure."""
    asked = read_aggregate_params(request.args)
    found, years, csv_rows = _shown(asked)
    breaks = {figure: breaks_by_year(_of(found, figure), language()) for figure in {each.figure for each in found}}
    blocks = tuple(_blocks(asked, found, years))
    body = _body(asked, blocks)
    spelled = aggregate_arguments(asked)
    csv = link("aggregates.csv_file", **spelled)
    return render_template(
        "aggregates/page.html",
        asked=asked,
        blocks=blocks,
        years=years,
        breaks=breaks if asked.by == "year" else {},
        group_label=lambda group: _group_label(asked, group),
        of_label=_label(asked.of) if asked.of else None,
        groupings=[*_grouping_names().items()],
        figures=[(figure_name(name), _label(name)) for name in _choices()],
        filters=filter_fields(asked.where),
        chips=tuple(_chips(asked)),
        by_agency=link("figures.page", table=SERIES, **_agencies(asked), **{"from": asked.first, "to": asked.last}),
        ranking=link("ranking.page", table=SERIES, **_agencies(asked), year=asked.last),
        deeper=lambda group: _deeper(asked, group),
        files=body
        and picture_files("aggregates.page", spelled, _title(asked, blocks), _drawn(asked, blocks, body), csv),
        csv_rows=csv_rows,
        csv=csv,
        api=link("api.aggregates_json", **spelled),
        figure_name=figure_name,
        names=[figure_name(name) for name in asked.figures],
        statistics=_statistics(asked),
        narrowest=(UNKNOWN, NOWHERE, asked.where.place),
        as_of=state_of_catalogue(language()),
    )


@aggregates.get("/aggregates.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends the charts by year, or the sums of the groups as bars; 404 if there are none."""
    asked = read_aggregate_params(request.args)
    found, years, _ = _shown(asked)
    blocks = tuple(_blocks(asked, found, years))
    if (body := _body(asked, blocks)) is None:
        abort(404)
    return send_picture(_drawn(asked, blocks, body), suffix, "gongkai-aggregates")


@aggregates.get("/aggregates.csv")
def csv_file() -> Response:
    """Streams the aggregates one a line."""
    as_of = state_of_catalogue(language())
    lines = csv_lines((*HEAD, "as_of"), ((*(_plain(row[key]) for key in HEAD), as_of) for row in rows()))
    return streamed(lines, "text/csv", "gongkai-aggregates.csv")


def rows() -> list[Json]:
    """The aggregates of the request as records of CSV and the API."""
    asked = read_aggregate_params(request.args)
    found = data_access.aggregates(asked)
    by_line = {
        (figure, group): breaks_by_year(list(line), language())
        for (figure, group), line in groupby(sorted(found, key=_line), key=_line)
    }
    return [
        record(
            AGGREGATE_ROW,
            each,
            **aggregate_json(each),
            label=_label(parse_name(each.figure)),
            group_label=_group_label(asked, each.group) if each.group else "",
            breaks=by_line[_line(each)].get(each.year, ()),
        )
        for each in found
    ]


def _shown(asked: AggregateRequest) -> tuple[tuple[Aggregate, ...], list[int], int]:
    """The aggregates of the page, their years, and the rows of the file; groups are compared in the newest year."""
    found = data_access.aggregates(asked)
    rows_of_file = len(found)
    years = sorted({each.year for each in found if each.stating})
    if asked.by != "year" and years:
        newest = max(year for year in years if asked.last is None or year <= asked.last)
        found = tuple(each for each in found if each.year == newest)
    return found, years, rows_of_file


def _body(asked: AggregateRequest, blocks: Sequence[AggregateBlock]) -> PictureChart | None:
    """What a picture draws; None without a chart."""
    if asked.by == "year":
        panels = [PicturePanel(block.label, block.panel.plot) for block in blocks if block.panel]
        return panel_chart(panels, with_key=False) if panels else None
    bars = [*_bars(asked, blocks)][:MOST_ROWS]
    return bar_chart(bars) if bars else None


def _bars(asked: AggregateRequest, blocks: Sequence[AggregateBlock]) -> Iterator[PictureBar]:
    for block in blocks:
        sums = [(each, each.sum) for each in block.cells if each.sum is not None]
        largest = max((abs(value) for _, value in sums), default=0) or 1
        for each, value in sums:
            name = listed([_group_label(asked, each.group), block.label if len(blocks) > 1 else ""])
            yield PictureBar(name, f"{value:,f}", float(abs(value) / largest))


def _drawn(asked: AggregateRequest, blocks: Sequence[AggregateBlock], body: PictureChart) -> Picture:
    by_year = asked.by == "year"
    return drawn(
        "aggregates.page",
        aggregate_arguments(asked),
        gettext("统计数据汇总：各机关合计"),
        _title(asked, blocks),
        body,
        gettext("每图一项指标，纵轴刻度各不相同；虚线处统计口径变化，前后不可比。") if by_year else "",
    )


def _title(asked: AggregateRequest, blocks: Sequence[AggregateBlock]) -> str:
    first, last = asked.first or "", asked.last or ""
    return listed(
        [
            _grouping_names()[asked.by],
            *described(asked.where),
            *_names(asked),
            *(block.label for block in blocks if asked.by != "year"),
            blocks[0].cells[0].year if blocks and asked.by != "year" else "",
            f"{first}–{last}" if first or last else "",
        ]
    )


def _names(asked: AggregateRequest) -> list[str]:
    """The names of the agencies that are selected one by one."""
    known = data_access.agency_table().agencies
    return [agency_text(known[each].name) if each in known else each for each in asked.agencies]


def _chips(asked: AggregateRequest) -> Iterator[Chip]:
    for each in asked.agencies:
        left = replace(asked, agencies=tuple(other for other in asked.agencies if other != each))
        yield Chip(gettext("机关"), filter_label("agency", each), link("aggregates.page", **aggregate_arguments(left)))


def _agencies(asked: AggregateRequest) -> dict[str, object]:
    """The parameters that select the same agencies on another page."""
    return {**asked.where.arguments(), "agency": [*asked.agencies]}


def _deeper(asked: AggregateRequest, group: str) -> str:
    return link("aggregates.page", **aggregate_arguments(replace(asked, where=replace(asked.where, place=group))))


def _grouping_names() -> dict[str, str]:
    return {
        "year": gettext("按年份"),
        "division": gettext("按地区"),
        "kind": gettext("按机关类型"),
        "level": gettext("按机关层级"),
    }


def _statistics(asked: AggregateRequest) -> list[tuple[str, str]]:
    """The attributes of an aggregate that the page shows, each with its name."""
    shown = [
        ("sum", gettext("合计")),
        ("median", gettext("中位数")),
        ("quartiles", gettext("四分位数")),
        ("stating", gettext("写明／有报告")),
    ]
    if asked.of:
        shown.append(("share", gettext("占“%(figure)s”", figure=_label(asked.of))))
    return shown


def _line(each: Aggregate) -> tuple[str, str]:
    return each.figure, each.group or ""


def _of(found: Sequence[Aggregate], figure: str) -> list[Aggregate]:
    return [each for each in found if each.figure == figure]


def _blocks(asked: AggregateRequest, found: Sequence[Aggregate], years: Sequence[int]) -> Iterator[AggregateBlock]:
    notes = {rule["code"]: tuple(step[language()] for step in rule["step"]) for rule in rulebook("series.toml")[SERIES]}
    for name in asked.figures:
        figure, label = figure_name(name), _label(name)
        cells = _of(found, figure)
        if not any(each.stating for each in cells):
            continue
        panel = _panel(asked, name, label, cells) if asked.by == "year" else None
        if asked.by == "year":
            placed = {each.year: each for each in cells}
            cells = [placed[year] for year in years]
        is_computed = name in computed_rows() and name[0] != SERIES
        yield AggregateBlock(
            figure, label, is_computed, tuple(cells), panel, notes.get(name[1], ()) if name[0] == SERIES else ()
        )


def _panel(asked: AggregateRequest, name: Name, label: str, cells: Sequence[Aggregate]) -> FigurePanel | None:
    values = {each.year: float(each.sum) for each in cells if each.sum is not None}
    if len(values) < 2 or not any(values.values()):
        return None
    gaps = {year: "；".join(reasons) for year, reasons in breaks_by_year(cells, language()).items()}

    def address(_name: str, year: int) -> str:
        figure = {"table": name[0], "row": name[1], "column": name[2], "year": year}
        return link("ranking.page", **figure, **_agencies(asked))

    drawn = plot({label: values}, address, gaps, SMALL)
    return FigurePanel(SeriesRow(name[0], name[1], label), drawn) if drawn else None


def _choices() -> Iterator[Name]:
    """The figures that the form offers: series, and the totals of the statutory tables; the API takes all."""
    yield from ((SERIES, row, None) for row in row_codes(SERIES))
    for table in STATUTORY[1:]:
        yield from ((table, row, "total") for row in row_codes(table))


def _label(name: Name | None) -> str:
    if name is None:
        return ""
    table, row, column = name
    parts = [row_label(None, table, row, language())]
    if column and column not in ("total", "count"):
        parts.append(column_label(None, table, column, language()))
    if table != SERIES:
        parts.insert(0, table_label(table, language()))
    return " · ".join(parts)


def _group_label(asked: AggregateRequest, group: str | None) -> str:
    if group and asked.by == "division":
        return region_label(group, language())
    if group in (None, UNKNOWN):
        return str(gettext("不详"))
    labels = {"kind": kind_label, "level": level_label}
    return labels[asked.by](group, language()) if asked.by in labels else str(group)


def _plain(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, tuple | list) else value
