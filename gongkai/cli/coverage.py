"""`gongkai coverage`: what the archive holds of each agency and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import click

from archive.agencies.agency_filter import AgencyFilter
from archive.analysis.coverage import CoverageCell
from archive.export.provenance import data_version
from archive.model import Agency
from archive.store.catalogue import Catalogue
from gongkai.cli.console import EMPTY_ARCHIVE, agency_text, echo_json, new_grid, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import agency_filters, as_json
from gongkai.results import CoverageResult
from gongkai.selection import select_coverage

_STATES = {
    "held": ("●", "有", "held"),
    "tables_only": ("◐", "只有表格", "tables only"),
    "image_only": ("○", "只有图片", "images only"),
    "missing": ("·", "缺", "missing"),
}
_UNDATED = (
    "没有年份已知的报告：gongkai notices --code year_unknown 逐份列出。",
    "No report has a known year: gongkai notices --code year_unknown lists them.",
)


@click.command()
@agency_filters
@as_json
@click.pass_obj
def coverage(
    context: Context,
    place: str | None,
    level: str | None,
    kind: str | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    where = AgencyFilter(place, level, kind)
    with Catalogue.open_existing(context.home) as catalogue:
        version = data_version(catalogue.revision, context.language)
        result = CoverageResult(select_coverage(catalogue, where), version)
        agencies, reports = catalogue.agencies(), catalogue.count()
    if as_json:
        echo_json(result.to_json())
    else:
        _print_coverage(result.cells, agencies, reports, result.data_version, where, context)


def _print_coverage(
    cells: Sequence[CoverageCell],
    agencies: Iterable[Agency],
    reports: int,
    version: str,
    where: AgencyFilter,
    context: Context,
) -> None:
    """Prints a grid of signs, agencies by years, with a legend."""
    console = open_console()
    if not cells and where:
        console.print(context.say("没有找到该机关。请放宽条件。", "No such agencies. Widen the conditions."))
        return
    if not cells:
        console.print(context.say(*(_UNDATED if reports else EMPTY_ARCHIVE)))
        return
    names = {agency.id: agency.name for agency in agencies}
    years = range(min(cell.year for cell in cells), max(cell.year for cell in cells) + 1)
    grid = new_grid(context, "机关|Agency", *(f"{year}|{year}<" for year in years))
    for agency, group in groupby(cells, key=lambda cell: cell.agency):
        states = {cell.year: _STATES[cell.state][0] + ("²" if cell.duplicate else "") for cell in group}
        grid.add_row(agency_text(agency, names.get(agency), context), *(states.get(year, "") for year in years))
    console.print(grid)
    legend = [f"{sign} {context.say(zh, en)}" for sign, zh, en in _STATES.values()]
    console.print("  ".join([*legend, context.say("² 同页重复", "² duplicate on page")]), style="dim")
    print_data_version(console, version, context)
