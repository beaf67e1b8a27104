"""Files and the API answer a missing query in one way: with the sentence that says what to give."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from webui.openapi.parameters import PARAMETERS
from webui.params.known_params import KNOWN

NEEDS_QUERY = {
    "/concordance.csv": "lists occurrences",
    "/collocates.csv": "counts words near occurrences",
    "/trends.csv": "counts each query",
    "/trends.svg": "counts each query",
    "/trends.png": "counts each query",
    "/matrix.csv": "counts occurrences",
    "/matrix.svg": "counts occurrences",
    "/matrix.png": "counts occurrences",
    "/api/concordance": "lists occurrences",
    "/api/collocates": "counts words near occurrences",
    "/api/trends": "counts each query",
    "/api/matrix": "counts occurrences",
}
NEEDS_QUERY_OR_FILTER = {
    **{f"/search.{suffix}": "lists sections" for suffix in ("csv", "json", "ris", "bib", "csl.json")},
    "/feed.atom": "lists sections",
    "/search/years.svg": "counts sections",
    "/search/years.png": "counts sections",
    "/search/cite.bib": "cites a count of sections",
    "/search/cite.ris": "cites a count of sections",
    "/search/snapshot.zip": "lists sections",
    "/api/search/cite": "cites a count of sections",
    "/api/distinctive": "compares a part of the archive with all of it",
}
ANSWERS_WITHOUT = {
    "/api/search": "every section, as documented",
    "/api/search/agency": "the values of every section, as documented",
    "/api/suggest": "nothing is typed yet",
    "/api/agencies": "all agencies",
    "/agencies.csv": "all agencies",
}
PAGES = {"search.results", "advanced.page", "facets.page", "counting.page", "concordance.page", "collocates.page"} | {
    *("trends.page", "matrix.page", "exploring.distinctive", "reports.page", "agencies.index")
}
"""They show examples, or all there is, without a query."""
NO_QUERIES = {
    "": "no parameter",
    "q=": "an empty one",
    "q=%20": "blanks",
    "q=%E3%80%80": "a wide blank",
}


@pytest.mark.parametrize("query", NO_QUERIES, ids=NO_QUERIES.values())
@pytest.mark.parametrize("address", [*NEEDS_QUERY, *NEEDS_QUERY_OR_FILTER])
def test_a_missing_query_is_refused_with_one_sentence(client: FlaskClient, address: str, query: str) -> None:
    for prefix, sentence in (("", "没有检索词。请用参数 q 给出检索式"), ("/en", "There is no query. Give one with")):
        answer = client.get(f"{prefix}{address}?{query}")
        text = answer.json["detail"] if answer.is_json and answer.json else answer.text
        assert answer.status_code == 400 and sentence in text, (prefix, text)
        assert ("year=2018" in text) is (address in NEEDS_QUERY_OR_FILTER)


@pytest.mark.parametrize("address", NEEDS_QUERY)
def test_a_filter_does_not_replace_what_is_counted(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?year=2016").status_code == 400
    assert client.get(f"{address}?q=公开&year=2016").status_code == 200


@pytest.mark.parametrize("address", NEEDS_QUERY_OR_FILTER)
def test_a_filter_is_a_question(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?year=2016").status_code == 200


@pytest.mark.parametrize("address", ANSWERS_WITHOUT)
def test_the_other_addresses_answer(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?q=").status_code == 200


def test_every_address_that_takes_a_query_is_in_a_table(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    listed = {adapter.match(each)[0] for each in (*NEEDS_QUERY, *NEEDS_QUERY_OR_FILTER, *ANSWERS_WITHOUT)}

    def takes_query(rule: Rule) -> bool:
        name = rule.endpoint.removeprefix("zh.")
        described = [each.name for each in PARAMETERS.get(name.removeprefix("api."), ())]
        return "q" in KNOWN.get(name, ()) or (name.startswith("api.") and "q" in described)

    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint[:3] == "zh." and takes_query(rule)}
    assert endpoints == listed | {f"zh.{page}" for page in PAGES}
