from __future__ import annotations

import pytest

from archive.extract.document_type import is_report, not_a_report
from archive.extract.split_reports import split_reports
from archive.notices import message
from archive.tables.detect import recognise
from tests.archive import pages
from tests.archive.pages import blocks, form_report, paragraphs, prose_report, read

OTHERS = [
    (
        ["某市教育局2022年政府信息公开工作年度报告解读", "一、公开情况", "公开了许多。"],
        "解读",
        "an explanation by its title",
    ),
    (["一图读懂某市教育局2022年政府信息公开年度报告", "公开了许多。"], "解读", "in pictures"),
    (
        ["《某市2022年度报告》已编制完成,为便于群众看懂,现解读如下:", "一、总体情况", "不错。"],
        "解读",
        "by its first sentence",
    ),
    (
        ["某市2022年年报说明", "一、编制背景", "为落实条例。", "二、主要内容", "许多。"],
        "怎样编制",
        "the making of a report",
    ),
    (["某市2022年年报说明", "一、年报编制背景", "为落实条例。"], "怎样编制", "the same in other words"),
    (["政府信息公开工作年度报告范文", *prose_report()[1:]], "范文", "a template"),
    (["政府信息公开工作年度报告(参考格式)", *prose_report()[1:]], "范文", "a form to fill in"),
    (
        ["乡镇政务公开工作报告", "现将×年我镇政务公开工作报告如下:", "x镇公开信息xxx条。", "一、概述"],
        "范文",
        "one with blanks for names and numbers",
    ),
    (
        ["关于做好2022年政府信息公开工作年度报告编制工作的通知", "各单位:", "一、总体情况", "应写明。"],
        "通知",
        "a notice",
    ),
    (
        ["关于印发政府信息公开工作年度报告格式的通知", "一、总体情况", "二、主动公开政府信息情况"],
        "通知",
        "prescribing the outline",
    ),
    (
        ["某某办公厅", "关于政府信息公开工作年度报告", "有关事项的通知", "各单位:", "一、抓紧部署"],
        "通知",
        "a notice with a title on two lines",
    ),
    (["各单位:现就做好年度报告编制工作通知如下。", "一、总体情况", "应写明。"], "通知", "a notice by its text"),
    (
        ["现将修订后的年度报告格式印发给你们。", "一、报告内容", "(一)总体情况。"],
        "通知",
        "a notice with the form attached",
    ),
    (
        [*("政府信息公开年报", "政府网站报表", "依申请公开", "法定公开内容", "某市政府信息公开指南"), "特编制本指南。"],
        "指南",
        "a guide below a menu with reports",
    ),
    (
        ["青山镇2022年度政务公开工作总结", "现将全年政务公开工作总结如下:", "一、总体情况", "公开了许多。"],
        "工作总结",
        "a work summary with the first sentence and the first section of a report",
    ),
    (["2021年政务公开工作总结汇编(30篇)", *prose_report()[1:]], "范文", "a collection of summaries"),
    (["青山镇20xx年政务公开工作报告", *prose_report()[1:]], "范文", "a blank in place of the year"),
    (
        ["某省政府信息公开年度报告制度", "第一条 为规范年度报告的编制,制定本制度。", "(一)概述;", "(二)主动公开情况;"],
        "法规",
        "the articles of a regulation on reports",
    ),
    (
        ["现将我区政府信息公开工作自查情况报告如下:", *prose_report()[2:]],
        "自查",
        "a report on checking itself, announced as a report is",
    ),
]
REPORTS = [
    (prose_report(), "prose"),
    (form_report(), "the form"),
    (["某市教育局2015年政府信息公开工作年度报告", "没有情况。"], "a title alone"),
    (["本报告根据《条例》编制。", "没有情况。"], "its first sentence alone"),
    (pages.bars_within(pages.requests(pages.zeros())), "a statutory table alone"),
    (["一、主动公开政府信息情况", "许多。", "二、存在的问题", "少许。"], "two of its sections"),
    ([*prose_report(), "我们还编制了解读材料。"], "a report that mentions explanations"),
    (["青山镇2022年政务公开工作总结", *prose_report()], "a titled report below a link to a work summary"),
    (["政府信息公开自查报告", *prose_report()], "a titled report below a link to a report on checking itself"),
    (["某市教育局2015年政府信息公开工作年度报告", "一、通知公告的公开", "许多。"], "one with a notice in a heading"),
    (["依据《条例》第五十条之规定,制作本报告。", "没有情况。"], "its first sentence in other words"),
    (["现将我局2014年度政府信息公开工作报告如下:"], "only the sentence that announces it"),
    (["现从不足和思路等方面就本年度政府信息公开工作总结如下:"], "the same in other words"),
    (["本报告由情况概述、主动公开情况等部分组成。", "没有情况。"], "its parts listed"),
    (["报告中所列数据的统计期限自2024年1月1日起。"], "the period of its figures"),
    (
        ["一、总体情况", *["我局认真做好政府信息公开工作,按时公开各类信息。"] * 3],
        "its beginning: one section, and every sentence mentions 公开",
    ),
    (
        ["一、政府信息公开总体情况", *["全市政府信息公开工作有序开展。", "新增书柜三个,方便群众查阅资料。"] * 3],
        "one section with 公开 in its heading",
    ),
    (["政府信息公开指南", "依申请公开", *prose_report()], "a report below a menu with a guide"),
    (
        ["政府信息公开指南", "政府信息公开目录", "一、概述", "公开了许多。", "二、主动公开政府信息情况", "三条。"],
        "the beginning of a report below such a menu",
    ),
    (
        ["关于放假的通知", "按照《条例》要求,编制本报告。", "一、概述", "公开了许多。"],
        "a report below a link to a notice",
    ),
    (
        ["(一)主动公开情况。2024年,街道公开信息200条。", "(二)依申请公开情况。没有收到。", "(三)新增书柜三个。"],
        "only the text of its first section",
    ),
    (
        [
            *("某市人民政府办公室关于公布", "某市2009年度政府信息公开工作年度报告的通知", "现予公布。"),
            *("某市2009年度政府信息公开工作年度报告", "特编制本年度报告,数据统计期限自2009年1月1日起。"),
            *("本报告根据《条例》编制。", "一、概述", "做了许多事。"),
        ],
        "a report below the notice that publishes it",
    ),
    (
        [
            "2009年,我们累计主动公开政府信息2662条。",
            "市政府网站设有政府信息公开专栏。",
            "赤岭日报每周公开一次政府信息公开目录。",
        ],
        "its middle: no section, but figures in the first person",
    ),
    (
        [
            *("政策解读", "经济发展", "二、主动公开政府信息的情况", "各机关按照《条例》规定,主动公开政府信息。"),
            "各机关对信息进行了编目,2011年新增主动公开政府信息2662条。",
        ],
        "its middle: one section that is not the first, and the number of the year",
    ),
]
NEITHER = [
    (["天气预报", "明天晴。"], "another page"),
    (["一、概述", "公司概况如下。", "二、存在的问题", "产品单一。"], "another report with similar headings"),
    (["一、主动公开政府信息情况", "许多。"], "one section alone"),
    (
        ["二、主动公开政府信息情况", "行政机关应当主动公开政府信息。", "主动公开政府信息应当及时。"],
        "a section that is not the first, without numbers",
    ),
    (
        ["一、总体情况", *["今年新建学校五所,招收新生三千余人。"] * 5, *["政务公开工作有序开展。"] * 3],
        "a report on all work that mentions 公开",
    ),
    (["姓名 | 电话 |", "某人 | 123 |"], "another table"),
    (["现将2020年政务公开工作要点公布如下:", "加强公开。"], "a plan announced in the same words"),
    (
        ["(一)主动公开。行政机关应当主动公开政府信息。", "(二)依申请公开。公民可以申请公开。"],
        "the law under the same headings",
    ),
    (
        ["(一)公开的主要内容9", "(二)存在的问题20", "(三)信息公开专栏41", "(四)规范依申请公开工作48"],
        "the contents of a book",
    ),
    (
        ["该市去年主动公开政府信息2662条。", "市民可在政府信息公开专栏查阅。", "政务公开受到好评。"],
        "a newspaper with the same figures",
    ),
]


