from __future__ import annotations

from datetime import date

import pytest

from archive.cues.titles import find_title
from archive.extract.dates import DatedReport, date_report, infer_years
from archive.extract.split_reports import ReportDraft
from archive.model import Block, Table
from tests.archive.pages import FORM, TRIAL, paragraphs

TITLE = "某市教育局政府信息公开工作年度报告"


def draft(*lines: str) -> ReportDraft:
    title = find_title(paragraphs(lines[0]))
    return ReportDraft(title, paragraphs(*(lines[1:] if title else lines)))


PRINTED = [
    (("某市教育局2015年政府信息公开工作年度报告", "一、概述"), 2015, "the title"),
    (("某市教育局二〇一五年政府信息公开工作年度报告", "一、概述"), 2015, "the title in Chinese"),
    ((TITLE, "本报告是由某局编制的2015年度政府信息公开年度报告。"), 2015, "the preamble"),
    ((TITLE, "现公布某局2015年政府信息公开工作年度报告。"), 2015, "the same in another order"),
    ((TITLE, "数据统计期限自2015年1月1日至2015年12月31日。"), 2015, "the period"),
    ((TITLE, "本报告期自2015年1月1日起至12月31日止。"), 2015, "the period with one year"),
    ((TITLE, "自2008年5月1日《条例》实施之日起,至2008年12月31日止。"), 2008, "the first period, from May 2008"),
    ((TITLE, "本报告为2018-2019学年的情况。"), 2019, "an academic year ends in its second"),
    ((TITLE, "自2018年9月1日至2019年8月31日。"), 2019, "a period over two years ends in the second"),
    ((TITLE, "现将我镇2015年政府信息公开工作汇报如下。"), 2015, "the subject of the opening"),
    ((TITLE, "一、概述", "2015年,我局做了许多事。", "2015年度共公开信息3条。"), 2015, "most sentences"),
    ((TITLE, "一、概述", "截至2015年底,共公开信息3条。"), 2015, "a date at the end of the year"),
    ((TITLE, "一、概述", "2015年某县公安局信息公开工作扎实推进。"), 2015, "a paragraph that begins with it"),
    ((TITLE, "编制《某镇2015年政府信息公开工作年度报告》。"), 2015, "the report's title in a sentence"),
    (
        (TITLE, *["首页"] * 12, "下面将2015年某市水利局政府信息公开工作情况汇报如下。"),
        2015,
        "an announcement with the agency, below the lines of a site",
    ),
    (("某局2015年政府信息公開(kāi)工作年度報(bào)告", "一、概述"), 2015, "between pinyin annotations"),
]


@pytest.mark.parametrize(("lines", "year", "reason"), PRINTED, ids=[case[2] for case in PRINTED])
def test_statements_of_the_year(lines: tuple[str, ...], year: int, reason: str) -> None:
    dating = date_report(draft(*lines), None)
    assert (dating.year, dating.basis, dating.notices) == (year, "printed", ())


NEVER = [
    ((TITLE, "一、概述", "做了许多事。"), "no year"),
    ((TITLE, "一、概述", "自至。"), "the year is missing"),
    ((TITLE, "按照《2015年政务公开工作要点》,做了许多事。"), "the name of a document"),
    ((TITLE, "按照国办发〔2015〕22号文件,做了许多事。"), "the number of a document"),
    ((TITLE, "某市教育局", "2016年3月1日"), "the date of the signature"),
    ((TITLE, "一、概述", "2013年,我局成立。", "2014年,搬迁。", "2015年,扩建。"), "sentences that do not agree"),
    ((TITLE, "我局自21010年1月1日至12月31日公开信息。"), "a mistyped year"),
    ((TITLE, "自2015年2月30日至2015年2月31日。"), "invalid days"),
    ((TITLE, "一、概述", "比2014年增加3条。"), "a comparison"),
    ((TITLE, "一、概述", "2008年以来我局公开信息三百条。"), "the first year of a period"),
    ((TITLE, "一、概述", "2004年5月1日起我局开始公开信息。"), "the day of an event"),
]


