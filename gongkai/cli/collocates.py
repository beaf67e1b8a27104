"""`gongkai collocates`: the words near the occurrences of a query."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from rich.table import Table as Grid
from rich.text import Text

from archive.export.csv import write_csv
from archive.export.json_types import record
from gongkai.cli.console import echo_json, new_grid, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import FREE, Format, as_csv, as_format_json, filters, query_words, read_request, side, window
from indexer.answers.collocates import (
    COLLOCATE_ORDERS,
    SIDES,
    WINDOW,
    CollocateOptions,
    CollocateOrder,
    Collocates,
    Side,
    Window,
    collocates_table,
)
from indexer.answers.json import COLLOCATES

_HEADS = (
    "词|word",
    "邻近频次|nearby>",
    "期望频次|expected>",
    "全部文本频次|in all texts>",
    "对数似然比|log-likelihood>",
    "对数比率|log ratio>",
)


@click.command(context_settings=FREE)
@query_words
@filters
@window
@side
@click.option(
    "--order", type=click.Choice(COLLOCATE_ORDERS), default=COLLOCATE_ORDERS[0], show_default=True,
    help="显著偏多、显著偏少、按频次 · More than expected, less, or by count.",
)  # fmt: skip
@click.option("--by", type=click.Choice(["all", "year"]), default="all", show_default=True, help="逐年 · By year.")
@click.option(
    "--limit", type=click.IntRange(1), default=30, show_default=True, metavar="N",
    help="至多 N 个词 · N words at most.",
)  # fmt: skip
@as_csv
@as_format_json
@click.pass_obj
def collocates(
    context: Context,
    /,
    query: Sequence[str],
    window: int | None,
    side: Side | None,
    order: CollocateOrder,
    by: str,
    limit: int,
    as_format: Format | None,
    **limits: Sequence[str],
) -> None:
    """\b
    gongkai collocates 「政府信息公开」
    gongkai collocates 「申请」 --side left --window 2 --order count
    gongkai concordance 「申请」 --collocate 收到 --side left --window 2   每个频次对应的语境 · the lines behind a count
    """
    asked = read_request(" ".join(query), limits, context.language)
    options = CollocateOptions(Window(window or WINDOW, side or SIDES[0]), order, limit, by == "year")
    found = context.open_index().collocates(asked, options)
    if as_format == "csv":
        write_csv(sys.stdout, *collocates_table(found, context.language, by_year=options.by_year))
    elif as_format == "json":
        echo_json(record(COLLOCATES, found))
    else:
        _print_collocates(found, context)


def _print_collocates(found: Collocates, context: Context) -> None:
    """Prints the words as a table, then those directly on the left and on the right."""
    console = open_console()
    window = found.window.sentence(context.language)
    console.print(Text(found.reading, style="italic"))
    console.print(
        Text(
            context.say(
                f"{found.occurrences:,} 处；{window}共 {found.window_words:,} 个词，与 {found.all_words:,} 个词比较",
                f"{found.occurrences:,} occurrences; {found.window_words:,} words {window}, "
                f"compared with {found.all_words:,} words",
            ),
            style="bold",
        )
    )
    print_data_version(console, found.as_of.sentence(context.language), context)
    if found.words:
        console.print(_grid(found, context))
    elif not found.has_text:
        zh, en = (
            "检索式里没有要查的文字，所以没有搭配词。",
            "The query has no text to find, so that it has no collocates.",
        )
        console.print(context.say(zh, en))
    for name, words in (
        (context.say("紧邻左侧：", "directly on the left: "), found.left),
        (context.say("紧邻右侧：", "directly on the right: "), found.right),
    ):
        if words:
            console.print(Text(name + "  ".join(f"{each.word} {each.count:,}" for each in words)))


def _grid(found: Collocates, context: Context) -> Grid:
    years = [str(each.year or context.say("年份不明", "undated")) for each in found.words[0].years]
    grid = new_grid(context, *(_HEADS[:2] if years else _HEADS), *(f"{year}|{year}>" for year in years))
    for word in found.words:
        if years:
            grid.add_row(word.word, f"{word.observed:,}", *(f"{each.observed:,}" for each in word.years))
        else:
            measures = (f"{word.expected:,.1f}", f"{word.frequency:,}", f"{word.score:,.1f}", f"{word.log_ratio:,.2f}")
            grid.add_row(word.word, f"{word.observed:,}", *measures)
    return grid
