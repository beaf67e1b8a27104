"""English pages name an agency in English, wherever it is named alone, and keep its Chinese name."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webui.html import soup

AGENCY, NAME, ENGLISH = "yunxi-shui-wu-ju", "云溪市水务局", "Yunxi Water Bureau"
BESIDE = [
    ("/search?q=公开&year=2016", ".hit .where .in-english", "hits"),
    ("/search?q=云溪市水务局", ".named .in-english", "the card of an agency that a query names"),
    ("/agencies", ".agencies .in-english", "the list of agencies"),
    (f"/agencies/{AGENCY}", "h1 .in-english", "the page of an agency"),
    (f"/reports/{AGENCY}/2016", ".title .in-english", "the head of a report"),
    (f"/reports/{AGENCY}/2016/similar?section=overview", ".hit .in-english", "similar sections"),
    (f"/compare/{AGENCY}/2015/2016", ".where .in-english", "two years"),
    ("/figures?table=requests", ".series .title .in-english", "the lines of figures"),
]
TITLED = [
    ("/", ".newest a", "the newest additions"),
    ("/search?q=公开", ".facets button .value", "a facet beside the hits"),
    (f"/search?q=公开&agency={AGENCY}", ".lifted button", "an active filter"),
    ("/search/agency?q=公开", ".facets button .value", "the page of a facet"),
    ("/concordance?q=公开 year:2022", ".kwic .home", "lines of the concordance"),
    (f"/trends?q=公开&agency={AGENCY}", ".lifted a", "a filter of trends"),
    ("/matrix?q=公开", ".matrix tbody th a", "rows of the matrix"),
    ("/figures?table=requests", ".picking label", "agencies to choose"),
    ("/figures/ranking?table=requests&row=new", ".ranking tbody th a", "the ranking"),
    (f"/aggregates?agency={AGENCY}", ".lifted a", "a filter of aggregates"),
    ("/coverage", ".picture tbody th a", "rows of the coverage"),
    ("/notices", ".notices a", "notices"),
]


@pytest.mark.parametrize(("path", "within", "reason"), BESIDE, ids=[row[2] for row in BESIDE])
def test_the_english_name_stands_beside_the_chinese_one(
    client: FlaskClient, path: str, within: str, reason: str
) -> None:
    named = [each for each in soup(client, f"/en{path}").select(within) if each.get_text() == ENGLISH]
    assert named
    for each in named:
        before = each.find_previous_sibling("span")
        assert before is not None
        assert (before.get_text(), before["lang"]) == (NAME, "zh-Hans")
        assert "not an official name" in str(each["title"])
    assert ENGLISH not in soup(client, path).get_text()


@pytest.mark.parametrize(("path", "within", "reason"), TITLED, ids=[row[2] for row in TITLED])
def test_the_chinese_name_is_the_title_of_the_english_one(
    client: FlaskClient, path: str, within: str, reason: str
) -> None:
    page = soup(client, f"/en{path}")
    named = [span for each in page.select(within) for span in each.select("span[title]") if span.get_text() == ENGLISH]
    assert named
    assert {str(each["title"]) for each in named} == {f"{NAME} · translated by rules"}
    chinese = soup(client, path)
    assert any(NAME in each.get_text() for each in chinese.select(within))
    assert ENGLISH not in chinese.get_text()
