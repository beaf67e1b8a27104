"""`gongkai search`: sections that match a query, or totals for a file of queries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from archive.export.citations.count import count_references
from archive.export.csv import write_csv
from gongkai.cli.console import echo_json, open_console, print_data_version
from gongkai.cli.context import Context, NamedPath
from gongkai.cli.options import (
    FREE,
    Format,
    as_csv,
    as_format_json,
    cell_text,
    filters,
    not_with,
    only_with,
    query_words,
    read_request,
)
from gongkai.cli.progress import with_progress
from gongkai.cli.search_answer import print_answer, without_figure
from gongkai.cli.snapshot import cited, site_option
from gongkai.results import SearchResult
from gongkai.selection import search_once
from indexer.answers.batch import BatchRow, answer_queries, read_queries
from indexer.answers.engine import Answer, Engine
from indexer.query.request import Request, Sort

_ALL = 1 << 40
"""A limit that no archive reaches: a CSV file lists every match."""
_PAGE = 10


@click.command(context_settings=FREE)
@query_words
@filters
@click.option(
    "--sort", type=click.Choice(["relevance", "year", "-year"]),
    help="按相关度（默认）、年份升序、年份降序 · By relevance, the default, or by year, ascending or descending.",
)  # fmt: skip
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help="列出几个章节，不写则 10 个，CSV 全部 · Sections shown [10; all in CSV].",
)
@click.option("--offset", type=click.IntRange(0), metavar="N", help="跳过前几个 · Sections skipped.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="随机抽取 N 个章节 · N sections drawn at random.")
@click.option(
    "--seed",
    type=int,
    metavar="S",
    help="种子数，默认 1，同一个数抽出同样的 · The seed, 1 by default; the same seed draws the same.",
)
@click.option(
    "--list", "listed", type=NamedPath(), metavar="FILE",
    help="一行一个检索式，各得一行总数 · A query on each line, a row of totals for each.",
)  # fmt: skip
@click.option("--collapse", is_flag=True, help="相同的句子只列一次 · Sections with identical sentences once.")
@click.option("--cite", is_flag=True, help="引用计数：GB/T 7714、APA、BibTeX、RIS · Cite the totals.")
@site_option
@as_csv
@as_format_json
@click.pass_obj
def search(
    context: Context,
    /,
    query: Sequence[str],
    sort: Sort | None,
    limit: int | None,
    offset: int | None,
    sample: int | None,
    seed: int | None,
    listed: Path | None,
    collapse: bool,  # noqa: FBT001
    cite: bool,  # noqa: FBT001
    site: str | None,
    as_format: Format | None,
    **limits: Sequence[str],
) -> None:
    """\b
    gongkai search 政务公开 微博         两个词都有 · both words
    gongkai search 「保密审查」          精确匹配（命令行会去掉双引号）· exact phrase (shells drop double quotes)
    gongkai search 微博 -微信 year:2014..  有微博、无微信，2014 年起 · since 2014, 微博 without 微信
    """
    asked = read_request(" ".join(query), limits, context.language)
    of_hits = {"--sort": sort, "--limit": limit, "--offset": offset, "--sample": sample, "--seed": seed}
    if listed is not None:
        given = {"QUERY": tuple(query), **of_hits, "--collapse": collapse, "--cite": cite, "--site": site}
        not_with("--list", given)
        _answer_list(listed, asked, as_format, context)
        return
    if cite:
        not_with("--cite", of_hits)
        _print_citation(asked, site, as_format, context)
        return
    only_with("--cite", {"--site": site})
    if sample is None:
        only_with("--sample", {"--seed": seed})
    else:
        not_with("--sample", {"--sort": sort})
    usual = sample or (_ALL if as_format == "csv" else _PAGE)
    request = replace(
        asked, sort=sort or "relevance", limit=usual if limit is None else limit, offset=offset or 0, sample=sample,
        seed=1 if seed is None else seed,
    )  # fmt: skip
    every_hit = as_format == "csv" and sample is None and limit is None
    result = _find(request, context, collapse=collapse, every_hit=every_hit)
    if as_format == "json":
        echo_json(result.document())
    elif as_format == "csv":
        write_csv(sys.stdout, *result.table())
    else:
        print_answer(result, request, context)


def _find(request: Request, context: Context, *, collapse: bool, every_hit: bool) -> SearchResult:
    engine = context.open_index()
    if collapse:
        return search_once(engine, request, context.language)
    answer = _every_hit(engine, request, context) if every_hit else engine.search(request)
    return SearchResult(answer, context.language)


def _answer_list(queries: Path, request: Request, kind: Format | None, context: Context) -> None:
    """Prints a row of totals for each query of a file, and exits with 2 if a query is invalid."""
    rows = answer_queries(context.open_index(), read_queries(queries), request)
    _write_batch(rows, kind, context)
    if any(row.error for row in rows):
        raise SystemExit(2)


def _every_hit(engine: Engine, request: Request, context: Context) -> Answer:
    """The answer with all hits from the offset on."""
    answer = engine.search(replace(request, limit=0))
    length = max(0, answer.total.sections - request.offset)
    return replace(answer, hits=tuple(with_progress(engine.every_hit(request), length, context)))


def _print_citation(request: Request, site: str | None, kind: Format | None, context: Context) -> None:
    """Prints the totals as references in every style."""
    answer, citation = cited(context.open_index(), request, site)
    references = [*count_references(citation)]
    if kind == "json":
        written = [{"style": style.name, "suffix": style.suffix, "text": text} for style, text in references]
        total, day = asdict(answer.total), citation.totals.day.isoformat()
        echo_json({"query": answer.query, "reading": answer.reading, "as_of": asdict(answer.as_of), "total": total,
                   "date": day, "url": citation.url, "references": written})  # fmt: skip
        return
    if kind == "csv":
        rows = ((style.name, text.strip(), answer.as_of.content) for style, text in references)
        write_csv(sys.stdout, ("style", "text", "as_of"), rows)
        return
    click.echo("\n".join(f"# {style.name}\n{text}" for style, text in references), nl=False)


def _write_batch(rows: Sequence[BatchRow], kind: Format | None, context: Context) -> None:
    if kind == "json":
        echo_json([asdict(row) for row in rows])
    elif kind == "csv":
        head = ("query", "reading", "sections", "reports", "occurrences", "reports_without_figure", "error", "as_of")
        write_csv(sys.stdout, head, (_batch_cells(row, context) for row in rows))
    else:
        _print_batch(rows, context)


def _batch_cells(row: BatchRow, context: Context) -> Sequence[object]:
    total = row.total
    counted = (total.sections, total.reports, total.occurrences, total.reports_without_figure) if total else (None,) * 4
    return (row.query, row.reading, *counted, row.error, row.as_of.sentence(context.language, full=True))


def _print_batch(rows: Sequence[BatchRow], context: Context) -> None:
    """Prints a row of totals for each query, with its reading or its error."""
    table = Table(box=None, pad_edge=False)
    for head in context.say("处 章节 报告", "occurrences sections reports").split():
        table.add_column(head, justify="right")
    table.add_column(context.say("检索式", "query"), overflow="fold")
    for row in rows:
        total = row.total
        counts = (total.occurrences, total.sections, total.reports) if total else (None, None, None)
        note = (row.error or row.reading or "") + (without_figure(total, context) if total else "")
        table.add_row(*map(cell_text, counts), Text.assemble(row.query, "\n", (note, "dim")))
    console = open_console()
    console.print(table)
    print_data_version(console, rows[0].as_of.sentence(context.language), context)
