"""`/distinctive` and similar sections, with the counts of the index."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.html import soup
from tests.webui.model_reports import ORIGINAL, READING
from webui.app import create_app


@pytest.mark.parametrize(
    ("asked", "request_"),
    [
        ("q=公开&year=2016", Request("公开", filters={"year": ("2016",)})),
        ("section=problems", Request(filters={"section": ("problems",)})),
    ],
    ids=["a query", "filters alone"],
)
def test_distinctive_keywords_have_their_counts(client: FlaskClient, home: Path, asked: str, request_: Request) -> None:
    expected = open_index(home).distinctive(request_, 40)
    assert expected, "there is something to show"
    page = soup(client, f"/distinctive?{asked}")
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]
    assert rows == [[each.keyword, str(each.count), f"{each.expected:.1f}", f"{each.score:.1f}"] for each in expected]
    assert "不宜引用" in page.get_text()
    answer = client.get(f"/api/distinctive?{asked}&limit=3").json
    assert answer is not None and [word["keyword"] for word in answer["words"]] == [
        each.keyword for each in expected[:3]
    ]


def test_a_keyword_links_to_as_many_sections_as_it_counts(client: FlaskClient) -> None:
    page = soup(client, "/distinctive?section=problems")
    for row in page.select("tbody tr")[:5]:
        link, count = row.select_one("th a"), row.select_one("td")
        assert link is not None and count is not None
        found = soup(client, str(link["href"])).select_one(".totals b[data-of=sections]")
        assert found is not None and found.get_text() == count.get_text()


@pytest.mark.parametrize(
    "asked",
    ["q=没有人这样写过", "year=..2030&year=none"],
    ids=["nothing found", "all that there is: nothing to compare with"],
)
def test_a_result_without_distinctive_keywords_is_explained(client: FlaskClient, asked: str) -> None:
    assert "没有特色词" in soup(client, f"/distinctive?{asked}").get_text()


def test_similar_sections_are_those_of_the_index(client: FlaskClient, home: Path) -> None:
    address = "/reports/yunxi-shui-wu-ju/2016#problems"
    expected = [hit.url for hit in open_index(home).related(address, 10)]
    page = soup(client, "/reports/yunxi-shui-wu-ju/2016/similar?section=problems")
    assert [unquote(str(link["href"])) for link in page.select(".hit h2 a")] == expected != []
    answer = client.get("/api/reports/yunxi-shui-wu-ju/2016/similar?section=problems").json
    assert answer is not None and answer["url"] == address and [hit["url"] for hit in answer["hits"]] == expected


def test_every_section_of_a_report_links_to_similar_ones(client: FlaskClient) -> None:
    page = soup(client, "/reports/yunxi-shui-wu-ju/2016")
    links = [str(link["href"]) for link in page.select(".part .alike a[href*='/similar']")]
    assert len(links) == len(page.select(".part")) > 0
    for link in links:
        soup(client, link)


def test_an_unknown_section_is_named(client: FlaskClient) -> None:
    page = soup(client, "/reports/yunxi-shui-wu-ju/2016/similar?section=nothing", 400)
    assert "这份报告没有“nothing”章节" in page.get_text()


def test_a_section_without_a_heading_is_named_by_its_code(client: FlaskClient) -> None:
    page = soup(client, "/reports/yunxi-jiao-yu-ju/2020/similar?section=requests")
    facts = page.select_one("header .facts")
    assert facts is not None and facts.get_text() == "依申请公开"


def test_a_section_that_is_not_indexed_is_named(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        older = [report for report in catalogue.shown() if report.key != "2019"]
        build_index(tmp_path, older, catalogue.agencies(), catalogue.revision - 1)
    client, address = create_app(tmp_path).test_client(), "reports/yunxi-shui-wu-ju"
    for prefix, sentence in (("", "的这个章节。请运行 gongkai index。"), ("/en", "Run gongkai index.")):
        page = soup(client, f"{prefix}/{address}/2019/similar").get_text()
        assert sentence in page and "该章节可比较的词太少" not in page
        answer = client.get(f"{prefix}/api/{address}/2019/similar")
        assert answer.status_code == 404 and sentence in answer.get_json(force=True)["detail"]
    assert client.get(f"/api/{address}/2016/similar").status_code == 200, "an indexed report of the same agency"
