"""`gongkai figures`: figures of statutory tables and sentences, one a line."""

from __future__ import annotations

import sys

import click

from archive.export.csv import write_csv
from archive.model import CheckResult
from archive.store.catalogue import Catalogue
from archive.vocabulary import SERIES, TABLES, column_label, row_label, table_label
from gongkai.cli.console import echo_json, new_grid, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import as_json
from gongkai.results import FigureTable
from gongkai.selection import select_figures

_CHECKS: dict[CheckResult, tuple[str, str]] = {
    "passed": ("成立", "passed"),
    "passed_with_blanks": ("成立（空白算 0）", "passed with blanks"),
    "failed": ("不成立", "failed"),
    "not_checked": ("没有核对", "not checked"),
}


@click.command()
@click.option("--agency", help="机关 · Agency.")
@click.option("--year", help="年份或范围 2019..2022 · A year or a range.")
@click.option("--table", type=click.Choice([*TABLES, "prose", SERIES]), help="表 · Table.")
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
    with Catalogue.open(context.home) as catalogue:
        result = select_figures(
            catalogue, context.language, agency=agency, year=year, table=table, row=row, column=column
        )
    if as_json:
        echo_json(result.to_json())
    elif as_csv:
        write_csv(sys.stdout, *result.table())
    else:
        _print_figures(result, context)


def _print_figures(result: FigureTable, context: Context) -> None:
    console = open_console()
    heads = ("机关|Agency", "年份|Year", "表|Table", "行|Row", "列|Column", "数值|Value>", "原文|Printed", "核对|Check")
    grid = new_grid(context, *heads)
    for report, figure in result.rows:
        value = "" if figure.value is None else f"{figure.value:f}"
        grid.add_row(
            report.agency_name or report.agency,
            str(report.year or "?"),
            table_label(figure.table, context.language),
            row_label(report.form, figure.table, figure.row, context.language),
            column_label(report.form, figure.table, figure.column, context.language),
            f"{value} {figure.unit or ''}".strip(),
            context.say("（计算得出）", "(computed)") if figure.basis == "computed" else figure.printed,
            context.say("、", ", ").join(
                context.say(*_CHECKS[result]) for result in sorted(set(figure.check.values()))
            ),
        )
    console.print(grid if result.rows else context.say("没有这样的数字。", "There is no such figure."))
    print_data_version(console, result.data_version, context)
