"""`gongkai similar`: the sections most similar to one of a report, to explore and not to cite."""

from __future__ import annotations

import sys

import click
from rich.text import Text

from archive.export.csv import write_csv
from archive.store.catalogue import Catalogue
from archive.vocabulary import section_label
from gongkai.cli.console import echo_json, open_console, print_data_version
from gongkai.cli.context import Context
from gongkai.cli.options import Format, as_csv, as_format_json
from gongkai.results import HIT_CELLS
from gongkai.selection import find_report, find_section
from indexer.answers.json import hit_json
from indexer.answers.related_sections import related_sections


@click.command()
@click.argument("agency")
@click.argument("year")
@click.option("--section", help="章节代码，不写则为第一个章节 · Section, by its code [the first one].")
@click.option(
    "--limit", type=click.IntRange(1, 50), metavar="N", default=10, show_default=True, help="几个章节 · Sections shown."
)
@as_csv
@as_format_json
@click.pass_obj
def similar(
    context: Context, agency: str, year: str, section: str | None, limit: int, as_format: Format | None
) -> None:
    """\b
    gongkai similar 海淀城管 2018 --section problems
    """
    with Catalogue.open_existing(context.home) as catalogue:
        report = find_report(catalogue, agency, year)
    chosen = find_section(report, section) or report.sections[0]
    engine = context.open_index()
    address, hits = related_sections(engine, report, chosen, limit)
    if as_format == "json":
        echo_json({"as_of": engine.as_of, "url": address, "hits": [hit_json(hit) for hit in hits]})
        return
    version = engine.as_of.sentence(context.language, full=as_format == "csv")
    if as_format == "csv":
        cells = [name for name in HIT_CELLS if name != "occurrences"]
        rows = ((*(getattr(hit, name) for name in cells), hit.snippets[0].text, address, version) for hit in hits)
        write_csv(sys.stdout, (*cells, "snippet", "similar_to", "as_of"), rows)
        return
    console = open_console()
    for hit in hits:
        head = f"{hit.agency_name} {hit.year or hit.key} {hit.heading or section_label(hit.section, context.language)}"
        console.print(Text(head, style="bold"), Text(f" {hit.report}#{hit.anchor}", style="dim"))
        console.print(Text(f"   {hit.snippets[0].text}"))
    if not hits:
        console.print(context.say("没有相似的章节。", "No similar section."))
    print_data_version(console, version, context)
