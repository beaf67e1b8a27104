"""The archive's commands: read, add, show, figures, coverage, notices (FACE: Commands)."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import resolve_agencies
from archive.agencies.search import one_agency, one_report
from archive.errors import GongkaiError
from archive.export.csv import write_csv
from archive.export.json import figure_json, notice_json, report_json, source_json
from archive.export.provenance import data_version
from archive.ingest.pool import Parsed, parse_files
from archive.ingest.sources import pages_in
from archive.model import Figure, Reading, Report
from archive.store.catalogue import Catalogue
from archive.vocabulary import TABLES
from gongkai.cli import archive_printing
from gongkai.cli.compare import compare
from gongkai.cli.context import Context

_CORES = os.cpu_count() or 1

as_json = click.option("--json", "as_json", is_flag=True, help="一个 JSON 文档 · One JSON document.")
paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@paths_argument
@as_json
@click.pass_obj
def read(context: Context, paths: Sequence[Path], as_json: bool) -> None:  # noqa: FBT001 (click gives flags so)
    """读页面而不收录，说出读到什么 · Read pages without keeping them and print what they say."""
    files: list[dict[str, Any]] = []
    for path, parsed in parse_files(pages_in(paths), _CORES):
        if isinstance(parsed, GongkaiError):
            message = parsed.message(context.language)
            files.append({"path": str(path), "error": message, "reports": [], "notices": []})
            click.echo(message, err=True)
            continue
        reading = resolve_agencies(parsed[1], AgencyRegistry())
        files.append(_file_json(path, reading, context))
        if not as_json:
            archive_printing.reading(reading, path, context)
    if as_json:
        _echo_json({"files": files})
    if any(file["error"] for file in files):
        raise SystemExit(1)


@click.command()
@paths_argument
@click.option("--jobs", type=click.IntRange(1), default=_CORES, help="几个进程同时读 · How many processes read.")
@click.pass_obj
def add(context: Context, paths: Sequence[Path], jobs: int) -> None:
    """读页面并收录；失败的说明原因，其余照收 · Read pages and keep them; whatever fails is named, the rest is kept."""
    counts: Counter[str] = Counter()
    files = list(pages_in(paths))
    with Catalogue.open(context.home) as catalogue:
        for path, parsed in _progress(parse_files(files, jobs), len(files), context):
            if isinstance(parsed, GongkaiError):
                counts["failed"] += 1
                click.echo(parsed.message(context.language), err=True)
            else:
                counts += _keep(catalogue, path, *parsed, context)
    archive_printing.outcomes(counts, context)
    if counts["failed"]:
        raise SystemExit(1)


def _keep(catalogue: Catalogue, path: Path, data: bytes, parsed: Reading, context: Context) -> Counter[str]:
    """Keeps one page; how many reports came out how, and how many notices there are."""
    with catalogue.writing():
        reading = resolve_agencies(parsed, catalogue.register())
        counts = Counter[str](outcome for _, outcome in catalogue.add(reading, data))
    counts["notices"] = len(reading.notices) + sum(len(report.notices) for report in reading.reports)
    if not reading.reports:
        counts["failed"] = 1
        for notice in reading.notices:
            click.echo(f"{path}: {notice_json(notice, context.language)['message']}", err=True)
    return counts


@click.command()
@click.argument("agency")
@click.argument("year")
@click.option("--section", "section", help="只看一节（代码，如 problems）· One section, by its code.")
@click.option("--tables", "only", flag_value="tables", help="只看表格 · The tables alone.")
@click.option("--text", "only", flag_value="text", help="只看文字 · The text alone.")
@as_json
@click.pass_obj
def show(context: Context, agency: str, year: str, section: str | None, only: str | None, as_json: bool) -> None:  # noqa: FBT001
    """看一份报告：机关可写名称、简称、拼音或首字母 · One report; the agency by name, short name, pinyin or initials."""
    with Catalogue.open(context.home) as catalogue:
        report = one_report(agency, year, catalogue)
        breaks = [notice for other, notice in catalogue.breaks(report.agency) if other.key == report.key]
    report = replace(report, notices=(*report.notices, *breaks))
    if section and section not in {code for each in report.sections for code in (each.code, each.anchor, *each.also)}:
        codes = [each.anchor for each in report.sections]
        raise GongkaiError(
            f"这份报告没有“{section}”一节。它有：{'、'.join(codes)}。",
            f"The report has no section “{section}”. It has: {', '.join(codes)}.",
        )
    if as_json:
        document = report_json(report, context.language)
        if section:
            document["sections"] = [each for each in document["sections"] if _is_section(each, section)]
        _echo_json(document)
    else:
        archive_printing.report(report, section, only, context)


@click.command()
@click.option("--agency", help="机关 · Agency.")
@click.option("--year", help="年份或范围 2019..2022 · A year or a range.")
@click.option("--table", type=click.Choice([*TABLES, "prose"]), help="表 · Table.")
@click.option("--row", help="行 · Row (new, granted …).")
@click.option("--column", help="列 · Column (total …).")
@click.option("--csv", "as_csv", is_flag=True, help="CSV，电子表格可直接打开 · CSV for spreadsheets.")
@as_json
@click.pass_obj
def figures(
    context: Context,
    agency: str | None,
    year: str | None,
    table: str | None,
    row: str | None,
    column: str | None,
    as_csv: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """法定表格和文字里的数字，一行一个 · The figures of tables and sentences, one a line."""
    wanted = {name: value for name, value in (("table", table), ("row", row), ("column", column)) if value}
    rows: list[tuple[Report, Figure]] = []
    with Catalogue.open(context.home) as catalogue:
        one = one_agency(agency, catalogue.agencies()).id if agency else None
        years, counted_on = _years(year), data_version(catalogue.revision, context.language)
        for report in catalogue.shown():
            if (one is None or report.agency == one) and years(report.year):
                rows += [
                    (report, figure)
                    for figure in report.figures
                    if all(getattr(figure, name) == value for name, value in wanted.items())
                ]
    documents = [
        {"agency": report.agency, "year": report.year, "form": report.form, **figure_json(figure)}
        for report, figure in rows
    ]
    if as_json:
        _echo_json({"as_of": counted_on, "figures": documents})
    elif as_csv:
        lines = ((*(_csv_cell(document[name]) for name in _CSV_HEAD[:-1]), counted_on) for document in documents)
        write_csv(sys.stdout, _CSV_HEAD, lines)
    else:
        archive_printing.figures(rows, counted_on, context)


@click.command()
@as_json
@click.pass_obj
def coverage(context: Context, as_json: bool) -> None:  # noqa: FBT001
    """每个机关每一年收录了什么、缺什么 · What is held and what is missing, agency by year."""
    with Catalogue.open(context.home) as catalogue:
        cells, agencies = catalogue.coverage(), catalogue.agencies()
        counted_on = data_version(catalogue.revision, context.language)
    if not as_json:
        archive_printing.coverage(cells, agencies, counted_on, context)
        return
    documents: list[dict[str, object]] = []
    for cell in cells:
        documents.append({"agency": cell.agency, "year": cell.year, "state": cell.state})
        if cell.duplicate:
            documents[-1]["duplicate"] = True
    _echo_json({"as_of": counted_on, "cells": documents})


@click.command()
@as_json
@click.pass_obj
def notices(context: Context, as_json: bool) -> None:  # noqa: FBT001
    """需要人看一眼的地方 · What needs a person's eye."""
    with Catalogue.open(context.home) as catalogue:
        found, counted_on = catalogue.notices(), data_version(catalogue.revision, context.language)
    if not as_json:
        archive_printing.notices(found, counted_on, context)
        return
    _echo_json(
        {
            "as_of": counted_on,
            "notices": [
                {
                    "report": f"{report.agency}/{report.key}" if report else None,
                    "source": source_json(source),
                    **notice_json(notice, context.language),
                }
                for report, source, notice in found
            ],
        }
    )


