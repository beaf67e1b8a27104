"""The shipped page against what a person read on it, line by line (haidian.toml)."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from archive.extract.pipeline import read_source
from archive.ingest.sources import read_path
from archive.model import Figure, Reading, Report, Source
from archive.text.clean import clean
from archive.text.normalize import normal_form
from archive.vocabulary import statutory_layout

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus"
TRUTH: dict[str, Any] = tomllib.loads((HERE / "haidian.toml").read_text("utf-8"))
PAGE = CORPUS / TRUTH["page"]
REPORTS = list(enumerate(TRUTH["report"]))
IDS = [f"{truth['year']}@{truth['lines'][0]}" for _, truth in REPORTS]


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_path(PAGE)


@pytest.fixture(scope="module")
def anonymous() -> Reading:
    """The page as a stranger would hand it in: without the curator's word on its agency."""
    return read_source(PAGE.read_bytes(), Source("page.txt", "0" * 64, "text/plain"))


def test_the_page_holds_fifteen_printed_reports(reading: Reading) -> None:
    assert [report.year for report in reading.reports] == [truth["year"] for truth in TRUTH["report"]]


@pytest.mark.parametrize(("position", "truth"), REPORTS, ids=IDS)
def test_a_report_is_where_and_what_a_person_read(anonymous: Reading, position: int, truth: dict[str, Any]) -> None:
    report = anonymous.reports[position]
    assert [report.place.first_line, report.place.last_line] == truth["lines"]
    assert (report.year, report.year_basis, report.form) == (truth["year"], truth["year_basis"], truth["form"])
    assert report.agency_as_printed == truth.get("agency_as_printed")
    assert report.published_on == truth.get("published_on")
    copy = report.duplicate_of and [report.duplicate_of.first_line, report.duplicate_of.last_line]
    assert copy == truth.get("duplicate_of")


@pytest.mark.parametrize(("position", "truth"), REPORTS, ids=IDS)
def test_every_section_has_its_lines_code_and_heading(reading: Reading, position: int, truth: dict[str, Any]) -> None:
    sections = [
        {
            "code": section.code,
            "lines": [section.place.first_line, section.place.last_line],
            "heading": section.heading or "",
        }
        for section in reading.reports[position].sections
    ]
    assert sections == truth["sections"]


@pytest.mark.parametrize(("position", "truth"), REPORTS, ids=IDS)
def test_every_cell_of_every_statutory_table(reading: Reading, position: int, truth: dict[str, Any]) -> None:
    report = reading.reports[position]
    for table in ("requests", "review", "proactive"):
        cells = {figure.name.removeprefix(f"{table}."): figure for figure in _table(report, table)}
        expected = dict(truth.get(table, {"cells": 0}))
        assert len(cells) == expected.pop("cells")
        assert {name: str(figure.value) for name, figure in cells.items() if figure.value} == expected
        assert all(figure.state == "number" and figure.place.first_line for figure in cells.values())
    layout = statutory_layout(report.form, "requests")
    if layout and "requests" in truth:
        names = {f"requests.{row}.{column}" for row in layout.rows for column in layout.columns}
        assert {figure.name for figure in _table(report, "requests")} == names


@pytest.mark.parametrize(("position", "truth"), REPORTS, ids=IDS)
def test_indicators_and_prose(reading: Reading, position: int, truth: dict[str, Any]) -> None:
    report = reading.reports[position]
    indicators = {figure.row: str(figure.value) for figure in _table(report, "indicators")}
    assert indicators == truth.get("indicators", {})
    stated = {figure.row: figure for figure in _table(report, "prose")}
    for row, value in truth.get("prose", {}).items():
        assert stated[row].value == Decimal(value), row
        assert stated[row].sentence, row
        assert stated[row].place.first_line, row
        assert stated[row].printed in (stated[row].sentence or "")


def test_procurement_has_the_unit_that_the_page_prints(reading: Reading) -> None:
    amounts = {
        report.year: (str(figure.value), figure.unit)
        for report in reading.reports
        for figure in report.figures
        if figure.name == "proactive.procurement.amount"
    }
    assert amounts == {2020: ("82.3658", "万元"), 2019: ("58.5598", "万元")}


def test_requests_received_by_year(reading: Reading) -> None:
    received: dict[str, int] = {}
    for report in reading.reports:
        said = [figure for figure in report.figures if figure.name == "prose.requests_received"]
        said = said or [figure for figure in report.figures if figure.name == "requests.new.total"]
        received[str(report.year)] = int(said[0].value or 0)
    assert received == TRUTH["requests_received"]


