import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cues.titles import find_title, read_title
from tests.archive.pages import blocks, paragraphs

TITLES = [
    ("某市教育局2015年政府信息公开工作年度报告", "某市教育局", 2015, "the usual title"),
    ("某市教育局2015年度政府信息公开工作报告", "某市教育局", 2015, "年度 with the year"),
    ("2015年某市教育局政府信息公开工作年度报告", "某市教育局", 2015, "year first"),
    ("某镇2010年政府信息公开年报", "某镇", 2010, "年报"),
    ("某市教育局二〇一九年政府信息公开工作年度报告", "某市教育局", 2019, "the year in Chinese"),
    ("某市教育局二○一二年政府信息公开年度报告", "某市教育局", 2012, "circles in place of zeros"),
    ("某市教育局政府信息公开工作年度报告(2015年)", "某市教育局", 2015, "the year in brackets at the end"),
    ("某市教育局政府信息公开工作年度报告（2015年度）", "某市教育局", 2015, "full-width brackets"),
    ("某市教育局(2013)年度政府信息公开工作报告", "某市教育局", 2013, "only the year's digits in brackets"),
    ("某大学2018-2019学年信息公开工作年度报告", "某大学", 2019, "an academic year ends in its second year"),
    ("某大学2018-2019学年度信息公开年度报告", "某大学", 2019, "学年度"),
    ("某市教育局关于2016年政府信息公开工作情况的报告", "某市教育局", 2016, "关于…的报告"),
    ("某市教育局關於2016年政府信息公開工作年度報告", "某市教育局", 2016, "traditional"),
    ("标题:某市教育局2016年政府信息公开工作年度报告", "某市教育局", 2016, "a label of the site before it"),
    ("某市教育局2016年政府信息公开工作年度报告-某某网", "某市教育局", 2016, "the name of the site after it"),
    ("２０１６年某市教育局政府信息公开工作年度报告", "某市教育局", 2016, "full-width digits"),
    ("某市氣象局2016年政府信息公開工作報(bào)告", "某市氣象局", 2016, "a pinyin annotation in the subject"),
    (
        "某市農(nóng)業(yè)局2016年政府信息公开工作年度报告",
        "某市農(nóng)業(yè)局",
        2016,
        "pinyin annotations in the name",
    ),
    ("example.org某某镇2016年政府信息公开工作年度报告", "某某镇", 2016, "the domain of a mirror before it"),
    ("某市教育局本年度政府信息公开工作年度报告", "某市教育局", None, "the year in a word"),
    ("某市教育局上一年度政府信息公开工作年度报告", "某市教育局", None, "a word of three signs"),
    ("去年某市教育局政府信息公开工作年度报告", "某市教育局", None, "a word of time before the name"),
    ("某市教育局关于近年来政府信息公开工作情况的报告", "某市教育局", None, "a word of time after 关于"),
    ("关于本年度某市教育局政府信息公开工作情况的报告", "某市教育局", None, "a word of time between 关于 and the name"),
    ("某市教育局年终政府信息公开工作报告", "某市教育局", None, "年终"),
    ("某市教育局第一季度政府信息公开工作报告", "某市教育局", None, "a quarter"),
    ("某市教育局年政府信息公开工作年度报告", "某市教育局", None, "年 whose digits were lost"),
    ("历年政府信息公开年度报告", None, None, "a word of time alone is no name"),
    ("万年县教育局本年政府信息公开工作年度报告", "万年县教育局", None, "年 in the name of a place"),
    ("共青团某市青少年宫政府信息公开工作年度报告", "共青团某市青少年宫", None, "年 inside a name"),
    ("2016年政府信息公开工作年度报告", None, 2016, "without an agency"),
    ("某市教育局政府信息公开工作年度报告", "某市教育局", None, "without a year"),
    ("政府信息公开工作年度报告", None, None, "with neither"),
    ("2016年度政务公开工作报告", None, None, "政务公开 alone is another type of report"),
]
NONE = [
    ("某市教育局2016年政府信息公开工作年度报告解读", "about a report"),
    ("一图读懂某市教育局2016年政府信息公开工作年度报告", "an infographic about a report"),
    ("关于做好2016年政府信息公开工作年度报告编制工作的通知", "a notice on writing reports"),
    ("政府信息公开工作年度报告范文", "a template"),
    ("现公布某市教育局2016年政府信息公开工作年度报告。", "a sentence"),
    ("根据《条例》,编制2016年政府信息公开工作年度报告", "a sentence without a full stop"),
    ("详见《2016年政府信息公开工作年度报告》", "the title of a document in running text"),
    ("政府信息公开2015年、2016年政府信息公开工作年度报告", "a list of two years"),
    ("政府信息公开指南", "another page of the same column"),
    ("政府工作报告", "another type of report"),
    ("某" * 80 + "2016年政府信息公开工作年度报告", "too long for a title"),
    ("", "an empty line"),
]


