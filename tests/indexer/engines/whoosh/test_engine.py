"""Answers: order, labels, interpretations, addresses, pages, JSON."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from archive.model import UNKNOWN_AGENCY
from indexer.answers.json import answer_json
from indexer.engines.whoosh.build.generations import build_index
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index
from indexer.query.fields import FIELDS, UNDATED
from indexer.query.request import Request, Sort
from tests.conformance.reports import AGENCIES, CITY, REPORTS, SCHOOL, TOWN


def urls(index: WhooshEngine, query: str, sort: Sort = "relevance") -> list[str]:
    return [hit.url.removeprefix("/reports/") for hit in index.search(Request(query, sort=sort, limit=100)).hits]


def test_a_section_with_the_whole_string_ranks_first(index: WhooshEngine) -> None:
    hits = index.search(Request("舆情回应")).hits
    assert "舆情回应" in hits[0].snippets[0].text
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_a_hit_in_the_heading_ranks_higher(index: WhooshEngine) -> None:
    assert urls(index, '"主动公开"')[0].endswith("#proactive")


@pytest.mark.parametrize(
    ("sort", "years"),
    [
        ("year", [2014, 2016, 2018, None]),
        ("-year", [2018, 2016, 2014, None]),
        ("relevance", [2018, 2016, 2014, None]),
    ],
)
def test_order_by_year_puts_reports_without_one_last(index: WhooshEngine, sort: Sort, years: list[int | None]) -> None:
    hits = index.search(Request("section:problems", sort=sort, limit=100)).hits
    assert [hit.year for hit in hits] == years


def test_pages_are_consecutive(index: WhooshEngine) -> None:
    every = urls(index, "公开")
    paged = [
        hit.url.removeprefix("/reports/")
        for offset in range(0, len(every), 3)
        for hit in index.search(Request("公开", limit=3, offset=offset)).hits
    ]
    assert paged == every
    assert index.search(Request("公开", limit=0)).hits == ()
    assert index.search(Request("公开", offset=10_000)).hits == ()


def test_facets_have_their_order_and_labels(index: WhooshEngine) -> None:
    facets = index.search(Request(language="zh")).facets
    assert list(facets) == ["year", "section", "agency", "place", "level", "kind", "keyword", "form"]
    assert [(value.value, value.label) for value in facets["year"]] == [
        (2014, "2014"),
        (2016, "2016"),
        (2018, "2018"),
        (2021, "2021"),
        (None, "年份不明"),
    ]
    assert [(value.value, value.label, value.count) for value in facets["agency"]] == [
        (CITY, "临水市城市管理局", 14),
        (TOWN, "青石镇人民政府", 6),
        (SCHOOL, "东山大学", 2),
    ]
    assert ("requests", "依申请公开", 4) in [(each.value, each.label, each.count) for each in facets["section"]]
    assert [(each.value, each.label, each.count) for each in facets["level"]] == [
        ("city", "地市级", 14),
        ("township", "乡镇级", 6),
    ]
    english = index.search(Request(language="en")).facets
    assert english["year"][-1].label == "Undated"
    assert "Problems and remedies" in [value.label for value in english["section"]]


READINGS = [
    ("", "全部内容", "everything"),
    ("微博", "同一章节正文中：含“微博”", "Sections with: “微博”"),
    (
        "舆情应对",
        "同一章节正文中：含“舆情应对”，或含其全部分词（舆情、应对；没有完整词串时按分词计数）",
        "Sections with: “舆情应对” as a phrase, or all of its words (舆情, 应对; counted as words without the phrase)",
    ),
    ("「尽公开」", "同一章节正文中：原文含“尽公开”", "Sections with: exactly “尽公开”"),
    ("word:民政", "同一章节正文中：含整词“民政”", "Sections with: the whole word “民政”"),
    (
        "微博 -(微信 OR 抖音)",
        "同一章节正文中：含“微博”，并且不是（含“微信”，或者含“抖音”）",
        "Sections with: “微博”, and not (“微信”, or “抖音”)",
    ),
    ("year:2014..2018", "2014—2018 年", "years 2014–2018"),
    ("year:2014..", "2014 年及以后", "years from 2014"),
    ("year:..2014", "2014 年及以前", "years to 2014"),
    (
        "year:2014 form:form-2021",
        "2014 年，并且报告格式“2021年格式”",
        "year 2014, and form “2021 form”",
    ),
    ("year:none", "年份不明", "undated"),
    ("章节:problems", "章节“问题及改进”", "section “Problems and remedies”"),
    (
        '"收到*申?"',
        "同一章节正文中：原文含“收到*申?”（* 至多 20 字，? 恰好一字）",
        "Sections with: exactly “收到*申?” (* is at most 20 characters, ? is one character)",
    ),
    (
        "(微博 OR word:民政) NEAR/9 抖音",
        "同一章节正文中：“微博” 或 word:民政与“抖音”相距至多 9 字",
        "Sections with: “微博” or word:民政 within 9 characters of “抖音”",
    ),
    (
        "requests.new.total>=10",
        "报告的数字“收到和处理政府信息公开申请情况·一、本年新收政府信息公开申请数量·总计” >= 10",
        "the report states “Requests received and handled·1. Requests received this year·Total” >= 10",
    ),
    ("微博 in:tables", "同一章节表格中：含“微博”", "Sections with, in their tables: “微博”"),
    ("微博 in:all", "同一章节正文和表格中：含“微博”", "Sections with, in text or tables: “微博”"),
    ("NOT 微博 unit:report", "同一份报告正文中：不含“微博”", "Reports with: not “微博”"),
    ("year:2014 unit:report", "整份报告：2014 年", "Reports with: year 2014"),
    ("place:临水", "地区“临水”（临水市、临水市河东区）", "place “临水” (临水市, 临水市河东区)"),
    ("place:火星", "地区“火星”（档案中没有这样的地区）", "place “火星” (the archive has no such place)"),
    ("agency:青石", "机关“青石”（青石镇人民政府）", "agency “青石” (青石镇人民政府)"),
    ("agency:火星", "机关“火星”（档案中没有这样的机关）", "agency “火星” (the archive has no such agency)"),
]


@pytest.mark.parametrize(("query", "zh", "en"), READINGS, ids=[row[0] for row in READINGS])
def test_the_interpretation_of_a_query(index: WhooshEngine, query: str, zh: str, en: str) -> None:
    assert index.search(Request(query, language="zh")).reading == zh
    assert index.search(Request(query, language="en")).reading == en


MISSING = [
    ("year", "2015", "2015 年", "year 2015"),
    ("year", "1990..2000", "1990—2000 年", "years 1990–2000"),
    ("section", "plan", "章节“下年打算”", "section “Plans”"),
    ("agency", "临水市水物局", "机关“临水市水物局”", "agency “临水市水物局”"),
    ("agency", CITY, f"机关“{CITY}”", f"agency “{CITY}”"),
    ("place", "临水省", "地区“临水省”", "place “临水省”"),
    ("keyword", "舆晴", "关键词“舆晴”", "keyword “舆晴”"),
    ("form", "prose-2008", "报告格式“2008—2018年（文字报告）”", "form “2008–2018 (prose)”"),
]
"""A value of each field that no section of the archive has."""


@pytest.mark.parametrize(("field", "value", "zh", "en"), MISSING)
def test_the_interpretation_states_that_there_is_no_such_value(
    tmp_path: Path, field: str, value: str, zh: str, en: str
) -> None:
    """Nobody should cite the 0 of a misspelt name."""
    build_index(tmp_path, [report for report in REPORTS if report.year in (2021, None)], AGENCIES, revision=1)
    index, label = open_index(tmp_path), FIELDS[field]
    missing = f"{zh}（档案中没有这样的{label.zh}）", f"{en} (the archive has no such {label.en.lower()})"
    for request in (Request(f"{field}:{value}"), Request(filters={field: (value,)})):
        answers = index.search(request), index.search(replace(request, language="en"))
        for answer, said in zip(answers, missing, strict=True):
            assert answer.total.sections == 0
            assert answer.reading.endswith(said)
            assert answer_json(answer)["reading"] == answer.reading


@pytest.mark.parametrize("field", FIELDS)
def test_the_interpretation_states_nothing_about_a_value_that_exists(index: WhooshEngine, field: str) -> None:
    for value in index.search(Request()).facets[field]:
        asked = UNDATED if value.value is None else str(value.value)
        assert "没有" not in index.search(Request(filters={field: (asked,)})).reading


def test_the_interpretation_names_the_filters(index: WhooshEngine) -> None:
    request = Request("微博", filters={"section": ("problems", "overview"), "year": ("2014",)}, language="zh")
    assert index.search(request).reading == (
        "同一章节正文中：含“微博”。筛选：2014 年；章节“问题及改进” 或 章节“总体情况”"
    )


@pytest.mark.parametrize(
    ("asked", "sections", "reason"),
    [
        ("临水市城市管理局", 14, "the name"),
        ("市容", 14, "part of an earlier name"),
        ("临水城管局", 14, "shortened"),
        ("linshui", 14, "pinyin"),
        ("lss", 14, "initials"),
        (CITY, 14, "the id"),
        ("青石", 6, "part of the name"),
        ("臨水", 14, "traditional"),
    ],
)
def test_an_agency_is_found_by_any_of_its_names(index: WhooshEngine, asked: str, sections: int, reason: str) -> None:
    assert index.search(Request(f'agency:"{asked}"')).total.sections == sections
    assert index.search(Request(filters={"agency": (asked,)})).total.sections == sections


def test_the_json_of_an_answer(index: WhooshEngine) -> None:
    answer = index.search(Request('"应公开尽公开" year:2016', language="zh"))
    document = msgspec.json.decode(msgspec.json.encode(answer_json(answer)))
    assert list(document) == [
        *("query", "reading", "as_of", "total", "facets", "sample", "hits", "readings", "agencies", "did_you_mean")
    ]
    assert document["query"] == '"应公开尽公开" year:2016'
    assert list(document["as_of"]) == ["generation", "reports", "sections", "content", "dictionary", "version"]
    assert document["total"] == {"sections": 1, "reports": 1, "occurrences": 2, "reports_without_figure": None}
    assert document["facets"]["year"] == [{"value": 2016, "label": "2016", "count": 1}]
    (hit,) = document["hits"]
    assert hit.pop("score") > 0
    assert hit == {
        "report": f"{CITY}/2016",
        "agency": CITY,
        "year": 2016,
        "section": "overview",
        "heading": "一、概述",
        "url": f"/reports/{CITY}/2016#overview",
        "title": "临水市城市管理局2016政府信息公开工作年度报告",
        "occurrences": 2,
        "snippets": [
            {"text": "按照国办发〔2016〕80号文件,做到应公开尽公开、应公开尽公开。", "marks": [[19, 25], [26, 32]]}
        ],
    }


def test_the_second_section_of_a_code_has_its_own_address(index: WhooshEngine) -> None:
    assert f"{CITY}/2018#requests-2" in urls(index, '"第二个申请"')


def test_the_address_of_a_report_without_a_year(index: WhooshEngine) -> None:
    assert all(url.startswith(f"{SCHOOL}/undated-") for url in urls(index, "机关:东山大学"))


def test_one_or_two_plain_words_have_other_interpretations(index: WhooshEngine) -> None:
    readings = index.search(Request("民政 信息", filters={"year": ("2014",)})).readings
    assert [(each.kind, each.query) for each in readings] == [
        ("words", "民政 信息"),
        ("exact", '"民政" "信息"'),
        ("whole", "word:民政 word:信息"),
    ]
    for each in readings:
        assert each.total == index.search(Request(each.query, filters={"year": ("2014",)})).total
    assert readings[2].reading == "同一章节正文中：含整词“民政”，并且含整词“信息”"


@pytest.mark.parametrize("query", ['"民政"', "民政 year:2014", "微博 微信 舆情", "民政 OR 微博", "", "微博 in:all"])
def test_other_queries_have_one_interpretation(index: WhooshEngine, query: str) -> None:
    assert index.search(Request(query)).readings == ()


@pytest.mark.parametrize("typed", ["市容", "临水", "linshui", "lss", "環境"])
def test_look_up_of_facet_values(index: WhooshEngine, typed: str) -> None:
    listed = index.search(Request("公开")).facets["agency"]
    assert index.facet(Request("公开"), "agency", typed) == tuple(each for each in listed if each.value == CITY)


def test_look_up_reaches_values_that_are_not_listed(index: WhooshEngine) -> None:
    (found,) = index.facet(Request(filters={"keyword": ("微博",)}), "keyword", "baomishencha")
    assert (found.value, found.count) == ("保密审查", index.search(Request("keyword:保密审查")).total.sections)
    assert index.facet(Request(), "agency", "月球") == ()


def test_a_sample_is_stable_when_reports_are_added(tmp_path: Path) -> None:
    def drawn(count: int) -> list[str]:
        build_index(tmp_path, REPORTS[:count], AGENCIES, revision=count)
        return [hit.url for hit in open_index(tmp_path).search(Request(sample=8, limit=8)).hits]

    before, after = drawn(4), drawn(6)
    assert len({*before}) == len({*after}) == 8
    held = {url for url in after if url.startswith((f"/reports/{CITY}", f"/reports/{TOWN}/2014"))}
    assert held < {*before}


def test_reports_of_unknown_agencies_have_one_name(tmp_path: Path) -> None:
    """The name that one of them has in its text is not that of the others."""
    unknown = [
        replace(report, agency=UNKNOWN_AGENCY, agency_name=None, agency_as_printed=printed)
        for report, printed in zip(REPORTS[:2], ("特公布某局", None), strict=True)
    ]
    build_index(tmp_path, unknown, (), 1)
    answer = open_index(tmp_path).search(Request("agency:不详"))
    assert [(each.value, each.label) for each in answer.facets["agency"]] == [("unknown", "机关不详")]
    assert {hit.agency_name for hit in answer.hits} == {"机关不详"}
