"""`gongkai search`: sections that match a query, or totals for a file of queries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.agencies.search import TOLERANCE_NAMES
from archive.export.citations.count import count_references
from archive.export.csv import write_csv
from archive.vocabulary import section_label
from gongkai.cli.console import echo_json, open_console, print_data_version
from gongkai.cli.context import Context, NamedPath
from gongkai.cli.options import (
    FREE,
    MATCH_STYLE,
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
from gongkai.cli.snapshot import cited, site_option
from gongkai.results import SearchResult
from gongkai.selection import search_once
from indexer.answers.batch import BatchRow, answer_queries, read_queries
from indexer.answers.engine import Answer, Engine, FacetValue, Hit, SentenceEntry, Snippet, Total
from indexer.answers.hints.named_agencies import NamedAgencies
from indexer.query.fields import FIELDS
from indexer.query.request import Request, Sort

_ALL = 1 << 40
"""A limit that no archive reaches: a CSV file lists every match."""
_PAGE = 10
_LISTED = 8
"""Values of a facet that are printed; the rest is counted."""
_INDENT = "   "


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
        rows = answer_queries(context.open_index(), read_queries(listed), asked)
        _write_batch(rows, as_format, context)
        if any(row.error for row in rows):
            raise SystemExit(2)
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
    engine = context.open_index()
    if collapse:
        result = search_once(engine, request, context.language)
    elif as_format == "csv" and sample is None and limit is None:
        result = SearchResult(_every_hit(engine, request, context), context.language)
    else:
        result = SearchResult(engine.search(request), context.language)
    if as_format == "json":
        echo_json(result.document())
    elif as_format == "csv":
        write_csv(sys.stdout, *result.table())
    else:
        _print_answer(result, request, context)


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


def _print_answer(result: SearchResult, request: Request, context: Context) -> None:
    """Prints how the query was interpreted, the totals, the hits, how to see more, and the facets."""
    answer, once, console = result.answer, result.once, open_console()
    _print_totals(console, answer, context)
    for number, hit in enumerate(result.hits, request.offset + 1):
        _hit(console, number, hit, context)
        if once and (entry := once.entries[number - request.offset - 1]).reports > 1:
            console.print(Text(f"{_INDENT}{_same(entry, context)}", style="dim"))
    if rest := _what_else(result, request, context):
        console.print(rest)
    if any(answer.facets.values()):
        console.print(Text(f"\n{context.say('分面统计：', 'Sections by facet:')}", style="dim"))
    for name, values in answer.facets.items():
        if values:
            _facet(console, name, values, context)


def _print_totals(console: Console, answer: Answer, context: Context) -> None:
    """Prints the agencies that the words name, corrections, the reading with its totals, and other readings."""
    if answer.agencies:
        _print_agencies(console, answer.agencies, context)
    for each in answer.did_you_mean:
        totals = _totals(each.total, context)
        console.print(context.say(f"您是不是找：{each.query}（{totals}）", f"Did you mean: {each.query} ({totals})"))
    console.print(Text(answer.reading, style="italic"))
    console.print(Text(_totals(answer.total, context), style="bold"))
    drawn, found = answer.sample, answer.total.sections
    version = answer.as_of.sentence(context.language)
    if drawn:
        version = answer.as_of.listing(context.language, found, len(answer.hits), "sections", drawn.seed, full=False)
    print_data_version(console, version, context)
    differ = any(each.total != answer.total for each in answer.readings)  # else the choice makes no difference
    for other in answer.readings[1:] if differ else ():
        totals = _totals(other.total, context)
        alternative = context.say(f"也可理解为 {other.query}：{totals}", f"Also interpreted as {other.query}: {totals}")
        console.print(Text(alternative, style="dim"))


def _what_else(result: SearchResult, request: Request, context: Context) -> str:
    """What to do without hits, or how to see the next ones; nothing behind the last one."""
    once, found = result.once, result.answer.total.sections
    last, listed = request.offset + len(result.hits), once.total if once else found
    if not found:
        return context.say(
            "没有找到。可以换个说法、去掉引号，或放宽年份和其他筛选。",
            "Nothing found. Try other words, leave out quotation marks, or widen years and filters.",
        )
    if not result.hits and request.limit:
        return context.say("这一页没有了，请减小 --offset。", "No more hits; use a smaller --offset.")
    if not result.hits or result.answer.sample or last >= listed:
        return ""
    zh, en = ("条", "entries") if once else ("个章节", "sections")
    shown = f"{request.offset + 1:,}", f"{last:,}"
    zh = f"以上是 {listed:,} {zh}中的第 {'—'.join(shown)} {zh[0]}；后面的请加 --offset {last}。"
    en = f"These are {'–'.join(shown)} of {listed:,} {en}; for the next ones add --offset {last}."
    return f"\n{context.say(zh, en)}"


def _print_agencies(console: Console, named: NamedAgencies, context: Context) -> None:
    """Prints the agencies that the words name, with the keys that `gongkai show` takes."""
    if named.tolerance:
        zh, en = f"没有叫“{named.words}”的机关，您是不是找：", f"No agency is called “{named.words}”. Did you mean:"
        console.print(context.say(zh, en))
    for each in named.listed:
        keys = " ".join(report.partition("/")[2] for report in each.reports)
        missing = [str(year) for year in each.not_held]
        zh = f"（{'、'.join(missing)} 年未收录）" if missing else ""
        en = f" (not held: {', '.join(missing)})" if missing else ""
        mark = TOLERANCE_NAMES[each.tolerance] if each.tolerance else None
        note = context.say(f"，{mark[0]}", f", {mark[1]}") if mark else ""
        head = context.say(f"机关：{each.name}（{each.agency}{note}）", f"Agency: {each.name} ({each.agency}{note}) ")
        console.print(Text.assemble((head, "bold"), keys, context.say(zh, en)))
    if rest := named.total - len(named.listed):
        console.print(
            context.say(f"另有 {rest:,} 个机关。请写得更完整。", f"And {rest:,} more agencies; give more of the name.")
        )


def _print_batch(rows: Sequence[BatchRow], context: Context) -> None:
    """Prints a row of totals for each query, with its reading or its error."""
    table = Table(box=None, pad_edge=False)
    for head in context.say("处 章节 报告", "occurrences sections reports").split():
        table.add_column(head, justify="right")
    table.add_column(context.say("检索式", "query"), overflow="fold")
    for row in rows:
        total = row.total
        counts = (total.occurrences, total.sections, total.reports) if total else (None, None, None)
        note = (row.error or row.reading or "") + (_without_figure(total, context) if total else "")
        table.add_row(*map(cell_text, counts), Text.assemble(row.query, "\n", (note, "dim")))
    console = open_console()
    console.print(table)
    print_data_version(console, rows[0].as_of.sentence(context.language), context)


def _totals(total: Total, context: Context) -> str:
    counted = [(total.sections, "个章节", "section"), (total.reports, "份报告", "report")]
    if total.occurrences is not None:
        counted.insert(0, (total.occurrences, "处", "occurrence"))
    zh = "，".join(f"{count:,} {unit}" for count, unit, _ in counted)
    en = ", ".join(f"{count:,} {unit}{'' if count == 1 else 's'}" for count, _, unit in counted)
    return context.say(zh, en) + _without_figure(total, context)


def _without_figure(total: Total, context: Context) -> str:
    """Returns the number of reports that do not state a figure of the query, as a clause."""
    count = total.reports_without_figure
    if count is None:
        return ""
    en = "1 more report does" if count == 1 else f"{count:,} more reports do"
    return context.say(f"；另有 {count:,} 份报告没有所问的数字", f"; {en} not state the figure")


def _hit(console: Console, number: int, hit: Hit, context: Context) -> None:
    label = section_label(hit.section, context.language)
    title = hit.heading or context.say(f"（{label}）", f"({label})")
    count = context.say(f"{hit.occurrences} 处", f"{hit.occurrences} ×") if hit.occurrences else ""
    undated = context.say("年份不明", "undated")
    console.print()
    console.print(
        Text.assemble(
            (f"{number}. ", "dim"),
            (f"{hit.agency_name} {hit.year or undated}", "bold cyan"),
            f"  {title}",
            (f"  {count}" if count else "", "dim"),
        )
    )
    for snippet in hit.snippets:
        console.print(_marked(snippet) if snippet.text else _INDENT + context.say("（没有文字）", "(no text)"))
    console.print(Text(f"{_INDENT}{hit.url}", style="dim"))


def _same(entry: SentenceEntry, context: Context) -> str:
    since = entry.first_year is not None
    zh, en = (f"，最早 {entry.first_year} 年", f", first in {entry.first_year}") if since else ("", "")
    return context.say(f"同句见于 {entry.reports:,} 份报告{zh}", f"Same sentences in {entry.reports:,} reports{en}")


def _marked(snippet: Snippet) -> Text:
    text = Text(f"{_INDENT}{snippet.text}")
    for start, end in snippet.marks:
        text.stylize(MATCH_STYLE, start + len(_INDENT), end + len(_INDENT))
    return text


def _facet(console: Console, name: str, values: tuple[FacetValue, ...], context: Context) -> None:
    listed = values if name == "year" else sorted(values, key=lambda value: -value.count)[:_LISTED]
    shown = "  ".join(f"{value.label} {value.count:,}" for value in listed)
    rest = len(values) - len(listed)
    more = context.say(f"  另 {rest} 项", f"  and {rest} more") if rest else ""
    console.print(Text.assemble((f"{FIELDS[name].title(context.language)}  ", "bold"), shown, (more, "dim")))
