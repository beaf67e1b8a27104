"""`/search/advanced`: the form writes a query, and the search for it finds what the form states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from indexer.index import open_index
from indexer.query.query_form import DISTANCE
from indexer.query.request import Request
from tests.webui.html import pressed, soup, text
from webui.params.advanced_params import PARAMETERS
from webui.params.count_params import read_count_params

FORMS: list[tuple[dict[str, str | list[str]], str, str]] = [
    ({"exact": "保密审查"}, '"保密审查"', "a phrase"),
    ({"any": "公开、审查", "none": "微博"}, "(公开 OR 审查) NOT 微博", "any and none"),
    ({"near": "公开", "beside": "审查"}, f'"公开" NEAR/{DISTANCE} "审查"', "near, at the usual distance"),
    ({"near": "公开", "beside": "审查", "distance": "５"}, '"公开" NEAR/5 "审查"', "full-width digits"),
    (
        {"all": '公开 "OR', "section": ["problems", "overview"]},
        '公开 "OR" (section:problems OR section:overview)',
        "sections",
    ),
    ({"from": "2015", "to": "2016", "agency": "云溪"}, "year:2015..2016 agency:云溪", "years and an agency"),
    ({"row": "requests.new", "number": "1,000", "operator": "<"}, "requests.new.total<1000", "the usual column"),
    ({"row": "requests.new", "column": "requests.natural_person", "number": "0", "operator": ">="},
     "requests.new.natural_person>=0", "a column"),
    ({"row": "prose.requests_received", "number": "3"}, "prose.requests_received>3", "a figure of sentences"),
    ({"exact": "公开", "in": "all", "unit": "report"}, '"公开" in:all unit:report', "options"),
    ({"all": "公开", "rest": "审查 OR word:微博"}, "公开 (审查 OR word:微博)", "a further query"),
]  # fmt: skip


def _totals(page: BeautifulSoup, within: str) -> set[str]:
    return {each.get_text(" ", strip=True) for each in page.select(f"{within} .totals span")}


@pytest.mark.parametrize(("filled", "query", "reason"), FORMS, ids=[row[2] for row in FORMS])
def test_the_form_shows_its_query_and_the_totals_of_the_search(
    client: FlaskClient, home: Path, filled: dict[str, str], query: str, reason: str
) -> None:
    page = soup(client, f"/en/search/advanced?{urlencode(filled, doseq=True)}")
    assert text(page, "#written code") == query
    answer = open_index(home).search(Request(query, language="en"))
    assert answer.reading in text(page, "#written .reading")
    assert f"{answer.total.sections} section" in " ".join(_totals(page, "#written"))
    (field,) = page.select('#written form[action="/en/search"] [name=q]')
    assert field["value"] == query
    chinese = soup(client, f"/search/advanced?{urlencode(filled, doseq=True)}")
    again = open_index(home).search(Request(text(chinese, "#written code"), language="en"))
    assert (again.total, again.reading) == (answer.total, answer.reading)


@pytest.mark.parametrize(("filled", "_query", "reason"), FORMS, ids=[row[2] for row in FORMS])
def test_the_form_keeps_what_was_filled_in(
    client: FlaskClient, filled: dict[str, str | list[str]], _query: str, reason: str
) -> None:
    page = soup(client, f"/search/advanced?{urlencode(filled, doseq=True)}")
    for name, value in filled.items():
        values = [value] if isinstance(value, str) else value
        fields = page.select(f"#advanced [name={name}]")
        if fields[0].name == "select":
            kept = [option["value"] for option in fields[0].select("option[selected]")]
        else:
            kept = [field["value"] for field in fields if field.get("type") != "checkbox" or field.has_attr("checked")]
        assert sorted(map(str, kept)) == sorted(values), name


MISTAKES = [
    ({"from": "2018", "to": "2014"}, "from", "reversed years"),
    ({"to": "18"}, "to", "a year of two digits"),
    ({"distance": "-1", "exact": "公开"}, "distance", "no distance"),
    ({"row": "requests.new"}, "number", "no number"),
    ({"number": "3"}, "row", "no figure"),
    ({"row": "requests.new", "number": "many"}, "number", "not a number"),
    ({"row": "requests.new", "column": "review.upheld", "number": "1"}, "column", "a column of another table"),
]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("filled", "field", "reason"), MISTAKES, ids=[row[2] for row in MISTAKES])
def test_a_mistake_is_beside_its_field_and_no_query_is_written(
    client: FlaskClient, prefix: str, filled: dict[str, str], field: str, reason: str
) -> None:
    page = soup(client, f"{prefix}/search/advanced?{urlencode(filled)}")
    assert [each["id"] for each in page.select(".mistake")] == [f"{field}-mistake"]
    (wrong,) = page.select("[aria-invalid]")
    assert (wrong["name"], wrong["aria-describedby"]) == (field, f"{field}-mistake")
    assert not page.select("#written code")


REFUSED = [
    ("sektion=problems", "a parameter that the form does not have"),
    ("section=nowhere", "a section that does not exist"),
    ("row=requests.nothing&number=1", "a row that does not exist"),
    ("column=requests.nothing", "a column that does not exist"),
    ("operator=~", "no operator"),
    ("in=titles", "no scope"),
]


@pytest.mark.parametrize(("query", "reason"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_the_form_does_not_have_is_refused(client: FlaskClient, query: str, reason: str) -> None:
    soup(client, f"/search/advanced?{query}", 400)


def test_the_form_has_a_field_for_each_parameter(client: FlaskClient) -> None:
    fields = soup(client, "/search/advanced").select("#advanced [name]")
    assert {str(field["name"]) for field in fields} == set(PARAMETERS)


def test_an_empty_form_writes_no_query(client: FlaskClient) -> None:
    empty = "&".join(f"{name}=" for name in PARAMETERS)
    assert not soup(client, f"/search/advanced?{empty}").select("#written code, .mistake")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", ["/", "/search", "/search?q=公开", "/concordance?q=公开", "/agencies"])
def test_every_search_box_leads_to_the_form(client: FlaskClient, prefix: str, address: str) -> None:
    boxes = soup(client, f"{prefix}{address}").select("form[role=search]")
    assert boxes
    for box in boxes:
        search, form = box.select("button")
        assert not search.has_attr("formaction"), "Enter searches"
        assert form["formaction"] == f"{prefix}/search/advanced"
        soup(client, pressed(form), follow_redirects=True)


CARRIED: list[tuple[str, dict[str, str | list[str]], str]] = [
    ("/search?q=公开+微博", {"all": "公开 微博"}, "words"),
    ('/search?q="保密审查"&year=2015..2016', {"exact": "保密审查", "from": "2015", "to": "2016"}, "a filter of years"),
    (
        "/search?q=公开&section=overview&section=problems&agency=yunxi-shui-wu-ju&sort=-year&page=2",
        {"all": "公开", "section": ["overview", "problems"], "agency": "yunxi-shui-wu-ju"},
        "filters; an order is none",
    ),
    ("/search?year=2015&year=2016", {"rest": "year:2015 OR year:2016"}, "only filters, for which there is no field"),
    ("/search?q=requests.new.total>9 in:all", {"row": "requests.new", "operator": ">", "number": "9", "in": "all"},
     "a condition with the usual column"),
    ("/search?q=requests.new.natural_person<=5", {"row": "requests.new", "column": "requests.natural_person",
     "operator": "<=", "number": "5"}, "a condition with another column"),
    ("/search?q=prose.requests_received=3", {"row": "prose.requests_received", "operator": "=", "number": "3"},
     "a figure of sentences"),
    ("/search?q=公开 NEAR/5 审查", {"near": "公开", "distance": "5", "beside": "审查"}, "near"),
    ("/concordance?q=公开 word:审查&sort=left&window=4&collocate=公开", {"all": "公开", "rest": "word:审查"}, "a word"),
    ("/matrix?q=公开&place=none", {"all": "公开", "place": "none"}, "another view"),
    ("/search?q=(公开 OR 审查) (微博 OR 微信)", {"any": "公开 审查", "rest": "微博 OR 微信"}, "two groups"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "fields", "reason"), CARRIED, ids=[row[2] for row in CARRIED])
def test_the_form_takes_the_query_and_the_filters_of_a_search(
    client: FlaskClient, home: Path, address: str, fields: dict[str, str | list[str]], reason: str
) -> None:
    (box,) = soup(client, f"/en{address}").select("form[role=search]")
    answer = client.get(pressed(box.select("button")[1]))
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {
        name: [value] if isinstance(value, str) else value for name, value in fields.items()
    }
    page = soup(client, answer.headers["Location"])
    assert not page.select(".mistake")
    asked = read_count_params(MultiDict(parse_qsl(urlsplit(address).query)))
    totals = [
        open_index(home).search(replace(each, limit=0)).total
        for each in (asked.request("en"), Request(text(page, "#written code")))
    ]
    assert (totals[0].sections, totals[0].reports) == (totals[1].sections, totals[1].reports)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_query_that_cannot_be_read_is_kept_with_its_mistake(client: FlaskClient, prefix: str) -> None:
    page = soup(client, f'{prefix}/search/advanced?q=公开 "审查&year=2016', follow_redirects=True)
    (field,) = page.select("[name=rest]")
    assert (field["value"], field["aria-invalid"]) == ('公开 "审查', "true")
    assert text(page, "#rest-mistake")
    assert str(field["aria-describedby"]).split() == ["rest-note", "rest-mistake"]
    (first,) = page.select("[name=from]")
    assert first["value"] == "2016"
