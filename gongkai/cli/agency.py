"""`gongkai agencies` lists and looks up agencies; `gongkai agency` merges two of them."""

from __future__ import annotations

import sys
from typing import Any

import click

from archive.agencies.name_search import AgencyMatch, AgencySearch
from archive.agencies.search import TOLERANCE_NAMES, one_agency
from archive.export.csv import write_csv
from archive.export.json import agency_entry
from archive.export.provenance import data_version
from archive.model import UNKNOWN_AGENCY
from archive.store.catalogue import Catalogue
from archive.vocabulary import kind_label, level_label
from gongkai.cli import CommandGroup
from gongkai.cli.console import EMPTY_ARCHIVE, echo_json, new_grid, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import YEAR, Format, as_csv, as_format_json


@click.command()
@click.argument("name", required=False, default="")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="至多 N 个机关 · N agencies at most.")
@as_csv
@as_format_json
@click.pass_obj
def agencies(context: Context, name: str, limit: int | None, as_format: Format | None) -> None:
    """\b
    gongkai agencies           全部机关 · every agency
    gongkai agencies haidian   按名称、简称、拼音或首字母 · by name, short name, pinyin or initials
    """
    with Catalogue.open_existing(context.home) as catalogue:
        known = catalogue.agencies()
        found = AgencySearch(known).find_all(name) if name else [AgencyMatch(each, 0) for each in known]
        reports = catalogue.keys_by_agency()
        documents = [
            agency_entry(match.agency, reports.get(match.agency.id, ()), match.tolerance) for match in found[:limit]
        ]
        version = data_version(catalogue.revision, context.language)
    if name and not documents:
        one_agency(name, known)  # raises
    if as_format == "json":
        echo_json({"as_of": version, "agencies": documents})
        return
    if as_format == "csv":
        cells = ("agency", "name", "place", "level", "kind")
        rows = (
            (*(each[cell] for cell in cells), *map("; ".join, _lists(each)), each.get("tolerance"), version)
            for each in documents
        )
        write_csv(sys.stdout, (*cells, "names", "reports", "tolerance", "as_of"), rows)
        return
    grid = new_grid(context, "机关|Agency", "编号|Id", "层级|Level<", "类型|Kind<", "报告|Reports>", "年份|Years<")
    for each in documents:
        keys = [report.rpartition("/")[2] for report in each["reports"]]
        level, kind = each["level"], each["kind"]
        grid.add_row(
            each["name"] + (f" ({context.say(*TOLERANCE_NAMES[each['tolerance']])})" if "tolerance" in each else ""),
            each["agency"],
            level_label(level, context.language) if level else "",
            kind_label(kind, context.language) if kind else "",
            str(len(keys)),
            _years(keys, context),
        )
    unknown = 0 if name else len(reports.get(UNKNOWN_AGENCY, ()))
    console = open_console()
    if documents or not unknown:
        console.print(grid if documents else context.say(*EMPTY_ARCHIVE))
    if unknown:
        console.print(context.say(*_without_agency(unknown)))
    print_data_version(console, version, context)


def _without_agency(reports: int) -> tuple[str, str]:
    """How many reports have no known agency, and how to give them one."""
    return (
        f"有 {reports:,} 份报告没有找到机关：gongkai notices --code agency_unknown 逐份列出。在网页旁的 source.toml 中"
        '写明 agency = "机关名称"，再 gongkai add。',
        f"{reports:,} {'report has' if reports == 1 else 'reports have'} no known agency: gongkai notices --code "
        'agency_unknown lists them. Name it in source.toml beside the page, agency = "NAME", and gongkai add again.',
    )


def _years(keys: list[str], context: Context) -> str:
    """The first and the last year of the keys of reports, and whether there are reports without a year."""
    years = [key for key in keys if key.isdecimal()]
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(years)
    undated = context.say("年份不明", "undated") if len(years) < len(keys) else ""
    return context.say("、", ", ").join(filter(None, [span, undated]))


def _lists(document: dict[str, Any]) -> tuple[list[str], list[str]]:
    return [each["name"] for each in document["names"]], document["reports"]


@click.group(cls=CommandGroup)
def agency() -> None:
    pass


@agency.command(short_help="合并两个机关 · Merge two agencies.")
@click.argument("earlier")
@click.argument("later")
@click.option(
    "--from",
    "from_year",
    type=YEAR,
    metavar="YEAR",
    required=True,
    help="从哪一年的报告起用后一个名称 · Since which year.",
)
@click.pass_obj
def join(context: Context, earlier: str, later: str, from_year: int) -> None:
    """前一个机关改成了后一个：合为一个，用前一个编号 · Merge two agencies: EARLIER was renamed or turned into LATER."""
    with Catalogue.open_existing(context.home) as catalogue:
        agencies = catalogue.agencies()
        joined = catalogue.join(one_agency(earlier, agencies), one_agency(later, agencies), from_year)
    names = [name.text for name in joined.names]
    click.echo(
        context.say(
            f"{joined.id}：{'、'.join(names)}。请再运行 gongkai index。",
            f"{joined.id}: {', '.join(names)}. Run gongkai index next.",
        )
    )
