"""`gongkai ranking`: the agencies of a year by one figure or measure, the largest first."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from archive.analysis.agency_ranking import RankedReport, ranked_reports, value_of
from archive.analysis.aggregates import figure_named
from archive.analysis.computed import row_of
from archive.analysis.measures import figures_of, measure_named
from archive.export.csv import write_csv
from archive.export.provenance import data_version
from archive.store.catalogue import Catalogue
from archive.store.figures_table import FigureSelection
from gongkai.cli.console import echo_json, new_grid, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import YEAR, Format, as_csv, as_format_json

_Row = tuple[int | None, str, str, str, str | None, str | None]


@click.command()
@click.argument("figure")
@click.option("--year", type=YEAR, metavar="YEAR", help="不写则为有此数字的最近一年 · Year [the newest with it].")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="至多 N 个机关 · N agencies at most.")
@click.option("--no-ocr", is_flag=True, help="不含 OCR 识别的数字 · Leave out what OCR read.")
@as_csv
@as_format_json
@click.pass_obj
def ranking(
    context: Context,
    figure: str,
    year: int | None,
    limit: int | None,
    no_ocr: bool,  # noqa: FBT001
    as_format: Format | None,
) -> None:
    """\b
    gongkai ranking requests.new.total --year 2022   收到申请最多的机关 · most requests received
    gongkai ranking granted                          指标（数据字典里的代码）· a measure (codes of the codebook)
    """
    wanted = measure_named(figure)
    names = figures_of(wanted) if wanted else (figure_named(figure),)
    with Catalogue.open_existing(context.home) as catalogue:
        rows = [row_of(name) for name in names]
        selection = FigureSelection(ocr=not no_ocr)
        if year is None:
            stating = catalogue.years(selection, rows, lambda report: value_of(report, wanted) is not None)
            year = max(stating, default=None)
        found = catalogue.values(replace(selection, first=year, last=year), rows) if year else ()
        ranked = ranked_reports(found, wanted)[:limit]
        of = {agency.id: agency.name for agency in catalogue.agencies()}
        version = data_version(catalogue.revision, context.language)
    places = [_row(each, of) for each in ranked]
    head = ("rank", "agency", "agency_name", "report", "value", "state")
    if as_format == "json":
        listed = [dict(zip(head, place, strict=True)) for place in places]
        echo_json({"figure": figure, "year": year, "as_of": version, "places": listed})
    elif as_format == "csv":
        write_csv(sys.stdout, (*head, "figure", "year", "as_of"), ((*place, figure, year, version) for place in places))
    else:
        _print_ranking(places, figure, year, version, context)


def _row(ranked: RankedReport, of: dict[str, str]) -> _Row:
    value = None if ranked.value is None else f"{ranked.value:f}"
    name = of.get(ranked.agency, ranked.agency)
    return ranked.rank, ranked.agency, name, f"{ranked.agency}/{ranked.key}", value, ranked.state


def _print_ranking(
    rows: Sequence[_Row],
    figure: str,
    year: int | None,
    version: str,
    context: Context,
) -> None:
    console = open_console()
    console.print(f"{figure} {year or ''}")
    grid = new_grid(context, "名次|Rank>", "机关|Agency", "报告|Report", "数值|Value>")
    for rank, _, name, report, value, state in rows:
        shown = "≈" * (state == "approximate") + value if value else context.say("没有写明", "not stated")
        grid.add_row("" if rank is None else str(rank), name, report, shown)
    console.print(grid if rows else context.say("没有报告写明这项数据。", "No report states this figure."))
    print_data_version(console, version, context)
