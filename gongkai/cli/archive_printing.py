"""What the archive's commands print for people: quiet tables, in the user's language."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from archive.analysis.coverage import CoverageCell
from archive.errors import Language
from archive.model import Agency, Basis, CheckResult, Figure, Notice, Reading, Report, Section, Source
from archive.notices import message
from archive.vocabulary import column_label, form_label, row_label, section_label, table_label
from gongkai.cli.context import Context

_BASES: dict[Basis, tuple[str, str]] = {
    "printed": ("", ""),
    "given": ("（来源说明）", " (given)"),
    "inferred": ("（推断）", " (inferred)"),
    "unknown": ("", ""),
}
_STATES = {
    "held": ("●", "有", "held"),
    "tables_only": ("◐", "只有表格", "tables only"),
    "image_only": ("○", "只有图片", "images only"),
    "missing": ("·", "缺", "missing"),
}
_CHECKS: dict[CheckResult, tuple[str, str]] = {
    "passed": ("成立", "passed"),
    "passed_with_blanks": ("成立（空白算 0）", "passed with blanks"),
    "failed": ("不成立", "failed"),
    "not_checked": ("没有核对", "not checked"),
}
_SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "dim"}
# Where nobody watches, lines are as long as they are: a pipe has no width.
_PIPE_WIDTH = 200


def _console() -> Console:
    return Console(
        highlight=False, markup=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH
    )


def reading(reading: Reading, path: Path, context: Context) -> None:
    """What one page says: its reports as a table, then every notice."""
    console = _console()
    count = len(reading.reports)
    console.print(Text(str(path), style="bold"), context.say(f"{count} 份报告", f"{count} reports"))
    heads = ("年份|Year", "印出的机关|Agency printed", "行|Lines", "节|Sections>", "数字|Figures>", "提示|Notices>")
    grid = _grid(context, *heads)
    for report in reading.reports:
        copy = context.say("重复：同第", "copy of lines ") + f"{report.duplicate_of}" if report.duplicate_of else ""
        grid.add_row(
            f"{report.year or '?'}{_basis(report.year_basis, context)}",
            " ".join((report.agency_as_printed or f"({report.agency_name or '?'})", copy)).strip(),
            str(report.place),
            str(len(report.sections)),
            str(len(report.figures)),
            str(len(report.notices)),
        )
    if reading.reports:
        console.print(grid)
    for notice in reading.notices:
        _notice(console, notice, context.language)
    for report in reading.reports:
        for notice in report.notices:
            _notice(console, notice, context.language, f"{report.year or '?'}")


def outcomes(counts: Counter[str], context: Context) -> None:
    """The table that ends `gongkai add`."""
    grid = _grid(context, "新收录|Added>", "新版本|New versions>", "未变|Unchanged>", "提示|Notices>", "失败|Failed>")
    changed = counts["new_version"] + counts["reread"]
    shown = (counts["added"], changed, counts["unchanged"], counts["notices"], counts["failed"])
    grid.add_row(*map(str, shown))
    _console().print(grid)


def report(report: Report, section: str | None, only: str | None, context: Context) -> None:
    """One report to read: where it comes from, its sections, its figures, its notices."""
    console = _console()
    if only is None:
        console.print(Text(report.title, style="bold"))
        console.print(Text(_provenance(report, context), style="dim"))
    wanted = [each for each in report.sections if section in (None, each.code, each.anchor, *each.also)]
    for each in wanted:
        if only != "tables":
            _section(console, each, context)
        if only != "text":
            for kind in dict.fromkeys(table.kind for table in each.tables if table.kind):
                _figures_table(console, report, kind, context)
    if only is None and section is None:
        for notice in report.notices:
            _notice(console, notice, context.language)


def figures(rows: Sequence[tuple[Report, Figure]], counted_on: str, context: Context) -> None:
    """Figures one a line, and what they were read from."""
    console = _console()
    heads = ("机关|Agency", "年份|Year", "表|Table", "行|Row", "列|Column", "数值|Value>", "原文|Printed", "核对|Check")
    grid = _grid(context, *heads)
    for report, figure in rows:
        value = "" if figure.value is None else f"{figure.value:f}"
        grid.add_row(
            report.agency_name or report.agency,
            str(report.year or "?"),
            table_label(figure.table, context.language),
            row_label(report.form, figure.table, figure.row, context.language),
            column_label(report.form, figure.table, figure.column, context.language),
            f"{value} {figure.unit or ''}".strip(),
            figure.printed,
            context.say("、", ", ").join(
                context.say(*_CHECKS[result]) for result in sorted(set(figure.check.values()))
            ),
        )
    console.print(grid if rows else context.say("没有这样的数字。", "There is no such figure."))
    _as_of(console, counted_on, context)


def coverage(cells: Sequence[CoverageCell], agencies: Iterable[Agency], counted_on: str, context: Context) -> None:
    """The picture agency × year in signs, with a legend, and what it was read from."""
    console = _console()
    if not cells:
        console.print(context.say("档案还是空的。请先 gongkai add。", "The archive is empty. Begin with gongkai add."))
        return
    names = {agency.id: agency.name for agency in agencies}
    years = range(min(cell.year for cell in cells), max(cell.year for cell in cells) + 1)
    grid = _grid(context, "机关|Agency", *(f"{year}|{year}" for year in years))
    for agency, group in groupby(cells, key=lambda cell: cell.agency):
        states = {cell.year: _STATES[cell.state][0] + ("²" if cell.duplicate else "") for cell in group}
        grid.add_row(names.get(agency, agency), *(states.get(year, "") for year in years))
    console.print(grid)
    legend = [f"{sign} {context.say(zh, en)}" for sign, zh, en in _STATES.values()]
    console.print("  ".join([*legend, context.say("² 印了两次", "² printed twice")]), style="dim")
    _as_of(console, counted_on, context)


def notices(found: Sequence[tuple[Report | None, Source, Notice]], counted_on: str, context: Context) -> None:
    """Notices, those on whole pages first, and what they were read from."""
    console = _console()
    for report, source, notice in found:
        where = f"{report.agency_name or report.agency} {report.year or report.key}" if report else source.path
        _notice(console, notice, context.language, where)
    if not found:
        console.print(context.say("没有提示。", "No notices."))
    _as_of(console, counted_on, context)


def _as_of(console: Console, counted_on: str, context: Context) -> None:
    console.print(context.say("依据：", "Counted on: ") + counted_on, style="dim")


def _section(console: Console, section: Section, context: Context) -> None:
    label = section_label(section.code, context.language)
    heading = section.heading or context.say(f"（{label}）", f"({label})")
    console.print()
    console.print(Text(heading, style="bold"), Text(f" {section.anchor}", style="dim"))
    for paragraph in section.paragraphs:
        console.print(Text(paragraph.text, style="bold" if paragraph.level else ""))


def _figures_table(console: Console, report: Report, table: str, context: Context) -> None:
    """A statutory table as grids of its figures, one for rows in turn that have the same columns (in `proactive` each
    item has its own); a cell whose arithmetic fails is red.
    """
    cells = {(figure.row, figure.column): figure for figure in report.figures if figure.table == table}
    columns = {row: tuple(column for other, column in cells if other == row) for row, _ in cells}
    name = f"{table_label(table, 'zh')}|{table_label(table, 'en')}"
    for shared, rows in groupby(columns, key=columns.__getitem__):
        group = list(rows)
        heads = (_head(report, table, column, [cells[row, column] for row in group], context) for column in shared)
        grid = _grid(context, name, *heads)
        for row in group:
            values = (cells[row, column] for column in shared)
            texts = (Text(each.printed, style="red" if "failed" in each.check.values() else "") for each in values)
            grid.add_row(row_label(report.form, table, row, context.language), *texts)
        console.print(grid)


def _head(report: Report, table: str, column: str | None, figures: Sequence[Figure], context: Context) -> str:
    """The head of a column of numbers, with the unit that the page prints for all of it."""
    label = column_label(report.form, table, column, context.language)
    units = {figure.unit for figure in figures}
    unit = units.pop() if len(units) == 1 else None
    return f"{label} ({unit})|{label} ({unit})>" if unit else f"{label}|{label}>"


def _provenance(report: Report, context: Context) -> str:
    agency = report.agency_as_printed or report.agency_name or "?"
    parts = [
        context.say("机关：", "Agency: ") + agency + _basis(report.agency_basis, context),
        context.say("年份：", "Year: ") + f"{report.year or '?'}{_basis(report.year_basis, context)}",
        form_label(report.form, context.language) if report.form else "",
        context.say("来源：", "Source: ") + (report.source.url or report.source.path),
        context.say(f"第{report.place}行", f"Lines {report.place}") if str(report.place) else "",
        f"SHA-256 {report.source.sha256}",
    ]
    return "\n".join(part for part in parts if part)


def _basis(basis: Basis, context: Context) -> str:
    return context.say(*_BASES[basis])


def _notice(console: Console, notice: Notice, language: Language, where: str = "") -> None:
    head = " ".join(part for part in (where, f"[{notice.place}]" if str(notice.place) else "", notice.code) if part)
    console.print(Text.assemble((f"{head}  ", _SEVERITY_STYLE[notice.severity]), message(notice, language)))


def _grid(context: Context, *heads: str) -> Grid:
    """A grid whose heads are written `中文|English`, with `>` behind those of numbers."""
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        zh, _, en = head.rstrip(">").partition("|")
        grid.add_column(context.say(zh, en), justify="right" if head.endswith(">") else "left", overflow="fold")
    return grid
