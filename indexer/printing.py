"""What the indexer's commands print for people: the reading first, then totals, hits and facets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive import Context, Language, stamped, write_csv
from archive.vocabulary import section_label
from indexer.as_of import AsOf
from indexer.concordance import Concordance
from indexer.engine import Answer, FacetValue, Hit, Request, Snippet, Total
from indexer.fields import FIELDS
from indexer.trends import Matrix, Series, shown

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
    console.print(Text(as_of(answer.as_of, context), style="dim"))
    for other in answer.readings[1:]:
        console.print(Text(f"{other.query}  {_totals(other.total, context)}", style="dim"))
    for number, hit in enumerate(answer.hits, request.offset + 1):
        _hit(console, number, hit, context)
    if not answer.total.sections:
        console.print(
            context.say(
                "没有找到。可以换个说法、去掉引号,或放宽年份和其他筛选。",
                "Nothing found. Try other words, leave out quotation marks, or widen years and filters.",
            )
        )
    elif not answer.hits and request.limit:
        console.print(context.say("这一页没有了,请减小 --offset。", "No more hits; use a smaller --offset."))
    console.print()
    for name, values in answer.facets.items():
        if values:
            _facet(console, name, values, context)


def as_of(counted: AsOf, context: Context) -> str:
    """What an answer was counted on, on one line."""
    return context.say("依据:", "Counted on: ") + counted.sentence(context.language)


def concordance(found: Concordance, context: Context) -> None:
    """Lines with the hits below one another."""
    console = _console()
    console.print(Text(found.reading, style="italic"))
    console.print(Text(context.say(f"{found.total:,} 处", f"{found.total:,} occurrences"), style="bold"))
    console.print(Text(found.counted_on(context.language), style="dim"))
    undated = context.say("年份不明", "undated")
    for line in found:
        left = " " * max(0, 2 * CONTEXT - cell_len(line.left)) + line.left
        console.print(
            Text.assemble(left, (line.hit, _MARK), line.right, (f"  {line.agency_name} {line.year or undated}", "dim"))
        )


def trend(found: Sequence[Series], context: Context) -> None:
    """A table for each query: years down, counts across."""
    heads = context.say(
        "年份 处 部分 报告 每万字 全年字数 全年部分 全年报告",
        "year occurrences sections reports per-10,000 characters all-sections all-reports",
    ).split(" ")
    for series in found:
        rows = [
            (p.year, p.occurrences, p.sections, p.reports, p.per_10000, p.characters, p.all_sections, p.all_reports)
            for p in series.points
        ]
        undated = context.say("年份不明", "undated")
        _table(series.reading, heads, [[str(row[0] or undated), *row[1:]] for row in rows])
    if found:
        _console().print(Text(as_of(found[0].as_of, context), style="dim"))


def matrices(found: Sequence[Matrix], context: Context) -> None:
    """A table for each query: agencies down, years across."""
    for each in found:
        undated = context.say("年份不明", "undated")
        heads = [context.say("机关", "agency"), *(str(year or undated) for year in each.years)]
        _table(each.reading, heads, [[row.name, *map(shown, row.cells)] for row in each.rows])
    _console().print(
        context.say("0 没有说;- 没有这份报告;/ 报告没有文字", "0 not said; - no such report; / a report without text")
    )
    if found:
        _console().print(Text(as_of(found[0].as_of, context), style="dim"))


def batch(rows: Sequence[tuple[str, str, Total | None]], context: Context) -> None:
    """A row of totals, or of what is wrong, for each query."""
    heads = context.say("检索式 处 部分 报告", "query occurrences sections reports").split(" ")
    table = [
        [query, total.occurrences, total.sections, total.reports] if total else [f"{query}\n{error}", *[None] * 3]
        for query, error, total in rows
    ]
    _table("", heads, table)


def write_hits_csv(file: TextIO, answer: Answer, language: Language) -> None:
    """The hits of an answer as CSV; the last column says what they were counted on, and how many are left out."""
    cells = ("report", "agency", "agency_name", "year", "section", "heading", "title", "url", "score", "occurrences")
    rows = (
        [getattr(hit, name) for name in cells] + ["…".join(snippet.text for snippet in hit.snippets)]
        for hit in answer.hits
    )
    seed = answer.sample.seed if answer.sample else None
    counted_on = answer.as_of.listing(language, answer.total.sections, len(answer.hits), "sections", seed)
    head = (*cells, "snippet", "query", "reading", "as_of")
    write_csv(file, head, stamped(rows, head, (answer.query, answer.reading, counted_on)))


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    table.add_column(heads[0])
    for head in heads[1:]:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(*map(_cell, row))
    _console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def _totals(total: Total, context: Context) -> str:
    counted = [(total.sections, "个部分", "section"), (total.reports, "份报告", "report")]
    if total.occurrences is not None:
        counted.insert(0, (total.occurrences, "处", "occurrence"))
    zh = ",".join(f"{count:,} {unit}" for count, unit, _ in counted)
    en = ", ".join(f"{count:,} {unit}{'' if count == 1 else 's'}" for count, _, unit in counted)
    if total.reports_without_figure is not None:
        zh += f"；另有 {total.reports_without_figure:,} 份报告没有所问的数字"
        en += f"; {total.reports_without_figure:,} more reports do not state the figure"
    return context.say(zh, en)


def _hit(console: Console, number: int, hit: Hit, context: Context) -> None:
    title = hit.heading or f"({section_label(hit.section, context.language)})"
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
        console.print(_marked(snippet))
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
