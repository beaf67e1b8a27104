"""Citing a count: the references, the address that answers later, the snapshot."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from archive.export.citations.count import COUNT_STYLES
from indexer.index import open_index
from indexer.query.request import Request
from tests.webui.html import leads_to, soup, text

ASKED = "q=公开&year=2016"


def counted(home: Path) -> tuple[str, str]:
    """The data version and the totals of `ASKED`, as an address has them."""
    answer = open_index(home).search(Request("公开", filters={"year": ("2016",)}))
    total = answer.total
    return answer.as_of.short, f"{total.occurrences}:{total.sections}:{total.reports}"


@pytest.mark.parametrize(
    ("address", "selector"),
    [
        (f"/search?{ASKED}&sort=-year&page=1", ".totals .cite-count"),
        (f"/concordance?{ASKED}", ".totals .cite-count"),
        (f"/trends?{ASKED}", "main a[href^='/search/cite']"),
        (f"/en/search?{ASKED}", ".totals .cite-count"),
    ],
)
def test_every_page_of_counts_leads_to_the_citation(
    client: FlaskClient, home: Path, address: str, selector: str
) -> None:
    day = date.today()
    link = soup(client, address).select_one(selector)
    assert link is not None, address
    page = soup(client, leads_to(link))
    version, totals = counted(home)
    shown = text(page, "main")
    assert any(f"cited={version}:{totals}:{each}" in shown for each in (day, date.today())), "midnight may pass"
    assert open_index(home).as_of.content in shown, "the full hash"
    assert len(page.select("pre.reference[data-copy]")) == len(COUNT_STYLES)
    for save in page.select("a.save"):
        assert client.get(str(save["href"])).status_code == 200


def test_a_citation_of_nothing_leads_to_the_search(client: FlaskClient) -> None:
    assert client.get("/search/cite").location == "/search"


@pytest.mark.parametrize("suffix", COUNT_STYLES)
def test_a_reference_is_a_file(client: FlaskClient, suffix: str) -> None:
    response = client.get(f"/search/cite.{suffix}?{ASKED}")
    assert response.mimetype == COUNT_STYLES[suffix].media_type
    assert response.headers["Content-Disposition"].endswith(f".{suffix}")
    assert "cited=" in response.text and "公开" in response.text


def test_an_unknown_style_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"/search/cite.docx?{ASKED}").status_code == 404


CASES = [
    ("{version}:{totals}:2024-05-06", "计数相符。", "The count agrees.", "the same state"),
    (
        "{version}:999:1:1:2024-05-06",
        "计数不符。",
        "The count does not agree.",
        "other numbers for this state: altered",
    ),
    (
        "000000000000:{totals}:2024-05-06",
        "计数相同，数据版本不同。",
        "Same count, another data version.",
        "other state",
    ),
    (
        "000000000000:1:1:1:2024-05-06",
        "数据版本已不同，计数有变。",
        "Another data version, and another count.",
        "changed",
    ),
    (
        "000000000000:-:1:1:2024-05-06",
        "数据版本已不同，计数有变。",
        "Another data version, and another count.",
        "no text",
    ),
    ("", "不是本站写出的引用记录", "is not a record that this site writes", "empty"),
    ("<b>x</b>", "不是本站写出的引用记录", "is not a record that this site writes", "markup"),
    ("000000000000:1:1:1:2999-01-01", "不是本站写出的引用记录", "is not a record that this site writes", "future"),
]


@pytest.mark.parametrize(("cited", "zh", "en", "reason"), CASES)
def test_a_cited_address_is_compared_and_never_vouched_for(
    client: FlaskClient, home: Path, cited: str, zh: str, en: str, reason: str
) -> None:
    version, totals = counted(home)
    record = cited.format(version=version, totals=totals)
    for prefix, sentence, claim in (
        ("", zh, "取自网址，任何人都能改写"),
        ("/en", en, "taken from the address, which anybody can write"),
    ):
        page = soup(client, f"{prefix}/search?{ASKED}&cited={record}")
        (box,) = page.select(".cited")
        assert sentence in box.get_text(), reason
        known = "2024-05-06" in record
        assert (claim in box.get_text()) is known
        assert box.find("b", string="x") is None, "what an address states never becomes markup"


def test_the_difference_is_in_numbers(client: FlaskClient, home: Path) -> None:
    total = open_index(home).search(Request("公开", filters={"year": ("2016",)})).total
    assert total.occurrences is not None
    page = soup(client, f"/search?{ASKED}&cited=000000000000:1:{total.sections}:9999:2024-05-06")
    rows = [[cell.get_text() for cell in row.select("td")] for row in page.select(".cited tbody tr")]
    assert rows == [
        ["1", f"{total.occurrences}", f"+{total.occurrences - 1}"],
        [f"{total.sections}", f"{total.sections}", "0"],
        ["9,999", f"{total.reports}", f"{total.reports - 9999:+,}"],
    ]


def test_the_address_of_a_citation_confirms_it(client: FlaskClient) -> None:
    answer = client.get(f"/api/search/cite?{ASKED}").json
    assert answer is not None
    address = urlsplit(answer["url"])
    assert "计数相符。" in text(soup(client, f"{address.path}?{address.query}"), ".cited")
    cited = unquote(address.query).rpartition("cited=")[2]
    again = client.get(f"/api/search/cite?{ASKED}&cited={cited}").json
    assert again is not None and again["cited"]["verdict"] == "confirmed" and answer["cited"] is None
    assert {each["style"]: each["text"] for each in answer["references"]} == {
        style.name: client.get(f"/search/cite.{suffix}?{ASKED}").text for suffix, style in COUNT_STYLES.items()
    }
    assert client.get(f"/api/search/cite?{ASKED}&cited=x").status_code == 400


def test_a_snapshot_is_a_file_that_names_the_site(client: FlaskClient, home: Path) -> None:
    response = client.get(f"/search/snapshot.zip?{ASKED}")
    assert response.mimetype == "application/zip" and response.is_streamed
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        document = json.loads(archive.read("query.json"))
    version, totals = counted(home)
    assert document["url"].startswith("http://localhost/search?") and f"cited={version}:{totals}:" in document["url"]
