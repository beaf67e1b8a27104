"""`/reports/AGENCY/KEY/original/view`: the original beside the text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.extract.pipeline import read_source
from archive.model import Reading, Report, Source
from archive.store.catalogue import Catalogue
from tests.archive.readers.documents import pdf_file
from tests.webui.html import soup
from tests.webui.model_reports import PAGE, SHOWN, WATER
from webui.app import create_app
from webui.render.originals.html_rendering import LARGEST, POLICY

MODEL = next(report for report in SHOWN if report.key == "2016")
VIEW = f"/reports/{WATER.id}/2016/original/view"
RENDERING = f"/reports/{WATER.id}/2016/original/rendering"
HTML = "".join(
    [f"<script src=//evil.example/></script><h1>{MODEL.title}</h1>"]
    + [
        f"<h2>{section.heading}</h2><p>{''.join(each.text for each in section.paragraphs)}"
        for section in MODEL.sections
    ]
).encode()


def site(home: Path, original: bytes, media_type: str, path: str = "page.html") -> FlaskClient:
    source = replace(PAGE, sha256=hashlib.sha256(original).hexdigest(), media_type=media_type, path=path)
    report: Report = replace(MODEL, source=source)
    with Catalogue.open(home) as catalogue:
        catalogue.add(Reading(source, (report,), (), (WATER,)), original)
    return create_app(home).test_client()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("section", [None, *MODEL.sections], ids=lambda each: each.anchor if each else "report")
def test_an_html_original_is_in_a_frame_with_the_section_marked(tmp_path: Path, prefix: str, section: object) -> None:
    client = site(tmp_path, HTML, "text/html")
    anchor = getattr(section, "anchor", None)
    page = soup(client, prefix + VIEW + (f"?section={anchor}" if anchor else ""))
    (frame,) = page.select("main iframe")
    assert "sandbox" in frame.attrs and "allow" not in str(frame) and frame["title"]
    address, _, fragment = str(frame["src"]).partition("#")
    document = client.get(address)
    assert document.headers["Content-Security-Policy"] == POLICY
    assert document.headers["X-Frame-Options"] == "SAMEORIGIN"
    mark = soup(client, address).select_one(f"#{fragment}")
    assert mark is not None and "evil.example" not in document.text
    title = getattr(section, "heading", MODEL.title)
    assert mark.parent is not None and mark.parent.get_text() == title
    read = [heading.get_text() for heading in page.select(".read h3")]
    assert read == ([title] if section else [each.heading for each in MODEL.sections])


def test_the_report_links_to_the_original_of_each_section(client: FlaskClient) -> None:
    page = soup(client, f"/reports/{WATER.id}/2016")
    links = [str(link["href"]) for link in page.select("a[href*='/original/view']")]
    assert {link.rpartition("section=")[2].partition("#")[0] for link in links if "section=" in link} == {
        s.anchor for s in MODEL.sections
    }
    for address in links:
        assert client.get(address).status_code == 200


def test_a_large_page_gets_a_sentence_and_the_download(tmp_path: Path) -> None:
    client = site(tmp_path, HTML + b" " * LARGEST, "text/html")
    page = soup(client, VIEW)
    assert not page.select("iframe") and "2 MB" in page.get_text()
    assert page.select_one("main a[download]") is not None
    assert client.get(RENDERING).status_code == 404


@pytest.mark.parametrize("media_type", ["application/pdf", "application/ofd", "application/msword"])
def test_another_format_is_the_text_that_was_read(tmp_path: Path, media_type: str) -> None:
    client = site(tmp_path, b"%PDF-1.7 <script>", media_type, "page.pdf")
    page = soup(client, f"{VIEW}?section=problems")
    assert not page.select("iframe")
    (marked,) = page.select(".read.in")
    assert marked["id"] == "read-problems" and len(page.select(".read")) == len(MODEL.sections)
    assert client.get(RENDERING).status_code == 404, "its bytes are not a page"


def test_plain_text_is_shown_by_its_lines(tmp_path: Path) -> None:
    client = site(tmp_path, "\n".join("行" * 400).encode(), "text/plain", "page.txt")
    section = next(each for each in MODEL.sections if each.anchor == "problems")
    answer = client.get(f"{VIEW}?section=problems")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/original/lines?section=problems#L{section.place.first_line}")


@pytest.mark.parametrize("address", [VIEW, RENDERING])
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_original_is_said_to_be(tmp_path: Path, address: str, damage: str) -> None:
    client = site(tmp_path, HTML, "text/html")
    sha256 = hashlib.sha256(HTML).hexdigest()
    path = tmp_path / "originals" / sha256[:2] / sha256
    path.write_bytes(b"other") if damage == "changed" else path.unlink()
    answer = client.get(address)
    assert answer.status_code == 503 and sha256 in answer.text and "Retry-After" in answer.headers


@pytest.mark.parametrize("address", [VIEW, RENDERING])
def test_an_unknown_section_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?section=nowhere").status_code == 400


def test_a_download_is_named_after_the_page_if_it_has_several_reports(client: FlaskClient, tmp_path: Path) -> None:
    several = client.get(f"/reports/{WATER.id}/2016/original").headers["Content-Disposition"]
    assert several == f"attachment; filename=page-{PAGE.sha256[:12]}.html"
    alone = site(tmp_path, HTML, "text/html").get(f"/reports/{WATER.id}/2016/original").headers["Content-Disposition"]
    assert alone == f"attachment; filename={WATER.id}-2016.html"


def test_an_unchanged_rendering_keeps_its_headers(tmp_path: Path) -> None:
    """Headers of a 304 replace those that the browser has, and those of a page forbid every frame."""
    client = site(tmp_path, HTML, "text/html")
    tag = client.get(RENDERING).headers["ETag"]
    again = client.get(RENDERING, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not {"Content-Security-Policy", "X-Frame-Options"} & set(again.headers.keys())


@pytest.mark.parametrize(("prefix", "first", "several"), [("", "第 1 页", "第 1–2 页"), ("/en", "Page 1", "Pages 1–2")])
def test_an_original_with_pages_states_where_each_begins(tmp_path: Path, prefix: str, first: str, several: str) -> None:
    data = pdf_file()
    source = Source("a.pdf", hashlib.sha256(data).hexdigest(), "application/pdf")
    reading = read_source(data, source)
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(reading, data)
    (report,) = reading.reports
    address = f"{prefix}/reports/{report.agency}/{report.key}"
    client = create_app(tmp_path).test_client()
    page = soup(client, f"{address}/original/view")
    marks = {str(mark["id"]): mark.get_text(strip=True) for mark in page.select(".page-mark")}
    last = report.place.last_page or 0
    assert last > 1 and marks["page-1"] == first
    assert [*marks] == sorted(marks, key=lambda each: int(each.removeprefix("page-"))), "each page once, in order"
    stated = [each.get_text(strip=True) for each in page.select(".read .pages")]
    assert len(stated) == len(report.sections) and {first, several} & {*stated}
    for chip in page.select(".chips a[rel]"):
        assert page.select_one(f"#{str(chip['href']).partition('#')[2]}"), "a chip leads to its section"
    origin = soup(client, address).select_one(".provenance")
    assert origin is not None and (f"1–{last}" in origin.get_text())