@pytest.mark.parametrize(("lines", "why", "reason"), OTHERS, ids=[case[2] for case in OTHERS])
def test_pages_about_reports_are_no_reports(lines: list[str], why: str, reason: str) -> None:
    refusal = not_a_report(blocks(lines))
    assert refusal is not None
    assert (refusal.code, why in message(refusal, "zh")) == ("no_report", True)
    reading = read(lines)
    assert reading.reports == ()
    assert [notice.code for notice in reading.notices] == ["no_report"]


@pytest.mark.parametrize(("lines", "reason"), REPORTS, ids=[case[1] for case in REPORTS])
def test_evidence_of_a_report(lines: list[str], reason: str) -> None:
    page = recognise(blocks(lines))
    assert not_a_report(page) is None
    assert all(is_report(draft) for draft in split_reports(page))
    assert len(read(lines).reports) == 1


@pytest.mark.parametrize(("lines", "reason"), NEITHER, ids=[case[1] for case in NEITHER])
def test_pages_that_are_no_reports(lines: list[str], reason: str) -> None:
    reading = read(lines)
    assert reading.reports == ()
    assert [message(notice, "zh") for notice in reading.notices] == [
        "页面中没有找到政府信息公开工作年度报告。没有认出任何章节、标题或表格。"
    ]


def test_an_empty_page_is_no_report() -> None:
    assert not_a_report(()) is None
    assert not_a_report(paragraphs("天气很好。")) is None
