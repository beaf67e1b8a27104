"""`gongkai index`: brings the index up to date with the catalogue."""

from __future__ import annotations

import click

from archive.agencies.decisions import read_decisions
from archive.errors import DamagedRecord
from archive.store.catalogue import Catalogue
from archive.store.curation.agency_curation import curate
from archive.store.curation.notice_reviews import read_reviews
from gongkai.cli.context import Context
from gongkai.cli.progress import Progress
from indexer.index import update_index


@click.command()
@click.option("--rebuild", is_flag=True, help="不论有无变化都重建 · Rebuild even when nothing has changed.")
@click.pass_obj
def index(context: Context, rebuild: bool) -> None:  # noqa: FBT001
    damaged: list[DamagedRecord] = []
    decisions = read_decisions(context.home)
    read_reviews(context.home)  # a mistake in the file is reported here, where the curator looks
    with Catalogue.open_existing(context.home) as catalogue:
        curate(catalogue, decisions)
        reports, duplicates = catalogue.listed(damaged.append), catalogue.duplicates()
        with Progress(context, "正在索引报告", "Indexing reports", catalogue.count()) as progress:
            as_of = update_index(
                context.home,
                reports,
                catalogue.agencies(),
                catalogue.revision,
                rebuild=rebuild,
                progress=progress.show,
            )
    click.echo(
        context.say(
            f"索引版本 {as_of.generation}：{as_of.reports:,} 份报告，{as_of.sections:,} 个章节。",
            f"Index version {as_of.generation}: {as_of.reports:,} reports, {as_of.sections:,} sections.",
        )
    )
    if duplicates:
        click.echo(
            context.say(
                f"另有 {duplicates:,} 份是同页重复，不编入索引。",
                f"{duplicates:,} more {'is a duplicate' if duplicates == 1 else 'are duplicates'} on the same page: "
                "not indexed.",
            )
        )
    for error in damaged:  # the index has the other reports
        click.echo(error.message(context.language), err=True)
    if damaged:
        raise SystemExit(DamagedRecord.exit_code)
