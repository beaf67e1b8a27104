"""Suggestions, similar sections, distinctive keywords."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import Agency, Name
from indexer.answers.suggest import KINDS, Kind, Suggester, Suggestion
from indexer.engines.whoosh.build.generations import build_index
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index
from indexer.query.parser import parse
from indexer.query.request import Request
from tests.conformance.reports import CITY, REPORTS, SCHOOL

NAMES = [("舆情", 5), ("网络舆情", 9), ("舆论", 7), ("公开", 3), ("微博", 0), ("工会", 3), ("政务公开", 2)]
SUGGESTER = Suggester(Suggestion("keyword", text, text, count) for text, count in NAMES)


@pytest.mark.parametrize(
    ("typed", "found", "reason"),
    [
        ("舆", ["舆论", "舆情", "网络舆情"], "names that begin with the input first, then by frequency"),
        ("情", ["网络舆情", "舆情"], "inside"),
        ("輿情", ["舆情", "网络舆情"], "traditional"),
        ("yuq", ["舆情", "网络舆情"], "pinyin, from the beginning and from a later syllable on"),
        ("zhengwugk", ["政务公开"], "pinyin, then initials"),
        ("zwgongk", ["政务公开"], "initials, then pinyin"),
        ("wanglyq", ["网络舆情"], "a syllable begun"),
        ("uqing", [], "no syllable begins there"),
        ("YL", ["舆论"], "initials, in capitals"),
        ("g", ["公开", "工会", "政务公开"], "equal ones in the order of the list"),
        (" 微 ", ["微博"], "blanks around it"),
        ("", [], "nothing typed"),
        ("月球", [], "nothing found"),
        ("\n", [], "not the line between two names"),
    ],
)
def test_suggestions(typed: str, found: list[str], reason: str) -> None:
    assert [each.text for each in SUGGESTER.suggest(typed, 9)] == found


def test_the_number_of_suggestions_is_limited() -> None:
    assert [each.text for each in SUGGESTER.suggest("舆", 1)] == ["舆论"]


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("临水城管", "agency", "临水市城市管理局"),
        ("lss", "agency", "临水市城市管理局"),
        ("huanjing", "agency", "临水市城市管理局"),
        ("问题", "section", "问题及改进"),
        ("baomi", "phrase", "保密审查"),
        ("baomi", "keyword", "保密审查"),
        ("zhengfugb", "phrase", "政府公报"),
    ],
)
def test_an_index_suggests_all_kinds(index: WhooshEngine, typed: str, kind: str, text: str) -> None:
    found = index.suggest(typed)
    assert (kind, text) in [(each.kind, each.text) for each in found]
    for each in found:
        total = index.search(Request(each.query)).total
        assert parse(each.query)
        assert each.count == total.sections > 0, "a suggestion has matches"


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_of_suggestion(index: WhooshEngine, kind: Kind) -> None:
    for typed in ("公开", "g", "城市"):
        some = index.suggest(typed, most=99)
        assert index.suggest(typed, most=99, kind=kind) == tuple(each for each in some if each.kind == kind)


def test_a_term_that_does_not_occur_is_not_suggested(index: WhooshEngine) -> None:
    assert not index.search(Request('"不予公开"')).total.sections, "a term of the dictionary"
    assert index.suggest("不予公开") == index.suggest("bygk") == ()


def test_an_agency_is_suggested_by_its_name(index: WhooshEngine) -> None:
    (offered,) = [each for each in index.suggest("lsscsgl") if each.kind == "agency"]
    assert offered.query == "agency:临水市城市管理局"


def test_an_agency_whose_name_is_part_of_another_is_suggested_by_its_id(tmp_path: Path) -> None:
    agencies = [Agency("lin-shui", "临水市水务局", (Name("临水市水务局"),))]
    agencies.append(Agency("lin-shui-site", "临水市水务局工程处", (Name("临水市水务局工程处"),)))
    reports = [replace(REPORTS[0], agency=each.id, agency_name=each.name) for each in agencies]
    build_index(tmp_path, reports, agencies, 1)
    found = open_index(tmp_path)
    offered = {each.text: each.query for each in found.suggest("linshui") if each.kind == "agency"}
    assert offered == {"临水市水务局": "agency:lin-shui", "临水市水务局工程处": "agency:临水市水务局工程处"}
    for query in offered.values():
        assert found.search(Request(query)).total.reports == 1


def test_english_names_of_sections(index: WhooshEngine) -> None:
    assert [each.query for each in index.suggest("prob", "en")] == ["section:problems"]


def test_similar_sections_share_distinctive_words(index: WhooshEngine) -> None:
    address = f"/reports/{CITY}/2014#problems"
    related = index.related(address)
    assert related[0].url == f"/reports/{CITY}/2016#problems"
    assert address not in {hit.url for hit in related}
    assert [hit.score for hit in related] == sorted((hit.score for hit in related), reverse=True)
    assert all(hit.snippets for hit in related)
    assert len(index.related(address, 1)) == 1


@pytest.mark.parametrize("address", ["/reports/nobody/2014#problems", f"/reports/{CITY}/2014#nothing"])
def test_an_unknown_address_has_no_similar_sections(index: WhooshEngine, address: str) -> None:
    assert index.related(address) == ()


def test_distinctive_keywords_are_weighed_by_log_likelihood(index: WhooshEngine) -> None:
    found = index.distinctive(Request(filters={"agency": (SCHOOL,)}))
    total, inside = index.search(Request()).total.sections, 2
    for each in found:
        everywhere = index.search(Request(f"keyword:{each.keyword}")).total.sections
        expected = everywhere * inside / total
        others, others_expected = everywhere - each.count, everywhere - expected
        score = each.count * math.log(each.count / expected)
        score += others * math.log(others / others_expected) if others else 0
        assert (each.expected, each.score) == (round(expected, 2), round(2 * score, 2))
        assert each.count > expected
    assert len(found) > 1


@pytest.mark.parametrize("query", ["", '"登陆月球"'])
def test_all_sections_and_none_have_no_distinctive_keywords(index: WhooshEngine, query: str) -> None:
    assert index.distinctive(Request(query)) == ()
