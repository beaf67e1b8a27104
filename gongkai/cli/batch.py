"""Many queries at once: a row of totals for each (`gongkai search --list FILE`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TextIO

from archive.errors import GongkaiError
from archive.export.csv import write_csv
from gongkai.cli import index_printing
from gongkai.cli.context import Context
from gongkai.cli.options import Format
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Engine, Total
from indexer.query.query_errors import FilterError, QueryError
from indexer.query.request import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """One query with its totals, or with the sentence for why it cannot be read."""

    query: str
    as_of: DataVersion
    reading: str | None = None
    total: Total | None = None
    error: str | None = None


def read_queries(path: Path) -> list[str]:
    """The queries of a file: one on each line, blank lines left out.

    Raises:
        GongkaiError: for a file that is not there, is no UTF-8 text, or has no line with a query.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise GongkaiError(f"没有文件 {path}。请检查路径。", f"There is no file {path}. Check the path.") from None
    except (UnicodeDecodeError, OSError):
        raise GongkaiError(
            f"{path} 读不出来。它应是 UTF-8 文本，一行一个检索式。",
            f"{path} cannot be read. It should be UTF-8 text with a query on each line.",
        ) from None
    queries = [line.strip() for line in lines if line.strip()]
    if not queries:
        raise GongkaiError(
            f"{path} 里没有检索式。请一行写一个。", f"There is no query in {path}. Write one on each line."
        )
    return queries


def ask(engine: Engine, queries: Sequence[str], request: Request) -> list[Asked]:
    """Every query under the filters of the request; a mistake in one does not stop the others.

    Raises:
        FilterError: for a filter that cannot be read, since it holds for all of them.
    """
    rows = []
    for query in queries:
        try:
            answer = engine.search(replace(request, query=query, limit=0, facets=(), readings=False))
        except FilterError:
            raise
        except QueryError as error:
            rows.append(Asked(query, engine.as_of, error=error.message(request.language)))
        else:
            rows.append(Asked(query, answer.as_of, answer.reading, answer.total))
    return rows


def write(file: TextIO, rows: Sequence[Asked], kind: Format | None, context: Context) -> None:
    """The rows for a person, as CSV or as JSON."""
    if kind == "json":
        file.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n")
    elif kind == "csv":
        head = ("query", "reading", "sections", "reports", "occurrences", "reports_without_figure", "error", "as_of")
        write_csv(file, head, (_cells(row, context) for row in rows))
    else:
        noted = [(row.query, row.error or row.reading or "", row.total) for row in rows]
        index_printing.batch(noted, rows[0].as_of, context)


def _cells(row: Asked, context: Context) -> Sequence[object]:
    total = row.total
    counted = (total.sections, total.reports, total.occurrences, total.reports_without_figure) if total else (None,) * 4
    return (row.query, row.reading, *counted, row.error, row.as_of.sentence(context.language))
