"""`gongkai snapshot`: a search with all its results as a ZIP file; and the citation that `search --cite` prints."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import click

from archive.errors import GongkaiError
from archive.export.citations.count import CitedTotals, CountCitation
from gongkai.cli.context import Context, NamedPath
from gongkai.cli.options import FREE, OptionError, filters, query_words, read_request
from gongkai.cli.progress import Progress
from indexer.answers.count_citation import cite_count
from indexer.answers.engine import Answer, Engine
from indexer.answers.snapshot import snapshot_pieces
from indexer.query.request import Request

site_option = click.option(
    "--site", metavar="URL", help="网站地址，写进引文 · The address of a site, for the URL of the citation."
)


@click.command(context_settings=FREE)
@query_words
@filters
@click.option(
    "-o", "--output", type=NamedPath(dir_okay=False), required=True, metavar="FILE",
    help="写到这个 ZIP 文件，已有的会被替换 · The ZIP file; an existing one is replaced.",
)  # fmt: skip
@site_option
@click.pass_obj
def snapshot(
    context: Context, /, query: Sequence[str], output: Path, site: str | None, **limits: Sequence[str]
) -> None:
    """\b
    gongkai snapshot 「保密审查」 --year 2014.. -o baomi.zip
    """
    request = read_request(" ".join(query), limits, context.language)
    engine = context.open_index()
    answer, citation = cited(engine, request, site)
    lines = answer.total.sections + (answer.total.occurrences or 0)
    partial = output.with_name(f"{output.name}.{os.getpid()}.part")
    try:
        with partial.open("xb") as file, Progress(context, "正在写快照", "Writing the snapshot", lines) as progress:
            file.writelines(snapshot_pieces(engine, request, answer, citation, progress.show))
        partial.replace(output)
    except OSError as error:
        raise GongkaiError(
            f"写不了 {output}（{error.strerror}）。请检查路径、权限和磁盘空间。",
            f"Cannot write {output} ({error.strerror}). Check the path, the permissions and the disk space.",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    totals, day = citation.totals, citation.totals.day.isoformat()
    click.echo(
        context.say(
            f"{output}：{totals.sentence('zh')}；{day}，数据版本 {totals.content}。",
            f"{output}: {totals.sentence('en')}; {day}, data version {totals.content}.",
        )
    )


def cited(engine: Engine, request: Request, site: str | None) -> tuple[Answer, CountCitation]:
    """Returns the totals of a request and their citation.

    Raises:
        OptionError: if the site is not a URL.
    """
    if site is not None and not site.startswith(("http://", "https://")):
        raise OptionError(
            f"--site 应是以 http:// 或 https:// 开头的地址，不是 {site}。",
            f"--site is an address that begins with http:// or https://, not {site}.",
        )
    return cite_count(engine, request, date.today(), _address_on(site, request))


def _address_on(site: str | None, request: Request) -> Callable[[CitedTotals], str | None]:
    def address(totals: CitedTotals) -> str | None:
        if site is None:
            return None
        arguments = {"q": request.query, **request.filters, "cited": str(totals)}
        asked = urlencode({name: value for name, value in arguments.items() if value}, doseq=True, safe=":")
        return f"{site.rstrip('/')}/search?{asked}"

    return address
