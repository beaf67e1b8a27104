"""Several processes write to one catalogue in PostgreSQL at the same time, and readers notice every change."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive.errors import Busy
from archive.extract.pipeline import parse_source
from archive.model import Reading
from archive.store import schema
from archive.store.catalogue import Catalogue
from archive.store.connection import connect, engine
from archive.store.dialects import dialect
from archive.store.verify import verify_catalogue
from tests.archive.pages import form_report, prose_report, source
from tests.cluster.postgresql import Server

pytestmark = [pytest.mark.cluster, pytest.mark.usefixtures("postgresql_url")]

WEST, EAST = "泉州市教育局", "厦门市水利局"
Page = tuple[Reading, bytes]


def page(agency: str, year: int, body: str = "全年公开平稳有序。") -> Page:
    data = "\n".join(prose_report(agency, year, body=body)).encode()
    return parse_source(data, source(data)), data


def known(home: Path) -> Path:
    """Adds the agencies, so that later pages bring no name."""
    with Catalogue.open(home) as catalogue:
        catalogue.add_parsed([page(WEST, 2015), page(EAST, 2015)])
    return home


def outcomes(home: Path, *pages: Page) -> list[str]:
    with Catalogue.open(home) as catalogue:
        return [outcome for _, added in catalogue.add_parsed(pages) for _, outcome in added]


@contextmanager
def held_at_commit(postgresql_url: str, home: Path, *pages: Page) -> Iterator[Future[list[str]]]:
    """Adds pages in a thread, whose transaction is committed when the context ends."""
    begun, release = threading.Event(), threading.Event()

    def wait(connection: sa.Connection) -> None:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            assert release.wait(120)

    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        with Catalogue.open(home):  # its preparation commits nothing while the event is listened to
            pass
        target = engine(sa.make_url(postgresql_url))
        sa.event.listen(target, "commit", wait)
        stack.callback(sa.event.remove, target, "commit", wait)
        stack.callback(release.set)
        adding = pool.submit(outcomes, home, *pages)
        assert begun.wait(120)
        try:
            yield adding
        finally:
            release.set()
            adding.result()


def test_writers_of_different_agencies_do_not_wait_and_a_reader_notices_both(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "PATIENCE", 5)
    home = known(tmp_path)
    with Catalogue.open(home) as reader:
        before = reader.revision
        with held_at_commit(postgresql_url, home, page(WEST, 2016)) as first:
            assert outcomes(home, page(EAST, 2016)) == ["added"], "it does not wait for the first"
            between = reader.revision
            assert between == before + 1
            assert outcomes(home, page("福州市财政局", 2016)) == ["added"], "nor does one with a new agency"
            between = reader.revision
            assert between > before + 1
            assert reader.keys("xiamenshi-shuiliju") == ("2015", "2016")
        assert first.result() == ["added"]
        assert reader.revision == between + 1, "the first began before the second and ended after it"
        assert reader.keys("quanzhoushi-jiaoyuju") == ("2015", "2016")


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([page(WEST, 2016)], "the same page"),
        ([page(WEST, 2016, "另有说明。")], "another version of the report"),
        ([page(WEST, 2017)], "the years of the names of one agency"),
        ([page(EAST, 2016), page(WEST, 2018)], "one page of a batch"),
    ],
)
def test_writers_of_the_same_records_wait(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, pages: list[Page], reason: str
) -> None:
    monkeypatch.setattr(dialect, "PATIENCE", 0.3)
    home = known(tmp_path)
    with held_at_commit(postgresql_url, home, page(WEST, 2016)), pytest.raises(Busy):
        outcomes(home, *pages)
    after = outcomes(home, *pages)
    assert after[-1] == {"the same page": "unchanged", "another version of the report": "new_version"}.get(
        reason, "added"
    )
    assert [*verify_catalogue(home, lambda *_: None)] == []


def test_a_text_on_two_pages_is_added_once(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row of the two pages is the same, and the years of the agency do not change."""
    monkeypatch.setattr(dialect, "PATIENCE", 0.3)
    home = known(tmp_path)
    reading, data = page(WEST, 2015, "另有说明。")
    copy = parse_source(data + b"\n", source(data + b"\n")), data + b"\n"
    with held_at_commit(postgresql_url, home, (reading, data)), pytest.raises(Busy):
        outcomes(home, copy)
    assert outcomes(home, copy) == ["unchanged"]


