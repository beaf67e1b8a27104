"""What one call reads is one state of the archive, whatever another process writes between its queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive.analysis.aggregates import AggregateRequest
from archive.analysis.computed import row_of
from archive.errors import Busy
from archive.store import connection as connections
from archive.store.catalogue import Catalogue
from archive.store.dialects import dialect
from archive.store.figures_table import FigureSelection
from tests.archive.pages import form_report
from tests.archive.store.test_figures_table import ID, TITLE, add

pytestmark = pytest.mark.usefixtures("database")

NEW = ("requests", "new", "total")
READS: dict[str, Callable[[Catalogue], object]] = {
    "notices": lambda catalogue: catalogue.notices(),
    "figures": lambda catalogue: [*catalogue.figures()],
    "figures of an agency": lambda catalogue: [*catalogue.figures(FigureSelection(agencies=(ID,)))],
    "computed figures": lambda catalogue: [*catalogue.computed_figures()],
    "values": lambda catalogue: [*catalogue.values(FigureSelection(), [row_of(NEW)])],
    "aggregates": lambda catalogue: catalogue.aggregates(AggregateRequest((NEW,))),
    "sources": lambda catalogue: catalogue.sources([ID]),
    "versions": lambda catalogue: catalogue.versions(ID, "2021"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(dialect, "PATIENCE", 0.05)  # a writer of SQLite gives up where it would wait for the reader
    connections.engine.cache_clear()
    with Catalogue.open(tmp_path / "home") as catalogue:
        add(catalogue, form_report(TITLE.format(2021)))
    yield tmp_path / "home"
    connections.engine.cache_clear()


@pytest.mark.parametrize("name", READS)
def test_a_writer_between_two_queries(home: Path, name: str) -> None:
    """In SQLite the writer may not write before the reader ends, and PostgreSQL reads on as it was."""
    read, written = READS[name], 0
    with Catalogue.open(home) as reader:
        for writes_behind in range(1, watched(reader, read)[1] + 1):
            before = read(reader)

            def write(number: int, writes_behind: int = writes_behind) -> None:
                """Changes a report, adds one, and moves the numbers of their rows."""
                nonlocal written
                if number == writes_behind:
                    with suppress(Busy), Catalogue.open(home) as writer:
                        add(writer, [*form_report(TITLE.format(2021)), f"第{number}次补充说明。"])
                        add(writer, form_report(TITLE.format(2010 + number))[:200])  # has a notice
                        written += 1

            during, _ = watched(reader, read, write)
            assert during in (before, read(reader)), f"a writer behind query {writes_behind}"
    assert written, "at least between the beginning of a transaction and its first query"


def watched(
    catalogue: Catalogue, read: Callable[[Catalogue], object], behind: Callable[[int], None] = lambda _: None
) -> tuple[object, int]:
    """What `read` returns, and the number of its queries; `behind` is called after each, with its number."""
    connection, queries = catalogue._connection, 0

    def count(*_: object) -> None:
        nonlocal queries
        queries += 1
        behind(queries)

    sa.event.listen(connection, "after_cursor_execute", count)
    try:
        return read(catalogue), queries
    finally:
        sa.event.remove(connection, "after_cursor_execute", count)
