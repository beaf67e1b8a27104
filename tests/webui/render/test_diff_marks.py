"""Changes since another report, shown in the report; overlapping layers of tags."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.compare import compare
from archive.model import Figure, Paragraph, Reading, Report, Section
from archive.store.catalogue import Catalogue
from indexer.answers.highlight import merged
from tests.webui.html import soup
from tests.webui.model_reports import AGENCIES, ORIGINAL, PAGE, SHOWN
from webui.app import create_app
from webui.render.diff_marks import earlier_heading
from webui.render.highlight import Tag, layered, numbered
from webui.render.prose_anchors import sentences
from webui.render.report_layout import paragraph_anchor

WATER = "/reports/yunxi-shui-wu-ju"
BY_KEY = {report.key: report for report in SHOWN if report.agency == "yunxi-shui-wu-ju"}


def test_the_text_is_complete_with_deletions_beside_it(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016?since=2013")
    comparison = compare(BY_KEY["2013"], BY_KEY["2016"])
    assert any(line.fate == "changed" for pair in comparison.sections for line in pair.lines)
    texts = [paragraph.text for section in BY_KEY["2016"].sections for paragraph in section.paragraphs]
    for number, text in enumerate(texts, 1):
        shown = page.find(id=paragraph_anchor(number, text))
        assert shown is not None
        for gone in shown.find_all("del"):
            gone.decompose()
        assert shown.get_text(strip=True) == text, "without what was struck out, it is the report's own text"


def test_each_paragraph_shows_its_fate(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016?since=2013")
    counts = compare(BY_KEY["2013"], BY_KEY["2016"]).counts
    for fate, count in counts.items():
        assert len(page.select(f".prose > .{fate}")) == count
    told = [number.get_text() for number in page.select(".since .legend b")]
    assert told == [str(count) for count in counts.values()]


def test_added_and_dropped_sections_are_shown(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2019?since=2017")
    assert [part["id"] for part in page.select(".part.added")] == ["review", "other"]
    assert [part["id"] for part in page.select(".part.dropped")] == ["preface"]
    assert "preface" not in [str(link["href"])[1:] for link in page.select(".contents a")], "it is not in this report"
    before = page.select_one("#overview > .gloss")
    assert before is not None and before.get_text() == "原标题：一、概述"


@pytest.mark.parametrize(
    ("before", "after", "earlier", "reason"),
    [
        ("一、概述", "一、总体情况", "一、概述", "another heading"),
        ("引言", None, None, "a section without a heading is shown under its label, which is the same"),
        (None, "引言", None, "the reverse"),
        (None, "前言", "Preface", "the label of a section without a heading"),
        (None, None, None, "no heading in either report"),
    ],
)
def test_an_earlier_heading_is_shown_if_it_differs(
    before: str | None, after: str | None, earlier: str | None, reason: str
) -> None:
    old, new = (Section("preface", "preface", heading, (Paragraph("正文"),)) for heading in (before, after))
    assert earlier_heading(old, new, "en") == earlier, reason
    assert earlier_heading(None, new, "en") is None


def test_figures_show_their_earlier_value_without_a_break(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016?since=2015")
    was = {item.dt.get_text(): item.select_one("del") for item in page.select(".stated > div") if item.dt}
    assert was["主动公开政府信息数"].get_text() == "299"  # type: ignore[union-attr]
    table = soup(client, "/reports/yunxi-jiao-yu-ju/2020?since=2019").select_one(".statutory.requests")
    assert table is not None
    (new, *_) = [
        [cell.get_text(" ", strip=True) for cell in row.select("td:not(.total-first)")]
        for row in table.select("tbody tr")
    ]
    assert (new[0], new[-1], new[1]) == ("11 12", "11 12", "0")
    parted = soup(client, "/reports/yunxi-jiao-yu-ju/2021?since=2020").select_one(".statutory.requests")
    assert parted is not None and not parted.find("del") and "报告格式不同" in parted.get_text()


def test_marks_and_changes_are_shown_together_and_removed_separately(client: FlaskClient) -> None:
    page = soup(client, f"{WATER}/2016?q=水&since=2013")
    marks = [str(mark["id"]) for mark in page.select("mark[id]")]
    assert marks == [f"hit-{number}" for number in range(1, len(marks) + 1)] and marks
    away = [str(link["href"]) for link in page.select(".marked-for a") if link.get_text() == "清除标记"]
    assert away == [f"{WATER}/2016?since=2013", f"{WATER}/2016?q=水"]
    assert soup(client, f"{WATER}/2016").select_one(".since a")["href"] == f"{WATER}/2016?since=2015"  # type: ignore[index]


@pytest.mark.parametrize(
    ("since", "status", "reason"), [("2016", 400, "itself"), ("1999", 404, "not held"), ("<b>", 404, "no year")]
)
def test_a_year_that_cannot_be_compared(client: FlaskClient, since: str, status: int, reason: str) -> None:
    assert client.get(f"{WATER}/2016", query_string={"since": since}).status_code == status, reason


def test_deleted_text_is_escaped(tmp_path: Path) -> None:
    def report(year: int, text: str) -> Report:
        section = Section("overview", "overview", "一、概述", (Paragraph(text),))
        return replace(BY_KEY["2016"], year=year, sections=(section,), figures=(), fingerprint=text)

    reports = (report(2016, "公开<script>alert(1)</script>五条。"), report(2017, "公开<img src=x>五条。"))
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(Reading(PAGE, reports, (), AGENCIES), ORIGINAL)
    page = soup(create_app(tmp_path).test_client(), f"{WATER}/2017?since=2016")
    assert not page.select("article script, article img")
    assert "alert(1)" in page.select_one(".prose del").get_text()  # type: ignore[union-attr]


def test_figures_of_one_sentence_share_an_anchor() -> None:
    text = "共收到申请3件,均已答复。收取费用0元。"

    def stated(row: str, sentence: str) -> Figure:
        return Figure("prose", row, None, None, "1", "number", "prose", sentence=sentence)

    section = Section("requests", "requests", None, (Paragraph("无关。"), Paragraph(text)))
    figures = (
        stated("requests_received", "共收到申请3件,均已答复。"),
        stated("granted", "共收到申请3件,均已答复。"),
        stated("fees_yuan", "收取费用0元。"),
        stated("fees_yuan", "另收0元。"),
    )
    found, layers = sentences(replace(BY_KEY["2016"], sections=(section,), figures=figures))
    assert [each.anchor for each in found] == [
        "figure-requests_received",
        "figure-requests_received",
        "figure-fees_yuan",
        None,  # no paragraph says so
    ]
    assert layered(text, [layers[2]]) == (
        '<span id="figure-requests_received">共收到申请3件,均已答复。</span>'
        '<span id="figure-fees_yuan">收取费用0元。</span>'
    )


def test_tags_are_cut_where_they_cross_and_have_one_id() -> None:
    outer = [Tag((0, 3), "ins"), Tag((3, 3), "del", inserted="<")]
    assert layered("abcdef", [outer, numbered([(2, 5)], 1, 1)]) == (
        '<ins>ab<mark id="hit-1"><a href="#hit-1">c</a></mark></ins><del>&lt;</del>'
        '<mark><a href="#hit-1">de</a></mark>f'
    )


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda at: (at[0], at[0] + at[1])), max_size=5)


@given(st.text("ab<&", min_size=18, max_size=18), SPANS, SPANS)
def test_tags_do_not_change_the_text(text: str, edits: list[tuple[int, int]], hits: list[tuple[int, int]]) -> None:
    layers = [[Tag(span, "ins") for span in merged(edits)], numbered(hits, 1, 9)]
    html = BeautifulSoup(f"<p>{layered(text, layers)}</p>", "html.parser")
    assert html.get_text() == text
    marked = sum(stop - start for start, stop in merged(hits))
    assert sum(len(mark.get_text()) for mark in html.find_all("mark")) == marked
    assert sum(len(each.get_text()) for each in html.find_all("ins")) == sum(b - a for a, b in merged(edits))
