"""The concordance: every occurrence that an answer counts, with its context, in the order asked."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from archive.export.csv import write_csv
from indexer.answers.concordance import ConcordanceLine, ConcordanceOrder, concordance_table
from indexer.answers.json import concordance_pieces
from indexer.engines.whoosh.build.generations import build_index
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index
from indexer.query.request import Request
from tests.conformance.reports import CITY, REPORTS, make_report

QUERIES = [
    "微博",
    '"公开"',
    '"申请*件"',
    "舆情 NEAR/5 弱",
    "word:民政",
    "微博 in:all",
    "舆情应对慢",
    '"𠮷?先生"',
    "NOT 微博",
]


def beside(line: ConcordanceLine) -> str:
    return f"{line.left}[{line.hit}]{line.right}"


@pytest.mark.parametrize("query", QUERIES)
def test_it_has_every_occurrence_of_every_hit(index: WhooshEngine, query: str) -> None:
    answer = index.search(Request(query, limit=1000))
    found = index.concordance(Request(query))
    lines = list(found)
    assert found.total == found.shown == len(lines) == answer.total.occurrences
    for hit in answer.hits:
        assert sum(line.url == hit.url for line in lines) == hit.occurrences
    assert found.reading == answer.reading
    assert found.as_of == answer.as_of


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("width", [None, 1, 5])
def test_a_line_is_a_piece_of_one_paragraph(index: WhooshEngine, query: str, width: int | None) -> None:
    texts = {paragraph for report in REPORTS for section in report.sections for paragraph in section.text.split("\n")}
    texts |= {c.text for report in REPORTS for s in report.sections for table in s.tables for c in table.cells()}
    for line in index.concordance(Request(query), width=width):
        assert any(line.left + line.hit + line.right in text for text in texts)
        assert width is None or max(len(line.left), len(line.right)) <= width


def test_whole_sentences(index: WhooshEngine) -> None:
    lines = [beside(line) for line in index.concordance(Request("年度 OR 博取 OR 都公开"))]
    assert lines == ["微博微博,[博取]关注;博物馆也可查阅。", "他说:「所谓“应公开尽公开”,就是[都公开]」。"]


@pytest.mark.parametrize("mark", ["。", "！", "？", "!", "？！", "！”", "。）"])
def test_a_sentence_ends_at_its_mark(mark: str, tmp_path: Path) -> None:
    report = make_report(
        CITY, "临水市城市管理局", 2016, [("overview", None, [f"前文{mark}这一句公开信息{mark}后文。"])]
    )
    build_index(tmp_path, [report], (), 1)
    (line,) = open_index(tmp_path).concordance(Request("「公开」"))
    assert beside(line) == f"这一句[公开]信息{mark}"


def test_so_many_characters_of_one_or_two_units(index: WhooshEngine) -> None:
    assert [beside(line) for line in index.concordance(Request('"先生"'), width=2)] == [
        ";𠮷[先生]来信",
        "𠮷𠮷[先生]𠮷来",
    ]


@pytest.mark.parametrize(
    ("order", "lines", "reason"),
    [
        ("agency", ["|", "其中|发布", "通过|、微", "|微博", "微博|,博", "|１２"], "as reports stand"),
        ("-year", ["|１２", "通过|、微", "|微博", "微博|,博", "|", "其中|发布"], "the latest first"),
        ("right", ["|", "微博|,博", "|１２", "通过|、微", "其中|发布", "|微博"], "the end of a paragraph first"),
        ("left", ["|", "|１２", "|微博", "其中|发布", "微博|,博", "通过|、微"], "by the character just before"),
    ],
)
def test_order(index: WhooshEngine, order: ConcordanceOrder, lines: list[str], reason: str) -> None:
    assert [f"{line.left[-2:]}|{line.right[:2]}" for line in index.concordance(Request("微博"), order)] == lines


def test_filters_hold(index: WhooshEngine) -> None:
    assert {line.year for line in index.concordance(Request("公开", filters={"year": ("2016",)}))} == {2016}


def test_a_cap_is_said(index: WhooshEngine) -> None:
    found = index.concordance(Request("微博"), most=2)
    assert (found.total, found.shown, len([*found])) == (6, 2, 2)
    assert found.counted_on("zh").endswith("；只列出 6 处中的 2 处")
    assert found.counted_on("en").endswith("; 2 of 6 occurrences are listed")
    assert "列出" not in index.concordance(Request("微博")).counted_on("zh")


def test_a_query_without_text_has_nothing_to_list_and_says_so(index: WhooshEngine) -> None:
    """It finds sections, so that "nothing found" would be wrong."""
    found = index.concordance(Request("year:2014"))
    assert (found.total, found.shown) == (0, 0)
    assert found.counted_on("zh").endswith("；检索式里没有要查的文字，所以没有可列的内容")
    assert found.counted_on("en").endswith("; the query asks for no text, so there is nothing to list")


def test_csv_has_a_line_for_each_and_what_it_was_counted_on(index: WhooshEngine) -> None:
    file = io.StringIO()
    write_csv(file, *concordance_table(index.concordance(Request("微博"), most=3), "zh"))
    assert file.getvalue().startswith("\ufeff")
    rows = [*csv.DictReader(io.StringIO(file.getvalue().removeprefix("\ufeff")))]
    assert len(rows) == 3
    assert rows[0]["url"] == f"/reports/{CITY}/2014#overview"
    assert {row["as_of"].rpartition("；")[2] for row in rows} == {"只列出 6 处中的 3 处"}


@pytest.mark.parametrize("query", ["微博", '"登陆月球"'])
def test_json_is_one_document(index: WhooshEngine, query: str) -> None:
    document = json.loads("".join(concordance_pieces(index.concordance(Request(query)))))
    assert document["total"] == document["shown"] == len(document["lines"])
    assert document["as_of"]["reports"] == len(REPORTS)
