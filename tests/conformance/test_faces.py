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

from archive.model import Reading, Source
from archive.store.catalogue import Catalogue
from gongkai.cli import COMMANDS, load_command
from gongkai.cli.context import Context
from indexer.answers.engine import Engine
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request
from tests.conformance.reports import AGENCIES, REPORTS
from tests.conformance.test_conformance import CASES
from webui.app import create_app

pytestmark = pytest.mark.slow

ORIGINAL = b"<html></html>"
SOURCE = Source("page.html", "1f6f0f0e9b1c2a" + "0" * 50, "text/html")
COMMAND = {name: load_command(name) for name in COMMANDS}


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
    """The rows of a file, each of which says what it was counted on; where nothing was found, there is none."""
    found = [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]
    assert all(row["as_of"] for row in found)
    return found


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
    on_site = {each: asked(each) for each in ("/search.json", "/search.csv", "/concordance.csv") if query}
    documents = [json.loads(asked("/api/search")), json.loads(typed("search", "--json", "--", query))]
    if query:  # without one, files of the site ask for it; a blank line of a list is none
        documents.append(json.loads(on_site["/search.json"]))
        documents += json.loads(typed("search", "--json", "--list", str(listed)))
    for document in documents:
        given = document["total"]
        assert (given["sections"], given["reports"], given["occurrences"]) == counted
        assert given["reports_without_figure"] == total.reports_without_figure
    for text in filter(None, (on_site.get("/search.csv"), typed("search", "--csv", "--", query))):
        assert len(rows(text)) == total.sections
        assert occurrences(rows(text)) == (total.occurrences or 0)
    for text in filter(None, (on_site.get("/concordance.csv"), typed("concordance", "--csv", "--", query))):
        assert len(rows(text)) == (total.occurrences or 0)
    assert occurrences(rows(typed("trend", "--csv", "--", query))) == (total.occurrences or 0)
    if query:
        assert occurrences(rows(asked("/trends.csv"))) == (total.occurrences or 0)
        page = BeautifulSoup(asked("/search"), "lxml")
        numbers = (total.occurrences, total.sections, total.reports, total.reports_without_figure or None)
        shown = [number for number in numbers if number is not None]
        assert [int(number.get_text()) for number in page.select(".totals b")] == shown


FOUND, NONE, CUT = "公开", "登陆月球", "3"
FILES = [
    (("search", FOUND), ("search", NONE), ("search", FOUND, "--limit", CUT)),
    (("search", FOUND), ("search", NONE), ("search", FOUND, "--sample", CUT)),
    (("concordance", FOUND), ("concordance", NONE), ("concordance", FOUND, "--limit", CUT)),
    (("trend", FOUND), ("trend", FOUND, "--year", "1999"), None),
    (("trend", FOUND, "--by", "agency"), ("trend", FOUND, "--by", "agency", "--year", "1999"), None),
    (("figures", "--row", "new"), ("figures", "--row", "nothing"), None),
    ("/search.csv?q=公开", "/search.csv?q=登陆月球", "/search.csv?q=公开&sample=3"),
    ("/concordance.csv?q=公开", "/concordance.csv?q=登陆月球", "/concordance.csv?q=公开&limit=3"),
    ("/trends.csv?q=公开", "/trends.csv?q=公开&year=1999", None),
    ("/matrix.csv?q=公开", "/matrix.csv?q=公开&year=1999", None),
    ("/figures.csv?table=requests", "/figures.csv?table=requests&from=1999&to=1999", None),
    ("/figures.csv?row=granted", "/figures.csv?row=granted&from=1999&to=1999", None),
]
Asked = str | tuple[str, ...]


@pytest.mark.parametrize(("some", "none", "cut"), FILES, ids=[str(row[0]) for row in FILES])
def test_every_file_says_what_it_was_counted_on(
    home: Path, client: FlaskClient, some: Asked, none: Asked, cut: Asked | None
) -> None:
    """With rows, without any, and cut off."""

    def given(asked: Asked) -> list[dict[str, str]]:
        if isinstance(asked, str):
            text = client.get(asked).text
        else:
            text = CliRunner().invoke(COMMAND[asked[0]], [*asked[1:], "--csv"], obj=Context(home, "zh")).stdout
        return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]

    (said,) = {row["as_of"] for row in given(some)}
    assert said.startswith(("索引版本 1，", "目录版本 1，"))
    assert given(none) == [], "who counts rows counts right"
    if cut:
        assert len(given(cut)) == int(CUT)
        (left_out,) = {row["as_of"] for row in given(cut)}
        assert left_out.startswith(f"{said}；") and CUT in left_out.removeprefix(said)


def test_a_file_of_many_queries_says_it_in_each_row(home: Path, tmp_path: Path) -> None:
    listed = tmp_path / "queries.txt"
    listed.write_text('公开\n登陆月球\n"公开\n', "utf-8")
    result = CliRunner().invoke(COMMAND["search"], ["--csv", "--list", str(listed)], obj=Context(home, "zh"))
    given = rows(result.stdout)
    assert [(row["query"], bool(row["error"])) for row in given] == [
        ("公开", False),
        ("登陆月球", False),
        ('"公开', True),
    ]
    assert len({row["as_of"] for row in given}) == 1
