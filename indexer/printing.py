"""What the indexer's commands print for people: the reading first, then totals, hits and facets."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from archive import Context
from archive.vocabulary import section_label
from indexer.engine import Answer, AsOf, FacetValue, Hit, Request, Snippet
from indexer.fields import FIELDS

_LISTED = 8
"""Values of a facet that are printed; the rest is counted."""
_MARK = "bold black on yellow"
_INDENT = "   "
_PIPE_WIDTH = 200  # a pipe has no width


def answer(answer: Answer, request: Request, context: Context) -> None:
    """A whole answer."""
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    console.print(Text(answer.reading, style="italic"))
    console.print(Text(_totals(answer, context), style="bold"))
    console.print(Text(as_of(answer.as_of, context), style="dim"))
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
    return context.say(
        f"依据:索引第 {counted.generation} 版,{counted.reports:,} 份报告、{counted.sections:,} 个部分;"
        f"词典 {counted.dictionary[:8]},程序 {counted.version}",
        f"Counted on: index generation {counted.generation}, {counted.reports:,} reports, "
        f"{counted.sections:,} sections; dictionary {counted.dictionary[:8]}, version {counted.version}",
    )


def _totals(answer: Answer, context: Context) -> str:
    total = answer.total
    counted = [(total.sections, "个部分", "section"), (total.reports, "份报告", "report")]
    if total.occurrences is not None:
        counted.insert(0, (total.occurrences, "处", "occurrence"))
    zh = ",".join(f"{count:,} {unit}" for count, unit, _ in counted)
    en = ", ".join(f"{count:,} {unit}{'' if count == 1 else 's'}" for count, _, unit in counted)
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
