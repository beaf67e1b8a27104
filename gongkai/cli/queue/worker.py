"""`gongkai worker`: adds the files that `gongkai add --queue` put into the queue."""

from __future__ import annotations

import click

from archive.adding.file_adder import CORES
from archive.adding.job_list import STALLED_AFTER, JobEnd, shown_path
from archive.adding.job_table import no_procrastinate, require_database
from archive.errors import GongkaiError
from gongkai.cli.context import Context

_STATES = {
    "succeeded": ("完成", "succeeded"),
    "failed": ("失败", "failed"),
    "repeated": ("将重做", "will be repeated"),
}


@click.command()
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=CORES,
    metavar="N",
    help="同时读页的进程数 · Number of processes that read.",
)
@click.option(
    "--drain",
    is_flag=True,
    help="所有作业都结束后退出，有失败的则退出码为 1 · End when all jobs have ended; exit code 1 if some failed here.",
)
@click.option(
    "--stalled-after",
    type=click.IntRange(1, 86400),
    default=STALLED_AFTER,
    show_default=True,
    metavar="SECONDS",
    help="进程多少秒没有响应，就重做它的作业 · Seconds after which the jobs of a silent worker are repeated.",
)
@click.pass_obj
def worker(context: Context, jobs: int, drain: bool, stalled_after: int) -> None:  # noqa: FBT001
    """SIGTERM 或 Ctrl+C 结束它，未完的作业回到队列 · SIGTERM or Ctrl+C end it; its job returns to the queue."""
    require_database()
    try:
        from archive.adding.job_worker import JobWorker  # noqa: PLC0415
    except ImportError as error:
        raise no_procrastinate() from error

    failed = 0

    def ended(job: JobEnd) -> None:
        nonlocal failed
        failed += job.state == "failed"
        state, files = context.say(*_STATES[job.state]), _files(job, context)
        changed = job.counts["new_version"] + job.counts["reread"]
        added, unchanged, pages = (job.counts[name] for name in ("added", "unchanged", "failed"))
        click.echo(
            context.say(
                f"作业 {job.number}（{files}）{state}：新收录 {added:,}，新版本 {changed:,}，未变 {unchanged:,}，"
                f"失败 {pages:,}。",
                f"Job {job.number} ({files}) {state}: {added:,} added, {changed:,} new versions, "
                f"{unchanged:,} unchanged, {pages:,} failed.",
            )
        )
        for sentence in job.failures:
            click.echo(context.say(*sentence), err=True)

    def waiting(error: GongkaiError) -> None:
        click.echo(error.message(context.language), err=True)

    def stopping() -> None:
        click.echo(
            context.say("正在结束：等待当前页面读完。", "Ending after the page that is being read."),
            err=True,
        )

    JobWorker(context.home, jobs, ended, waiting, stopping, drain=drain, stalled_after=stalled_after).run()
    if drain and failed:
        raise SystemExit(1)


def _files(job: JobEnd, context: Context) -> str:
    more, first = len(job.files) - 1, shown_path(job.files[0])
    return first + (context.say(f" 等 {more + 1:,} 个文件", f" and {more:,} more") if more else "")
