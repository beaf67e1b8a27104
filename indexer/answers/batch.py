"""Answers many queries with one row of totals each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import UnreadableSource
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Engine, Total
from indexer.query.query_errors import FilterError, QueryError
from indexer.query.request import Request

_LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One query with its totals, or with the sentence for why it cannot be read."""

    query: str
    as_of: DataVersion
    reading: str | None = None
    total: Total | None = None
    error: str | None = None


def read_queries(path: Path) -> list[str]:
    """Returns the queries of a file, one a line; blank lines are ignored.

    Raises:
        UnreadableSource: if the file is missing, is not UTF-8 text or has no query.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        lines = data.decode("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise UnreadableSource(f"没有文件 {path}。请检查路径。", f"There is no file {path}. Check the path.") from None
    except (UnicodeDecodeError, OSError):
        raise UnreadableSource(
            f"{path} 读不出来。它应是 UTF-8 文本，一行一个检索式。",
            f"{path} cannot be read. It should be UTF-8 text with a query on each line.",
        ) from None
    if len(data) > _LARGEST:
        raise UnreadableSource(
            f"{path} 太大，最多 {_LARGEST >> 20} MB。请分成几个文件。",
            f"{path} is too large: {_LARGEST >> 20} MB at most. Divide it into several files.",
        )
    queries = [line.strip() for line in lines if line.strip()]
    if not queries:
        raise UnreadableSource(
            f"{path} 里没有检索式。请一行写一个。", f"There is no query in {path}. Write one on each line."
        )
    return queries


def answer_queries(engine: Engine, queries: Sequence[str], request: Request) -> list[BatchRow]:
    """Answers each query under the filters of the request; an error in one does not stop the others.

    Raises:
        FilterError: if a filter cannot be read, since it applies to all queries.
    """
    rows = []
    for query in queries:
        try:
            answer = engine.search(replace(request, query=query, limit=0, facets=(), readings=False))
        except FilterError:
            raise
        except QueryError as error:
            rows.append(BatchRow(query, engine.as_of, error=error.message(request.language)))
        else:
            rows.append(BatchRow(query, answer.as_of, answer.reading, answer.total))
    return rows
