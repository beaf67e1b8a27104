"""`gongkai jobs`: the progress of the queue, and why jobs failed."""

from __future__ import annotations

import click
from rich.text import Text

from archive.adding.job_list import JobList, ListedJob, jobs_json, list_jobs, shown_path
from archive.adding.job_queue import forget_failed, forget_succeeded, retry_failed
from archive.adding.job_table import job_connection
from gongkai.cli.console import echo_json, new_grid, open_console
from gongkai.cli.context import Context
from gongkai.cli.options import as_json, not_with

_SHOWN_FAILURES = 5
"""Sentences of a job that are printed; `--json` has more."""


@click.command()
@as_json
@click.option("--retry", is_flag=True, help="失败的作业重新排队 · Return the failed jobs to the queue.")
@click.option("--clear", is_flag=True, help="不再列出完成的作业 · List the jobs that succeeded no longer.")
@click.option("--clear-failed", is_flag=True, help="不再列出失败的作业 · List the jobs that failed no longer.")
@click.pass_obj
def jobs(context: Context, as_json: bool, retry: bool, clear: bool, clear_failed: bool) -> None:  # noqa: FBT001
    """退出码：有失败的作业为 1 · Exit code: 1 if there are failed jobs."""
    if as_json:
        not_with("--json", {"--retry": retry, "--clear": clear, "--clear-failed": clear_failed})
    if retry:
        not_with("--retry", {"--clear-failed": clear_failed})
        number = retry_failed(context.home)
        click.echo(context.say(f"重新排队的作业：{number:,} 个。", f"Jobs returned to the queue: {number:,}."))
    if clear or clear_failed:
        number = (forget_succeeded(context.home) if clear else 0) + (forget_failed(context.home) if clear_failed else 0)
        click.echo(context.say(f"不再列出的作业：{number:,} 个。", f"Jobs that are listed no longer: {number:,}."))
    with job_connection(context.home) as connection:
        listed = list_jobs(connection)
    if as_json:
        echo_json(jobs_json(listed, context.language))
    else:
        _print(listed, context)
    if listed.failed:
        raise SystemExit(1)


def _print(listed: JobList, context: Context) -> None:
    console = open_console()
    heads = ("等待|Waiting>", "进行中|Running>", "完成|Succeeded>", "失败|Failed>", "文件|Files>", "工作进程|Workers>")
    grid = new_grid(context, *heads)
    numbers = (listed.waiting, listed.running, listed.succeeded, listed.failed)
    files = f"{listed.finished_files:,}/{listed.files:,}"
    grid.add_row(*(f"{number:,}" for number in numbers), files, f"{listed.workers:,}")
    console.print(grid)
    outcomes = ("新收录|Added>", "新版本|New versions>", "未变|Unchanged>", "提示|Notices>", "失败页面|Failed pages>")
    grid, counts = new_grid(context, *outcomes), listed.counts
    changed = counts["new_version"] + counts["reread"]
    row = (counts["added"], changed, counts["unchanged"], counts["notices"], counts["failed"])
    grid.add_row(*(f"{number:,}" for number in row))
    console.print(grid)
    for job in listed.failed_jobs:
        console.print(Text(_title(job, context), style="bold"))
        for sentence in job.failures[:_SHOWN_FAILURES]:
            console.print(context.say(*sentence))
        if (more := len(job.failures) - _SHOWN_FAILURES) > 0:
            console.print(context.say(f"另有 {more:,} 条，见 --json。", f"{more:,} more; see --json."))
    if (more := listed.failed - len(listed.failed_jobs)) > 0:
        console.print(context.say(f"另有 {more:,} 个失败的作业。", f"{more:,} more failed jobs."))


def _title(job: ListedJob, context: Context) -> str:
    count, first = len(job.files), shown_path(job.files[0])
    return context.say(
        f"作业 {job.number}：{first}" + (f" 等 {count:,} 个文件" if count > 1 else ""),
        f"Job {job.number}: {first}" + (f" and {count - 1:,} more" if count > 1 else ""),
    )
