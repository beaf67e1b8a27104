"""Examples are queries in the language of the page."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from webui.render.examples import EXAMPLES, Example


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.chinese)
def test_both_queries_of_an_example_mean_the_same(app: Flask, example: Example) -> None:
    queries = []
    for address in ("/", "/en/"):
        with app.test_request_context(address):
            queries.append(example.query)
    zh, en = queries
    assert parse(zh) == parse(en)
    assert not re.search(rf"\b({'|'.join(FIELDS)}):", zh), "names of fields are Chinese on Chinese pages"
    assert "机关:" in en or not re.search("[\u4e00-\u9fff]+:", en), (
        "English on English pages, but for the example of both"
    )
