"""A page refuses a parameter that it does not know, and knows every parameter that the pages link with."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.webui.html import pressed, soup
from webui.params.known_params import KNOWN

VALUES = {
    "agency": "yunxi-shui-wu-ju",
    "key": "2019",
    "before": "2016",
    "after": "2017",
    "facet": "agency",
    "suffix": "csv",
    "style": "ris",
}


def test_every_page_states_its_parameters(app: Flask) -> None:
    endpoints = {rule.endpoint.removeprefix("zh.") for rule in app.url_map.iter_rules() if rule.endpoint[:3] == "zh."}
    assert {each for each in endpoints if not each.startswith("api.")} == set(KNOWN)


def values_of(rule: Rule) -> dict[str, str]:
    suffix = {"suffix": "svg"} if rule.endpoint.endswith(".picture") else {}
    return {name: VALUES[name] for name in rule.arguments} | suffix


@pytest.mark.parametrize("endpoint", sorted(KNOWN))
def test_an_unknown_parameter_is_refused(app: Flask, client: FlaskClient, endpoint: str) -> None:
    (rule,) = (rule for rule in app.url_map.iter_rules() if rule.endpoint == f"en.{endpoint}")
    with app.test_request_context():
        address = app.url_for(rule.endpoint, _anchor=None, **values_of(rule))
    answer = client.get(f"{address}?nosuch=1")
    assert answer.status_code == 400
    assert "no parameter nosuch" in answer.text


@pytest.mark.parametrize(
    ("address", "named", "reason"),
    [
        ("/coverage?lavel=county", "level", "the nearest name"),
        ("/search?q=公开&Place=河北", "place", "names have small letters"),
        ("/help?q=1", "无", "a page without parameters"),
        (f"/?{'x' * 500}=1", "xxx…", "a long name is cut"),
    ],
)
def test_the_message_tells_what_there_is(client: FlaskClient, address: str, named: str, reason: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400 and named in answer.text, reason


SEARCHES = (
    "/search",
    "/search.csv",
    "/concordance",
    "/collocates",
    "/matrix",
    "/matrix.csv",
    "/distinctive",
    "/feed.atom",
)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("address", "name", "reason"),
    [
        *((f"{each}?q=公开&q=微博", "q", "two queries") for each in SEARCHES),
        ("/search?q=公开&page=1&page=2", "page", "two pages"),
        ("/search?q=公开&q=公开", "q", "one query twice"),
        ("/search?q=&q=公开", "q", "an empty query before another"),
        ("/coverage?place=河北&place=北京", "place", "two places of a page that takes one"),
        ("/figures/ranking?year=2019&year=2020", "year", "two years of a page that takes one"),
        ("/notices?code=check_failed&code=blank_cell", "code", "two kinds of notices"),
        ("/agencies?q=水务&q=教育", "q", "two names"),
        ("/api/search?q=公开&q=微博", "q", "two queries of the API"),
        ("/api/search?q=公开&sort=year&sort=-year", "sort", "the API has no form whose button repeats it"),
        ("/api/agencies?q=水务&q=教育", "q", "two names of the API"),
        ("/api/coverage?place=河北&place=北京", "place", "two places of the API"),
    ],
)
def test_a_second_value_is_refused(client: FlaskClient, prefix: str, address: str, name: str, reason: str) -> None:
    answer = client.get(prefix + address)
    text = answer.json["detail"] if answer.is_json and answer.json else answer.text
    sentence = f"The parameter {name} takes one value" if prefix else f"参数 {name} 只能给一个值"
    assert answer.status_code == 400 and sentence in text, reason


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/search?q=公开&year=2016&year=2017&section=overview&section=problems", "filters are alternatives"),
        ("/search?q=公开&sort=relevance&sort=year", "a button repeats what the form has"),
        ("/search?q=公开&group=section&group=report", "the same"),
        ("/search?q=公开&year=2016&without=2016&without=*", "several filters are removed"),
        ("/trends?q=公开&q=微博", "each query is a line"),
        ("/trends.csv?q=公开&q=微博", "the same in the file"),
        ("/figures?table=requests&row=new&row=refused.total&agency=yunxi-shui-wu-ju&agency=bai-shi-zhen", "choices"),
        ("/aggregates?figure=series.received&figure=series.granted", "several figures"),
        ("/api/search?q=公开&year=2016&year=2017", "filters of the API"),
        ("/api/trends?q=公开&q=微博", "queries of the API"),
    ],
)
def test_several_values_are_taken(client: FlaskClient, address: str, reason: str) -> None:
    assert client.get(address, follow_redirects=True).status_code == 200, reason


FORMS = (
    "/search?q=公开&year=2016&sort=year&group=report",
    "/search?q=公开&page=2&limit=2",
    "/search?q=公开&sample=2&seed=3",
    "/search/agency?q=公开",
    "/concordance?q=公开&sort=right",
    "/collocates?q=公开&window=3",
    "/trends?q=公开&by=share",
    "/figures?table=requests&row=new",
    "/figures/ranking",
    "/aggregates?by=level",
    "/agencies?place=none",
)


def test_forms_repeat_no_field_that_takes_one_value(client: FlaskClient) -> None:
    """Each button is pressed with all fields of its form, as a browser does without scripts."""
    pressed_once = set()
    for page in FORMS:
        for button in soup(client, page, follow_redirects=True).select("button[form]"):
            address = pressed(button)
            if (kind := (page, str(button.get("name")), str(button.get("formaction")))) not in pressed_once:
                pressed_once.add(kind)
                assert client.get(address, follow_redirects=True, buffered=True).status_code == 200, address
    assert len(pressed_once) > 30
