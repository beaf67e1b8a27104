"""`gongkai agency`: says which agencies are one."""

from __future__ import annotations

import click

from archive.agencies.search import one_agency
from archive.store.catalogue import Catalogue
from gongkai.cli.context import Context


@click.group()
def agency() -> None:
    pass


@agency.command()
@click.argument("earlier")
@click.argument("later")
@click.option("--from", "from_year", type=int, required=True, help="从哪一年的报告起用后一个名称 · Since which year.")
@click.pass_obj
def join(context: Context, earlier: str, later: str, from_year: int) -> None:
    """前一个机关改成了后一个：合为一个，用前一个编号 · One agency became the other: one from now on."""
    with Catalogue.open(context.home) as catalogue:
        agencies = catalogue.agencies()
        joined = catalogue.join(one_agency(earlier, agencies), one_agency(later, agencies), from_year)
    names = [name.text for name in joined.names]
    click.echo(
        context.say(
            f"{joined.id}：{'、'.join(names)}。请再运行 gongkai index。",
            f"{joined.id}: {', '.join(names)}. Run gongkai index next.",
        )
    )