def test_every_check_passes(reading: Reading) -> None:
    figures = [figure for report in reading.reports for figure in report.figures]
    assert {result for figure in figures for result in figure.check.values()} == {"passed"}
    made = {report.year: len(report.checks) for report in reading.reports if report.checks}
    assert made == {2022: 42, 2021: 42, 2020: 40, 2019: 40}
    assert {check.result for report in reading.reports for check in report.checks} == {"passed"}
    cells = [figure for figure in figures if figure.table == "requests"]
    assert all("row_total" in figure.check and len(figure.check) > 1 for figure in cells)


def test_a_broken_cell_fails_its_checks() -> None:
    lines = PAGE.read_text("utf-8").split("\n")
    row = next(number for number, line in enumerate(lines) if line.startswith("1.本机关不掌握"))
    lines[row + 1] = lines[row + 1].replace("1", "2")
    source = read_path(PAGE).source
    report = read_source("\n".join(lines).encode(), source).reports[0]
    broken = next(figure for figure in report.figures if figure.name == "requests.unavailable.not_held.natural_person")
    assert str(broken.value) == "2"
    assert dict(broken.check) == {"handled_total": "failed", "row_total": "failed"}
    failed = [notice for notice in report.notices if notice.code == "check_failed"]
    assert [(notice.facts["left"], notice.facts["right"]) for notice in failed] == [("2", "1"), ("2", "1")]


def test_three_names_are_one_agency(anonymous: Reading) -> None:
    assert len({report.agency for report in anonymous.reports}) == 1
    printed = {report.agency_as_printed for report in anonymous.reports} - {None}
    assert len(printed) == 4  # the fifth form, 海淀区城市服务管理指挥中心, stands in running text alone
    assert [agency.id for agency in anonymous.agencies] == ["beijing-haidian-chengshi-guanli-jiandu-zhihui-zhongxin"]


def test_notices_name_what_a_person_must_know(anonymous: Reading) -> None:
    said = Counter(notice.code for report in anonymous.reports for notice in report.notices)
    assert said == {"inferred_year": 3, "inferred_agency": 3, "injected_text": 1, "duplicate_report": 1}
    assert [(notice.code, notice.facts["year"]) for notice in anonymous.notices] == [("missing_year", "2012")]
    inferred = next(notice for notice in anonymous.reports[1].notices if notice.code == "inferred_year")
    assert "2022" in inferred.facts["why"]
    assert "2018" in inferred.facts["why"]


def test_injected_text_stays_as_printed(reading: Reading) -> None:
    report = next(report for report in reading.reports if report.year == 2016)
    assert any(notice.code == "injected_text" and notice.place.first_line == 1504 for notice in report.notices)
    line = clean(PAGE.read_text("utf-8").split("\n")[1503])
    assert line in [paragraph.text for section in report.sections for paragraph in section.paragraphs]


@pytest.mark.parametrize(("phrase", "count"), TRUTH["occurrences"].items())
def test_exact_counts_over_running_text(reading: Reading, phrase: str, count: int) -> None:
    texts = [section.text for report in reading.reports if not report.duplicate_of for section in report.sections]
    assert sum(normal_form(text).count(phrase) for text in texts) == count


def test_no_line_of_the_page_is_dropped_in_silence(reading: Reading) -> None:
    """Each line is in a section of one report, or is the site's own notice at the page's start and end."""
    held = {
        line
        for report in reading.reports
        for section in report.sections
        for line in range(section.place.first_line or 0, (section.place.last_line or 0) + 1)
    }
    printed = {number for number, line in enumerate(PAGE.read_text("utf-8").split("\n"), 1) if line.strip()}
    assert printed - held == {1, 2, 1962, 1963}


def test_expected_sums_of_the_corpus(reading: Reading) -> None:
    expected = tomllib.loads(PAGE.with_name("expected.toml").read_text("utf-8"))
    years = sorted(report.year for report in reading.reports if report.year)
    assert (len(reading.reports), years) == (expected["reports"], expected["years"])
    missing = [int(notice.facts["year"]) for notice in reading.notices if notice.code == "missing_year"]
    assert missing == expected["missing"]
    inferred = sorted(report.year for report in reading.reports if report.year_basis == "inferred" and report.year)
    assert inferred == expected["inferred"]
    cells = Counter(figure.table for report in reading.reports for figure in report.figures if figure.basis == "table")
    assert cells == expected["cells"]


def _table(report: Report, table: str) -> list[Figure]:
    return [figure for figure in report.figures if figure.table == table]
