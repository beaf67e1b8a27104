"""Captures of one report whose text differs: each kept, the newest shown."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.model import Report
from archive.store.catalogue import Catalogue
from tests.webui.model_reports import ORIGINAL, READING, SHOWN, WATER
from webui.app import create_app

ADDRESS = f"/reports/{WATER.id}/2016"
LATER = b"<html>captured again</html>"


def captured_again(report: Report) -> Report:
    """The same report with one paragraph, one figure and its source changed."""
    section, *rest = report.sections
    paragraph = replace(section.paragraphs[0], text=section.paragraphs[0].text.replace("要求", "规定"))
    figures = tuple(replace(f, printed="999") if f.row == "disclosed" else f for f in report.figures)
    source = replace(report.source, sha256=hashlib.sha256(LATER).hexdigest(), captured_on=date(2024, 5, 6))
    return replace(
        report,
        sections=(replace(section, paragraphs=(paragraph,)), *rest),
        figures=figures,
        source=source,
        fingerprint=hashlib.sha256(b"later").hexdigest(),
    )


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    report = captured_again(next(r for r in SHOWN if r.key == "2016"))
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        catalogue.add(replace(READING, source=report.source, reports=(report,), notices=()), LATER)
        assert [each.source.sha256 for each in catalogue.versions(WATER.id, "2016")] == [
            report.source.sha256,
            READING.source.sha256,
        ]
        assert len(catalogue.versions(WATER.id, "2011")) == 1, "printed twice on one page is no other version"
        assert catalogue.versions(WATER.id, "1999") == ()
    return create_app(tmp_path).test_client()


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.text, "lxml")


def test_versions_stand_newest_first_with_what_they_changed(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/versions")
    later, first = page.select("section.version")
    assert "2024-05-06" in later.get_text() and "2023-02-14" in first.get_text()
    assert [mark.get_text() for mark in later.select(".lines del, .lines ins")] == ["要求", "规定"]
    assert [mark.get_text() for mark in later.select(".figure-change del, .figure-change ins")] == ["336", "999"]
    assert not first.select("del, ins"), "there is none before it"


def test_the_newest_is_shown_and_says_that_there_are_others(client: FlaskClient) -> None:
    page = soup(client, ADDRESS)
    assert "规定" in page.find(id="preface").get_text()  # type: ignore[union-attr]
    link = page.select_one(f"a[href='{ADDRESS}/versions']")
    assert link is not None and link.get_text() == "2 个版本"
    assert not soup(client, f"/reports/{WATER.id}/2017").select("a[href$='/versions']")


def test_every_original_can_be_saved(client: FlaskClient) -> None:
    links = [str(link["href"]) for link in soup(client, f"{ADDRESS}/versions").select(".provenance a[download]")]
    assert [client.get(link).data for link in links] == [LATER, ORIGINAL]
    assert client.get(f"{ADDRESS}/original").data == LATER
    assert client.get(f"{ADDRESS}/original?sha256={'0' * 64}").status_code == 404
