"""`gongkai notices`: notices to review by hand."""

from __future__ import annotations

from collections.abc import Sequence

import click

from archive.export.json import notice_json, source_json
from archive.export.provenance import data_version
from archive.model import Notice, ReportSummary, Source
from archive.store.catalogue import Catalogue
from gongkai.cli.console import agency_text, echo_json, open_console, print_data_version, print_notice
from gongkai.cli.context import Context
from gongkai.cli.options import as_json


@click.command()
@as_json
@click.pass_obj
def notices(context: Context, as_json: bool) -> None:  # noqa: FBT001
    with Catalogue.open(context.home) as catalogue:
        found, version = catalogue.notices(), data_version(catalogue.revision, context.language)
    if not as_json:
        _print_notices(found, version, context)
        return
    echo_json(
        {
            "as_of": version,
            "notices": [
                {
                    "report": f"{report.agency}/{report.key}" if report else None,
                    "source": source_json(source),
                    **notice_json(notice, context.language),
                }
                for report, source, notice in found
            ],
        }
    )


def _print_notices(
    found: Sequence[tuple[ReportSummary | None, Source, Notice]], version: str, context: Context
) -> None:
    """Prints notices, those on whole pages first."""
    console = open_console()
    for report, source, notice in found:
        where = f"{agency_text(report.agency, report.agency_name, context)} {report.key}" if report else source.path
        print_notice(console, notice, context.language, where)
    if not found:
        console.print(context.say("没有提示。", "No notices."))
    print_data_version(console, version, context)
