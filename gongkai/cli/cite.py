"""`gongkai cite`: references to a report or one of its sections."""

from __future__ import annotations

import sys
from datetime import date
from urllib.parse import quote

import click

from archive.export.citations import STYLES
from archive.export.citations import cite as citation_of
from archive.export.csv import write_csv
from archive.export.provenance import data_version
from archive.store.catalogue import Catalogue
from gongkai.cli.console import echo_json
from gongkai.cli.context import Context
from gongkai.cli.options import Format, as_csv, as_format_json
from gongkai.selection import find_report, find_section


@click.command()
@click.argument("agency")
@click.argument("year")
@click.option("--section", help="只引用一个章节（代码）· One section, by its code.")
@click.option("--style", type=click.Choice([*STYLES]), help="只要这一种格式 · One style only.")
@click.option(
    "--site", metavar="URL", envvar="GONGKAI_PUBLIC_URL", default="http://127.0.0.1:8000", show_default=True,
    show_envvar=True, help="网站地址，写进引文 · The address of the site, for the URL of the reference.",
)  # fmt: skip
@as_csv
@as_format_json
@click.pass_obj
def cite(
    context: Context,
    agency: str,
    year: str,
    section: str | None,
    style: str | None,
    site: str,
    as_format: Format | None,
) -> None:
    """\b
    gongkai cite 海淀城管 2018
    gongkai cite 海淀城管 2018 --section problems --style bib
    """
    with Catalogue.open_existing(context.home) as catalogue:
        report = find_report(catalogue, agency, year)
        catalogue.check_original(report.source.sha256)  # a reference names the hash of an original that is there
        version = data_version(catalogue.revision, "en")
    address = f"{site.rstrip('/')}/reports/{quote(report.agency, safe='')}/{quote(report.key, safe='')}"
    citation = citation_of(report, address, version, date.today(), find_section(report, section))
    styles = [STYLES[style]] if style else [*STYLES.values()]
    references = [(each, "".join(each.write([citation], version))) for each in styles]
    if as_format == "json":
        written = [{"style": each.name, "suffix": each.suffix, "text": text} for each, text in references]
        echo_json({"report": f"{report.agency}/{report.key}", "section": section, "as_of": version,
                   "url": citation.address, "references": written})  # fmt: skip
    elif as_format == "csv":
        write_csv(sys.stdout, ("style", "text", "as_of"), ((each.name, text, version) for each, text in references))
    elif style:
        click.echo(references[0][1], nl=False)
    else:
        click.echo("\n".join(f"# {each.name}\n{text}" for each, text in references), nl=False)
