"""`/divisions`: a tree of divisions with counts, as a page, CSV and JSON."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from flask.testing import FlaskClient

from tests.webui.html import soup

SHOWN: list[tuple[str, list[str], str]] = [
    (
        "",
        ["北京市 1 2", "河北省 5 10", "不属于任何地区 1 2", "地区不明 1 2"],
        "provinces in the order of their codes, then the others",
    ),
    ("?place=河北", ["石家庄市 3 6", "正定县 2 4", "承德市 1 2"], "cities, each with its counties below it"),
    ("?place=石家庄市", ["正定县 2 4"], "the counties of a city"),
    ("?place=unknown", ["朝阳区（重名，所属不明） 1 2"], "names that several divisions share"),
    ("?place=河北&kind=government", ["石家庄市 1 2", "正定县 1 2"], "only agencies of a kind"),
    ("?level=national", ["不属于任何地区 1 2"], "only agencies of a level"),
]


@pytest.mark.parametrize(("asked", "nodes", "reason"), SHOWN, ids=[case[2] for case in SHOWN])
def test_a_division_shows_what_lies_in_it(placed: FlaskClient, asked: str, nodes: list[str], reason: str) -> None:
    page = soup(placed, f"/divisions{asked}")
    texts = [[part.get_text() for part in node.select(".name, .count")] for node in page.select(".tree .node")]
    found = [" ".join([name, *re.findall(r"\d+", counts)]) for name, counts in texts]
    assert found == nodes, reason


def test_a_division_without_agencies_says_so(placed: FlaskClient) -> None:
    page = soup(placed, "/divisions?place=西藏")
    assert page.select(".nothing") and not page.select(".tree")


@pytest.mark.parametrize("page", ["agencies", "coverage", "aggregates", "figures", "figures/ranking", "divisions"])
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("place=石家装市", "石家庄市"),
        ("place=朝阳区", "吉林省长春市朝阳区"),
        ("level=x", "county"),
        ("kind=x", "street_office"),
        ("place=河北&place=北京", "place"),
    ],
    ids=["a misspelled place", "a name of several places", "a level", "a kind", "a second value"],
)
def test_what_is_not_known_is_refused_with_what_there_is(
    placed: FlaskClient, page: str, asked: str, named: str
) -> None:
    answer = placed.get(f"/{page}?{asked}")
    assert answer.status_code == 400 and named in answer.text


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/agencies?place=河北&level=city", "the list"),
        ("/coverage?place=河北&level=city", "the grid"),
        ("/figures?table=requests&place=河北&level=city", "the figures"),
        ("/figures/ranking?table=requests&year=2022&place=河北&level=city", "the ranking"),
        ("/figures.csv?table=requests&place=河北&level=city", "the file"),
        ("/api/agencies?place=河北&level=city", "the API"),
        ("/api/coverage?place=河北&level=city", "cells of the API"),
        ("/api/figures?table=requests&place=河北&level=city", "figures of the API"),
        ("/matrix?q=公开&place=河北&level=city", "occurrences"),
    ],
)
def test_filters_select_the_same_agencies_everywhere(placed: FlaskClient, address: str, reason: str) -> None:
    text = placed.get(address).text
    found = {
        agency for agency in ("sjz-jyj", "cd-jyj", "zd-jyj", "bj-hd", "hebei-sheng", "jiaoyu-bu") if agency in text
    }
    assert found == {"sjz-jyj", "cd-jyj"}, reason


@pytest.mark.parametrize("name", ["place", "division"])
def test_aggregates_count_the_selected_agencies(placed: FlaskClient, name: str) -> None:
    asked = f"/api/aggregates?figure=requests.new.total&{name}=河北&level=city&from=2022"
    (row,) = placed.get(asked).get_json()["aggregates"]
    assert row["agencies"] == 2


def test_the_files_hold_the_whole_tree(placed: FlaskClient) -> None:
    rows = [*csv.DictReader(StringIO(placed.get("/divisions.csv").text.removeprefix("\ufeff")))]
    assert [(row["place"], row["above"], row["agencies"], row["reports"]) for row in rows][:4] == [
        ("北京市", "", "1", "2"),
        ("北京市海淀区", "北京市", "1", "2"),
        ("河北省", "", "5", "10"),
        ("河北省石家庄市", "河北省", "3", "6"),
    ]
    found = placed.get("/api/divisions?place=石家庄").get_json()["divisions"]
    assert [(row["place"], row["above"]) for row in found] == [
        ("河北省石家庄市", "河北省"),
        ("河北省石家庄市正定县", "河北省石家庄市"),
    ]
