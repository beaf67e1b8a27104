"""`gongkai read` and `gongkai add`: read pages, and keep them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from archive.adding.file_adder import CORES, FileAdder, Sentence, located
from archive.adding.job_queue import Queued, enqueue
from archive.agencies.decisions import read_decisions
from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import resolve_agencies
from archive.errors import GongkaiError, InvalidRequest
from archive.export.json import notice_json, report_json
from archive.ingest.pool import parse_files
from archive.ingest.sources import pages_in
from archive.model import Reading
from archive.store.catalogue import Catalogue
from gongkai.cli.console import basis_mark, echo_json, new_grid, open_console, print_notice
from gongkai.cli.context import Context, NamedPath
from gongkai.cli.options import as_json, not_with
from gongkai.cli.progress import Progress


def _no_address(_context: click.Context, _parameter: click.Parameter, paths: Sequence[Path]) -> Sequence[Path]:
    for path in map(str, paths):
        if re.match("https?:/", path):
            raise InvalidRequest(
                f"“{path}”是网址，不是文件。请先把网页存成文件（网页或 WARC）。",
                f"“{path}” is an address, not a file. Save the page to a file first, as HTML or WARC.",
            )
    return paths


paths_argument = click.argument("paths", nargs=-1, required=True, type=NamedPath(), callback=_no_address)


@click.command()
@paths_argument
@as_json
@click.pass_obj
def read(context: Context, paths: Sequence[Path], as_json: bool) -> None:  # noqa: FBT001
    files: list[dict[str, Any]] = []
    with closing(parse_files(pages_in(paths), CORES)) as pages:
        for path, parsed in pages:
            if isinstance(parsed, GongkaiError):
                files.append(
                    {"path": str(path), "error": parsed.message(context.language), "reports": [], "notices": []}
                )
                click.echo(context.say(*located(path, parsed)), err=True)
                continue
            reading = resolve_agencies(parsed[1], AgencyRegistry())
            files.append(_file_json(path, reading, context))
            if not as_json:
                _print_reading(reading, path, context)
    if as_json:
        echo_json({"files": files})
    if any(file["error"] for file in files):
        raise SystemExit(1)


@click.command()
@paths_argument
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="同时读页的进程数 · Number of processes that read.",
)
@click.option(
    "--queue",
    is_flag=True,
    help="只排队，由 gongkai worker 读 · Put the files into the queue of gongkai worker.",
)
@click.pass_obj
def add(context: Context, paths: Sequence[Path], jobs: int | None, queue: bool) -> None:  # noqa: FBT001
    files = list(pages_in(paths))
    if queue:
        not_with("--queue", {"--jobs": jobs})
        _print_queued(enqueue(context.home, files), context)
        return
    decisions = read_decisions(context.home)
    progress = Progress(context, "正在读取文件", "Reading files", len(files))

    def say(sentence: Sentence, *, is_failure: bool = True) -> None:
        progress.clear()
        click.echo(context.say(*sentence), err=is_failure)

    with Catalogue.open(context.home) as catalogue, progress:
        adder = FileAdder(catalogue, decisions, on_failure=say, on_restored=partial(say, is_failure=False))
        try:
            with closing(adder.add(files, jobs or CORES)) as numbers:
                for number in numbers:
                    progress.show(number)
        except (GongkaiError, OSError):  # ends the run, such as a full disk
            if adder.counts:
                _print_outcomes(adder.counts, context)
            raise
    _print_outcomes(adder.counts, context)
    if adder.counts["failed"]:
        raise SystemExit(1)


def _file_json(path: Path, reading: Reading, context: Context) -> dict[str, Any]:
    notices = (*reading.notices, *(notice for report in reading.reports for notice in report.notices))
    return {
        "path": str(path),
        "error": None,
        "reports": [report_json(report, context.language) for report in reading.reports],
        "notices": [notice_json(notice, context.language) for notice in notices],
    }


def _print_reading(reading: Reading, path: Path, context: Context) -> None:
    """Prints the reports of a page as a table, then its notices."""
    console = open_console()
    count = len(reading.reports)
    console.print(Text(str(path), style="bold"), context.say(f"{count} 份报告", f"{count} reports"))
    heads = (
        "年份|Year<",
        "原文所载机关|Agency printed",
        "行|Lines",
        "章节|Sections>",
        "数据|Figures>",
        "提示|Notices>",
    )
    grid = new_grid(context, *heads)
    for report in reading.reports:
        copy = context.say("重复：同第", "copy of lines ") + f"{report.duplicate_of}" if report.duplicate_of else ""
        grid.add_row(
            f"{report.year or '?'}{basis_mark(report.year_basis, context)}",
            " ".join((report.agency_as_printed or f"({report.agency_name or '?'})", copy)).strip(),
            str(report.place),
            str(len(report.sections)),
            str(len(report.figures)),
            str(len(report.notices)),
        )
    if reading.reports:
        console.print(grid)
    for notice in reading.notices:
        print_notice(console, notice, context.language)
    for report in reading.reports:
        for notice in report.notices:
            print_notice(console, notice, context.language, f"{report.year or '?'}")


def _print_queued(queued: Queued, context: Context) -> None:
    zh = f"已排队：{queued.files:,} 个文件，{queued.jobs:,} 个作业"
    en = f"Queued: files {queued.files:,}, jobs {queued.jobs:,}"
    if queued.known:
        zh += f"；另有 {queued.known:,} 个作业已在队列中"
        en += f"; in the queue already: jobs {queued.known:,}"
    click.echo(context.say(f"{zh}。进度见 gongkai jobs。", f"{en}. See gongkai jobs for the progress."))


def _print_outcomes(counts: Counter[str], context: Context) -> None:
    grid = new_grid(
        context, "新收录|Added>", "新版本|New versions>", "未变|Unchanged>", "提示|Notices>", "失败|Failed>"
    )
    changed = counts["new_version"] + counts["reread"]
    shown = (counts["added"], changed, counts["unchanged"], counts["notices"], counts["failed"])
    grid.add_row(*map(str, shown))
    open_console().print(grid)
    if copies := counts["duplicates"]:
        click.echo(
            context.say(
                f"其中 {copies:,} 份是同页重复，只收录，不编入索引。",
                f"{copies:,} of them {'is a duplicate' if copies == 1 else 'are duplicates'} on the same page: "
                "kept, not indexed.",
            )
        )
