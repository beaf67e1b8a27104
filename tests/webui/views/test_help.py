"""`/help`, `/help/api` and `/about`."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from archive.vocabulary import form_codes, section_codes
from tests.webui.html import leads_to, soup


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_example_is_a_search(client: FlaskClient, prefix: str) -> None:
    examples = soup(client, f"{prefix}/help").select(".examples dt a")
    assert len(examples) > 5
    for example in examples:
        page = soup(client, leads_to(example))
        assert page.select(".hit, .nothing"), example.get_text()


def test_codes_of_fields_are_listed(client: FlaskClient) -> None:
    codes = [code.get_text() for code in soup(client, "/help").select(".codes code")]
    expected = [("section", code) for code in section_codes()] + [("form", code) for code in form_codes()]
    assert codes == [f"{field}:{code}" for field, code in expected]


@pytest.mark.parametrize("path", ["/api", "/api/", "/en/api"])
def test_the_root_of_the_api_redirects_to_its_reference(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, f"{path.partition('/api')[0]}/help/api")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_examples_of_programs_read_a_file_of_the_site(client: FlaskClient, prefix: str) -> None:
    page = soup(client, f"{prefix}/about")
    examples = [each.get_text() for each in page.select("pre.reference")]
    addresses = {re.search(r'"(http[^"]+)"', each)[1] for each in examples}  # type: ignore[index]
    assert len(examples) == 2 and len(addresses) == 1
    answer = client.get(addresses.pop())
    assert answer.status_code == 200 and answer.text.count(",requests,new,") > 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_reference_has_every_operation_and_its_anchors(client: FlaskClient, prefix: str) -> None:
    page = soup(client, f"{prefix}/help/api")
    described = client.get(f"{prefix}/api/openapi.json").json
    assert described is not None
    summaries = [each.get_text() for each in page.select("main > .api > details > summary")]
    for path, operation in described["paths"].items():
        name = operation["get"]["operationId"]
        assert page.select(f"nav a[href='#{name}']"), "in the table of contents"
        assert f"GET {path} {operation['get']['summary']}".replace("`", "") in summaries
        shown = page.select_one(f"#{name}").get_text()  # type: ignore[union-attr]
        for parameter in operation["get"]["parameters"]:
            assert parameter["name"] in shown, f"{path}: {parameter['name']}"
        codes = {each.get_text() for each in page.select(f"#{name} li > code")}
        assert codes == {*operation["get"]["responses"]} - {"200"}
    ids = {str(each["id"]) for each in page.select("[id]")}
    assert {str(a["href"])[1:] for a in page.select("a[href^='#']")} <= ids


def test_the_reference_is_collapsed_without_scripts(client: FlaskClient) -> None:
    page = soup(client, "/help/api")
    outside = [table for table in page.select("table, pre") if table.find_parent("details") is None]
    assert outside == [], "a page of 3,000 pixels and no more"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_examples_of_the_reference_are_answered(client: FlaskClient, prefix: str) -> None:
    links = soup(client, f"{prefix}/help/api").select(".api details details p > a")
    assert len(links) > 10
    assert {client.get(str(link["href"]), buffered=True).status_code for link in links} == {200}


class SiteOfClient(io.BytesIO):
    """The answer of the test client in the place of `urllib.request.urlopen`."""

    client: FlaskClient

    def __init__(self, address: str) -> None:
        super().__init__(self.client.get(address).data)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_python_example_of_the_reference_writes_every_hit(
    client: FlaskClient, prefix: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = soup(client, f"{prefix}/help/api").select_one("#python pre").get_text()  # type: ignore[union-attr]
    assert program.count("100") == 2
    monkeypatch.setattr(SiteOfClient, "client", client, raising=False)
    monkeypatch.setattr("urllib.request.urlopen", SiteOfClient)
    exec(compile(program.replace("100", "2"), "example", "exec"), {})  # noqa: S102  # pages of two hits
    rows = [*csv.DictReader(io.StringIO(capsys.readouterr().out))]
    answer = client.get("/api/search?q=公开&year=2014..2018&sort=year&limit=100").json
    assert answer is not None
    assert len(rows) == answer["total"]["sections"] > 4
    assert [row["url"] for row in rows] == [f"http://localhost{prefix}{hit['url']}" for hit in answer["hits"]]
    assert client.get(rows[0]["url"].partition("#")[0]).status_code == 200


def test_the_r_example_of_the_reference_asks_for_the_same(client: FlaskClient) -> None:
    page = soup(client, "/help/api")
    python, r = (page.select_one(f"#{name} pre").get_text() for name in ("python", "r"))  # type: ignore[union-attr]
    for word in ('"公开"', "2014..2018", "/api/search?", "limit", "page", "occurrences"):
        assert word in python and word in r, word
