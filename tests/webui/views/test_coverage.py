"""`/coverage` and `/notices`."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from flask.testing import FlaskClient

from tests.webui.html import soup


def test_cells_name_the_state_of_each_year(client: FlaskClient) -> None:
    page = soup(client, "/coverage")
    rows = {row.th.get_text(strip=True): row for row in page.select(".picture tbody tr") if row.th}
    water = rows["云溪市水务局"]
    said = [str((cell.a or {}).get("title") or cell.get_text(strip=True)) for cell in water.find_all("td")]
    assert said[:5] == ["2008 已收录", "2009 已收录", "2010 只有图片", "2011 已收录，同页重复", "2012 缺"]
    assert water.select_one("a[href='/reports/yunxi-shui-wu-ju/2008']")
    assert not water.find_all("td")[4].find("a"), "what is missing cannot be opened"
    assert rows["云溪市教育局"].find_all("td")[0].get_text(strip=True) == "不在起止年份之内"


def test_notices_are_filtered(client: FlaskClient) -> None:
    every = soup(client, "/notices").select(".notices li")
    failed = soup(client, "/notices?code=check_failed").select(".notices li")
    assert len(every) > len(failed) == 1
    assert every[0]["class"] == ["error"], "the severe first"


@pytest.mark.parametrize("asked", ["", "?place=河北", "?kind=government&level=county"])
def test_the_file_has_the_cells_of_the_api(placed: FlaskClient, asked: str) -> None:
    rows = [*csv.DictReader(StringIO(placed.get(f"/coverage.csv{asked}").text.removeprefix("\ufeff")))]
    cells = placed.get(f"/api/coverage{asked}").get_json()["cells"]
    assert [(row["agency"], int(row["year"]), row["state"], row["duplicate"] == "yes") for row in rows] == [
        (cell["agency"], cell["year"], cell["state"], "duplicate" in cell) for cell in cells
    ]
    assert rows and all(row["agency_name"] and row["as_of"] for row in rows)
    (exports,) = soup(placed, f"/coverage{asked}").select(".as-of .exports")
    assert f"{len(rows)} 行" in exports.get_text()
