"""`/agencies`: names over time, missing years, and look-up."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from tests.webui.html import soup
from tests.webui.model_reports import ORIGINAL, READING, SCHOOLS, WATER
from webui.app import create_app


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
        *(
            f"{page}?q=a%26b&q=c&endpoint=x&_external=1"
            for page in ("/agencies/{}", "/reports/{}/2019", "/en/reports/{}/2019/text")
        ),
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
