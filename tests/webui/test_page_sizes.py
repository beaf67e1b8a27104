"""A page of hits is small for every query: it holds the state of the search in the search box and beside the bars."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from indexer.index import open_index
from indexer.query.fields import FIELDS
from indexer.query.request import Request
from tests.webui.crowd_reports import AGENCIES
from webui.params.search_params import PAGE_SIZE, SORTS, UNITS
from webui.render.facet_choices import IN_VIEW

MOST = 78_000  # bytes of HTML, with all eight facets and the names of agencies in English
QUERIES = {
    "short": "公开",
    "two words, which have other readings": "公开 审查",
    "as long as it goes along to the reports": "公开 OR " * 15 + "审查",
    "long": " OR ".join(["公开", "「谁公开谁审查」", "政务微博", "word:审查"] * 20),
}
VALUES = {"none": 0, "a few": 5, "many": 12}


@pytest.mark.parametrize(("query", "many", "group"), list(product(QUERIES, VALUES, UNITS)))
def test_a_page_of_hits_is_small(crowd: FlaskClient, crowded: Path, query: str, many: str, group: str) -> None:
    facets = open_index(crowded).search(Request(limit=0)).facets
    values = {name: [str(each.value) for each in facets[name]] for name in FIELDS}
    values["agency"] = [agency.id for agency in AGENCIES]  # in the order of their places, or none would be in both
    values["place"] = [str(agency.place) for agency in AGENCIES[::4]]
    chosen = [(name, value) for name in FIELDS for value in values[name][: VALUES[many]]]
    for prefix, sort in (("", SORTS[0]), ("/en", SORTS[-1])):
        asked = urlencode([("q", QUERIES[query]), *chosen, ("group", group), ("sort", sort), ("sentences", "all")])
        response = crowd.get(f"{prefix}/search?{asked}")
        assert response.status_code == 200
        assert response.text.count('<li class="hit">') >= 5, "a page of hits"
        assert response.text.count('name="without"') >= len(chosen), "with all that was chosen"
        assert len(response.data) < MOST, f"{len(response.data):,} bytes"
        assert len(facets["agency"]) > IN_VIEW < len(facets["keyword"])


def test_no_page_is_larger_than_the_usual_one(crowd: FlaskClient) -> None:
    assert crowd.get(f"/search?q=公开&limit={PAGE_SIZE}").status_code == 200
    assert crowd.get(f"/search?q=公开&limit={PAGE_SIZE + 1}").status_code == 400, "it would not be small"
    assert crowd.get("/api/search?q=公开&limit=100").status_code == 200, "a program may"
