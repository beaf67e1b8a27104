"""`gongkai concordance`: every occurrence with its context, one a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import cast, get_args

import click
from rich.cells import cell_len
from rich.text import Text

from archive.export.csv import write_csv
from archive.vocabulary import section_label
from gongkai.cli.console import open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import (
    FREE,
    MATCH_STYLE,
    Format,
    as_csv,
    as_format_json,
    filters,
    query_words,
    read_collocate,
    read_request,
    side,
    window,
)
from gongkai.cli.progress import with_progress
from indexer.answers.collocates import Side
from indexer.answers.concordance import Concordance, ConcordanceOrder, concordance_table
from indexer.answers.json import concordance_pieces

CONTEXT = 30
"""Characters on each side of a hit in a printed line of the concordance."""


@click.command(context_settings=FREE)
@query_words
@filters
@click.option(
    "--sort", type=click.Choice(get_args(ConcordanceOrder)), default="agency", show_default=True,
    help="left、right 按左右相邻的字，left-right 先左后右 · By the characters on one side, or one, then the other.",
)  # fmt: skip
@click.option(
    "--width", type=click.IntRange(1), metavar="N", help="左右各 N 个字，不写则整句 · N characters each side."
)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="至多 N 行，不写则全部 · N lines at most; all without."
)
@click.option(
    "--collocate", metavar="WORD", help="只列出命中附近的这个词 · Lists this word near the occurrences instead of them."
)
@window
@side
@as_csv
@as_format_json
@click.pass_obj
def concordance(
    context: Context,
    /,
    query: Sequence[str],
    sort: str,
    width: int | None,
    limit: int | None,
    collocate: str | None,
    window: int | None,
    side: Side | None,
    as_format: Format | None,
    **limits: Sequence[str],
) -> None:
    """\b
    gongkai concordance 「应公开尽公开」 --sort right --csv > lines.csv
    gongkai concordance 「申请」 --collocate 收到 --side left   搭配词的每一处 · a count of gongkai collocates
    """
    asked = read_request(" ".join(query), limits, context.language)
    shown = width if as_format else width or CONTEXT
    near = read_collocate(collocate, window, side)
    found = context.open_index().concordance(asked, cast(ConcordanceOrder, sort), shown, limit, near)
    if as_format == "csv":
        head, rows = concordance_table(found, context.language)
        length = found.total if limit is None else min(limit, found.total)
        write_csv(sys.stdout, head, with_progress(rows, length, context))
    elif as_format == "json":
        sys.stdout.writelines(concordance_pieces(found))
    else:
        _print_concordance(found, context)


def _print_concordance(found: Concordance, context: Context) -> None:
    """Prints lines with the matches aligned, each followed by its source."""
    console = open_console()
    console.print(Text(found.reading, style="italic"))
    console.print(Text(context.say(f"{found.total:,} 处", f"{found.total:,} occurrences"), style="bold"))
    print_data_version(console, found.counted_on(context.language, full=False), context)
    undated = context.say("年份不明", "undated")
    for line in found:
        left = " " * (2 * CONTEXT - cell_len(line.left)) + line.left
        right = line.right + " " * (2 * CONTEXT - cell_len(line.right))
        place = f"{line.agency_name} {line.year or undated} {section_label(line.section, context.language)}"
        console.print(Text.assemble(left, " ", (line.hit, MATCH_STYLE), " ", right, (f"  {place}", "dim")))
