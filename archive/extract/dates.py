"""Reads the year, the period and the date of a report, or infers the year from its neighbours on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from archive.cues.titles import titles_named
from archive.extract.split_reports import ReportDraft
from archive.model import Basis, Block, Notice, SourceSpan
from archive.notices import notice
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.text.numerals import han_number, han_year
from archive.vocabulary import form_label, form_of_year, form_rule

# '自2024年1月1日至2024年12月31日', '自2017年1月1日起至12月31日止', '2008年5月1日《条例》实施之日起,至2008年12月31日止'
_PERIOD = re.compile(
    r"(?P<year>[12〇零二][0-9〇零o一二三四五六七八九]{3})年(?P<m1>[0-9]{1,2})月(?P<d1>[0-9]{1,2})日[^。;0-9]{0,16}?"
    r"[到至—-][^。;0-9]{0,3}(?:(?P<end>20[0-9]{2})年)?(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})日"
)
# '自2015-1-1起至2015-12-31止', '自201411日起至20141231日止': a whole year, also where the capture lost its marks
_WHOLE_YEAR = re.compile(
    r"(?<!\d)(?P<year>20[0-9]{2})[年./ -]{0,2}0?1[月./ -]{0,2}0?1日?起?[,到至—~-]{1,2}"
    r"(?:(?P=year)[年./ -]{0,2})?12[月./ -]{0,2}31(?!\d)"
)
# '〔2021〕30号', '《2018年政务公开工作要点》': years of other documents
_CITED = re.compile(r"\([12][0-9]{3}\)|《[^》]{0,120}》")
_SIGNED = re.compile(
    r"(?P<y>[0-9〇零一二三四五六七八九]{4})年(?P<m>[0-9一二三四五六七八九十]{1,3})月(?P<d>[0-9一二三四五六七八九十]{1,3})日"
)
_STAMPED = re.compile(r"(?P<y>20[0-9]{2})[-/年.](?P<m>[0-9]{1,2})[-/月.](?P<d>[0-9]{1,2})")
# Paragraphs of the title, the preamble and the beginning of the text, at least.
_OPENING = 8
# Lines at the foot of a report that can be its signature, and characters of the agency's name before its date.
_SIGNATURE = 4
_NAME_BEFORE_DATE = 30
# The year of the text is the one that this share of the dated sentences agrees on.
_AGREEMENT = 0.6
# Running text mentions other years too, so these do not contradict the other statements.
_RUNNING_TEXT = ("开头", "正文")


@dataclass(frozen=True, slots=True)
class DatedReport:
    """A report's year, its period and the date of its publication."""

    year: int | None
    basis: Basis
    period: tuple[date, date] | None
    published_on: date | None
    notices: tuple[Notice, ...] = ()


def date_report(draft: ReportDraft, form: str | None) -> DatedReport:
    """The year as printed, the most explicit statement first; contradictions give a `year_conflict`.

    A year before the form of the report's tables is not that of the report; if it states no other one, the year is
    unknown, with an `early_form`.
    """
    texts = draft.texts
    paragraphs = [_CITED.sub("", fold(text)) for text in texts]
    first_sentence = next((index for index, text in enumerate(paragraphs) if "。" in text), 0)
    opening = paragraphs[: max(_OPENING, first_sentence + 1)]  # the lines of a site can be more
    period = next((period for text in opening if (period := _period(text))), None)
    titles = titles_named(texts[:_OPENING])
    candidates = [
        ("标题", draft.title.year if draft.title else None),
        ("引言", next(_years("stated", opening), None)),
        ("统计期限", period[1].year if period else None),
        ("学年", next(_years("school_year", opening), None)),
        ("报告名", next((title.year for title in titles if title.year), None)),
        ("开头", next(_years("subject", opening), None)),
        ("正文", _usual_year(paragraphs)),
    ]
    first_year = form_rule(form)["first_year"] if form else 0
    printed = [(where, year) for where, year in candidates if year]
    years = [(where, year) for where, year in printed if year >= first_year]
    year = _outvoted(years) or (years[0][1] if years else None)
    place = SourceSpan(draft.place.first_line)
    notices = []
    if form and printed and not years:
        name, name_en = form_label(form, "zh"), form_label(form, "en")
        notices.append(notice("early_form", place, year=printed[0][1], form=name, form_en=name_en))
    if len({each for where, each in years if where not in _RUNNING_TEXT}) > 1:
        notices.append(notice("year_conflict", place, found="、".join(f"{w}{y}年" for w, y in years), year=year))
    return DatedReport(year, "printed" if year else "unknown", period, _published(draft.blocks), tuple(notices))