@pytest.mark.parametrize(("lines", "reason"), NEVER, ids=[case[1] for case in NEVER])
def test_a_year_that_is_not_stated_is_unknown(lines: tuple[str, ...], reason: str) -> None:
    dating = date_report(draft(*lines), None)
    assert (dating.year, dating.basis) == (None, "unknown")


CONFLICTS = [
    (
        ("某局2022年政府信息公开工作年度报告", "统计期限自2021年1月1日至2021年12月31日。"),
        2022,
        "标题2022年、统计期限2021年",
    ),
    (
        ("某局2015年政府信息公开工作年度报告", "本报告是由某局编制的2014年度政府信息公开年度报告。"),
        2015,
        "标题2015年、引言2014年、开头2014年",
    ),
    (
        (
            "某局2012年政府信息公开工作年度报告",
            "现公布2011年度信息公开年度报告。统计期限自2011年1月1日至2011年12月31日。",
        ),
        2011,
        "标题2012年、引言2011年、统计期限2011年、开头2011年",
    ),
    (
        (
            "某局2012年政府信息公开工作年度报告",
            "现公布2011年度信息公开年度报告。统计期限自2011年1月1日至2011年12月31日。",
            "2012年,我局公开信息3条。",
            "2012年,我局收到申请3件。",
        ),
        2012,
        "标题2012年、引言2011年、统计期限2011年、开头2011年、正文2012年",
    ),
]
CONFLICT_IDS = [
    "title and period",
    "title and preamble",
    "title against preamble and period",
    "title and text against preamble and period",
]


@pytest.mark.parametrize(("lines", "year", "found"), CONFLICTS, ids=CONFLICT_IDS)
def test_contradicting_statements_of_the_year(lines: tuple[str, ...], year: int, found: str) -> None:
    dating = date_report(draft(*lines), None)
    assert dating.year == year
    assert [(notice.code, notice.facts["found"], notice.facts["year"]) for notice in dating.notices] == [
        ("year_conflict", found, str(year))
    ]


def test_running_text_on_other_years_is_no_contradiction() -> None:
    dating = date_report(draft("某局2022年政府信息公开工作年度报告", "2021年,我局搬迁。", "2021年,我局扩建。"), None)
    assert (dating.year, dating.notices) == (2022, ())


@pytest.mark.parametrize(("form", "year"), [(None, 2018), (TRIAL, None), (FORM, None)])
def test_a_year_before_the_form_is_not_that_of_the_report(form: str | None, year: int | None) -> None:
    dating = date_report(draft("某局2018年政府信息公开工作年度报告", "一、概述"), form)
    assert dating.year == year
    assert [(each.code, each.facts["year"]) for each in dating.notices] == [] if year else [("early_form", "2018")]


def test_another_year_of_the_report_is_taken_if_the_form_is_not_of_the_first() -> None:
    dating = date_report(draft("某局2018年政府信息公开工作年度报告", "2022年,我局全年公开政府信息3条。"), FORM)
    assert (dating.year, dating.notices) == (2022, ())


PERIODS = [
    ("自2015年1月1日至2015年12月31日", (date(2015, 1, 1), date(2015, 12, 31)), "whole"),
    ("2015年1月1日起至12月31日止", (date(2015, 1, 1), date(2015, 12, 31)), "the year once"),
    ("2018年9月1日—2019年8月31日", (date(2018, 9, 1), date(2019, 8, 31)), "an academic year with a dash"),
    ("2015年2月30日至2015年12月31日", None, "an invalid day"),
    ("2015-1-1起至2015-12-31", (date(2015, 1, 1), date(2015, 12, 31)), "hyphens"),
    ("201511日起至20151231日", (date(2015, 1, 1), date(2015, 12, 31)), "without 年 and 月, which the capture lost"),
    ("20151月1日至12月31日", (date(2015, 1, 1), date(2015, 12, 31)), "without 年 alone"),
    ("2015-1-1至2015-1-7", None, "a week"),
    ("2014-1-1至2015-12-31", None, "two years"),
    ("201511至201512310", None, "other numbers"),
]


