"""The indexer's commands: index, search, concordance, trend (FACE: Commands)."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import click

from archive.store.catalogue import Catalogue
from gongkai.cli import batch, index_printing
from gongkai.cli.context import Context
from gongkai.cli.options import FREE, Format, OptionError, as_csv, as_json, filters, queries, query_words, read_request
from indexer.answers.concordance import ConcordanceOrder, write_concordance_csv, write_concordance_json
from indexer.answers.json import answer_json
from indexer.answers.trends import matrix_json, series_json, write_matrix_csv, write_trend_csv
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Sort

_PAGE, _ALL = 10, 1 << 40
"""Hits shown where no number is given: a page of them, or, in a file for spreadsheets, all."""


@click.command()
@click.option("--rebuild", is_flag=True, help="不论有无变化都重建 · Build anew even when nothing has changed.")
@click.pass_obj
def index(context: Context, rebuild: bool) -> None:  # noqa: FBT001 (click gives flags so)
    """把索引更新到与目录一致 · Bring the index up to the catalogue; searches go on meanwhile."""
    with Catalogue.open(context.home) as catalogue:
        as_of = build_index(context.home, catalogue.listed(), catalogue.agencies(), catalogue.revision, rebuild=rebuild)
    click.echo(
        context.say(
            f"索引第 {as_of.generation} 版：{as_of.reports:,} 份报告，{as_of.sections:,} 个部分。",
            f"Index generation {as_of.generation}: {as_of.reports:,} reports, {as_of.sections:,} sections.",
        )
    )


@click.command(context_settings=FREE)
@query_words
@filters
@click.option(
    "--sort", type=click.Choice(["relevance", "year", "-year"]), default="relevance", show_default=True,
    help="次序 · Order: the most relevant, the earliest or the latest first.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(0), help="列出几个部分，不写则 10 个，CSV 全部 · Sections shown [10; all in CSV]."
)
@click.option("--offset", type=click.IntRange(0), default=0, help="跳过前几个 · Sections skipped.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="随机抽取 N 个部分 · N sections drawn at random.")
@click.option(
    "--seed", type=int, default=1, metavar="S", help="种子数，同一个数抽出同样的 · The same seed draws the same."
)
@click.option(
    "--list", "listed", type=click.Path(path_type=Path), metavar="FILE",
    help="一行一个检索式，各得一行总数 · A query on each line, a row of totals for each.",
)  # fmt: skip
@as_csv
@as_json
@click.pass_obj
def search(
    context: Context,
    /,
    query: Sequence[str],
    sort: str,
    limit: int | None,
    offset: int,
    sample: int | None,
    seed: int,
    listed: Path | None,
    as_format: Format | None,
    **limits: Sequence[str],
) -> None:
    """检索：词之间空格表示“并且” · Search; words joined by blanks mean AND.

    \b
    gongkai search 政务公开 微博         两个词都有 · both words
    gongkai search 「保密审查」          一字不差（双引号会被命令行吃掉）· exactly (shells eat plain double quotes)
    gongkai search 微博 -微信 year:2014..  有微博、无微信，2014 年起 · since 2014, 微博 without 微信
    """
    asked = read_request(" ".join(query), limits, context.language)
    if listed is not None:
        if query or sample or offset or limit is not None:
            raise OptionError(
                "--list 的每个检索式各得一行总数，所以不能同时写检索式、--limit、--offset 或 --sample。请去掉它们。",
                "--list gives a row of totals for each of its queries, so that a query, --limit, --offset and --sample "
                "do not go with it. Leave them out.",
            )
        rows = batch.ask(open_index(context.home).current(), batch.read_queries(listed), asked)
        batch.write(sys.stdout, rows, as_format, context)
        if any(row.error for row in rows):
            raise SystemExit(2)
        return
    usual = sample or (_ALL if as_format == "csv" else _PAGE)
    request = replace(
        asked, sort=cast(Sort, sort), limit=usual if limit is None else limit, offset=offset, sample=sample, seed=seed,
    )  # fmt: skip
    answer = open_index(context.home).search(request)
    if as_format == "json":
        _echo_json(answer_json(answer))
    elif as_format == "csv":
        index_printing.write_hits_csv(sys.stdout, answer, context.language)
    else:
        index_printing.answer(answer, request, context)


@click.command(context_settings=FREE)
@query_words
@filters
@click.option(
    "--sort", type=click.Choice(["agency", "year", "-year", "left", "right"]), default="agency", show_default=True,
    help="left、right 按左右相邻的字 · By the characters on the left or right.",
)  # fmt: skip
@click.option(
    "--width", type=click.IntRange(1), metavar="N", help="左右各 N 个字，不写则整句 · N characters each side."
)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="至多 N 行，不写则全部 · N lines at most; all without."
)
@as_csv
@as_json
@click.pass_obj
def concordance(
    context: Context,
    /,
    query: Sequence[str],
    sort: str,
    width: int | None,
    limit: int | None,
    as_format: Format | None,
    **limits: Sequence[str],
) -> None:
    """逐处列出：左文、所查、右文、出处 · Every occurrence: left, hit, right, and where it stands.

    \b
    gongkai concordance 「应公开尽公开」 --sort right --csv > lines.csv
    """
    asked = read_request(" ".join(query), limits, context.language)
    shown = width if as_format else width or index_printing.CONTEXT
    found = open_index(context.home).concordance(asked, cast(ConcordanceOrder, sort), shown, limit)
    if as_format == "csv":
        write_concordance_csv(sys.stdout, found, context.language)
    elif as_format == "json":
        write_concordance_json(sys.stdout, found)
    else:
        index_printing.concordance(found, context)


@click.command(context_settings=FREE)
@queries
@filters
@click.option(
    "--by", type=click.Choice(["year", "agency"]), default="year", show_default=True,
    help="逐年，或机关 × 年份 · By year, or agency by year.",
)  # fmt: skip
@as_csv
@as_json
@click.pass_obj
def trend(
    context: Context, /, queries: Sequence[str], by: str, as_format: Format | None, **limits: Sequence[str]
) -> None:
    """逐年的处数、部分数、报告数，每个参数一个检索式 · Counts by year; every argument is a query of its own.

    \b
    gongkai trend 「微博」 「微信」           两个词逐年比较 · two words, year by year
    gongkai trend 「舆情」 --by agency --csv  机关 × 年份；0 没说，- 没有报告，/ 报告没有文字 · agency by year
    """
    asked = read_request("", limits, context.language)
    opened = open_index(context.home)
    if by == "agency":
        engine = opened.current()
        matrices = [engine.matrix(replace(asked, query=query)) for query in queries]
        if as_format == "json":
            _echo_json([matrix_json(each) for each in matrices])
        elif as_format == "csv":
            write_matrix_csv(sys.stdout, matrices, context.language)
        else:
            index_printing.matrices(matrices, context)
        return
    found = opened.trend(queries, asked)
    if as_format == "json":
        _echo_json([series_json(each) for each in found])
    elif as_format == "csv":
        write_trend_csv(sys.stdout, found, context.language)
    else:
        index_printing.trend(found, context)


def _echo_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


COMMANDS = (index, search, concordance, trend)
