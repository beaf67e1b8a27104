"""Figures that OCR read are marked wherever figures are shown, and can be left out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from archive.analysis.computed import row_of
from archive.extract.pipeline import read_source
from archive.model import Figure, Reading, Source
from archive.notices import notice
from archive.store.catalogue import Catalogue
from archive.store.figures_table import FigureSelection
from archive.store.serialization import dump
from gongkai import open_archive
from indexer.engines.whoosh.build.generations import build_index
from tests.archive.pages import balanced, form_report
from tests.gongkai.command_line import AGENCY, ID, run
from webui.app import create_app

NEW = "requests.new.total"
OCR = {2021: None, 2022: 0.873}
"""The confidence of the reports by year."""


def recognised(reading: Reading, confidence: float | None) -> Reading:
    """The reading as if it had been read from a picture; a number that is not certain is unreadable."""

    def made(figure: Figure) -> Figure:
        found = msgspec.structs.replace(figure, basis="ocr", confidence=confidence)
        if figure.name == "requests.carried_in.enterprise":
            return msgspec.structs.replace(found, value=None, printed="□", state="unreadable")
        return msgspec.structs.replace(found, state="solved") if figure.name == NEW else found

    if confidence is None:
        return reading
    reports = (
        replace(
            each,
            figures=tuple(map(made, each.figures)),
            notices=(*each.notices, notice("ocr_read", count=175, decided=1, unreadable=1)),
        )
        for each in reading.reports
    )
    return replace(reading, reports=tuple(reports))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    with Catalogue.open(path) as catalogue:
        for year, confidence in OCR.items():
            title = f"{AGENCY}{year}年政府信息公开工作年度报告"
            data = "\n".join(form_report(title, cells=balanced(year - 2000, 1, 2))).encode()
            source = Source(f"{year}.txt", hashlib.sha256(data).hexdigest(), "text/plain")
            catalogue.add(recognised(read_source(data, source, catalogue.agencies()), confidence), data)
        build_index(path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return path


@pytest.fixture
def catalogue(home: Path) -> Iterator[Catalogue]:
    with Catalogue.open(home) as opened:
        yield opened


@pytest.fixture
def client(home: Path) -> FlaskClient:
    return create_app(home).test_client()


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def test_the_catalogue_keeps_basis_and_confidence(catalogue: Catalogue) -> None:
    listed = {report.year: report.figures for report in catalogue.figures(FigureSelection((ID,)))}
    assert listed == {report.year: report.figures for report in catalogue.shown()}
    assert {figure.confidence for figure in listed[2022]} == {0.873}
    assert {figure.basis for figure in listed[2022]} == {"ocr"} != {figure.basis for figure in listed[2021]}


def test_a_document_has_a_confidence_for_figures_of_ocr_only(catalogue: Catalogue) -> None:
    documents = {report.year: dump(report) for report in catalogue.shown()}
    assert '"confidence"' in documents[2022] and '"confidence"' not in documents[2021]


def test_figures_of_ocr_can_be_left_out_of_every_selection(catalogue: Catalogue) -> None:
    without = FigureSelection((ID,), ocr=False)
    assert {report.year: bool(report.figures) for report in catalogue.figures(without)} == {2021: True, 2022: False}
    totals = {report.year: report.figures for report in catalogue.computed_figures(without)}
    assert totals[2021] and not totals[2022]
    assert catalogue.count_figures(without) == len(totals[2021])
    row = row_of(("requests", "new", "total"))
    assert {report.year: len(report.figures) for report in catalogue.values(without, [row])} == {2021: 1, 2022: 0}
    assert catalogue.years(without, [row], lambda report: report.figures) == {2021}


def test_computed_figures_have_the_lowest_confidence_of_their_parts(catalogue: Catalogue) -> None:
    selection = FigureSelection((ID,), rows=("refused",), columns=("total",))
    found = {report.year: report.figures[0].confidence for report in catalogue.computed_figures(selection)}
    assert found == OCR


def test_commands_leave_them_out(home: Path) -> None:
    cell = ("--table", "requests", "--row", "new", "--column", "total")
    found = rows(run(home, "figures", *cell, "--csv").stdout)
    assert [(row["year"], row["basis"], row["confidence"]) for row in found] == [
        ("2021", "table", ""),
        ("2022", "ocr", "0.873"),
    ]
    assert [row["year"] for row in rows(run(home, "figures", *cell, "--no-ocr", "--csv").stdout)] == ["2021"]
    sums = json.loads(run(home, "figures", "--sum", *cell, "--no-ocr", "--json").stdout)["aggregates"]
    assert {each["year"]: each["sum"] for each in sums} == {2021: "21", 2022: None}
    ranked = [json.loads(run(home, "ranking", NEW, *more, "--json").stdout)["year"] for more in ((), ("--no-ocr",))]
    assert ranked == [2022, 2021]


def test_commands_mark_them(home: Path) -> None:
    shown = {year: run(home, "show", AGENCY, year).stdout for year in OCR}
    assert "OCR" in shown[2022] and "OCR" not in shown[2021]
    assert "OCR 87%" in run(home, "figures", "--table", "requests", "--row", "new", "--column", "total").stdout


def test_the_python_api_leaves_them_out(home: Path) -> None:
    with open_archive(home) as archive:
        found = archive.figures(table="requests", row="new", column="total").to_records()
        assert [each.get("confidence") for each in found] == [None, 0.873]
        assert len(archive.figures(table="requests", row="new", column="total", ocr=False).to_records()) == 1
        assert {each["year"]: each["sum"] for each in archive.aggregates(NEW, ocr=False).to_records()}[2022] is None


def test_the_site_marks_them_and_leaves_them_out(client: FlaskClient) -> None:
    report = client.get(f"/reports/{ID}/2022").text
    assert "可信度 87%" in report and report.count('class="ocr-mark"') > 100
    assert "OCR 读数存疑，按勾稽关系确定" in report
    assert 'class="ocr-mark"' not in client.get(f"/reports/{ID}/2021").text
    address = "/figures?table=requests&row=new&column=total"
    assert client.get(address).text.count('class="ocr-mark"') == 1
    assert client.get("/figures?table=measures&row=granted").text.count('class="ocr-mark"') == 1
    without = client.get(f"{address}&ocr=0").text
    assert 'class="ocr-mark"' not in without and 'value="0" checked' in without
    assert "ocr=0" in without.partition("figures.csv?")[2].partition('"')[0]


@pytest.mark.parametrize("page", ["/figures?table=requests", "/figures/ranking", "/aggregates"])
def test_the_choice_is_there_where_an_archive_has_such_figures(
    client: FlaskClient, home: Path, tmp_path: Path, page: str
) -> None:
    assert 'name="ocr"' in client.get(page).text
    with Catalogue.open(home) as catalogue, Catalogue.open(tmp_path) as other:
        (report,) = (each for each in catalogue.shown() if each.year == 2021)
        data = catalogue.original(report.source.sha256)
        other.add(read_source(data, report.source), data)
        build_index(tmp_path, other.shown(), other.agencies(), other.revision)
    plain = create_app(tmp_path).test_client()
    assert 'name="ocr"' not in plain.get(page).text
    assert 'name="ocr"' in plain.get(page + ("&" if "?" in page else "?") + "ocr=0").text


JSON = [
    ("/api/figures?table=requests&row=new&column=total", [("table", None), ("ocr", 0.873)], "all figures"),
    ("/api/figures?table=requests&row=new&column=total&ocr=0", [("table", None)], "without those of OCR"),
]


@pytest.mark.parametrize(("address", "expected", "reason"), JSON, ids=[case[2] for case in JSON])
def test_the_api_has_the_confidence(
    client: FlaskClient, address: str, expected: list[tuple[str, float | None]], reason: str
) -> None:
    found = client.get(address).get_json()["figures"]
    assert [(each["basis"], each.get("confidence")) for each in found] == expected


def test_files_of_the_site_have_a_column(client: FlaskClient) -> None:
    found = rows(client.get("/figures.csv?table=requests&row=new&column=total").text)
    assert [row["confidence"] for row in found] == ["", "0.873"]
    sums = rows(client.get(f"/aggregates.csv?figure={NEW}&ocr=0").text)
    assert {row["year"]: row["sum"] for row in sums} == {"2021": "21", "2022": ""}


def test_sums_with_such_figures_are_marked_and_counted(client: FlaskClient, home: Path) -> None:
    found = client.get(f"/api/aggregates?figure={NEW}").get_json()["aggregates"]
    assert {each["year"]: each["ocr"] for each in found} == {2021: 0, 2022: 1}
    assert [row["ocr"] for row in rows(client.get(f"/aggregates.csv?figure={NEW}").text)] == ["0", "1"]
    assert client.get(f"/aggregates?figure={NEW}").text.count('class="ocr-mark"') == 1
    assert (
        run(home, "figures", "--sum", "--table", "requests", "--row", "new", "--column", "total").stdout.count("OCR")
        == 1
    )


def test_other_values_of_the_parameter_are_refused(client: FlaskClient) -> None:
    assert client.get("/figures?table=requests&ocr=2").status_code == 400


def test_an_unreadable_number_is_unknown_to_conditions(client: FlaskClient) -> None:
    def years(condition: str) -> list[int]:
        found = client.get("/api/search", query_string={"q": condition}).get_json()
        return sorted({each["year"] for each in found["hits"]})

    assert years("requests.carried_in.enterprise>=0") == [2021]
    assert years("requests.new.total>=0") == [2021, 2022]