@pytest.mark.parametrize(("text", "period", "reason"), PERIODS, ids=[case[2] for case in PERIODS])
def test_the_period(text: str, period: tuple[date, date] | None, reason: str) -> None:
    assert date_report(draft(TITLE, f"统计期限为{text}。"), None).period == period


PUBLISHED = [
    (("某市教育局", "2016年3月1日"), date(2016, 3, 1), "under the report"),
    (("某市教育局二〇〇九年三月二十日",), date(2009, 3, 20), "in Chinese after the name"),
    (("二○一二年十一月三十日",), date(2012, 11, 30), "circles in place of zeros"),
    (("2016年13月1日",), None, "an invalid month"),
    (("会议于2016年3月1日召开,会议强调,各单位要认真做好信息公开工作,不断提高水平。",), None, "a sentence"),
]


@pytest.mark.parametrize(("lines", "day", "reason"), PUBLISHED, ids=[case[2] for case in PUBLISHED])
def test_the_date_of_the_signature(lines: tuple[str, ...], day: date | None, reason: str) -> None:
    assert date_report(draft(TITLE, "一、概述", "做了许多事。", *lines), None).published_on == day


def test_the_stamp_of_the_site_dates_a_report_without_a_signature() -> None:
    stamped = draft(TITLE, "发布时间:2011-03-14 18:20:44", "一、概述", "做了许多事。", "再接再厉。", "完。", "止。")
    assert date_report(stamped, None).published_on == date(2011, 3, 14)


def tables_only() -> ReportDraft:
    return ReportDraft(None, (Block("", table=Table(())),))


def dated(year: int | None) -> DatedReport:
    return DatedReport(year, "printed" if year else "unknown", None, None)


def inferred(years: list[int | None], forms: list[str | None], *, words: int | None = None) -> list[int | None]:
    """The years after inference; undated reports have tables only, except the one at `words`."""
    drafts = [
        tables_only() if year is None and index != words else draft("某句话。") for index, year in enumerate(years)
    ]
    return [dating.year for dating in infer_years([dated(year) for year in years], drafts, forms)]


def test_neighbours_determine_the_year() -> None:
    assert inferred([2022, None, None, None, 2018], [FORM, FORM, TRIAL, TRIAL, None]) == [2022, 2021, 2020, 2019, 2018]
    assert inferred([2018, None, None, 2021], [None, TRIAL, TRIAL, FORM]) == [2018, 2019, 2020, 2021]
    assert inferred([2022, None, 2024], [FORM] * 3) == [2022, 2023, 2024]


NOT_INFERRED = [
    ([2022, None, None, 2018], [FORM, FORM, TRIAL, None], None, "three missing years for two reports"),
    ([2022, None, 2021], [FORM, FORM, FORM], None, "no year is missing"),
    ([2022, None, 2022], [FORM, FORM, FORM], None, "the years of the page are not in order"),
    ([2022, None, None, None, 2018], [FORM, TRIAL, TRIAL, TRIAL, None], None, "a form that does not fit its year"),
    ([2022, None, None, None, 2018], [FORM, None, TRIAL, TRIAL, None], None, "an unknown form"),
    ([None, 2021], [FORM, FORM], None, "nothing before it"),
    ([2021, None], [FORM, FORM], None, "nothing after it"),
    ([2024, None, 2022], [FORM, FORM, FORM], 1, "the report has text"),
    ([None, None], [FORM, FORM], None, "nothing is dated"),
]


@pytest.mark.parametrize(("years", "forms", "words", "reason"), NOT_INFERRED, ids=[case[3] for case in NOT_INFERRED])
def test_no_year_is_inferred(years: list[int | None], forms: list[str | None], words: int | None, reason: str) -> None:
    assert inferred(years, forms, words=words) == years


def test_an_inferred_year_has_its_reason() -> None:
    drafts = [draft("某句话。"), tables_only(), draft("某句话。")]
    _, dating, _ = infer_years([dated(2024), dated(None), dated(2022)], drafts, [FORM] * 3)
    assert dating.basis == "inferred"
    (notice,) = dating.notices
    assert (notice.code, notice.facts["year"]) == ("inferred_year", "2023")
    assert "2024" in notice.facts["why"]
    assert "2022" in notice.facts["why_en"]
