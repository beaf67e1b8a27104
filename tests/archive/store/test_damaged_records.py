"""A damaged record of the catalogue is an error that names it; the others are read, and adding its page heals it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from archive.analysis.computed import row_of
from archive.errors import DamagedRecord, GongkaiError
from archive.extract.pipeline import read_source
from archive.model import Notice, Reading, Source, SourceSpan
from archive.store.catalogue import Catalogue
from archive.store.connection import connect
from archive.store.figures_table import FigureSelection
from tests.archive.pages import form_report, prose_report

pytestmark = pytest.mark.usefixtures("database")

ID = "quanzhoushi-jiaoyuju"
Ask = Callable[[Catalogue], object]


def page(lines: list[str]) -> tuple[Reading, bytes]:
    data = "\n".join(lines).encode()
    return read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")), data


FIRST = page(["甲、本页仅供参考。", *prose_report("泉州市教育局", 2015)])
SECOND = page(form_report("泉州市教育局2022年政府信息公开工作年度报告"))
SHA256 = FIRST[0].source.sha256
(REPORT,) = SECOND[0].reports
NOTED = replace(REPORT, notices=(Notice("missing_year", "warning", SourceSpan(1, 2), {"年": "2022"}),))
SECOND = replace(SECOND[0], reports=(NOTED,)), SECOND[1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Catalogue.open(tmp_path) as catalogue:
        for reading in (FIRST, SECOND):
            catalogue.add(*reading)
    return tmp_path


def damage(home: Path, statement: str) -> None:
    with connect(home) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if re.search(r"\bx'[0-9a-f]", statement) and not is_sqlite:
            pytest.skip("PostgreSQL has no text that is not UTF-8")
        if not is_sqlite:  # damage keeps no foreign key
            connection.exec_driver_sql("SET session_replication_role = replica")
        assert connection.exec_driver_sql(statement).rowcount > 0
        connection.commit()
        connection.invalidate()


DOCUMENTS = [
    ("replace(document, '2015', '2016')", "a figure or a word, in JSON that can be read"),
    ("substr(document, 1, 500)", "no JSON"),
    ("'{}'", "JSON of another shape"),
    ("''", "nothing"),
    ("CAST(x'7bff' || substr(document, 3) AS TEXT)", "no UTF-8"),
]


@pytest.mark.parametrize(("value", "reason"), DOCUMENTS)
def test_a_damaged_report_is_named_and_the_others_are_read(home: Path, value: str, reason: str) -> None:
    damage(home, f"UPDATE reports SET document = {value} WHERE year = 2015")  # noqa: S608
    with Catalogue.open(home) as catalogue:
        for ask in (lambda: catalogue.report(ID, "2015"), lambda: catalogue.versions(ID, "2015")):
            with pytest.raises(DamagedRecord) as caught:
                ask()
            assert caught.value.zh == (
                f"目录里的报告 {ID}/2015 已损坏，其余报告不受影响。请重新添加它的页面，或从备份恢复目录。"
            ), reason
            assert caught.value.en.startswith(f"The report {ID}/2015 in the catalogue is damaged;"), reason
        assert catalogue.report(ID, "2022"), reason
        assert len(catalogue.coverage()) == 8, reason
        found: list[DamagedRecord] = []
        assert [each.address for each in catalogue.listed(found.append)] == [f"{ID}/2022"], reason
        assert len(found) == 1, reason
        with pytest.raises(DamagedRecord):
            [each.read() for each in catalogue.listed()]


HEALED = [
    *((f"UPDATE reports SET document = {value} WHERE year = 2015", reason) for value, reason in DOCUMENTS),  # noqa: S608
    ("UPDATE reports SET digest = 'x' WHERE year = 2015", "the digest itself"),
    ("UPDATE reports SET fingerprint = 'x' WHERE year = 2015", "a column that follows from the document"),
    ("UPDATE reports SET form = 'x' WHERE year = 2015", "a column that may be empty"),
    (f"UPDATE sources SET source = '' WHERE sha256 = '{SHA256}'", "the record of the page"),  # noqa: S608
    (f"UPDATE sources SET notices = x'ff' WHERE sha256 = '{SHA256}'", "the notices of the page, as bytes"),  # noqa: S608
    (f"UPDATE sources SET digest = 'x' WHERE sha256 = '{SHA256}'", "the digest of the page"),  # noqa: S608
    ("UPDATE figures SET value = '7' || value WHERE id = 1", "a figure"),
    ("UPDATE figures SET value = 'x' WHERE id = 1", "a figure that is no number"),
    ("UPDATE figures SET \"check\" = '{' WHERE id = 1", "a figure whose checks are no JSON"),
    ("DELETE FROM figures WHERE id = 1", "a figure that is gone"),
    ("UPDATE notices SET facts = '{' WHERE id = 1", "a notice whose facts are no JSON"),
    ("DELETE FROM notices WHERE id = 1", "a notice that is gone"),
]


@pytest.mark.parametrize(("statement", "reason"), HEALED)
def test_adding_the_page_again_heals_its_records(home: Path, statement: str, reason: str) -> None:
    with Catalogue.open(home) as catalogue:
        before = ([*catalogue.shown()], catalogue.notices(), [*catalogue.figures()], catalogue.coverage())
    damage(home, statement)
    with Catalogue.open(home) as catalogue:
        revision = catalogue.revision
        for reading in (FIRST, SECOND):
            catalogue.add(*reading)
        assert catalogue.revision > revision, reason
        after = ([*catalogue.shown()], catalogue.notices(), [*catalogue.figures()], catalogue.coverage())
        assert after == before, reason


@pytest.mark.parametrize(
    ("statement", "ask", "named"),
    [
        ("UPDATE agencies SET document = '{'", Catalogue.agencies, f"机关 {ID} "),
        ("UPDATE agencies SET document = x'ff'", lambda catalogue: catalogue.agency(ID), f"机关 {ID} "),
        ("UPDATE sources SET source = '{'", Catalogue.notices, "页面 "),
        ("UPDATE sources SET notices = '{'", Catalogue.notices, "页面 "),
        ("UPDATE figures SET value = 'x'", lambda catalogue: [*catalogue.figures()], f"报告 {ID}/2022 "),
        ("UPDATE notices SET facts = '{'", Catalogue.notices, f"报告 {ID}/"),
    ],
)
def test_a_damaged_record_is_a_sentence(home: Path, statement: str, ask: Ask, named: str) -> None:
    damage(home, statement)
    with Catalogue.open(home) as catalogue, pytest.raises(GongkaiError) as caught:
        ask(catalogue)
    assert named in caught.value.zh


OTHER = b"other"
OTHER_SHA256 = hashlib.sha256(OTHER).hexdigest()


def test_an_original_is_restored_only_where_it_was_kept(home: Path) -> None:
    sha256, data = FIRST[0].source.sha256, FIRST[1]
    with Catalogue.open(home) as catalogue:
        assert catalogue.keep_originals([(sha256, data)]) == [], "the file is whole"
        assert catalogue.keep_originals([(OTHER_SHA256, OTHER)]) == [], "the page is not in the catalogue"
        (home / "originals" / sha256[:2] / sha256).write_bytes(b"")
        assert catalogue.keep_originals([(sha256, data)]) == [sha256]
        assert catalogue.original(sha256) == data


ASKED: dict[str, Ask] = {
    "report": lambda catalogue: catalogue.report(ID, "2022"),
    "versions": lambda catalogue: catalogue.versions(ID, "2022"),
    "listed": lambda catalogue: [each.read() for each in catalogue.listed()],
    "keys": lambda catalogue: catalogue.keys(ID),
    "coverage": Catalogue.coverage,
    "counts": lambda catalogue: catalogue.report_counts(9),
    "figures": lambda catalogue: [*catalogue.figures()],
    "computed": lambda catalogue: [*catalogue.computed_figures()],
    "notices": Catalogue.notices,
    "noted": Catalogue.reports_with_notices,
    "stating": lambda catalogue: catalogue.agencies_stating(("requests",), None, None),
    "years": lambda catalogue: catalogue.years(FigureSelection(), [row_of(NEW)], lambda report: report.figures),
    "on page": lambda catalogue: catalogue.reports_on_page(SECOND[0].source.sha256),
    "sources": lambda catalogue: catalogue.sources([ID]),
}
NEW = ("requests", "new", "total")
ROWS = {"counts", "figures", "noted", "stating", "years", "on page", "sources"}
"""Answers that read the row of the report."""
CELLS = [
    (
        "reports",
        "year = 2021",
        {"report", "versions", "listed", "keys", "coverage", "computed", "notices", *ROWS},
    ),
    ("reports", "form = 'form-2020'", {"report", "listed", "coverage", "computed", "notices", *ROWS}),
    ("reports", "key = '2021'", {"listed", "keys", "coverage", "computed", "notices", *ROWS}),
    ("reports", "state = 'images_only'", {"report", "coverage", *ROWS}),
    ("reports", "agency_name = '泉州市教育屋'", {"report", "listed", "notices", *ROWS}),
    ("figures", "value = '7'", {"figures", "computed", "stating", "years"}),
    ("figures", "printed = '7'", {"figures", "computed", "stating", "years"}),
    ("figures", "state = 'blank'", {"figures", "computed", "stating", "years"}),
    ("notices", "code = 'year_conflict'", {"notices"}),
    ("notices", 'facts = \'{"年": "2023"}\'', {"notices"}),
    ("notices", "first_line = 3", {"notices"}),
]


@pytest.mark.parametrize(("table", "change", "refused"), CELLS, ids=[f"{row[0]}: {row[1]}" for row in CELLS])
def test_a_damaged_cell_is_never_an_answer_and_adding_the_page_heals_it(
    home: Path, table: str, change: str, refused: set[str]
) -> None:
    of_the_report = "year = 2022" if table == "reports" else "report = (SELECT id FROM reports WHERE year = 2022)"
    with Catalogue.open(home) as catalogue:
        before = {name: ask(catalogue) for name, ask in ASKED.items() if name != "listed"}
    damage(home, f"UPDATE {table} SET {change} WHERE {of_the_report}")  # noqa: S608
    with Catalogue.open(home) as catalogue:
        for name in refused:
            with pytest.raises(DamagedRecord):
                ASKED[name](catalogue)
        for name in before.keys() - refused:
            with suppress(DamagedRecord):
                # a report whose own key is damaged is not found under its address
                assert ASKED[name](catalogue) in (before[name], None, ()), name
        catalogue.add(*SECOND)
        assert {name: ask(catalogue) for name, ask in ASKED.items() if name != "listed"} == before


def test_a_report_whose_page_is_damaged_is_replaced(home: Path) -> None:
    damage(home, "UPDATE reports SET sha256 = 'f' || substr(sha256, 2) WHERE year = 2022")
    with Catalogue.open(home) as catalogue:
        with pytest.raises(DamagedRecord):
            catalogue.coverage()
        catalogue.add(*SECOND)
        assert len(catalogue.coverage()) == 8
        assert catalogue.keys(ID) == ("2015", "2022")