@click.group()
def agency() -> None:
    """机关 · Agencies."""


@agency.command()
@click.argument("earlier")
@click.argument("later")
@click.option("--from", "from_year", type=int, required=True, help="从哪一年的报告起用后一个名称 · Since which year.")
@click.pass_obj
def join(context: Context, earlier: str, later: str, from_year: int) -> None:
    """前一个机关改成了后一个：合为一个，用前一个编号 · One agency became the other: one from now on."""
    with Catalogue.open(context.home) as catalogue:
        agencies = catalogue.agencies()
        joined = catalogue.join(one_agency(earlier, agencies), one_agency(later, agencies), from_year)
    names = [name.text for name in joined.names]
    click.echo(
        context.say(
            f"{joined.id}：{'、'.join(names)}。请再运行 gongkai index。",
            f"{joined.id}: {', '.join(names)}. Run gongkai index next.",
        )
    )


_CSV_HEAD = (
    *("agency", "year", "form", "table", "row", "column"),
    *("value", "printed", "state", "basis", "unit", "check", "as_of"),
)

COMMANDS = (read, add, show, figures, compare, coverage, notices, agency)


def _file_json(path: Path, reading: Reading, context: Context) -> dict[str, Any]:
    said = (*reading.notices, *(notice for report in reading.reports for notice in report.notices))
    return {
        "path": str(path),
        "error": None,
        "reports": [report_json(report, context.language) for report in reading.reports],
        "notices": [notice_json(notice, context.language) for notice in said],
    }


def _echo_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _progress(pages: Iterator[tuple[Path, Parsed]], files: int, context: Context) -> Iterator[tuple[Path, Parsed]]:
    """The pages, with a bar for the files on stderr where these are many and a person watches."""
    if files < _MANY or not sys.stderr.isatty():
        yield from pages
        return
    label = context.say("正在读", "Reading")
    with click.progressbar(length=files, label=label, file=sys.stderr, show_pos=True) as bar:
        for _, pages_of_file in groupby(pages, key=lambda page: page[0]):
            yield from pages_of_file
            bar.update(1)


_MANY = 5


def _years(year: str | None) -> Callable[[int | None], bool]:
    """A test for the years that `2018`, `2018..2020`, `2018..` or `..2020` names."""
    if year is None:
        return lambda _: True
    first, dots, last = year.partition("..")
    if not all(part.isdecimal() or not part for part in (first, last)) or not (first or last):
        raise GongkaiError(
            f"“{year}”不是年份。请写 2018 或 2018..2020。", f"“{year}” is no year. Write 2018 or 2018..2020."
        )
    low = int(first or 0)
    high = int(last or 9999) if dots else low
    return lambda given: given is not None and low <= given <= high


def _is_section(section: dict[str, Any], wanted: str) -> bool:
    return wanted in (section["code"], section["anchor"], *section["also"])


def _csv_cell(value: object) -> object:
    return "; ".join(f"{name}={result}" for name, result in value.items()) if isinstance(value, dict) else value