def _outvoted(years: Sequence[tuple[str, int]]) -> int | None:
    """The year of the opening sentence and the period if nothing else confirms that of the title, else None.

    Sites add titles of their own with the year of publication; a title of the agency agrees with its sentences.
    """
    stated = dict(years)
    titled, opening, period = (stated.get(where) for where in ("标题", "引言", "统计期限"))
    alone = titled is not None and list(stated.values()).count(titled) == 1
    return opening if alone and opening == period else None


def infer_years(
    datings: Sequence[DatedReport], drafts: Sequence[ReportDraft], forms: Sequence[str | None]
) -> tuple[DatedReport, ...]:
    """Adds the years of reports without text if their neighbours determine them.

    A run of such reports must be between two dated ones, as many years must be missing between these two, and the form
    of each report must be the one of its year. Each inferred year has a notice.
    """
    result = list(datings)
    undated = [dating.year is None and draft.tables_only for dating, draft in zip(datings, drafts, strict=True)]
    for is_undated, run in groupby(range(len(datings)), key=undated.__getitem__):
        start, *rest = run
        end = start + len(rest) + 1
        if not is_undated or start == 0 or end == len(datings):
            continue
        before, after = datings[start - 1].year, datings[end].year
        if before is None or after is None or abs(before - after) != end - start + 1:
            continue
        step = 1 if after > before else -1
        years = range(before + step, after, step)
        if all(form == form_of_year(year) for year, form in zip(years, forms[start:end], strict=True)):
            for index, year in zip(range(start, end), years, strict=True):
                result[index] = _inferred(datings[index], year, drafts[index], before, after)
    return tuple(result)


def _inferred(dating: DatedReport, year: int, draft: ReportDraft, before: int, after: int) -> DatedReport:
    why = f"该报告只有表格，位于{before}年与{after}年的报告之间，正好对应其间缺少的年份，报告格式也相符"
    why_en = (
        f"it consists of tables only, lies between the reports on {before} and {after} in place of the years "
        "missing between them, and its form matches"
    )
    inferred = notice("inferred_year", draft.blocks[0].place, year=year, why=why, why_en=why_en)
    return replace(dating, year=year, basis="inferred", notices=(*dating.notices, inferred))


def _years(code: str, texts: Sequence[str]) -> Iterator[int]:
    """The years that the statements of a code in `rules/dates.toml` find."""
    for rule in rulebook("dates.toml")["statement"]:
        if rule["code"] == code:
            matches = (match for text in texts for match in rule["pattern"].finditer(text))
            yield from filter(None, (han_year(match["year"]) for match in matches))


def _usual_year(texts: Sequence[str]) -> int | None:
    """The year of most dated sentences, None if they do not agree."""
    years = Counter(_years("sentence", texts))
    if not years:
        return None
    year, count = years.most_common(1)[0]
    return year if count >= _AGREEMENT * years.total() else None


def _period(text: str) -> tuple[date, date] | None:
    if whole := _WHOLE_YEAR.search(text):
        return date(int(whole["year"]), 1, 1), date(int(whole["year"]), 12, 31)
    match = _PERIOD.search(text)
    year = han_year(match["year"]) if match else None
    if match is None or year is None:
        return None
    first = _date(year, int(match["m1"]), int(match["d1"]))
    last = _date(int(match["end"] or year), int(match["m2"]), int(match["d2"]))
    return (first, last) if first and last else None


def _published(blocks: Sequence[Block]) -> date | None:
    """The date under the report (二〇〇九年三月二十日), or else the site's stamp above it."""
    lines = [fold(block.text) for block in blocks if block.text]
    for line in reversed(lines[-_SIGNATURE:]):
        if (match := _SIGNED.search(line)) and len(line) <= len(match[0]) + _NAME_BEFORE_DATE:
            year, month, day = han_year(match["y"]), han_number(match["m"]), han_number(match["d"])
            return _date(year, month, day)
    stamped = (stamped_day(line) for line in lines[:_OPENING] if "发布" in line)
    return next((day for day in stamped if day), None)


def stamped_day(text: str) -> date | None:
    """The day in a stamp of the site such as 2019-03-29 10:24, None without one."""
    match = _STAMPED.search(text)
    return _date(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    """The date, None for a misprint such as 2月30日."""
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
