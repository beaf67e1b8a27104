"""`/figures`: the selection as a page, CSV and API."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.analysis.measures import measure, measures
from archive.export.provenance import program
from tests.webui.html import soup
from tests.webui.model_reports import SCHOOLS, SHOWN, WATER
from webui.app import create_app
from webui.http.warmup import warm
from webui.params.figure_params import KINDS
from webui.views.figures import LINES_A_PAGE

NEW = "一、本年新收政府信息公开申请数量"
YEARS = ["2019", "2020", "2021", "2022"]


def table(page: BeautifulSoup) -> dict[tuple[str, str], dict[str, str]]:
    """Agency and line to year and cell."""
    years = [head.get_text() for head in page.select(".grid-years thead th")][1:]
    found = {}
    for body in page.select(".grid-years tbody"):
        agency = body.select_one(".title").get_text(strip=True)  # type: ignore[union-attr]
        for row in body.select("tr:not(.title)"):
            cells = [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
            found[agency, row.th.get_text()] = dict(zip(years, cells, strict=True))  # type: ignore[union-attr]
    return found


def test_the_measures_are_computed_and_their_formulas_shown(client: FlaskClient) -> None:
    page = soup(client, "/figures?table=measures")
    shown = table(page)
    for report in SHOWN:
        for each in measures():
            share = measure(each, report).value
            if share is not None and report.agency in (WATER.id, SCHOOLS.id):
                name = report.agency_name or ""
                assert shown[name, each.zh][report.key].split()[0] == f"{share:.1%}"
    formulas = {item.dt.get_text(): item.dd.get_text() for item in page.select(".formulas > div")}  # type: ignore[union-attr]
    assert list(formulas) == [each.zh for each in measures()]
    assert all(each.formula_zh in formulas[each.zh] and each.codes in formulas[each.zh] for each in measures())


def test_a_share_of_doubtful_figures_is_marked(client: FlaskClient) -> None:
    assert table(soup(client, "/figures?table=measures"))["云溪市水务局", "予以公开率"]["2019"].endswith("≠")


def test_a_break_is_shown_where_the_form_changes(client: FlaskClient) -> None:
    page = soup(client, f"/figures?table=requests&agency={SCHOOLS.id}")
    row = page.select_one(".grid-years tbody tr:not(.title)")
    assert row is not None
    years = [head.get_text() for head in page.select(".grid-years thead th")][1:]
    broken = [year for year, cell in zip(years, row.find_all("td"), strict=True) if "break" in cell.get("class", [])]
    assert broken == ["2021"]
    assert "报告格式不同" in str(row.select_one("td.break"))


@pytest.mark.parametrize(
    ("asked", "lines", "years", "reason"),
    [
        ("table=requests&row=new", {f"{NEW} · 总计"}, YEARS, "the total, where no column is named"),
        (
            "table=requests&row=new&row=granted&column=natural_person",
            {f"{NEW} · 自然人", "（一）予以公开 · 自然人"},
            YEARS,
            "several rows",
        ),
        ("table=requests&row=new&from=2020&to=2021", {f"{NEW} · 总计"}, ["2020", "2021"], "years"),
        ("table=prose&row=disclosed&to=2010", {"主动公开政府信息数"}, ["2008", "2009"], "2010 tells nothing"),
        ("table=proactive&row=charges&column=amount", {"行政事业性收费 · 金额"}, ["2021", "2022"], "one form's column"),
        ("row=granted", {"予以公开率"}, YEARS, "one measure"),
    ],
)
def test_the_selection_is_shown(
    client: FlaskClient, asked: str, lines: set[str], years: list[str], reason: str
) -> None:
    page = soup(client, f"/figures?{asked}")
    assert {line for _, line in table(page)} == lines, reason
    assert [head.get_text() for head in page.select(".grid-years thead th")][1:] == years, reason


def test_the_form_keeps_the_selection(client: FlaskClient) -> None:
    page = soup(client, f"/figures?table=requests&row=new&column=total&agency={WATER.id}&from=2019")
    kept = {(str(box["name"]), str(box["value"])) for box in page.select(".picking input[checked]")}
    assert kept == {("row", "new"), ("column", "total"), ("agency", WATER.id)}
    assert page.select_one("#from")["value"] == "2019"  # type: ignore[index]
    assert page.select_one(".picking input[name=table]")["value"] == "requests"  # type: ignore[index]


def test_a_year_without_a_report_is_not_a_year_without_the_figure(client: FlaskClient) -> None:
    cells = table(soup(client, f"/figures?table=prose&row=disclosed&agency={WATER.id}"))[
        "云溪市水务局", "主动公开政府信息数"
    ]
    assert cells["2010"] == "·" and cells["2012"] == "没有收录这一年的报告" and cells["2016"] == "336"


def test_csv_and_api_have_the_figures_of_the_reports(client: FlaskClient) -> None:
    asked = f"table=requests&row=new&column=total&agency={WATER.id}"
    response = client.get(f"/figures.csv?{asked}")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    expected = [
        (report.key, f"{figure.value}")
        for report in SHOWN
        for figure in report.figures
        if report.agency == WATER.id and (figure.table, figure.row, figure.column) == ("requests", "new", "total")
    ]
    assert [(row["report"].split("/")[1], row["value"]) for row in rows] == expected
    assert rows[-1]["breaks"] == "报告格式不同，统计口径变化，不能直接相减"
    assert rows[0]["as_of"].startswith("目录版本 1，") and len(rows[0]["sha256"]) == 64
    given = client.get(f"/en/api/figures?{asked}").json
    assert given is not None
    assert [(figure["report"].split("/")[1], figure["value"]) for figure in given["figures"]] == expected
    assert given["figures"][-1]["breaks"][0].startswith("The forms differ")


def test_csv_of_measures(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/figures.csv?row=granted").text.removeprefix("\ufeff"))))
    assert {row["measure"] for row in rows} == {"granted"}
    assert {row["standing"] for row in rows} == {"computed", "missing"}, "what cannot be computed is a line too"
    assert all(bool(row["value"]) is (row["standing"] == "computed") for row in rows)
    assert rows[0]["formula"] == "requests.granted.total / requests.handled_total.total"


def test_without_a_row_files_have_the_whole_table(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get(f"/figures.csv?table=requests&agency={SCHOOLS.id}").text)))
    assert len(rows) == 1 + (161 + 21) + (161 + 21) + (175 + 21), "three computed rows of seven columns a report"


def test_the_codebook(client: FlaskClient) -> None:
    response = client.get("/figures/codebook.csv")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert {row["kind"] for row in rows} == {"table", "prose", "computed", "measure"}
    assert {row["as_of"] for row in rows} == {program()}
    assert response.headers["Content-Disposition"] == "attachment; filename=gongkai-codebook.csv"


@pytest.mark.parametrize(
    "asked",
    [
        *("table=nothing", "table=requests&column=nothing", "row=nothing", "agency=nobody"),
        *("from=x", "to=99999", "page=0", "from=２０１９", "from=2020&to=2018"),
    ],
)
@pytest.mark.parametrize("address", ["/figures?table=measures", "/figures.csv", "/api/figures", "/en/figures"])
def test_mistakes(client: FlaskClient, asked: str, address: str) -> None:
    assert client.get(f"{address}?{asked}").status_code == 400


def test_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    page = soup(client, "/figures?table=requests&to=2010")
    assert page.select_one(".nothing") and not page.select(".grid-years")


def test_charts_show_varying_rows_and_are_cut_at_breaks(client: FlaskClient) -> None:
    page = soup(client, f"/agencies/{WATER.id}")
    panels = {panel.figcaption.get_text(): panel for panel in page.select(".panels figure")}  # type: ignore[union-attr]
    assert "行政复议" not in panels, "nothing but 0"
    assert "行政规范性文件 · 本年制发件数" not in panels, "one number"
    received = panels["收到申请数"]
    pieces = [[int(str(dot["data-year"])) for dot in piece.select("a")] for piece in received.select(".piece")]
    assert pieces == [[2008, 2009], [2011], [2013, 2014, 2015, 2016, 2017]], "no line over a year that is missing"
    new = panels[NEW]
    assert [each["data-year"] for each in new.select(".break")] == ["2022"]
    assert "报告格式不同" in new.select_one(".break").get_text()  # type: ignore[union-attr]
    assert len(new.select(".piece")) == 2
    for dot in page.select(".panels a"):
        address, _, anchor = str(dot["href"]).partition("#")
        assert soup(client, address).select_one(f"#{anchor}"), "a point leads to its table or sentences"


def test_a_few_agencies_share_a_chart(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "/figures?table=requests&row=new&column=total"
    (panel,) = soup(create_app(home).test_client(), address).select(".panels figure")
    assert [line["data-name"] for line in panel.select("[data-name]")] == [SCHOOLS.name, WATER.name]
    monkeypatch.setattr("webui.render.figures.figure_series.MOST_LINES", 1)
    assert not soup(create_app(home).test_client(), address).select(".panels")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_figures_is_short_whatever_the_table(crowd: FlaskClient, kind: str) -> None:
    """Sixty agencies: a page has as many of them as can have a limited number of lines together."""
    page = soup(crowd, f"/figures?table={kind}")
    agencies, lines = page.select(".grid-years tbody .title"), page.select(".grid-years tbody tr:not(.title)")
    assert len(lines) <= LINES_A_PAGE or len(agencies) == 1
    assert bool(agencies) == bool(page.select_one(".paging")), "pages with figures only"
    if agencies:
        last = page.select_one(".paging span").get_text().split("/")[1].strip()  # type: ignore[union-attr]
        assert soup(crowd, f"/figures?table={kind}&page={last}").select(".grid-years tbody .title")
        assert not soup(crowd, f"/figures?table={kind}&page={int(last) + 1}").select(".grid-years")


@pytest.mark.parametrize(
    ("asked", "said", "reason"),
    [
        ("table=requests&agency=yunxi-shui-wu-ju", r"Download [\d,]+ rows", "one agency"),
        ("table=requests", r"Download about [\d,]+ rows", "figures of more agencies are not all counted"),
        ("table=measures", r"Download [\d,]+ rows", "each report has every measure"),
        ("table=indicators", r"Download 0 rows", "none of the agencies that are counted, so all are"),
    ],
)
def test_rows_of_many_agencies_are_estimated(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, asked: str, said: str, reason: str
) -> None:
    monkeypatch.setattr("webui.params.figure_params._COUNTED", 2)
    assert re.search(said, soup(client, f"/en/figures?{asked}&from=2001").get_text(" ", strip=True)), reason


def test_warm_up_reads_the_agencies_of_the_first_pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(home)
    warm(app)
    monkeypatch.delattr("archive.store.catalogue_reader.CatalogueReader.agencies_stating")
    for table in ("measures", "series", "requests", "review", "proactive"):
        assert app.test_client().get(f"/figures?table={table}").status_code == 200, table
    assert app.test_client().get("/figures?table=prose").status_code == 500, "a table that is not read before"
