import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cues.section_codes import classify, section_rules
from archive.extract.sections import find_headings, split_sections
from archive.tables.detect import recognise
from archive.vocabulary import section_codes
from tests.archive.pages import bare_lines, bars_behind, paragraphs, proactive, requests, review, zeros
from tests.archive.pages import blocks as page

HEADINGS = [
    heading
    for section in section_rules()
    for row in (*section.get("strong", ()), *section.get("patterns", ()))
    for heading in row["reads"]
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_number_width_and_punctuation_do_not_matter(heading: str) -> None:
    spread = heading if "(" in heading else " ".join(heading)
    for written in (f"三、{heading}", f"(三){heading}", f"3.{heading}", f"{heading}。", spread):
        assert classify(written) == classify(heading)


def test_every_code_has_a_pattern() -> None:
    read = {code for heading in HEADINGS for code in classify(heading)}
    assert read == set(section_codes()) - {"unclassified"}


@given(st.text())
def test_classify_returns_known_codes_for_any_text(text: str) -> None:
    assert set(classify(text)) <= set(section_codes())


OUTLINE = ("总体情况", "主动公开政府信息情况", "依申请公开政府信息情况", "存在的主要问题及改进情况")
CODES = ["overview", "proactive", "requests", "problems"]
STYLES = [
    ("{han}、{name}", "the usual style"),
    ("{han}、 {name}", "a space after the mark"),
    ("{han} 、{name}", "a space before the mark"),
    ("({han}){name}", "brackets alone"),
    ("{sign}{name}", "bracketed signs"),
    ("{number}、{name}", "Arabic numbers"),
    ("{number}．{name}", "with a full-width point"),
    ("{circle}{name}", "circled"),
    ("第{han}部分 {name}", "parts"),
]


def outline(style: str) -> list[str]:
    lines = []
    for number, name in enumerate(OUTLINE, 1):
        place = {"han": "一二三四"[number - 1], "sign": "㈠㈡㈢㈣"[number - 1], "circle": "①②③④"[number - 1]}
        lines += [style.format(number=number, name=name, **place), "这里是本节的内容,不多不少。"]
    return lines


@pytest.mark.parametrize(("style", "reason"), STYLES, ids=[case[1] for case in STYLES])
def test_every_style_of_numbering(style: str, reason: str) -> None:
    sections, notices = split_sections(paragraphs(*outline(style)))
    assert [section.code for section in sections] == CODES
    assert all(len(section.paragraphs) == 1 for section in sections)
    assert notices == ()


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_sections_in_any_order(order: tuple[int, ...]) -> None:
    lines = [f"{'一二三四'[place]}、{OUTLINE[index]}" for place, index in enumerate(order)]
    assert [section.code for section in split_sections(paragraphs(*lines))[0]] == [CODES[index] for index in order]


def test_headings_without_numbers() -> None:
    sections, _ = split_sections(
        paragraphs("引 言", "先说几句。", "概述", "做了许多事。", "主动公开政府信息情况", "公开了许多。")
    )
    assert [(section.code, section.heading) for section in sections] == [
        ("preface", "引 言"),
        ("overview", "概述"),
        ("proactive", "主动公开政府信息情况"),
    ]


TRADITIONAL = [
    (("概述", "主動公開政府信息情況", "依申請公開政府信息情況"), "without numbers"),
    (("一概述", "二主動公開政府信息情況", "三依申請公開政府信息情況"), "without a mark behind the number"),
]


@pytest.mark.parametrize(("headings", "reason"), TRADITIONAL, ids=[case[1] for case in TRADITIONAL])
def test_headings_in_traditional_characters(headings: tuple[str, ...], reason: str) -> None:
    lines = [line for heading in headings for line in (heading, "公開了許多。")]
    sections, _ = split_sections(paragraphs(*lines))
    assert [section.code for section in sections] == ["overview", "proactive", "requests"], reason


def test_sub_headings_belong_to_their_section() -> None:
    lines = [
        "一、概述",
        "(一)组织领导",
        "1.明确分工",
        "一是加强学习",
        "做了许多事。",
        "(二)申请数量",
        "二、主动公开情况",
    ]
    overview, proactive_section = split_sections(paragraphs(*lines))[0]
    assert [paragraph.level for paragraph in overview.paragraphs] == [1, 2, 3, 0, 1]
    assert proactive_section.code == "proactive"


def test_an_unknown_first_section_determines_the_level() -> None:
    lines = ["一、特色亮点", "(一)主动公开情况", "做了许多事。", "(二)依申请公开情况", "没有收到。"]
    assert [heading.text for heading in find_headings(paragraphs(*lines))] == ["一、特色亮点"]


def test_a_numbered_outline_in_the_first_section_has_no_sections() -> None:
    lines = ["(一)主动公开情况", "许多。", "(二)依申请公开情况", "没有。", "(三)政府信息管理情况", "有序。"]
    assert find_headings(paragraphs(*lines)) == ()


def test_a_numbered_sentence_is_running_text() -> None:
    lines = ["一、概述", "1.加强学习,全年举办培训。", "(二)抓好落实。今年以来,工作有序。"]
    (section,) = split_sections(paragraphs(*lines))[0]
    assert [paragraph.level for paragraph in section.paragraphs] == [0, 0]


def test_a_list_of_contents_is_no_section() -> None:
    contents = [f"{'一二三四'[index]}、{name}" for index, name in enumerate(OUTLINE)]
    sections, _ = split_sections(paragraphs("目录", *contents, *outline("{han}、{name}")))
    assert [section.code for section in sections] == ["preface", *CODES]
    assert sections[0].text == "\n".join(["目录", *contents])


def test_a_list_of_contents_with_page_numbers_is_no_section() -> None:
    names = ["一、总体情况", "二、主动公开政府信息情况", "三、存在的问题"]
    contents = [f"{name}……{page}" for page, name in enumerate(names, 1)]
    assert [heading.text for heading in find_headings(paragraphs(*contents, "序。", *names))] == names


def test_a_preface_between_the_list_of_contents_and_the_text() -> None:
    contents = [f"{'一二三四'[index]}、{name}" for index, name in enumerate(OUTLINE)]
    sections, notices = split_sections(paragraphs("目录", *contents, "本报告由某局编制。", *outline("{han}、{name}")))
    assert [section.code for section in sections] == ["preface", *CODES]
    assert notices == ()


def test_sections_that_are_images_are_no_list_of_contents() -> None:
    report = [
        "一、总体情况",
        "做了许多事。",
        "二、主动公开政府信息情况",
        "三、依申请公开情况",
        "四、存在的问题",
        "有不足。",
    ]
    headings = [heading.text for heading in find_headings(paragraphs(*report, *report))]
    assert headings == [line for line in report if "、" in line] * 2


@pytest.mark.parametrize("style", [bars_behind, bare_lines], ids=["cells", "bare lines"])
def test_rows_of_the_table_are_no_headings(style: object) -> None:
    assert callable(style)
    lines = [
        "三、收到和处理政府信息公开申请情况",
        *style(requests(zeros())),
        "四、行政复议、行政诉讼情况",
        *style(review()),
    ]
    sections, notices = split_sections(recognise(page(lines)))
    assert [section.heading for section in sections] == [lines[0], "四、行政复议、行政诉讼情况"]
    assert [[table.kind for table in section.tables] for section in sections] == [["requests"], ["review"]]
    assert notices == ()


def test_tables_without_headings_are_sections_of_their_own() -> None:
    lines = [line for rows in (proactive(), requests(zeros()), review()) for line in bars_behind(rows)]
    sections, _ = split_sections(recognise(page(lines)))
    assert [(section.code, section.heading) for section in sections] == [
        ("proactive", None),
        ("requests", None),
        ("review", None),
    ]
    assert sections[0].place.first_line == 1
    assert sections[-1].place.last_line == len(lines)
    for before, after in itertools.pairwise(sections):
        assert (before.place.last_line or 0) + 1 == after.place.first_line


def test_text_before_the_first_heading_is_the_preface() -> None:
    sections, _ = split_sections(paragraphs("本报告由某局编制。", "一、概述", "做了许多事。"))
    assert [(section.code, section.anchor, section.heading) for section in sections] == [
        ("preface", "preface", None),
        ("overview", "overview", "一、概述"),
    ]


def test_a_second_section_of_a_code_has_an_anchor_of_its_own() -> None:
    lines = ["一、存在的问题", "有不足。", "二、主动公开情况", "有一些。", "三、其他问题", "还有不足。"]
    sections, _ = split_sections(paragraphs(*lines))
    assert [section.anchor for section in sections] == ["problems", "proactive", "problems-2"]


def test_an_unknown_heading_is_kept_and_has_a_notice() -> None:
    lines = ["一、概述", "做了许多事。", "二、特色亮点", "有几个。", "三、存在的问题", "有不足。"]
    sections, notices = split_sections(paragraphs(*lines))
    assert [section.code for section in sections] == ["overview", "unclassified", "problems"]
    assert [(notice.code, notice.facts["heading"], str(notice.place)) for notice in notices] == [
        ("unknown_heading", "二、特色亮点", "3-4")
    ]


def test_a_list_inside_a_section_is_no_heading() -> None:
    lines = [
        "一、概述",
        "做了许多事。",
        "二、存在的问题",
        "一、人手偏紧;",
        "二、经验缺乏。",
        "三、下一步打算",
        "再接再厉。",
    ]
    sections, notices = split_sections(paragraphs(*lines))
    assert [section.code for section in sections] == ["overview", "problems", "plan"]
    assert notices == ()


def test_a_gap_in_the_numbers_has_a_notice() -> None:
    _, notices = split_sections(paragraphs("一、概述", "做了许多事。", "四、存在的问题", "有不足。"))
    assert [(notice.code, notice.facts["heading"], notice.facts["before"]) for notice in notices] == [
        ("heading_order", "四、存在的问题", "1")
    ]


def test_the_text_of_a_section_is_as_printed() -> None:
    lines = ["一、概述", "(一)组织", "做了许多事。"]
    (section,) = split_sections(paragraphs(*lines))[0]
    assert section.text == "\n".join(lines)
    assert (section.place.first_line, section.place.last_line) == (1, 3)


@given(
    st.lists(
        st.sampled_from(["一、概述", "二、主动公开情况", "引言", "三、特色", "(一)组织", "正文一段。", "1.表", "四、"])
    )
)
def test_no_text_is_lost_or_moved(lines: list[str]) -> None:
    sections, _ = split_sections(paragraphs(*lines))
    assert [line for section in sections for line in section.text.split("\n")] == lines
    assert len({section.anchor for section in sections}) == len(sections)
    assert [heading.text for heading in find_headings(paragraphs(*lines))] == [
        section.heading for section in sections if section.heading
    ]
