"""The year that a report is on: as printed, by how plainly it is said; or inferred from its neighbours on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.cues.titles import titles_named
from archive.extract.split_reports import ReportDraft
from archive.model import Basis, Block, Notice, SourceSpan
from archive.notices import notice
from archive.text.match import fold
from archive.text.numerals import han_number, han_year
from archive.vocabulary import form_of_year, form_years

_Y = r"(?P<year>[12〇零○二][0-9〇零○o一二三四五六七八九]{3})"
# '编制的2018年度政府信息公开年度报告', '现公布某市人民政府2017年政府信息公开工作年度报告'
_STATED = re.compile(rf"(?:编制|公布|发布|形成|编写)[^。;]{{0,40}}?(?<!\d){_Y}年度?[^。;]{{0,30}}?(报告|年报)")
# '自2024年1月1日至2024年12月31日', '自2017年1月1日起至12月31日止', '2008年5月1日《条例》实施之日起,至2008年12月31日止'
_PERIOD = re.compile(
    rf"{_Y}年(?P<m1>[0-9]{{1,2}})月(?P<d1>[0-9]{{1,2}})日[^。;0-9]{{0,16}}?[到至—-][^。;0-9]{{0,3}}"
    r"(?:(?P<end>20[0-9]{2})年)?(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})日"
)
# '现将我局2016年政府信息公开工作报告如下'
_SUBJECT = re.compile(rf"(?<!\d){_Y}年度?(?:政府|政务)?信息公开(?:工作|情况|年度)")
# '2022年,海淀区…', '2013年度信息公开工作', and at the head of a paragraph '2014年某县公安局…', but not '2008年以来' nor
# '2008年5月1日起': the year in which a sentence sets itself
_SENTENCE_YEAR = re.compile(
    rf"(?:^|[。;,:])(?:截至|截止|至)?{_Y}年(?:度|底|,|我|本|全|共|(?<=^.{{5}})(?=[一-鿿])(?!以来|起|至|开始))"
)
# '2018-2019学年'
_SCHOOL_YEAR = re.compile(rf"[12][0-9]{{3}} ?[-~至]{{1,2}} ?{_Y}学年")
# '〔2021〕30号', '《2018年政务公开工作要点》': not what the report is about
_CITED = re.compile(r"\([12][0-9]{3}\)|《[^》]{0,120}》")
_SIGNED = re.compile(
    r"(?P<y>[0-9〇零○一二三四五六七八九]{4})年(?P<m>[0-9一二三四五六七八九十]{1,3})月(?P<d>[0-9一二三四五六七八九十]{1,3})日"
)
_STAMPED = re.compile(r"(?P<y>20[0-9]{2})[-/年.](?P<m>[0-9]{1,2})[-/月.](?P<d>[0-9]{1,2})")

# So much of the sentences that set themselves in a year must agree before their year is the report's.
_AGREEMENT = 0.6


@dataclass(frozen=True, slots=True)
class DatedReport:
    """What a report says of its own time."""

    year: int | None
    basis: Basis
    period: tuple[date, date] | None
    published_on: date | None
    notices: tuple[Notice, ...] = ()


def date_report(draft: ReportDraft, form: str | None) -> DatedReport:
    """The year as the report prints it, the plainest statement first; contradictions give a `year_conflict`.

    Args:
        draft: the report.
        form: the form that its tables show, if any: a year before the form was made is not the report's.
    """
    paragraphs = [_CITED.sub("", fold(block.text)) for block in draft.blocks if block.text]
    opening = paragraphs[:_OPENING]
    named = [block.text for block in draft.blocks if block.text][:_OPENING]
    period = next((found for text in opening if (found := _period(text))), None)
    stated = [
        ("标题", draft.title.year if draft.title else None),
        ("引言", _first(_STATED, opening)),
        ("统计期限", period[1].year if period else None),
        ("学年", _first(_SCHOOL_YEAR, opening)),
        ("报告名", next((title.year for title in titles_named(named) if title.year), None)),
        ("开头", _first(_SUBJECT, opening)),
        ("正文", _usual_year(paragraphs)),
    ]
    years = [(where, year) for where, year in stated if year and _fits(year, form)]
    year = years[0][1] if years else None
    place = SourceSpan(draft.blocks[0].place.first_line) if draft.blocks else SourceSpan()
    notices = []
    # the running text speaks of other years too: only the plain statements contradict each other
    if len({each for where, each in years if where not in ("开头", "正文")}) > 1:
        notices.append(notice("year_conflict", place, found="、".join(f"{w}{y}年" for w, y in years), year=year))
    return DatedReport(year, "printed" if year else "unknown", period, _published(draft.blocks), tuple(notices))


# The title, the preamble and the first paragraphs: where a report says what it is.
_OPENING = 8


def infer_years(
    datings: Sequence[DatedReport], drafts: Sequence[ReportDraft], forms: Sequence[str | None]
) -> tuple[DatedReport, ...]:
    """Years for reports that consist of tables alone, where their neighbours leave no choice.

    A run of such reports stands between two dated ones on a page that runs one way; just as many years are missing
    between the two; and the form of each fits its year. Each inferred year carries a notice that says so.
    """
    result = list(datings)
    for start, end in _undated_runs(datings, drafts):
        if start == 0 or end == len(datings):
            continue
        before, after = datings[start - 1].year, datings[end].year
        if before is None or after is None or abs(before - after) != end - start + 1:
            continue
        step = 1 if after > before else -1
        years = range(before + step, after, step)
        if all(form is not None and _exactly(year, form) for year, form in zip(years, forms[start:end], strict=True)):
            for index, year in zip(range(start, end), years, strict=True):
                result[index] = _inferred(datings[index], year, drafts[index], before, after)
    return tuple(result)


def _undated_runs(datings: Sequence[DatedReport], drafts: Sequence[ReportDraft]) -> list[tuple[int, int]]:
    undated = [dating.year is None and draft.tables_only for dating, draft in zip(datings, drafts, strict=True)]
    edges = [
        index
        for index in range(len(undated) + 1)
        if (index and undated[index - 1]) != (index < len(undated) and undated[index])
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _inferred(dating: DatedReport, year: int, draft: ReportDraft, before: int, after: int) -> DatedReport:
    why = f"它只有表格，前一份是{before}年，后一份是{after}年，中间恰好缺这几年，表式也相符"
    why_en = (
        f"it consists of tables alone, stands between the reports on {before} and {after}, which leave just the years "
        "between them, and its form fits"
    )
    place = draft.blocks[0].place
    said = notice("inferred_year", place, year=year, why=why, why_en=why_en)
    return DatedReport(year, "inferred", dating.period, dating.published_on, (*dating.notices, said))


def _fits(year: int, form: str | None) -> bool:
    """Whether a report on that year can have the form: a form is not older than its notice."""
    return form is None or year >= form_years(form)[0]


def _exactly(year: int, form: str) -> bool:
    return form_of_year(year) == form


def _first(statement: re.Pattern[str], texts: Sequence[str]) -> int | None:
    return next(
        (year for text in texts for match in statement.finditer(text) if (year := han_year(match["year"]))), None
    )


def _usual_year(texts: Sequence[str]) -> int | None:
    """The year in which most sentences set themselves, None where they do not agree."""
    years = Counter(
        year for text in texts for match in _SENTENCE_YEAR.finditer(text) if (year := han_year(match["year"]))
    )
    if not years:
        return None
    year, count = years.most_common(1)[0]
    return year if count >= _AGREEMENT * years.total() else None


def _period(text: str) -> tuple[date, date] | None:
    match = _PERIOD.search(text)
    first = han_year(match["year"]) if match else None
    if match is None or first is None:
        return None
    try:
        return (
            date(first, int(match["m1"]), int(match["d1"])),
            date(int(match["end"] or first), int(match["m2"]), int(match["d2"])),
        )
    except ValueError:  # 2月30日: a misprint is no period
        return None


def _published(blocks: Sequence[Block]) -> date | None:
    """The date under the report (二〇〇九年三月二十日), else the one that the site stamped above it."""
    lines = [fold(block.text) for block in blocks if block.text]
    for line in reversed(lines[-_SIGNATURE:]):
        if (match := _SIGNED.search(line)) and len(line) <= len(match[0]) + _NAME_BEFORE_DATE:
            year, month, day = han_year(match["y"]), han_number(match["m"]), han_number(match["d"])
            return _date(year, month, day)
    stamped = (stamped_day(line) for line in lines[:_OPENING] if "发布" in line)
    return next((day for day in stamped if day), None)


def stamped_day(text: str) -> date | None:
    """The day in a stamp of the site (2019-03-29 10:24), None where there is none."""
    match = _STAMPED.search(text)
    return _date(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


# A signature stands within the last lines; the agency's name may stand before its date.
_SIGNATURE = 4
_NAME_BEFORE_DATE = 30


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
