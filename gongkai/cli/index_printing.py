"""What the indexer's commands print for people: the reading first, then totals, hits and facets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.errors import Language
from archive.export.csv import write_csv
from archive.vocabulary import section_label
from gongkai.cli.context import Context
from indexer.answers.concordance import Concordance
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Answer, FacetValue, Hit, Snippet, Total
from indexer.answers.trends import Matrix, TrendSeries, shown
from indexer.query.fields import FIELDS
from indexer.query.request import Request

CONTEXT = 30
"""Characters on each side of a hit in a printed line of the concordance."""
_LISTED = 8
"""Values of a facet that are printed; the rest is counted."""
_MARK = "bold black on yellow"
_INDENT = "   "
_PIPE_WIDTH = 200  # a pipe has no width


def answer(answer: Answer, request: Request, context: Context) -> None:
    """A whole answer."""
    console = _console()
    console.print(Text(answer.reading, style="italic"))
    console.print(Text(_totals(answer.total, context), style="bold"))
    drawn, found = answer.sample, answer.total.sections
    counted_on = answer.as_of.sentence(context.language)
    if drawn:
        counted_on = answer.as_of.listing(context.language, found, len(answer.hits), "sections", drawn.seed)
    _as_of(console, counted_on, context)
    for other in answer.readings[1:]:
        totals = _totals(other.total, context)
        said = context.say(f"也可读作 {other.query}：{totals}", f"Also read as {other.query}: {totals}")
        console.print(Text(said, style="dim"))
    for number, hit in enumerate(answer.hits, request.offset + 1):
        _hit(console, number, hit, context)
    last = request.offset + len(answer.hits)
    if not found:
        console.print(
            context.say(
                "没有找到。可以换个说法、去掉引号，或放宽年份和其他筛选。",
                "Nothing found. Try other words, leave out quotation marks, or widen years and filters.",
            )
        )
    elif not answer.hits and request.limit:
        console.print(context.say("这一页没有了，请减小 --offset。", "No more hits; use a smaller --offset."))
    elif answer.hits and not drawn and last < found:
        zh = f"以上是 {found:,} 个部分中的第 {request.offset + 1:,}—{last:,} 个；后面的请加 --offset {last}。"
        en = f"These are {request.offset + 1:,}–{last:,} of {found:,} sections; for the next ones add --offset {last}."
        console.print(f"\n{context.say(zh, en)}")
    if any(answer.facets.values()):
        console.print(Text(f"\n{context.say('各有几个部分：', 'How many sections have each:')}", style="dim"))
    for name, values in answer.facets.items():
        if values:
            _facet(console, name, values, context)


def _as_of(console: Console, counted_on: str, context: Context) -> None:
    """What an answer was counted on, on one line."""
    console.print(Text(context.say("依据：", "Counted on: ") + counted_on, style="dim"))


def concordance(found: Concordance, context: Context) -> None:
    """Lines with the hits below one another, and behind each where it stands."""
    console = _console()
    console.print(Text(found.reading, style="italic"))
    console.print(Text(context.say(f"{found.total:,} 处", f"{found.total:,} occurrences"), style="bold"))
    _as_of(console, found.counted_on(context.language), context)
    undated = context.say("年份不明", "undated")
    for line in found:
        left = " " * (2 * CONTEXT - cell_len(line.left)) + line.left
        right = line.right + " " * (2 * CONTEXT - cell_len(line.right))
        place = f"{line.agency_name} {line.year or undated} {section_label(line.section, context.language)}"
        console.print(Text.assemble(left, " ", (line.hit, _MARK), " ", right, (f"  {place}", "dim")))


def trend(found: Sequence[TrendSeries], context: Context) -> None:
    """A table for each query: years down, counts across."""
    zh = "年份|处|部分|报告|每万字的处数|当年字数|当年部分|当年报告"
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
        _as_of(_console(), found[0].as_of.sentence(context.language), context)


def matrices(found: Sequence[Matrix], context: Context) -> None:
    """A table for each query: agencies down, years across."""
    for each in found:
        undated = context.say("年份不明", "undated")
        heads = [context.say("机关", "agency"), *(str(year or undated) for year in each.years)]
        _table(each.reading, heads, [[row.name, *map(shown, row.cells)] for row in each.rows], context)
    console = _console()
    console.print(
        context.say("0 没有说；- 没有这份报告；/ 报告没有文字", "0 not said; - no such report; / a report without text")
    )
    if found:
        _as_of(console, found[0].as_of.sentence(context.language), context)


def batch(rows: Sequence[tuple[str, str, Total | None]], counted: DataVersion, context: Context) -> None:
    """A row of totals for each query, with how it was read or what is wrong with it, and what all were counted on."""
    table = Table(box=None, pad_edge=False)
    for head in context.say("处 部分 报告", "occurrences sections reports").split():
        table.add_column(head, justify="right")
    table.add_column(context.say("检索式", "query"), overflow="fold")
    for query, note, total in rows:
        counts = (total.occurrences, total.sections, total.reports) if total else (None, None, None)
        said = note + (_without_figure(total, context) if total else "")
        table.add_row(*map(_cell, counts), Text.assemble(query, "\n", (said, "dim")))
    console = _console()
    console.print(table)
    _as_of(console, counted.sentence(context.language), context)


def write_hits_csv(file: TextIO, answer: Answer, language: Language) -> None:
    """The hits of an answer as CSV; the last column says what they were counted on, and how many are left out."""
    cells = ("report", "agency", "agency_name", "year", "section", "heading", "title", "url", "score", "occurrences")
    seed = answer.sample.seed if answer.sample else None
    counted_on = answer.as_of.listing(language, answer.total.sections, len(answer.hits), "sections", seed)
    stamp = (answer.query, answer.reading, counted_on)
    rows = (
        (*(getattr(hit, name) for name in cells), "…".join(snippet.text for snippet in hit.snippets), *stamp)
        for hit in answer.hits
    )
    write_csv(file, (*cells, "snippet", "query", "reading", "as_of"), rows)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], context: Context) -> None:
    console = _console()
    console.print(Text(title, style="italic"))
    if not rows:
        console.print(context.say("筛选条件里没有一份报告。", "The filters let no report through."))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(heads[0], overflow="fold")
    for head in heads[1:]:
        table.add_column(head, justify="right", overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    console.print(table)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.4f}"
    return str(value)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def _totals(total: Total, context: Context) -> str:
    counted = [(total.sections, "个部分", "section"), (total.reports, "份报告", "report")]
    if total.occurrences is not None:
        counted.insert(0, (total.occurrences, "处", "occurrence"))
    zh = "，".join(f"{count:,} {unit}" for count, unit, _ in counted)
    en = ", ".join(f"{count:,} {unit}{'' if count == 1 else 's'}" for count, _, unit in counted)
    return context.say(zh, en) + _without_figure(total, context)


def _without_figure(total: Total, context: Context) -> str:
    """Of how many reports nobody knows whether they match."""
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


def _marked(snippet: Snippet) -> Text:
    text = Text(f"{_INDENT}{snippet.text}")
    for start, end in snippet.marks:
        text.stylize(_MARK, start + len(_INDENT), end + len(_INDENT))
    return text


def _facet(console: Console, name: str, values: tuple[FacetValue, ...], context: Context) -> None:
    listed = values if name == "year" else sorted(values, key=lambda value: -value.count)[:_LISTED]
    shown = "  ".join(f"{value.label} {value.count:,}" for value in listed)
    rest = len(values) - len(listed)
    more = context.say(f"  另 {rest} 项", f"  and {rest} more") if rest else ""
    console.print(Text.assemble((f"{FIELDS[name].title(context.language)}  ", "bold"), shown, (more, "dim")))
