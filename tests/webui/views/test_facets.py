"""All values of a facet, found by name, pinyin and initials, with the counts of the index."""

from __future__ import annotations

import functools
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from indexer.index import open_index
from indexer.query.fields import FIELDS
from indexer.query.request import Request
from tests.webui import html
from tests.webui.crowd_reports import AGENCIES
from tests.webui.html import pressed
from webui.params.search_params import LOOKED_UP
from webui.render.facet_choices import IN_VIEW

soup = functools.partial(html.soup, follow_redirects=True)


def _count(button: Tag) -> int:
    return int(button.select_one(".count").get_text().replace(",", ""))  # type: ignore[union-attr]


def _shown(page: BeautifulSoup) -> dict[str, int]:
    found = page.select(".facets.whole li button")
    return {each.select_one(".value").get_text(): _count(each) for each in found}  # type: ignore[union-attr]


def test_the_first_values_are_beside_the_hits_with_a_link_to_all(crowd: FlaskClient) -> None:
    page = soup(crowd, "/search?q=公开&year=2016&year=2022&sort=year")
    ways = {each["formaction"]: pressed(each) for each in page.select(".facets .further")}
    assert set(ways) == {"/search/agency", "/search/place"}, "of the others there are few"
    assert all(len(each.select("li")) <= IN_VIEW for each in page.select(".facets section"))
    whole = soup(crowd, ways["/search/agency"])
    assert len(_shown(whole)) == FIELDS["agency"].listed and "其余的可以查找" in whole.get_text()
    back = whole.select_one(".where a")
    assert back is not None and back["href"] == "/search?q=公开&year=2016&year=2022&sort=year"


@pytest.mark.parametrize("find", ["", "教育", "jiaoyu", "jyfwg", "jiaoyfw", "云溪市旧区城市"])
def test_values_have_the_counts_of_the_index(crowd: FlaskClient, crowded: Path, find: str) -> None:
    asked = Request("公开", filters={"year": ("2016",), "agency": (AGENCIES[0].id,)})
    page = soup(crowd, f"/search/agency?q=公开&year=2016&agency={AGENCIES[0].id}&find={find}")
    found = open_index(crowded)
    expected = found.facet(asked, "agency", find) if find else found.search(asked).facets["agency"]
    assert _shown(page) == {each.label: each.count for each in expected}
    assert len(expected) > (1 if find.endswith("城市") else 14) - 1, "of fifteen places"
    looked_up = f"&find={find}" if find else ""
    answer = crowd.get(f"/api/search/agency?q=公开&year=2016&agency={AGENCIES[0].id}{looked_up}").json
    assert answer is not None and answer["total"]["sections"] == found.search(asked).total.sections
    assert {each["label"]: each["count"] for each in answer["values"]} == _shown(page)


def test_a_value_sets_and_removes_its_filter(crowd: FlaskClient) -> None:
    last = AGENCIES[-1]
    page = soup(crowd, f"/search/agency?q=公开&find={quote(last.name)}")
    (button,) = page.select(".facets.whole li button")
    count = _count(button)
    after = soup(crowd, pressed(button))
    assert int(after.select_one(".totals b").get_text().replace(",", "")) == count  # type: ignore[union-attr]
    assert after.select_one(f".chips [value='agency:{last.id}']") is not None
    again = soup(crowd, f"/search/agency?q=公开&agency={last.id}&find={quote(last.name)}")
    (button,) = again.select(".facets.whole li button")
    assert button["aria-pressed"] == "true" and "agency=" not in pressed(button).replace(f"agency={last.id}", "", 1)
    assert soup(crowd, pressed(button)).select(".chips") == []


@pytest.mark.parametrize("facet", LOOKED_UP)
def test_every_facet_has_its_page(crowd: FlaskClient, facet: str) -> None:
    for prefix, language in (("", "zh"), ("/en", "en")):
        page = soup(crowd, f"{prefix}/search/{facet}")
        assert page.h1 is not None and page.h1.get_text() == FIELDS[facet].title(language)  # type: ignore[arg-type]
        assert _shown(page)


@pytest.mark.parametrize("facet", ["year", "colour"])
def test_an_unknown_facet_is_404(crowd: FlaskClient, facet: str) -> None:
    assert crowd.get(f"/search/{facet}").status_code == crowd.get(f"/api/search/{facet}").status_code == 404


def test_a_look_up_without_values_suggests_another(crowd: FlaskClient) -> None:
    page = soup(crowd, "/search/agency?q=公开&find=月球")
    assert "没有找到该机关" in page.select_one(".nothing").get_text()  # type: ignore[union-attr]
    assert page.select_one("#find")["value"] == "月球"  # type: ignore[index]
