"""`gongkai index`: brings the index up to date with the catalogue."""

from __future__ import annotations

import click

from archive.errors import DamagedRecord
from archive.store.catalogue import Catalogue
from gongkai.cli.context import Context
from indexer.engines.whoosh.build.generations import build_index


@click.command()
@click.option("--rebuild", is_flag=True, help="不论有无变化都重建 · Rebuild even when nothing has changed.")
@click.pass_obj
def index(context: Context, rebuild: bool) -> None:  # noqa: FBT001
    damaged: list[DamagedRecord] = []
    with Catalogue.open(context.home) as catalogue:
        reports = catalogue.listed(damaged.append)
        as_of = build_index(context.home, reports, catalogue.agencies(), catalogue.revision, rebuild=rebuild)
    click.echo(
        context.say(
            f"索引版本 {as_of.generation}：{as_of.reports:,} 份报告，{as_of.sections:,} 个章节。",
            f"Index generation {as_of.generation}: {as_of.reports:,} reports, {as_of.sections:,} sections.",
        )
    )
    for error in damaged:  # the index has the other reports
        click.echo(error.message(context.language), err=True)
    if damaged:
        raise SystemExit(DamagedRecord.exit_code)
