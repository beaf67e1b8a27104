"""Prints the answer to a search: interpretation, totals, hits and facets."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from archive.agencies.search import TOLERANCE_NAMES
from archive.vocabulary import section_label
from gongkai.cli.console import open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import MATCH_STYLE
from gongkai.results import SearchResult
from indexer.answers.engine import Answer, FacetValue, Hit, SentenceEntry, Snippet, Total
from indexer.answers.hints.named_agencies import NamedAgencies
from indexer.query.fields import FIELDS
from indexer.query.request import Request

_LISTED = 8
"""Values of a facet that are printed; the rest is counted."""
_INDENT = "   "


def print_answer(result: SearchResult, request: Request, context: Context) -> None:
    """Prints how the query was interpreted, the totals, the hits, how to see more, and the facets."""
    answer, once, console = result.answer, result.once, open_console()
    _print_totals(console, answer, context)
    for number, hit in enumerate(result.hits, request.offset + 1):
        _print_hit(console, number, hit, context)
        if once and (entry := once.entries[number - request.offset - 1]).reports > 1:
            console.print(Text(f"{_INDENT}{_same(entry, context)}", style="dim"))
    if rest := _what_else(result, request, context):
        console.print(rest)
    if any(answer.facets.values()):
        console.print(Text(f"\n{context.say('分面统计：', 'Sections by facet:')}", style="dim"))
    for name, values in answer.facets.items():
        if values:
            _print_facet(console, name, values, context)


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


def _totals(total: Total, context: Context) -> str:
    counted = [(total.sections, "个章节", "section"), (total.reports, "份报告", "report")]
    if total.occurrences is not None:
        counted.insert(0, (total.occurrences, "处", "occurrence"))
    zh = "，".join(f"{count:,} {unit}" for count, unit, _ in counted)
    en = ", ".join(f"{count:,} {unit}{'' if count == 1 else 's'}" for count, _, unit in counted)
    return context.say(zh, en) + without_figure(total, context)


def without_figure(total: Total, context: Context) -> str:
    """Returns the number of reports that do not state a figure of the query, as a clause."""
    count = total.reports_without_figure
    if count is None:
        return ""
    en = "1 more report does" if count == 1 else f"{count:,} more reports do"
    return context.say(f"；另有 {count:,} 份报告没有所问的数字", f"; {en} not state the figure")


def _what_else(result: SearchResult, request: Request, context: Context) -> str:
    """What to do without hits, or how to see the next ones; nothing behind the last one."""
    once, found = result.once, result.answer.total.sections
    last, listed = request.offset + len(result.hits), once.total if once else found
    if not found and (named := result.answer.agencies) and (reports := named.listed[0].reports):
        command = "gongkai show " + reports[0].replace("/", " ")
        return context.say(
            f"正文中没有这些字。查看所列报告：{command}", f"No text matches. To see a report listed above: {command}"
        )
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
    shown = [f"{number:,}" for number in sorted({request.offset + 1, last})]  # the first and the last one listed
    zh = f"以上是 {listed:,} {zh}中的第 {'—'.join(shown)} {zh[0]}；后面的请加 --offset {last}。"
    en = f"Listed: {'–'.join(shown)} of {listed:,} {en}. Add --offset {last} for the next ones."
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


def _print_hit(console: Console, number: int, hit: Hit, context: Context) -> None:
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


def _print_facet(console: Console, name: str, values: tuple[FacetValue, ...], context: Context) -> None:
    listed = values if name == "year" else sorted(values, key=lambda value: -value.count)[:_LISTED]
    shown = "  ".join(f"{value.label} {value.count:,}" for value in listed)
    rest = len(values) - len(listed)
    more = context.say(f"  另 {rest} 项", f"  and {rest} more") if rest else ""
    console.print(Text.assemble((f"{FIELDS[name].title(context.language)}  ", "bold"), shown, (more, "dim")))
