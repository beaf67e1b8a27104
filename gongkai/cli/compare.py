"""`gongkai compare`: two reports of one agency side by side."""

from __future__ import annotations

import click
from rich.console import Console
from rich.text import Text

from archive.analysis.alignment import PieceKind
from archive.analysis.compare import Comparison, Fate, FigurePair, SectionPair, TablePair, TextDiffLine
from archive.export.json import comparison_json
from archive.model import Figure
from archive.store.catalogue import Catalogue
from archive.vocabulary import column_label, row_label, section_label, table_label
from gongkai.cli.console import echo_json, open_console
from gongkai.cli.context import Context
from gongkai.cli.options import as_json
from gongkai.selection import compare_years

_SIGNS: dict[Fate, tuple[str, str]] = {
    "kept": ("  ", "dim"),
    "changed": ("~ ", ""),
    "added": ("+ ", "green"),
    "dropped": ("- ", "red"),
}
_PIECES: dict[PieceKind, tuple[str, str, str]] = {
    "same": ("", "", ""),
    "dropped": ("[-", "-]", "red"),
    "added": ("{+", "+}", "green"),
}


@click.command()
@click.argument("agency")
@click.argument("year")
@click.argument("other_year")
@as_json
@click.pass_obj
def compare(context: Context, agency: str, year: str, other_year: str, as_json: bool) -> None:  # noqa: FBT001
    with Catalogue.open_existing(context.home) as catalogue:
        comparison = compare_years(catalogue, agency, year, other_year)
    if as_json:
        echo_json(comparison_json(comparison, context.language))
    else:
        _print(comparison, context)


def _print(comparison: Comparison, context: Context) -> None:
    console = open_console()
    console.print(Text(f"{comparison.before.title} → {comparison.after.title}", style="bold"))
    console.print(Text(_summary(comparison, context)))
    for pair in comparison.sections:
        _section(console, pair, context)
    for table in comparison.tables:
        _table(console, table, comparison, context)


def _summary(comparison: Comparison, context: Context) -> str:
    counts, share = comparison.counts, comparison.share
    counted = context.say(
        f"段落：未变 {counts['kept']}，改动 {counts['changed']}，新增 {counts['added']}，删去 {counts['dropped']}。",
        f"Paragraphs: {counts['kept']} kept, {counts['changed']} changed, {counts['added']} added, "
        f"{counts['dropped']} dropped.",
    )
    if share is None:
        return counted + context.say("没有可比的正文。", " There is no text to compare.")
    return counted + context.say(
        f"{share:.0%} 的内容沿用 {comparison.before.key} 年的报告（数字和年份不计）。",
        f" {share:.0%} of the text is carried over from the report on {comparison.before.key} "
        "(numbers and years aside).",
    )


def _section(console: Console, pair: SectionPair, context: Context) -> None:
    heading = pair.section.heading or f"({section_label(pair.section.code, context.language)})"
    console.print()
    console.print(Text(heading, style="bold"), Text(pair.section.anchor, style="dim"))
    for line in pair.lines:
        console.print(_line(line, context))


def _line(line: TextDiffLine, context: Context) -> Text:
    sign, style = _SIGNS[line.fate]
    moved = ""
    if line.moved and line.before:
        moved = context.say(f"(原在 {line.before.section})", f" (was in {line.before.section})")
    if line.fate != "changed":
        return Text.assemble((sign + line.passage.text, style), (moved, "dim"))
    parts = [
        (f"{_PIECES[each.kind][0]}{each.text}{_PIECES[each.kind][1]}", _PIECES[each.kind][2]) for each in line.pieces
    ]
    return Text.assemble(sign, *parts, (moved, "dim"))


def _table(console: Console, table: TablePair, comparison: Comparison, context: Context) -> None:
    """Prints the figures that differ, or all of them where a break makes the years incomparable."""
    shown = [pair for pair in table.pairs if table.breaks or _printed(pair.before) != _printed(pair.after)]
    console.print()
    console.print(Text(table_label(table.table, context.language), style="bold"))
    for each in table.breaks:
        console.print(Text(f"┆ {each.reason(context.language)}", style="yellow"))
    if not shown:
        console.print(Text(context.say("数字都相同。", "All figures are the same."), style="dim"))
    for pair in shown:
        console.print(Text(f"{_name(pair, comparison, context)}: {_values(pair, parted=bool(table.breaks))}"))


def _name(pair: FigurePair, comparison: Comparison, context: Context) -> str:
    figure = pair.figure
    form = (comparison.after if pair.after else comparison.before).form
    labels = (
        row_label(form, figure.table, figure.row, context.language),
        column_label(form, figure.table, figure.column, context.language),
    )
    return " · ".join(label for label in labels if label)


def _values(pair: FigurePair, *, parted: bool) -> str:
    joint = " ┆ " if parted else " → "
    more = "" if not pair.difference else f" ({pair.difference:+f})"
    return f"{_printed(pair.before)}{joint}{_printed(pair.after)}{more}"


def _printed(figure: Figure | None) -> str:
    return "·" if figure is None else f"{figure.shown}{figure.unit or ''}"
