"""Figures and notices selected in SQL are those of the documents, after every way of writing them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from archive.analysis.computed import Name, row_of, with_computed
from archive.extract.pipeline import read_source
from archive.model import Figure, Reading, Source
from archive.store.catalogue import Catalogue
from archive.store.figures_table import FigureSelection
from archive.store.serialization import load
from tests.archive.pages import form_report, prose_report

pytestmark = pytest.mark.usefixtures("database")

TITLE = "泉州市教育局{}年政府信息公开工作年度报告"
ID = "quanzhoushi-jiaoyuju"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "home") as opened:
        for year in (2021, 2022):
            add(opened, form_report(TITLE.format(year)))
        add(opened, prose_report("厦门市教育局", 2016))
        yield opened


def read(catalogue: Catalogue, lines: list[str]) -> tuple[Reading, bytes]:
    data = "\n".join(lines).encode()
    source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
    return read_source(data, source, catalogue.agencies()), data


def add(catalogue: Catalogue, lines: list[str]) -> None:
    catalogue.add(*read(catalogue, lines))


def check_against_documents(catalogue: Catalogue) -> None:
    listed = [(each.agency, each.key, each.figures) for each in catalogue.figures()]
    assert listed == [(report.agency, report.key, report.figures) for report in catalogue.shown()]


def names(catalogue: Catalogue, selection: FigureSelection) -> list[tuple[str, list[str]]]:
    return [(report.key, [figure.name for figure in report.figures]) for report in catalogue.figures(selection)]


def test_every_figure_is_read_back_equal(catalogue: Catalogue) -> None:
    assert any(report.figures for report in catalogue.shown())
    check_against_documents(catalogue)


@pytest.mark.parametrize(("first", "size"), [(1, 1), (1, 2), (2, 1), (3, 3), (9, 9)])
def test_batches_of_any_size_have_every_report_once(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, first: int, size: int
) -> None:
    monkeypatch.setattr("archive.store.figures_table._FIRST_BATCH", first)
    monkeypatch.setattr("archive.store.figures_table.BATCH", size)
    check_against_documents(catalogue)
    agencies = tuple(agency.id for agency in catalogue.agencies())
    assert len(agencies) > 1
    chosen = [*catalogue.figures(FigureSelection(agencies[::-1]))]
    assert chosen == sorted(catalogue.figures(), key=lambda report: (-agencies.index(report.agency), report.key))


def test_one_cell(catalogue: Catalogue) -> None:
    cell = FigureSelection((ID,), 2022, 2022, ("requests",), ("new",), ("total",))
    assert names(catalogue, cell) == [("2022", ["requests.new.total"])]


def test_agencies_state_figures_in_the_newest_version_only(catalogue: Catalogue) -> None:
    assert catalogue.agencies_stating(("requests",), None, None) == {ID}
    assert catalogue.agencies_stating(("requests",), None, 2016) == frozenset()
    add(catalogue, prose_report("泉州市教育局", 2021))  # a second capture, without the table
    assert catalogue.agencies_stating(("requests",), 2021, 2021) == frozenset()
    assert catalogue.agencies_stating(("requests",), None, None) == {ID}


@pytest.mark.parametrize(
    ("cell", "first", "agencies"),
    [
        (("requests", "new", "total"), None, ()),
        (("requests", "refused", "total"), None, ()),
        (("prose", "requests_received", None), None, (ID, "xiamenshi-jiaoyuju")),
        (("requests", "new", "total"), 2022, (ID,)),
    ],
    ids=["a cell", "a computed row", "a sentence", "a range"],
)
def test_years_are_those_of_all_reports(
    catalogue: Catalogue, cell: Name, first: int | None, agencies: tuple[str, ...]
) -> None:
    selection = FigureSelection(agencies, first)
    values = [*catalogue.values(selection, [row_of(cell)])]
    assert catalogue.years(selection, [row_of(cell)], lambda report: report.figures) == {
        each.year for each in values if each.figures
    }


def test_reports_without_the_figure_are_listed_and_agencies_keep_their_order(catalogue: Catalogue) -> None:
    cell = FigureSelection(("xiamenshi-jiaoyuju", ID), None, None, ("requests",), ("new",), ("total",))
    expected = [("2016", []), ("2021", ["requests.new.total"]), ("2022", ["requests.new.total"])]
    assert names(catalogue, cell) == expected


def test_more_agencies_than_one_query_can_name(catalogue: Catalogue) -> None:
    unknown = tuple(f"agency-{number}" for number in range(40_000))
    cell = FigureSelection(
        (ID, *unknown, "xiamenshi-jiaoyuju"), tables=("requests",), rows=("new",), columns=("total",)
    )
    expected = [("2021", ["requests.new.total"]), ("2022", ["requests.new.total"]), ("2016", [])]
    assert names(catalogue, cell) == expected


@pytest.mark.parametrize(("first", "last", "keys"), [(2022, None, ["2022"]), (None, 2021, ["2016", "2021"])])
def test_a_range_of_years(catalogue: Catalogue, first: int | None, last: int | None, keys: list[str]) -> None:
    selected = sorted(report.key for report in catalogue.figures(FigureSelection(first=first, last=last)))
    assert selected == keys


def test_rereading_a_page_replaces_its_figures(catalogue: Catalogue) -> None:
    reading, data = read(catalogue, form_report(TITLE.format(2022)))
    (report,) = reading.reports
    (first, *_) = report.figures
    catalogue.add(replace(reading, reports=(replace(report, figures=(first,), notices=()),)), data)
    check_against_documents(catalogue)
    catalogue.add(replace(reading, reports=()), data)
    check_against_documents(catalogue)
    assert [report.key for report in catalogue.figures(FigureSelection((ID,)))] == ["2021"]


def test_a_new_version_replaces_the_figures_shown(catalogue: Catalogue) -> None:
    reading, data = read(catalogue, ["", *form_report(TITLE.format(2022))])
    (report,) = reading.reports
    changed = tuple(msgspec.structs.replace(figure, printed="另") for figure in report.figures)
    catalogue.add(replace(reading, reports=(replace(report, figures=changed, fingerprint="0" * 64),)), data)
    assert [len(each.figures) for each in catalogue.figures(FigureSelection((ID,)))] != [0, 0]
    check_against_documents(catalogue)


def test_joined_agencies_bring_their_figures(catalogue: Catalogue) -> None:
    one, other = catalogue.agencies()
    joined = catalogue.join(one, other, 2020)
    check_against_documents(catalogue)
    assert {(each.agency, each.agency_name) for each in catalogue.figures()} >= {(joined.id, joined.name)}


def test_notices_are_those_of_the_documents(catalogue: Catalogue) -> None:
    lines = ["泉州市教育局政府信息公开工作年度报告", "一、概述", "做了许多事。", "二、存在的问题", "有不足。"]
    add(catalogue, lines)
    expected = [(report.key, each) for report in catalogue.shown() for each in report.notices]
    found = [(report.key, each) for report, _, each in catalogue.notices() if report and each.code != "series_break"]
    assert found == expected
    assert expected


def test_no_document_is_decoded(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    def load_small(text: str | bytes, kind: type[Figure]) -> Figure:
        assert kind.__name__ != "Report"
        return load(text, kind)

    monkeypatch.setattr("archive.store.serialization.load", load_small)
    assert [*catalogue.figures()]
    assert [*catalogue.listed()]
    assert catalogue.coverage()
    catalogue.notices()
    catalogue.breaks(ID)


def test_one_cell_is_found_by_an_index(catalogue: Catalogue, tmp_path: Path, database: str) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL scans tables of a few rows whatever indexes there are")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'home' / 'catalogue.sqlite'}")
    query = """EXPLAIN QUERY PLAN SELECT value FROM figures
               WHERE report IN (1, 2) AND "table" IN ('requests') AND "row" IN ('new') AND "column" IN ('total')"""
    with engine.connect() as connection:
        plan = " ".join(row[-1] for row in connection.exec_driver_sql(query))
    assert "figures_by_report (report=? AND table=? AND row=? AND column=?)" in plan


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (FigureSelection(), "totals of groups in every table, no series"),
        (FigureSelection((ID,), tables=("requests",), columns=("total",)), "one column"),
        (FigureSelection(rows=("refused",)), "a computed row without its parts"),
        (FigureSelection(first=2022, rows=("refused", "new")), "years"),
    ],
)
def test_computed_rows_are_those_of_the_documents(
    catalogue: Catalogue, selection: FigureSelection, reason: str
) -> None:
    found = {(each.agency, each.key): each.figures for each in catalogue.computed_figures(selection)}
    expected = {}
    for report in catalogue.shown():
        in_years = selection.first is None or (report.year or 0) >= selection.first
        if in_years and (not selection.agencies or report.agency in selection.agencies):
            expected[report.agency, report.key] = tuple(
                figure
                for figure in with_computed(report.figures, report.form)
                if (not selection.tables or figure.table in selection.tables)
                and (not selection.rows or figure.row in selection.rows)
                and (not selection.columns or figure.column in selection.columns)
            )
    assert found == expected, reason
    assert any(figure.basis == "computed" for figures in found.values() for figure in figures), reason


def test_computed_rows_are_in_no_document_and_in_no_check(catalogue: Catalogue) -> None:
    for report in catalogue.shown():
        assert {figure.basis for figure in report.figures} <= {"table", "prose"}
        used = {name for check in report.checks for name in (*check.left, *check.right)}
        assert not used & {"requests.refused.total", "requests.unavailable.total", "requests.not_processed.total"}


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (FigureSelection(), "every table; series are left out"),
        (FigureSelection(tables=("series",)), "series of two forms and of sentences"),
        (FigureSelection((ID,), tables=("requests",), columns=("total", "natural_person")), "two columns of totals"),
        (FigureSelection(tables=("requests",), rows=("refused",)), "a computed row without its parts"),
        (FigureSelection(("nobody",), tables=("series",)), "nothing"),
        (FigureSelection(last=2021, tables=("series", "prose")), "years"),
    ],
)
def test_figures_are_counted_without_reading_them(
    catalogue: Catalogue, selection: FigureSelection, reason: str
) -> None:
    found = [*catalogue.computed_figures(selection)]
    assert catalogue.count_figures(selection) == sum(len(each.figures) for each in found), reason
    assert catalogue.count_summaries(selection) == len(found), reason
