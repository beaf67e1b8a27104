"""`gongkai figures`: figures of statutory tables and sentences, one a line."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import get_args

import click

from archive.agencies.agency_filter import AgencyFilter
from archive.analysis.aggregates import Grouping
from archive.errors import InvalidRequest
from archive.export.csv import write_csv
from archive.model import CheckResult, Figure
from archive.store.catalogue import Catalogue
from archive.vocabulary import (
    SERIES,
    TABLES,
    column_codes,
    column_label,
    row_codes,
    row_label,
    table_label,
)
from gongkai.cli.console import agency_text, echo_json, new_grid, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import Format, agency_filters, as_csv, as_format_json, only_with
from gongkai.cli.progress import with_progress
from gongkai.results import AggregateResult, FigureTable
from gongkai.selection import aggregate_figures, select_figures

MOST_PRINTED = 1000
"""Rows of a table on a terminal, which is laid out as a whole: 20,000 rows took minutes."""
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
@click.option("--sum", "as_sum", is_flag=True, help="汇总各机关 · Sums, medians, quartiles over agencies.")
@click.option(
    "--by", type=click.Choice(get_args(Grouping)), help="汇总的分组，默认 year · Groups of --sum; year by default."
)
@click.option("--of", help="占比的分母，如 requests.new.total · The figure that shares of --sum are computed of.")
@click.option("--no-ocr", is_flag=True, help="不含 OCR 识别的数字 · Leave out what OCR read.")
@agency_filters
@as_csv
@as_format_json
@click.pass_obj
def figures(
    context: Context,
    agency: str | None,
    year: str | None,
    table: str | None,
    row: str | None,
    column: str | None,
    as_sum: bool,  # noqa: FBT001
    by: Grouping | None,
    of: str | None,
    no_ocr: bool,  # noqa: FBT001
    place: str | None,
    level: str | None,
    kind: str | None,
    as_format: Format | None,
) -> None:
    where = AgencyFilter(place, level, kind)
    result: FigureTable | AggregateResult
    if not as_sum:
        only_with("--sum", {"--by": by, "--of": of})
    with Catalogue.open_existing(context.home) as catalogue:
        if as_sum:
            result = aggregate_figures(
                catalogue,
                context.language,
                _figure_names(table, row, column),
                by=by or "year",
                of=of,
                year=year,
                agencies=(agency,) if agency else (),
                where=where,
                ocr=not no_ocr,
            )
        else:
            result = select_figures(
                catalogue,
                context.language,
                agency=agency,
                year=year,
                table=table,
                row=row,
                column=column,
                where=where,
                ocr=not no_ocr,
                watch=lambda reports, count: with_progress(reports, count, context),
            )
    _write_result(result, as_format, context)


def _write_result(result: FigureTable | AggregateResult, as_format: Format | None, context: Context) -> None:
    if as_format == "json":
        echo_json(result.to_json())
    elif as_format == "csv":
        write_csv(sys.stdout, *result.table())
    elif isinstance(result, AggregateResult):
        _print_aggregates(result, context)
    else:
        _print_figures(result, context)


def _figure_names(table: str | None, row: str | None, column: str | None) -> tuple[str, ...]:
    """The figures of a table, row and column: by default the series, and of a statutory table the column `total`.

    Raises:
        InvalidRequest: for a row or column without a table, and for a table with several columns and no total.
    """
    if table is None:
        if row or column:
            raise InvalidRequest(
                "--sum 加 --row 或 --column 时请同时写明 --table。", "With --sum, --row and --column need --table."
            )
        return ()
    codes = column_codes(table)
    if column is None and len(codes) > 1 and "total" not in codes:
        raise InvalidRequest(
            f"表 {table} 没有 total 列。请用 --column 写明一列：{'、'.join(codes)}。",
            f"The table {table} has no column total. Choose one with --column: {', '.join(codes)}.",
        )
    column = column or ("total" if "total" in codes else next(iter(codes), None))
    return tuple(".".join(filter(None, [table, each, column])) for each in ((row,) if row else row_codes(table)))


def _print_aggregates(result: AggregateResult, context: Context) -> None:
    console = open_console()
    heads = (
        *("数据|Figure", "年份|Year<", "分组|Group", "有报告|Reports>", "写明|Stating>", "合计|Sum>", "中位数|Median>"),
        *("四分位数|Quartiles>", "占比|Share>"),
    )
    grid = new_grid(context, *heads)
    for each in result.aggregates:
        quartiles = [_text(each.lower_quartile), _text(each.upper_quartile)]
        grid.add_row(
            each.figure,
            str(each.year),
            each.group or "",
            f"{each.agencies:,}",
            f"{each.stating:,}",
            "≈" * bool(each.approximate) + _text(each.sum) + " OCR" * bool(each.ocr),
            _text(each.median),
            "–".join(filter(None, quartiles)),
            "" if each.share is None else f"{each.share * 100:.1f}%",
        )
    console.print(grid if result.aggregates else context.say("没有这项数据。", "There is no such figure."))
    print_data_version(console, result.data_version, context)


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,f}"


def _origin(figure: Figure, context: Context) -> str:
    """The text of the cell, with a mark if OCR read it; a computed figure has none."""
    shown = context.say("（计算得出）", "(computed)") if figure.basis == "computed" else figure.shown
    if figure.confidence is None:
        return shown
    return context.say(f"{shown}（OCR {figure.confidence:.0%}）", f"{shown} (OCR {figure.confidence:.0%})")


def _print_figures(result: FigureTable, context: Context) -> None:
    console = open_console()
    heads = (
        "机关|Agency",
        "年份|Year<",
        "表|Table",
        "行|Row",
        "列|Column",
        "数值|Value>",
        "原文|Printed",
        "核对|Check<",
    )
    grid = new_grid(context, *heads)
    for report, figure in result.rows[:MOST_PRINTED]:
        value = "" if figure.value is None else f"{'≈' * (figure.state == 'approximate')}{figure.value:f}"
        grid.add_row(
            agency_text(report.agency, report.agency_name, context),
            str(report.year or "?"),
            table_label(figure.table, context.language),
            row_label(report.form, figure.table, figure.row, context.language),
            column_label(report.form, figure.table, figure.column, context.language),
            f"{value} {figure.unit or ''}".strip(),
            _origin(figure, context),
            context.say("、", ", ").join(
                context.say(*_CHECKS[result]) for result in sorted(set(figure.check.values()))
            ),
        )
    console.print(grid if result.rows else context.say("没有这项数据。", "There is no such figure."))
    if (count := len(result.rows)) > MOST_PRINTED:
        zh = f"以上是 {count:,} 行中的前 {MOST_PRINTED:,} 行。请写明 --agency、--year、--table，或用 --csv 得到全部。"
        en = f"These are the first {MOST_PRINTED:,} of {count:,} rows. Add --agency, --year or --table, or use --csv."
        console.print(context.say(zh, en))
    print_data_version(console, result.data_version, context)
