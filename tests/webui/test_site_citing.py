"""References on the site: one click each, and what reference managers read from a report's page."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from site_reports import PAGE, SHOWN

from archive import STYLES

REPORT = "/reports/yunxi-shui-wu-ju/2019"
TITLE = next(report.title for report in SHOWN if report.key == "2019")


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.text, "lxml")


def test_a_report_shows_its_references_and_every_file_is_one_click(client: FlaskClient) -> None:
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


def test_reference_managers_find_the_report(client: FlaskClient) -> None:
    page = soup(client, REPORT)
    meta = {str(tag["name"]): str(tag["content"]) for tag in page.select("meta[name^=citation_]")}
    assert meta["citation_title"] == TITLE
    assert meta["citation_author"] == "云溪市水务局"
    assert meta["citation_publication_date"] == "2020/01/28"
    assert meta["citation_public_url"] == f"http://localhost{REPORT}"
    (span,) = page.select("span.Z3988")
    assert parse_qs(str(span["title"]))["rft.aucorp"] == ["云溪市水务局"]


def test_the_address_cited_is_one_in_every_language(client: FlaskClient) -> None:
    meta = soup(client, f"/en{REPORT}").select_one("meta[name=citation_public_url]")
    assert meta is not None and meta["content"] == f"http://localhost{REPORT}"


def test_hostile_names_stay_names(client: FlaskClient) -> None:
    page = client.get("/reports/bai-shi-zhen/" + next(r.key for r in SHOWN if r.year is None)).text
    assert "<script>alert" not in page and "<b>人民政府" not in page
