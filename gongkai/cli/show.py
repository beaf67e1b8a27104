"""`gongkai show`: one report to read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.export.json import report_json
from archive.model import Figure, Report, Section
from archive.store.catalogue import Catalogue
from archive.store.curation.notice_reviews import NoticeReviews, read_reviews, report_address
from archive.vocabulary import column_label, form_label, row_label, section_label, table_label
from gongkai.cli.console import basis_mark, echo_json, new_grid, open_console, print_notice
from gongkai.cli.context import Context
from gongkai.cli.options import as_json, not_with
from gongkai.selection import find_report, find_section


@click.command()
@click.argument("agency")
@click.argument("year")
@click.option("--section", "section", help="只看一个章节（代码，如 problems）· One section, by its code.")
@click.option("--tables", "only", flag_value="tables", help="只看表格 · Only the tables.")
@click.option("--text", "only", flag_value="text", help="只看文字 · Only the text.")
@as_json
@click.pass_obj
def show(context: Context, agency: str, year: str, section: str | None, only: str | None, as_json: bool) -> None:  # noqa: FBT001
    if as_json and only:
        not_with("--json", {f"--{only}": only})
    with Catalogue.open_existing(context.home) as catalogue:
        report, reviews = find_report(catalogue, agency, year), read_reviews(context.home)
    find_section(report, section)
    if as_json:
        document = report_json(report, context.language, reviews)
        if section:
            document["sections"] = [each for each in document["sections"] if _is_section(each, section)]
        echo_json(document)
    else:
        _print_report(report, reviews, section, only, context)


def _is_section(section: dict[str, Any], wanted: str) -> bool:
    return wanted in (section["code"], section["anchor"], *section["also"])


def _print_report(
    report: Report, reviews: NoticeReviews, section: str | None, only: str | None, context: Context
) -> None:
    """Prints the provenance, sections, figures and notices of a report."""
    console = open_console()
    if only is None:
        console.print(Text(report.title, style="bold"))
        console.print(Text(_provenance(report, context), style="dim"))
    wanted = [each for each in report.sections if section in (None, each.code, each.anchor, *each.also)]
    for each in wanted:
        if only != "tables":
            _print_section(console, each, context)
        if only != "text":
            for kind in dict.fromkeys(table.kind for table in each.tables if table.kind):
                _print_table(console, report, kind, context)
    if only is None and section is None:
        for notice in report.notices:
            print_notice(
                console, notice, context.language, review=reviews.of(report_address(report), report.source, notice)
            )


def _print_section(console: Console, section: Section, context: Context) -> None:
    label = section_label(section.code, context.language)
    heading = section.heading or context.say(f"（{label}）", f"({label})")
    console.print()
    console.print(Text(heading, style="bold"), Text(f" {section.anchor}", style="dim"))
    for paragraph in section.paragraphs:
        console.print(Text(paragraph.text, style="bold" if paragraph.level else ""))


def _print_table(console: Console, report: Report, table: str, context: Context) -> None:
    """Prints a statutory table: one grid for consecutive rows with the same columns (in `proactive` each item has its
    own), with figures that fail a check in red. The name of a table that OCR read says so.
    """
    cells = {(figure.row, figure.column): figure for figure in report.figures if figure.table == table}
    columns = {row: tuple(column for other, column in cells if other == row) for row, _ in cells}
    is_recognised = any(figure.confidence is not None for figure in cells.values())
    mark_zh, mark_en = ("（OCR 识别）", " (read by OCR)") if is_recognised else ("", "")
    name = f"{table_label(table, 'zh')}{mark_zh}|{table_label(table, 'en')}{mark_en}"
    for shared, rows in groupby(columns, key=columns.__getitem__):
        group = list(rows)
        heads = (_head(report, table, column, [cells[row, column] for row in group], context) for column in shared)
        grid = new_grid(context, name, *heads)
        for row in group:
            values = (cells[row, column] for column in shared)
            texts = (Text(each.printed, style="red" if "failed" in each.check.values() else "") for each in values)
            grid.add_row(row_label(report.form, table, row, context.language), *texts)
        console.print(grid)


def _head(report: Report, table: str, column: str | None, figures: Sequence[Figure], context: Context) -> str:
    """Returns the head of a column of numbers, with the unit if all its figures share one."""
    label = column_label(report.form, table, column, context.language)
    units = {figure.unit for figure in figures}
    unit = units.pop() if len(units) == 1 else None
    return f"{label} ({unit})|{label} ({unit})>" if unit else f"{label}|{label}>"


def _provenance(report: Report, context: Context) -> str:
    unknown = context.say("不详", "unknown")
    agency = report.agency_as_printed or report.agency_name or unknown
    parts = [
        context.say("机关：", "Agency: ") + agency + basis_mark(report.agency_basis, context),
        context.say("年份：", "Year: ") + f"{report.year or unknown}{basis_mark(report.year_basis, context)}",
        form_label(report.form, context.language) if report.form else "",
        context.say("来源：", "Source: ") + (report.source.url or report.source.path),
        context.say(f"第{report.place}行", f"Lines {report.place}") if str(report.place) else "",
        f"SHA-256 {report.source.sha256}",
    ]
    return "\n".join(part for part in parts if part)
