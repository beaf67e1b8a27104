"""`/aggregates`: figures over agencies by year and group, as a page, a file and an answer of the API."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from tests.webui.html import soup


def test_the_first_view_of_the_figures_is_the_aggregates(client: FlaskClient) -> None:
    response = client.get("/figures")
    assert response.status_code == 302 and response.headers["Location"].endswith("/aggregates")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_page_api_and_csv_have_the_same_numbers(client: FlaskClient, prefix: str) -> None:
    asked = "figure=requests.new.total&figure=requests.refused.total"
    answer = client.get(f"{prefix}/api/aggregates?{asked}").get_json()
    rows = list(csv.DictReader(io.StringIO(client.get(f"{prefix}/aggregates.csv?{asked}").text.removeprefix("\ufeff"))))
    stated = ("figure", "year", "sum", "median", "stating", "agencies")
    assert [[str(row[key] if row[key] is not None else "") for key in stated] for row in answer["aggregates"]] == [
        [row[key] for key in stated] for row in rows
    ]
    page = soup(client, f"{prefix}/aggregates?{asked}")
    years = [cell.get_text() for cell in page.select("thead th")[1:]]
    for number, figure in enumerate(("requests.new.total", "requests.refused.total")):
        sums = {str(row["year"]): row["sum"] for row in answer["aggregates"] if row["figure"] == figure}
        cells = page.select("tbody")[number].select("tr:not(.title)")[0].select("td")
        shown = [cell.get_text(strip=True).replace(",", "") for cell in cells]
        assert shown == [sums[year] or "·" for year in years] and years
    assert ("计算得出" if not prefix else "computed") in page.select("tbody .title")[1].get_text()


@pytest.mark.parametrize(
    ("asked", "groups", "reason"),
    [
        ("by=level", ["city", "unknown"], "levels, and what has none"),
        ("by=kind&level=city", ["department"], "a filter"),
    ],
)
def test_groups(client: FlaskClient, asked: str, groups: list[str], reason: str) -> None:
    rows = client.get(f"/api/aggregates?{asked}&figure=series.received").get_json()["aggregates"]
    assert sorted({row["group"] for row in rows}) == groups, reason
    assert client.get(f"/aggregates?{asked}").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "figure=requests.refusd.total",
        "by=x",
        "of=x",
        "kind=x",
        "level=x",
        "division=没有的地方",
        "agency=x",
        "from=x",
        "from=2020&to=2018",
    ],
)
def test_what_is_not_known_is_refused(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/aggregates?{asked}").status_code in (400, 404)
    assert client.get(f"/api/aggregates?{asked}").status_code in (400, 404)


def test_the_series_marks_where_its_definition_changes(client: FlaskClient) -> None:
    page = soup(client, "/aggregates?figure=series.received")
    assert page.select("td.break[title]") and page.select(".formulas dd")
