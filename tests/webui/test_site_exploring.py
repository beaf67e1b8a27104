"""Where to go on from: words that set a result apart, sections that are like one another; the index's own answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from site_forms import pressed

from indexer import Request, open_index

REPORT = "/reports/yunxi-shui-wu-ju/2016"


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200, address
    return BeautifulSoup(response.text, "lxml")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_words_that_set_a_result_apart_have_their_counts(client: FlaskClient, home: Path, prefix: str) -> None:
    (way,) = soup(client, f"{prefix}/search?q=公开&year=2016").select(".explore button")
    assert pressed(way).startswith(f"{prefix}/search/distinctive?")
    page = soup(client, pressed(way))
    found = open_index(home).distinctive(Request("公开", filters={"year": ("2016",)}), 40)
    shown = {
        item.select_one(".value").get_text(): (  # type: ignore[union-attr]
            int(item.select_one(".count").get_text()),  # type: ignore[union-attr]
            float(item.select_one(".expected").get_text().split()[-1]),  # type: ignore[union-attr]
        )
        for item in page.select(".facets.whole li")
    }
    assert shown == {word.keyword: (word.count, pytest.approx(word.expected, abs=0.051)) for word in found}
    assert len(found) > 3 and all(word.count > word.expected for word in found)
    said = page.select_one(".gloss")
    assert said is not None and ("不宜引用" if not prefix else "not for citing") in said.get_text()


def test_a_word_narrows_the_result_to_the_sections_it_counts(client: FlaskClient) -> None:
    (word, *_) = soup(client, "/search/distinctive?q=公开&year=2016").select(".facets.whole button")
    after = soup(client, pressed(word))
    assert after.select_one(".totals b").get_text() == word.select_one(".count").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("asked", ["", "q=没有人这样写过"], ids=["everything", "nothing"])
def test_what_has_nothing_to_be_compared_with_says_so(client: FlaskClient, asked: str) -> None:
    page = soup(client, f"/search/distinctive?{asked}")
    assert page.select(".facets.whole") == [] and "没有可比的" in page.select_one(".nothing").get_text()  # type: ignore[union-attr]


def test_each_section_of_a_report_leads_to_those_like_it(client: FlaskClient, home: Path) -> None:
    ways = [str(way["href"]) for way in soup(client, REPORT).select(".alike a")]
    sections = open_index(home).search(
        Request("", filters={"agency": ("yunxi-shui-wu-ju",), "year": ("2016",)}, limit=50)
    )
    anchors = {hit.anchor for hit in sections.hits}
    assert {way.partition("section=")[2] for way in ways} == anchors
    for way, anchor in ((way, way.partition("section=")[2]) for way in ways):
        shown = [str(link["href"]) for link in soup(client, way).select(".hit h2 a")]
        assert shown == [hit.url for hit in open_index(home).related(f"{REPORT}#{anchor}", 10)]
        assert f"{REPORT}#{anchor}" not in shown, "a section is not like itself"
    answer = client.get(f"/api{REPORT}/related?section=overview&limit=3").json
    assert answer is not None and len(answer["hits"]) == 3


@pytest.mark.parametrize("asked", ["", "?section=nowhere"])
def test_a_section_that_is_not_there_is_named_with_those_that_are(client: FlaskClient, asked: str) -> None:
    response = client.get(f"{REPORT}/related{asked}")
    assert response.status_code == 400 and "overview" in response.text
