"""`gongkai trend`: counts by year, or by agency and year; `gongkai matrix`: one query by agency and year."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click
from rich.table import Table
from rich.text import Text

from archive.export.csv import write_csv
from gongkai.cli.console import echo_json, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import (
    FREE,
    Format,
    as_csv,
    as_format_json,
    cell_text,
    filters,
    queries,
    query_words,
    read_request,
)
from indexer.answers.trends import Matrix, TrendSeries, form_note, matrix_table, shown, trend_table


@click.command(context_settings=FREE)
@queries
@filters
@click.option(
    "--by", type=click.Choice(["year", "agency"]), default="year", show_default=True,
    help="逐年，或机关 × 年份 · By year, or agency by year.",
)  # fmt: skip
@as_csv
@as_format_json
@click.pass_obj
def trend(
    context: Context, /, queries: Sequence[str], by: str, as_format: Format | None, **limits: Sequence[str]
) -> None:
    """\b
    gongkai trend 「微博」 「微信」           两个词逐年比较 · two words, year by year
    gongkai trend 「舆情」 --by agency --csv  机关 × 年份；0 未提及，- 没有报告，/ 报告没有文字 · agency by year
    """
    asked = read_request("", limits, context.language)
    engine = context.open_index()
    if by == "agency":
        matrices = [engine.matrix(replace(asked, query=query)) for query in queries]
        if as_format == "json":
            echo_json(matrices)
        elif as_format == "csv":
            write_csv(sys.stdout, *matrix_table(matrices, context.language))
        else:
            _print_matrices(matrices, context)
        return
    found = [engine.series(replace(asked, query=query)) for query in queries]
    if as_format == "json":
        echo_json(found)
    elif as_format == "csv":
        write_csv(sys.stdout, *trend_table(found, context.language))
    else:
        _print_trend(found, context)


@click.command(context_settings=FREE)
@query_words
@filters
@as_csv
@as_format_json
@click.pass_obj
def matrix(context: Context, /, query: Sequence[str], as_format: Format | None, **limits: Sequence[str]) -> None:
    """\b
    gongkai matrix 「舆情」 --year 2014..   0 未提及，- 没有报告，/ 报告没有文字 · 0 no mention, - no report, / no text
    """
    found = context.open_index().matrix(read_request(" ".join(query), limits, context.language))
    if as_format == "json":
        echo_json(found)
    elif as_format == "csv":
        write_csv(sys.stdout, *matrix_table([found], context.language))
    else:
        _print_matrices([found], context)


def _print_trend(found: Sequence[TrendSeries], context: Context) -> None:
    """Prints a table of years for each query."""
    zh = "年份|处|章节|报告|每万字频次|当年字数|当年章节|当年报告"
    en = "year|occurrences|sections|reports|occurrences in 10,000 characters|characters|all sections|all reports"
    undated = context.say("年份不明", "undated")
    for series in found:
        rows = [
            (
                str(p.year or undated),
                p.occurrences,
                p.sections,
                p.reports,
                p.per_10000,
                p.characters,
                p.all_sections,
                p.all_reports,
            )
            for p in series.points
        ]
        _table(series.reading, context.say(zh, en).split("|"), rows, context)
    if found:
        years = dict.fromkeys(point.year for series in found for point in series.points)
        for year in years:
            if note := form_note(year, context.language):
                open_console().print(Text(context.say(f"{year} 年起{note}", f"{year}: {note}"), style="dim"))
        print_data_version(open_console(), found[0].as_of.sentence(context.language), context)


def _print_matrices(found: Sequence[Matrix], context: Context) -> None:
    """Prints a table of agencies by years for each query."""
    for each in found:
        undated = context.say("年份不明", "undated")
        heads = [context.say("机关", "agency"), *(str(year or undated) for year in each.years)]
        _table(each.reading, heads, [[row.name, *map(shown, row.cells)] for row in each.rows], context)
    console = open_console()
    console.print(
        context.say(
            "0 未提及；- 没有这份报告；/ 报告没有文字", "0 not mentioned; - no such report; / a report without text"
        )
    )
    if found:
        print_data_version(console, found[0].as_of.sentence(context.language), context)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], context: Context) -> None:
    console = open_console()
    console.print(Text(title, style="italic"))
    if not rows:
        console.print(context.say("没有符合筛选条件的报告。", "No report passes the filters."))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(heads[0], overflow="fold")
    for head in heads[1:]:
        table.add_column(head, justify="right", overflow="fold")
    for row in rows:
        table.add_row(*map(cell_text, row))
    console.print(table)
