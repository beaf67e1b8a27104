"""One parser, one set of totals: the page, the API, the files and the command line over the table of named queries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient

from archive import Catalogue, Context, Reading, Source
from indexer import COMMANDS, Engine, Request, build_index, open_index
from tests.conformance.reports import AGENCIES, REPORTS
from tests.conformance.test_conformance import CASES
from webui import create_app

ORIGINAL = b"<html></html>"
SOURCE = Source("page.html", "1f6f0f0e9b1c2a" + "0" * 50, "text/html")
COMMAND = {command.name: command for command in COMMANDS}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    with Catalogue.open(path) as catalogue:
        catalogue.add(Reading(SOURCE, REPORTS, (), AGENCIES), ORIGINAL)
        build_index(path, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return path


@pytest.fixture(scope="module")
def client(home: Path) -> FlaskClient:
    return create_app(home, files_at_once=1000).test_client()


@pytest.fixture(scope="module")
def engine(home: Path) -> Engine:
    return open_index(home)


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def occurrences(found: Iterable[dict[str, str]]) -> int:
    return sum(int(row["occurrences"] or 0) for row in found)


@pytest.mark.parametrize("case", CASES, ids=[case["reason"] for case in CASES])
def test_every_face_gives_the_same_totals(
    engine: Engine, home: Path, client: FlaskClient, case: dict[str, Any], tmp_path: Path
) -> None:
    query, total = case["query"], engine.search(Request(case["query"], limit=0)).total
    counted = (total.sections, total.reports, total.occurrences)

    def asked(address: str) -> str:
        response = client.get(address, query_string={"q": query})
        assert response.status_code == 200, address
        return response.text

    def typed(name: str, *arguments: str) -> str:
        result = CliRunner().invoke(COMMAND[name], arguments, obj=Context(home, "zh"))
        assert result.exit_code == 0, result.output
        return result.stdout

    listed = tmp_path / "queries.txt"
    listed.write_text(f"{query}\n", "utf-8")
    documents = [json.loads(text) for text in (asked("/api/search"), asked("/search.json"))]
    documents.append(json.loads(typed("search", "--json", "--", query)))
    documents += json.loads(typed("search", "--json", "--list", str(listed)))
    for document in documents:
        given = document["total"]
        assert (given["sections"], given["reports"], given["occurrences"]) == counted
        assert given["reports_without_figure"] == total.reports_without_figure
    for text in (asked("/search.csv"), typed("search", "--csv", "--", query)):
        assert len(rows(text)) == total.sections
        assert occurrences(rows(text)) == (total.occurrences or 0)
    for text in (asked("/concordance.csv"), typed("concordance", "--csv", "--", query)):
        assert len(rows(text)) == (total.occurrences or 0)
    for text in (asked("/trends.csv"), typed("trend", "--csv", "--", query)):
        assert occurrences(rows(text)) == (total.occurrences or 0)
    if query:
        page = BeautifulSoup(asked("/search"), "lxml")
        shown = [number for number in (*counted, total.reports_without_figure or None) if number is not None]
        assert [int(number.get_text()) for number in page.select(".totals b")] == shown