def test_what_waits_sees_what_it_waited_for(tmp_path: Path, postgresql_url: str) -> None:
    """Both names have the same pinyin: the second agency needs another id."""
    with ThreadPoolExecutor(1) as pool:
        with held_at_commit(postgresql_url, tmp_path, page("山西省教育厅", 2015)) as first:
            with Catalogue.open(tmp_path) as reader:
                assert reader.revision == 0
            second = pool.submit(outcomes, tmp_path, page("陕西省教育厅", 2015))
        assert (first.result(), second.result()) == (["added"], ["added"])
    with Catalogue.open(tmp_path) as catalogue:
        assert sorted(agency.name for agency in catalogue.agencies()) == ["山西省教育厅", "陕西省教育厅"]
        assert {report.agency_name: report.agency for report in catalogue.shown()} == {
            agency.name: agency.id for agency in catalogue.agencies()
        }


def test_a_writer_that_stays_open_knows_the_agencies_of_others(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as first, Catalogue.open(tmp_path) as second:
        first.add_parsed([page(WEST, 2015)])
        second.add_parsed([page("福建省泉州市教育局", 2016)])
        first.add_parsed([page("福建省泉州市教育局", 2017), page(WEST, 2018)])
        (agency,) = first.agencies()
        assert {name.text: (name.first_year, name.last_year) for name in agency.names} == {
            WEST: (2015, 2018),
            "福建省泉州市教育局": (2016, 2017),
        }


def write_pages(folder: Path, agencies: int, years: range) -> Path:
    for number in range(agencies):
        for year in years:
            lines = form_report(f"泉州市第{number}中学{year}年政府信息公开工作年度报告")
            path = folder / f"{number}" / f"{year}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines), "utf-8")
    return folder


def contents(home: Path) -> tuple[Any, ...]:
    with Catalogue.open(home) as catalogue:
        figures = [(each.agency, each.key, each.figures) for each in catalogue.figures()]
        return [*catalogue.shown()], catalogue.agencies(), catalogue.coverage(), figures


def test_two_commands_that_add_and_one_who_reads(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [
        write_pages(tmp_path / "a", 5, range(2021, 2024)),  # the first years of each school
        write_pages(tmp_path / "b", 5, range(2023, 2026)),  # the last years, and one that both have
    ]
    home, revisions, counts = tmp_path / "home", [0], [0]
    with Catalogue.open(home):
        pass
    adding = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gongkai", "--lang", "en", "--home", str(home), "add", "--jobs", "1", str(folder)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for folder in folders
    ]
    with Catalogue.open(home) as reader:
        while any(process.poll() is None for process in adding):
            revision, count = reader.revision, reader.count()
            revisions.append(revision)
            counts.append(count if reader.revision == revision else counts[-1])
            time.sleep(0.02)
    errors = [process.communicate()[1] for process in adding]
    assert [process.returncode for process in adding] == [0, 0], errors
    assert revisions == sorted(revisions) and counts == sorted(counts)
    after = contents(home)
    assert len(after[0]) == 25
    assert [*verify_catalogue(home, lambda *_: None)] == []
    monkeypatch.setenv("GONGKAI_CATALOGUE", postgresql.url(postgresql.new_schema()))
    alone = tmp_path / "alone"
    command = [sys.executable, "-m", "gongkai", "--home", str(alone), "add", *map(str, folders)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    assert [(each.agency, each.key, each.fingerprint) for each in contents(alone)[0]] == [
        (each.agency, each.key, each.fingerprint) for each in after[0]
    ]
    assert contents(alone)[1:3] == after[1:3]
    assert (
        hashlib.sha256(repr(contents(alone)[3]).encode()).digest() == hashlib.sha256(repr(after[3]).encode()).digest()
    )


def test_rows_and_revision_are_those_of_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_pages(tmp_path / "pages", 3, range(2021, 2024))
    found = []
    for name in ("postgresql", "sqlite"):
        if name == "sqlite":
            monkeypatch.delenv("GONGKAI_CATALOGUE")
        with Catalogue.open(tmp_path / name) as catalogue:
            for path in sorted(folder.rglob("*.txt")):
                data = path.read_bytes()
                catalogue.add_parsed([(parse_source(data, source(data, path.name)), data)])
            digests = [each.digest for each in catalogue.listed()]
            revision, counts = catalogue.revision, catalogue.report_counts(5)
        with connect(tmp_path / name) as connection:
            columns = [table.c.row_hash for table in (schema.reports, schema.figures, schema.notices)]
            queries = [sa.select(column).order_by(column.table.c.id) for column in columns]
            rows = [connection.execute(query).scalars().all() for query in queries]
            found.append((revision > 0, rows, digests, counts))
    assert found[0] == found[1]
    assert all(found[0][1][:2]), "there is something to compare"
