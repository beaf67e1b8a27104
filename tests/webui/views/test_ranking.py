"""`/figures/ranking`: every agency is ranked or listed without a rank."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.webui.html import soup
from tests.webui.model_reports import SCHOOLS, WATER
from webui import data_access
from webui.app import create_app


def test_every_agency_is_ranked_or_listed_without_a_rank(client: FlaskClient) -> None:
    page = soup(client, "/figures/ranking?table=requests&row=new&column=total&year=2019")
    assert ranks(page) == [("1", SCHOOLS.name, "11"), ("1", WATER.name, "11")], "equal numbers share a rank"
    without = [item.get_text(" ", strip=True) for item in page.select(".without li")]
    assert [each.rpartition(" ")[2] for each in without] == ["没有收录这一年的报告"] * len(without) and without
    lengths = [float(str(bar["width"])) for bar in page.select(".ranking rect")]
    assert lengths == [100, 100]


@pytest.mark.parametrize(
    ("asked", "first", "reason"),
    [
        ("", ("1", WATER.name, "85.7%"), "the first measure in the newest year that has it"),
        ("row=natural_persons&year=2022", ("1", WATER.name, "100.0%"), "a measure"),
        ("table=requests&row=granted&column=natural_person&year=2021", ("1", SCHOOLS.name, "11"), "a cell"),
        ("table=prose&row=disclosed&year=2016", ("1", WATER.name, "336"), "a figure of a sentence"),
        ("table=review&row=reconsideration&year=2022", ("1", WATER.name, "0"), "nothing but 0 can be ranked"),
    ],
)
def test_the_default_ranking_and_the_selected_one(
    client: FlaskClient, asked: str, first: tuple[str, str, str], reason: str
) -> None:
    page = soup(client, f"/figures/ranking?{asked}")
    assert ranks(page)[0] == first, reason
    chosen = {
        str(field["id"]): option["value"] for field in page.select("select") for option in field.select("[selected]")
    }
    for link in page.select(".ranking td a"):
        address, _, anchor = str(link["href"]).partition("#")
        assert chosen["year"] in address and soup(client, address).select_one(f"#{anchor}")


@pytest.mark.parametrize(
    ("asked", "years", "reason"),
    [
        ("table=requests&row=new&column=total", ["2022", "2021", "2020", "2019"], "rows of the forms since 2019"),
        ("table=requests&row=refused&column=total", ["2022", "2021", "2020", "2019"], "a computed row"),
        ("row=refused", ["2022", "2021", "2020", "2019"], "a measure"),
    ],
)
def test_only_years_with_the_figure_are_offered_the_newest_first(
    client: FlaskClient, asked: str, years: list[str], reason: str
) -> None:
    page = soup(client, f"/figures/ranking?{asked}")
    offered = [option["value"] for option in page.select("#year option")]
    assert offered and offered == [year for year in years if year in offered], reason
    chosen = page.select_one("#year [selected]")
    assert chosen is not None and chosen["value"] == offered[0] and ranks(page), reason


@pytest.mark.parametrize(
    "address", ["/figures/ranking?year=x", "/figures/ranking?row=nothing", "/figures/ranking?table=requests&column=x"]
)
def test_unknown_rows_columns_and_years_are_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_year_without_reports_says_so(client: FlaskClient) -> None:
    page = soup(client, "/figures/ranking?year=1999")
    assert not ranks(page) and "没有这项数据" in page.get_text()


def ranks(page: BeautifulSoup) -> list[tuple[str, str, str]]:
    """Rank, agency, value of each line."""
    return [
        tuple(cell.get_text(strip=True) for cell in row.find_all(["td", "th"])[:3])  # type: ignore[misc]
        for row in page.select(".ranking tbody tr")
    ]


@pytest.mark.parametrize("asked", ["", "table=requests&row=refused&column=total", "row=refused&level=county"])
def test_an_archive_of_many_reports_is_read_year_by_year(
    client: FlaskClient, home: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """The values of all years are cached for smaller ones only; the answer is the same."""
    address = f"/figures/ranking?{asked}"
    page = soup(client, address)
    monkeypatch.setattr(data_access, "MANY_REPORTS", 0)
    again = soup(create_app(home).test_client(), address)
    for part in (".ranking tbody", "#year", ".without"):
        assert str(again.select_one(part)) == str(page.select_one(part))
