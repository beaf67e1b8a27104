"""The agencies that a query names, corrections of queries without matches, and suggestions with a year."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.answers.hints.spelling import Vocabulary
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError
from indexer.query.request import Request
from tests.like_agencies import NAMES, fill


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    home: Path = fill(tmp_path_factory.mktemp("home"))
    return open_index(home)


@pytest.mark.parametrize(
    ("query", "agencies", "years", "reason"),
    [
        ("西湖区教育局2018年报告", ["hz-xihu-jyj"], (2018,), "a name with a year"),
        ("朝阳区教育局 2018", ["bj-chaoyang-jyj", "cc-chaoyang-jyj"], (2018,), "two agencies"),
        ("cyqjyj", ["bj-chaoyang-jyj", "cc-chaoyang-jyj"], (), "initials"),
        ('"海淀区水务局"', ["bj-haidian-swj"], (), "a quotation that is a whole name"),
        ("海淀区水务局 year:2018", ["bj-haidian-swj"], (2018,), "the year as a field"),
        ("海淀区水务局 section:problems", ["bj-haidian-swj"], (), "a field beside a whole name"),
        ('"海淀"', [], (), "a quotation that is part of a name"),
        ("agency:海淀", [], (), "a field alone"),
        ("海淀区水务局 OR 微博", [], (), "an operator"),
        ("海淀区水务局 -微博", [], (), "an exclusion"),
        ("海淀区水务局 2018 微博", ["bj-haidian-swj"], (2018,), "a name beside another word"),
        ("海定区水务局 微博", [], (), "a similar name beside another word"),
        ("朝阳区教育局 微博", [], (), "two agencies beside another word"),
        ("水务局 微博", [], (), "a short name beside another word"),
        ('"海定区水务局"', [], (), "a quotation is not taken for a similar name"),
        ("微博", [], (), "a word of the texts"),
        ("", [], (), "nothing asked"),
    ],
)
def test_agencies_of_a_query(
    alike: WhooshEngine, query: str, agencies: list[str], years: tuple[int, ...], reason: str
) -> None:
    named = alike.search(Request(query)).agencies
    assert ([each.agency for each in named.listed] if named else []) == agencies
    assert named is None or named.years == years
    assert named is None or [each.name for each in named.listed] == [NAMES[each] for each in agencies]


def test_the_year_asked_for_comes_first_and_missing_years_are_named(alike: WhooshEngine) -> None:
    named = alike.search(Request("西湖区教育局 2018")).agencies
    assert named is not None
    assert named.listed[0].reports == ("hz-xihu-jyj/2018", "hz-xihu-jyj/2017", "hz-xihu-jyj/2019")
    named = alike.search(Request("北京市朝阳区教育局 2018")).agencies
    assert named is not None and named.total == 1
    assert named.listed[0].not_held == (2018,)
    assert named.listed[0].reports == tuple(f"bj-chaoyang-jyj/{year}" for year in (2008, 2010, 2014, 2016))


def test_only_the_first_agencies_are_listed(alike: WhooshEngine) -> None:
    named = alike.search(Request("教育")).agencies
    assert named is not None and len(named.listed) == named.total == 5
    assert alike.search(Request("公开", readings=False)).agencies is None, "not computed for files"


@pytest.mark.parametrize(
    ("query", "proposed", "reason"),
    [
        ("微搏", "微博", "a homophone before another word with one different character"),
        ("信息公幵", "信息公开", "one wrong character in a longer string"),
        ("「信息公幵」", '"信息公开"', "in a quotation"),
        ("保密审察机制", "保密审查机制", "a wrong word inside a string"),
        ("weibo", "微博", "pinyin"),
        ("信息公幵 section:problems", "信息公开 section:problems", "a field stays"),
        ("信息公幵 保密审察", "信息公开 保密审查", "two wrong words"),
        ("agency:海定区水务局", "agency:北京市海淀区水务局", "an agency in a field"),
        ("保密 or 信息公开", "保密 OR 信息公开", "an operator in small letters"),
        ("信息公开 not 火星", "信息公开 NOT 火星", "an exclusion in small letters"),
        ("信息公开 1999-2030", "信息公开 year:1999..2030", "a range of years"),
        ("year>=1999 信息公开", "year:1999.. 信息公开", "a comparison with a year"),
        (
            "海淀区水务局 2018年 保密审查",
            "agency:北京市海淀区水务局 year:2018 保密审查",
            "a word in the reports of an agency",
        ),
        ("海淀区水务局 2018-2019 保密审查", "agency:北京市海淀区水务局 year:2018..2019 保密审查", "with years"),
    ],
)
def test_corrections(alike: WhooshEngine, query: str, proposed: str, reason: str) -> None:
    answer = alike.search(Request(query))
    assert answer.total.sections == 0, "a correction is never applied"
    best = answer.did_you_mean[0]
    assert best.query == proposed
    assert alike.search(Request(best.query)).total == best.total and best.total.sections


def test_a_correction_by_several_words_is_proposed_once() -> None:
    assert list(Vocabulary(["信息公开", "公开"]).corrections("政府信息工开")) == ["政府信息公开"]


@pytest.mark.parametrize(
    ("query", "filters", "reason"),
    [
        ("微博", {}, "matches"),
        ("应公开尽公开的火星", {}, "nothing resembles it"),
        ("微搏", {"year": ("1999",)}, "the proposal has no match under the filters"),
        ("NOT 信息公开 信息", {}, "the words match, their combination does not"),
        ('信息公开 "or" 信息', {}, "a quoted operator"),
        ("信息公开 2030-1999", {}, "no range of years"),
        ("or 火星", {}, "an operator without operands"),
    ],
)
def test_no_correction(alike: WhooshEngine, query: str, filters: dict[str, tuple[str, ...]], reason: str) -> None:
    assert alike.search(Request(query, filters=filters)).did_you_mean == ()


@pytest.mark.parametrize(
    ("query", "corrected"),
    [
        ("yaer:2016", "year:2016"),
        ("微博　yaer:2016", "微博　year:2016"),
        ("section:problem", "section:problems"),
        ("year:2015-2018 微博", "year:2015..2018 微博"),
        ("微博 (", None),
        ("火星:1", None),
    ],
)
def test_a_query_error_has_the_corrected_query(query: str, corrected: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.did_you_mean == corrected
    if corrected:
        assert parse(corrected)


@pytest.mark.parametrize(
    ("typed", "line", "kind", "url", "reason"),
    [
        ("2018", "西湖区教育局 2018", "report", "/reports/hz-xihu-jyj/2018", "one agency and one year held"),
        ("2018", "haidian 2018", "report", "/reports/bj-haidian-jw/2018", "pinyin and a year"),
        ("2013", "西湖区教育局 2013", "agency", "/agencies/hz-xihu-jyj", "a year that is not held"),
        ("西湖区教育局", None, "agency", "/agencies/hz-xihu-jyj", "no year"),
        ("海定区水务局", None, "agency", "/agencies/bj-haidian-swj", "one wrong character"),
        ("shuiwu", "微博 shuiwu", "agency", None, "one word among others is a field of the query"),
    ],
)
def test_suggestions_survive_a_year(
    alike: WhooshEngine, typed: str, line: str | None, kind: str, url: str | None, reason: str
) -> None:
    first = alike.suggest(typed, line=line)[0]
    assert (first.kind, first.url) == (kind, url)
    assert first.count == alike.search(Request(first.query)).total.sections > 0
    assert (first.tolerance == "character") == (typed == "海定区水务局")
