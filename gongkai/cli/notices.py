"""`gongkai notices`: notices to review by hand, with the states that a curator gave them in `notices.toml`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from rich.text import Text

from archive.export.csv import write_csv
from archive.export.notice_list import NOTICE_HEAD, ListedNotice, notice_rows, notices_json
from archive.export.provenance import data_version
from archive.model import ReportSummary
from archive.notices import codes
from archive.store.catalogue import Catalogue
from archive.store.curation.notice_reviews import (
    FILE_NAME,
    REVIEW_STATE_NAMES,
    NoticeReview,
    read_reviews,
    report_address,
)
from gongkai.cli.console import (
    agency_text,
    echo_json,
    open_console,
    print_data_version,
    print_notice,
    review_text,
)
from gongkai.cli.context import Context
from gongkai.cli.options import Format, as_csv, as_format_json


@click.command()
@click.option(
    "--state",
    type=click.Choice([*REVIEW_STATE_NAMES]),
    help="只看某一状态的；open 为未核实 · Only notices of a state; open: not decided yet.",
)
@click.option("--code", type=click.Choice(codes()), metavar="CODE", help="只看某一种 · Only notices of a code.")
@as_csv
@as_format_json
@click.pass_obj
def notices(context: Context, state: str | None, code: str | None, as_format: Format | None) -> None:
    reviews = read_reviews(context.home)
    with Catalogue.open_existing(context.home) as catalogue:
        found, version = catalogue.notices(), data_version(catalogue.revision, context.language)
    unmatched = reviews.unmatched(found)
    wanted: list[tuple[ReportSummary | None, ListedNotice]] = []
    for report, source, notice in found:
        address, name = report_address(report), report.agency_name if report else None
        listed = ListedNotice(address, name, source, notice, reviews.of(address, source, notice))
        if state in (None, listed.state) and code in (None, notice.code):
            wanted.append((report, listed))
    every = [listed for _, listed in wanted]
    if as_format == "json":
        echo_json(notices_json(every, unmatched, version, context.language))
    elif as_format == "csv":
        write_csv(sys.stdout, NOTICE_HEAD, notice_rows(every, version, context.language))
    else:
        _print_notices(wanted, unmatched, version, context)


def _print_notices(
    found: Sequence[tuple[ReportSummary | None, ListedNotice]],
    unmatched: Sequence[NoticeReview],
    version: str,
    context: Context,
) -> None:
    """Prints notices, those on whole pages first, then the reviews that no longer match any."""
    console = open_console()
    for report, (_, _, source, notice, review) in found:
        where = f"{agency_text(report.agency, report.agency_name, context)} {report.key}" if report else source.path
        print_notice(console, notice, context.language, where, review)
    if not found:
        console.print(context.say("没有提示。", "No notices."))
    for each in unmatched:
        gone = context.say(
            f"{FILE_NAME} 第 {each.line} 行不再对应任何疑点：",
            f"{FILE_NAME}, line {each.line}, no longer matches a notice: ",
        )
        place = f" [{each.place}]" if each.place else ""
        subject = f"{each.report or each.page}{place} {each.code}  {review_text(each, context.language)}"
        console.print(Text.assemble((gone, "yellow"), subject))
    print_data_version(console, version, context)