@pytest.mark.parametrize(("text", "agency", "year", "reason"), TITLES[:-1], ids=[case[3] for case in TITLES[:-1]])
def test_parts_of_a_title(text: str, agency: str | None, year: int | None, reason: str) -> None:
    title = read_title(text)
    assert title is not None
    assert (title.text, title.agency, title.year) == (text, agency, year)


@pytest.mark.parametrize(("text", "reason"), NONE, ids=[case[1] for case in NONE])
def test_lines_that_are_no_titles(text: str, reason: str) -> None:
    assert read_title(text) is None


def test_a_report_on_open_administration_is_another_document() -> None:
    assert read_title(TITLES[-1][0]) is None


@pytest.mark.parametrize("year", range(2008, 2030))
def test_every_year_of_reports(year: int) -> None:
    title = read_title(f"某县水务局{year}年政府信息公开工作年度报告")
    assert title is not None
    assert (title.agency, title.year) == ("某县水务局", year)


@pytest.mark.parametrize(
    ("lines", "agency", "year", "count", "reason"),
    [
        (["某市人民政府", "2015年政府信息公开工作年度报告"], "某市人民政府", 2015, 2, "the agency on a line above"),
        (["某市人民政府", "2015年", "政府信息公开工作年度报告"], "某市人民政府", 2015, 3, "three lines"),
        (["某市教育局2015年政府信息", "公开工作年度报告"], "某市教育局", 2015, 2, "broken inside a word"),
        (["某市教育局政府信息公开工作年度报告", "(2015年)"], "某市教育局", 2015, 2, "the year below in brackets"),
        (["某市教育局2015年政府信息公开工作年度报告", "一、概述"], "某市教育局", 2015, 1, "a heading below it"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_titles_over_lines(lines: list[str], agency: str, year: int, count: int, reason: str) -> None:
    title = find_title(paragraphs(*lines))
    assert title is not None
    assert (title.agency, title.year, title.blocks) == (agency, year, count)
    assert title.text == "".join(lines[:count])


@pytest.mark.parametrize(
    "line",
    ["政务动态", "引言", "年度报告", "网站导航", "某县人民政府办公室", "(此件主动公开)", "文号: 公开日期: 2010-05-10"],
)
def test_a_line_of_the_site_above_a_title_is_not_part_of_it(line: str) -> None:
    title = "某市教育局2015年政府信息公开工作年度报告"
    assert find_title(paragraphs(line, title)) is None
    assert find_title(paragraphs(title, line)) == read_title(title)


def test_a_title_does_not_span_a_table_or_a_paragraph() -> None:
    assert find_title(blocks(["某市人民政府 | 2015年 |", "政府信息公开工作年度报告"])) is None
    assert (
        find_title(paragraphs("为保障公众的知情权,我们做了许多事,在此一一说明。" * 3, "政府信息公开工作年度报告"))
        is None
    )
    assert find_title([]) is None


@given(st.text(st.sampled_from("某市局2015年度政府信息公开工作报告(-)、关于的")))
def test_agency_and_year_occur_in_the_title(text: str) -> None:
    title = read_title(text)
    if title and title.agency:
        assert title.agency in text
