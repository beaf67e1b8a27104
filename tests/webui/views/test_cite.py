"""References on the site, and the metadata that reference managers read from a report's page."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.export.citations import STYLES
from tests.webui.html import soup
from tests.webui.model_reports import PAGE, SHOWN
from tests.webui.reference_managers import Item, from_coins, from_meta

REPORT = "/reports/yunxi-shui-wu-ju/2019"
TITLE = next(report.title for report in SHOWN if report.key == "2019")


def test_a_report_shows_its_references_and_links_to_their_files(client: FlaskClient) -> None:
    section = soup(client, REPORT).find(id="cite")
    assert section is not None
    shown = {item.dt.get_text(): item.dd.get_text() for item in section.select(".references > div")}  # type: ignore[union-attr]
    assert shown["GB/T 7714—2015"] == f"云溪市水务局. {TITLE}[R/OL]. (2020-01-28)[2023-02-14]. {PAGE.url}."
    assert shown["GB/T 7714—2025"] == f"云溪市水务局. {TITLE}[R/OL]. 2020-01-28. {PAGE.url}."
    links = {link.get_text(): str(link["href"]) for link in section.select("a[download]")}
    assert links == {
        "RIS": f"{REPORT}/cite.ris",
        "BibTeX": f"{REPORT}/cite.bib",
        "CSL-JSON": f"{REPORT}/cite.csl.json",
    }


@pytest.mark.parametrize("suffix", STYLES)
def test_a_file_is_saved_under_its_name(client: FlaskClient, suffix: str) -> None:
    response = client.get(f"{REPORT}/cite.{suffix}")
    assert response.mimetype == STYLES[suffix].media_type
    assert response.headers["Content-Disposition"] == f"attachment; filename=yunxi-shui-wu-ju-2019.{suffix}"
    assert TITLE in response.text
    if not suffix.endswith(".txt"):
        assert PAGE.sha256 in response.text and "catalogue revision 1" in response.text
        assert "http://localhost/reports/yunxi-shui-wu-ju/2019" in response.text


def test_a_section_is_cited_by_its_anchor(client: FlaskClient) -> None:
    page = soup(client, f"{REPORT}/cite?section=problems")
    first = page.select_one("pre.reference")
    assert first is not None
    assert first.get_text().startswith("云溪市水务局. 五、存在的主要问题及改进情况[R/OL]//云溪市水务局. ")
    for link in page.select("a.save"):
        assert "section=problems" in str(link["href"])
        assert "五、存在的主要问题及改进情况" in client.get(str(link["href"])).text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{REPORT}/cite?section=nowhere", 400),
        (f"{REPORT}/cite.ris?section=nowhere", 400),
        (f"{REPORT}/cite.docx", 404),
        ("/reports/yunxi-shui-wu-ju/1999/cite.ris", 404),
    ],
)
def test_mistakes(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


UNDATED = f"/reports/bai-shi-zhen/{next(report.key for report in SHOWN if report.year is None)}"
CITED = {
    "a report": REPORT,
    "a report without a date": UNDATED,
    "a section": f"{REPORT}/cite?section=problems",
    "a report, on the page of its references": f"{REPORT}/cite",
}


@pytest.mark.parametrize("read", [from_meta, from_coins])
@pytest.mark.parametrize("address", CITED.values(), ids=CITED)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_reference_manager_reads_the_same_from_page_and_file(
    client: FlaskClient, prefix: str, address: str, read: Callable[[BeautifulSoup], Item]
) -> None:
    path, _, asked = address.partition("?")
    (said,) = json.loads(client.get(f"{path.removesuffix('/cite')}/cite.csl.json?{asked}").text)
    # A search engine wants the address of the page that has the tags; a reference leads to the agency's own, if known.
    url = said["custom"]["address"] if read is from_meta else said["URL"]
    assert read(soup(client, prefix + address)) == {
        "type": said["type"],
        "title": said["title"],
        **({"container": said["container-title"]} if said["type"] == "chapter" else {}),
        "authors": [("", name["literal"]) for name in said["author"]],
        "publisher": said["publisher"],
        **({"date": said["issued"]["date-parts"][0]} if "issued" in said else {}),
        "language": said["language"].partition("-")[0],
        "url": url,
    }


def test_the_address_cited_is_one_in_every_language(client: FlaskClient) -> None:
    meta = soup(client, f"/en{REPORT}").select_one("meta[name=citation_public_url]")
    assert meta is not None and meta["content"] == f"http://localhost{REPORT}"


def test_names_are_escaped(client: FlaskClient) -> None:
    page = client.get(UNDATED).text
    assert "<script>alert" not in page and "<b>人民政府" not in page
