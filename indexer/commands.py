"""The indexer's commands: index, search (FACE: Commands)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

import click

from archive import Catalogue, Context
from indexer import printing
from indexer.answers import answer_json
from indexer.engine import Request, Sort
from indexer.generations import build_index
from indexer.index import open_index


@click.command()
@click.option("--rebuild", is_flag=True, help="不论有无变化都重建 · Build anew even when nothing has changed.")
@click.pass_obj
def index(context: Context, rebuild: bool) -> None:  # noqa: FBT001 (click gives flags so)
    """把索引更新到与目录一致 · Bring the index up to the catalogue; searches go on meanwhile."""
    with Catalogue.open(context.home) as catalogue:
        as_of = build_index(context.home, catalogue.shown(), catalogue.agencies(), catalogue.revision, rebuild=rebuild)
    click.echo(
        context.say(
            f"索引第 {as_of.generation} 版:{as_of.reports:,} 份报告,{as_of.sections:,} 个部分。",
            f"Index generation {as_of.generation}: {as_of.reports:,} reports, {as_of.sections:,} sections.",
        )
    )


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--year", "year", multiple=True, metavar="A..B", help="年份或范围 · A year or a range: 2016, 2014..2018.")
@click.option("--section", multiple=True, metavar="CODE", help="栏目 · Section, by code or name.")
@click.option("--agency", multiple=True, metavar="NAME", help="机关 · Agency: name, short name, pinyin or id.")
@click.option("--keyword", multiple=True, metavar="W", help="关键词 · Keyword.")
@click.option("--form", multiple=True, metavar="F", help="表式 · Form of the report.")
@click.option("--sort", type=click.Choice(["relevance", "year", "-year"]), default="relevance", show_default=True)
@click.option("--limit", type=click.IntRange(0, 1000), default=10, show_default=True, help="条数 · Hits shown.")
@click.option("--offset", type=click.IntRange(0), default=0, help="跳过的条数 · Hits skipped.")
@click.option("--json", "as_json", is_flag=True, help="一个 JSON 文档 · One JSON document.")
@click.pass_obj
def search(
    context: Context,
    query: Sequence[str],
    year: Sequence[str],
    section: Sequence[str],
    agency: Sequence[str],
    keyword: Sequence[str],
    form: Sequence[str],
    sort: str,
    limit: int,
    offset: int,
    as_json: bool,  # noqa: FBT001
) -> None:
    """检索:词之间空格表示“并且” · Search; words joined by blanks mean AND.

    \b
    gongkai search 政务公开 微博         两个词都有 · both words
    gongkai search 「保密审查」          一字不差(双引号会被命令行吃掉)· exactly (shells eat plain double quotes)
    gongkai search 微博 -微信 年:2014..  有微博、无微信,2014 年起 · 微博 without 微信, since 2014
    """
    limits = {"year": year, "section": section, "agency": agency, "keyword": keyword, "form": form}
    request = Request(
        query=" ".join(query),
        filters={name: tuple(values) for name, values in limits.items() if values},
        sort=cast(Sort, sort),
        limit=limit,
        offset=offset,
        language=context.language,
    )
    answer = open_index(context.home).search(request)
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=1))
    else:
        printing.answer(answer, request, context)


COMMANDS = (index, search)
