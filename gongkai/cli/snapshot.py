"""`gongkai snapshot`: a search with all its results as a ZIP file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from archive.errors import GongkaiError
from gongkai.cli.citing import cited, site_option
from gongkai.cli.context import Context
from gongkai.cli.options import FREE, filters, query_words, read_request
from indexer.answers.snapshot import snapshot_pieces
from indexer.index import open_index


@click.command(context_settings=FREE)
@query_words
@filters
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
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
    engine = open_index(context.home)
    answer, citation = cited(engine, request, site)
    partial = output.with_name(f"{output.name}.{os.getpid()}.part")
    try:
        with partial.open("xb") as file:
            file.writelines(snapshot_pieces(engine, request, answer, citation))
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
