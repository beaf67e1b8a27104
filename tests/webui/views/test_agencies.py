"""`/agencies`: names over time, missing years, and look-up."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.extract.pipeline import read_source
from archive.model import Agency, Name, Source
from archive.store.catalogue import Catalogue
from tests.archive.pages import prose_report
from tests.webui.crowd_reports import AGENCIES as CROWD
from tests.webui.html import soup
from tests.webui.model_reports import ORIGINAL, READING, SCHOOLS, WATER
from webui.app import create_app
from webui.views import agencies as agencies_view


def test_an_agency_shows_names_gaps_and_figures(client: FlaskClient) -> None:
    page = soup(client, "/agencies/yunxi-shui-wu-ju")
    assert [name.get_text(" ", strip=True) for name in page.select(".names li")] == [
        "2008–2013 云溪市水利局",
        "2014–2022 云溪市水务局",
    ]
    assert "2012、2018、2020、2021" in page.select_one(".lacks").get_text()  # type: ignore[union-attr]
    heads = [head.get_text(strip=True) for head in page.select(".series thead th")][1:]
    lines = {row.th.get_text(strip=True): row for row in page.select(".series tbody tr:not(.title)") if row.th}
    received = dict(zip(heads, (cell.get_text(strip=True) for cell in lines["收到申请数"].find_all("td")), strict=True))
    assert received["2017"] == "4" and received["2019"] == "·"
    cells = zip(heads, lines["收到申请数"].find_all("td"), strict=True)
    breaks = [head for head, cell in cells if "break" in cell.get("class", [])]
    assert breaks == ["2019", "2022"], "where the form changes"


@pytest.mark.parametrize(
    ("asked", "found", "reason"),
    [
        ("水务", ["云溪市水务局"], "part of a name"),
        ("水利局", ["云溪市水务局"], "a name it had"),
        ("yunxi", ["云溪市教育局", "云溪市水务局"], "pinyin"),
        ("火星", [], "nobody"),
    ],
)
def test_agencies_are_looked_up(client: FlaskClient, asked: str, found: list[str], reason: str) -> None:
    page = soup(client, f"/agencies?q={asked}")
    assert [link.get_text() for link in page.select(".agencies > li > a")] == found, reason
    assert bool(page.select(".nothing")) is not bool(found)


@pytest.mark.parametrize(
    "address",
    [
        "/agencies/{}",
        "/reports/{}/2019?q=a%26b&since=2018",
        "/en/reports/{}/2019/cite?section=a%26b",
        "/api/reports/{}/2020",
    ],
)
def test_a_joined_id_redirects(tmp_path: Path, address: str) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        catalogue.join(WATER, SCHOOLS, 2023)
    client = create_app(tmp_path).test_client()
    response = client.get(address.format(SCHOOLS.id))
    assert response.status_code == 301
    assert response.location == address.format(WATER.id)
    assert client.get("/reports/yunxi-jiao-yu-ju/1999").status_code == 301, "even where that year is missing"


MOVED = [
    ("/reports/{}/2017?q=a%26b", 302, "the page of the report"),
    ("/en/reports/{}/2017/cite?section=a%26b", 302, "one below it"),
    ("/api/reports/{}/2017", 302, "the API"),
    ("/reports/{}/1999", 404, "a year that the agency never had"),
    ("/compare/{}/2016/2017", 404, "two reports, of which one is still there"),
]


@pytest.mark.parametrize(("address", "status", "reason"), MOVED, ids=[case[2] for case in MOVED])
def test_the_address_of_a_report_that_was_read_again(tmp_path: Path, address: str, status: int, reason: str) -> None:
    first, second = (prose_report("某某", year) for year in (2016, 2017))
    former, present = "former-agency", "present-agency"

    def add(lines: list[str], agency: str) -> None:
        data = "\n".join(lines).encode()
        reading = read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain"), ())
        reports = tuple(replace(report, agency=agency, agency_name=agency) for report in reading.reports)
        known = Agency(agency, agency, (Name(agency, None, None),))
        with Catalogue.open(tmp_path) as catalogue:
            catalogue.add(replace(reading, reports=reports, agencies=(known,)), data)

    for lines, agency in ((first, former), (second, former), (second, present)):
        add(lines, agency)
    client = create_app(tmp_path).test_client()
    response = client.get(address.format(former))
    assert response.status_code == status, reason
    assert response.headers.get("Location") == (address.format(present) if status == 302 else None)
    add([*second, "第二份。"], former)
    assert create_app(tmp_path).test_client().get(f"/reports/{former}/2017").status_code == 200, "a report of it again"


LISTED: list[tuple[str, list[str], str]] = [
    ("place=河北", ["承德市教育局", "河北省人民政府", "石家庄市教育局", "正定县教育局", "正定县人民政府"], "by pinyin"),
    ("place=河北&level=city", ["承德市教育局", "石家庄市教育局"], "two filters"),
    ("level=county&kind=government", ["正定县人民政府"], "level and kind"),
    ("place=unknown", ["朝阳区教育局"], "an unknown place"),
    ("place=none", ["教育部"], "no place"),
    ("letter=C", ["朝阳区教育局", "承德市教育局"], "a letter"),
    ("letter=A", [], "a letter of no name"),
    ("q=教育局&place=石家庄", ["正定县教育局", "石家庄市教育局"], "a look-up in a place"),
    ("place=西藏", [], "a division without agencies"),
]


@pytest.mark.parametrize(("asked", "found", "reason"), LISTED, ids=[case[2] for case in LISTED])
def test_agencies_are_filtered(placed: FlaskClient, asked: str, found: list[str], reason: str) -> None:
    page = soup(placed, f"/agencies?{asked}")
    names = [link.get_text() for link in page.select(".agencies > li > a")]
    assert (sorted(names) if "q=" in asked else names) == found, reason
    assert bool(page.select(".nothing")) is not bool(found)


def test_a_long_list_is_paged_and_keeps_its_filters(crowd: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agencies_view, "AGENCIES_A_PAGE", 25)
    address, seen = "/agencies?level=county", list[str]()
    while address:
        page = soup(crowd, address)
        seen += [link.get_text() for link in page.select(".agencies > li > a")]
        following = page.select_one(".paging [rel=next]")
        address = str(following["href"]) if following else ""
        assert not following or "level=county" in address
    assert len(seen) == len({*seen}) == len(CROWD)


FILES = [
    ("/agencies.csv", "/api/agencies", "every agency"),
    ("/agencies.csv?kind=government", "/api/agencies?kind=government", "a kind"),
    ("/agencies.csv?place=河北&level=county", "/api/agencies?place=河北&level=county", "counties of a province"),
    ("/agencies.csv?q=石家庄", "/api/agencies?q=石家庄", "a name"),
]


@pytest.mark.parametrize(("address", "api", "reason"), FILES, ids=[row[2] for row in FILES])
def test_the_file_has_the_agencies_of_the_api(placed: FlaskClient, address: str, api: str, reason: str) -> None:
    rows = [*csv.DictReader(StringIO(placed.get(address).text.removeprefix("\ufeff")))]
    found = {
        (each["agency"], each["name"], each["place"] or "", each["level"] or "", each["kind"] or "",
         "; ".join(name["name"] for name in each["names"]), "; ".join(each["reports"]))
        for each in placed.get(api).get_json()["agencies"]
    }  # fmt: skip
    columns = ("agency", "name", "place", "level", "kind", "names", "reports")
    assert {tuple(row[column] for column in columns) for row in rows} == found and len(rows) == len(found) > 0
    for row in rows:
        held = [report.partition("/")[2] for report in row["reports"].split("; ")]
        assert row["years"].split("; ") == [key for key in held if key.isdecimal()]
        assert row["english_name"].isascii() and row["english_name"] and row["as_of"]


def test_the_page_states_the_rows_of_its_file(placed: FlaskClient) -> None:
    (exports,) = soup(placed, "/agencies?kind=government&letter=H").select(".exports")
    (csv_link, _) = exports.select("a")
    lines = placed.get(str(csv_link["href"])).text.splitlines()
    assert f"{len(lines) - 1} 行" in exports.get_text()


def test_reports_of_unknown_agencies_have_addresses_of_their_own(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        for body in ("第一份。", "第二份。"):
            lines = ["政府信息公开工作年度报告（2016年度）", *prose_report("某某", 2016, body=body)[1:]]
            data = "\n".join(lines).encode()
            source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
            catalogue.add(read_source(data, source, ()), data)
        addresses = [f"/reports/unknown/{key}" for key in catalogue.keys("unknown")]
    client = create_app(tmp_path).test_client()
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    former = client.get("/reports/unknown/2016?q=1")
    assert former.status_code == 302
    assert former.headers["Location"] in [f"{address}?q=1" for address in addresses]
    page = client.get("/agencies/unknown").text
    assert all(f'href="{address}"' in page for address in addresses)
    assert not re.search("历年数据|两年对照", page), "they are not the years of one agency"
    report = client.get(addresses[1]).text
    assert "since=" not in report and "/compare/" not in report, "nor is one the year before the other"
    assert client.get("/en/agencies/unknown").text.count(">Agency unknown<") == 1
