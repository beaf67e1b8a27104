"""Inputs of users, the agencies that they name, and the tolerated difference."""

from __future__ import annotations

import pytest

from archive.agencies.name_forms import other_names, read_question
from archive.agencies.name_search import AgencySearch, is_whole_name
from archive.agencies.name_tolerance import Tolerance
from archive.agencies.search import one_agency
from archive.errors import Ambiguous, NotFound
from archive.model import Agency, Name
from archive.rulebook import rulebook
from archive.text.match import fold_alnum
from tests.like_agencies import AGENCIES

POLICE = Agency("cc-chaoyang-gaj", "长春市朝阳区公安局", (Name("长春市朝阳区公安局"),))
SEARCH = AgencySearch((*AGENCIES, POLICE))
CHAOYANG = ["bj-chaoyang-jyj", "cc-chaoyang-jyj"]
HAIDIAN = ["bj-haidian-jw", "bj-haidian-swj", "bj-haidian-tyj"]
XIHU = ["hz-xihu-jyj"]
WATER = ["bj-haidian-swj"]

NAMED: list[tuple[str, list[str], Tolerance | None, str]] = [
    ("北京市海淀区水务局", WATER, None, "a whole name"),
    ("海淀区水务局", WATER, None, "without the city"),
    ("海淀水务局", WATER, None, "shortened"),
    ("bj-haidian-swj", WATER, None, "the id"),
    ("haidian", HAIDIAN, None, "pinyin of several names"),
    ("HAIDIAN", HAIDIAN, None, "pinyin in capitals"),
    ("haidianqushuiwuju", WATER, None, "pinyin of one name"),
    ("cyqjyj", CHAOYANG, None, "initials of two names"),
    ("haidianqswj", WATER, None, "pinyin, then initials"),
    ("朝阳区教育局", CHAOYANG, None, "two cities have this district: ambiguity stays"),
    ("朝阳区教育局 2018", CHAOYANG, None, "a year behind the name"),
    ("2018 朝阳区教育局", CHAOYANG, None, "a year before the name"),
    ("西湖区教育局2018年报告", XIHU, None, "year and report without blanks"),
    ("西湖区教育局2018年度政府信息公开工作年度报告", XIHU, None, "the usual title of a report"),
    ("西湖区教育局年报", XIHU, None, "annual report without a year"),
    ("西湖区教育局２０１８年", XIHU, None, "full-width digits"),
    ("西湖 教育局 2018", XIHU, None, "blanks inside the name"),
    ("Haidian 2018", HAIDIAN, None, "pinyin with a year"),
    ("annual report of haidian 2018", HAIDIAN, None, "English words around it"),
    ("泉州市教育局", ["qz-jyj"], None, "a whole name before other agencies of the city"),
    ("西湖区教育局", XIHU, None, "the characters of the name alone"),
    ("海定区水务局", WATER, "character", "one wrong character"),
    ("淮淀区水务局", WATER, "character", "the first character is wrong"),
    ("海定水务局", WATER, "character", "one wrong character in a shortened name"),
    ("海淀区水务务局", WATER, "character", "one character too many"),
    ("海店区水务局", WATER, "homophone", "淀 and 店 sound alike"),
    ("朝阳区叫育局", CHAOYANG, "homophone", "教 and 叫 sound alike, in two cities"),
    ("海店去水务局", WATER, "homophone", "two homophones"),
    ("朝阳区教委", CHAOYANG, "alias", "教委 is another name of an education bureau"),
    ("海淀区教委", ["bj-haidian-jw"], None, "教委 shortens 教育委员会, which is exact"),
    ("海淀区教育局", ["bj-haidian-jw"], "alias", "this district has a commission"),
    ("海淀水利局", WATER, "alias", "水利局 is another name of 水务局"),
    ("西湖区卫计委", ["hz-xihu-wjj"], "alias", "the name before 2018"),
    ("西湖区卫生局", ["hz-xihu-wjj"], None, "the name before 2013, whose characters the new name has, too"),
    ("丰泽区卫健委", ["qz-fengze-wjw"], "alias", "the name since 2018"),
    ("水务局海淀区", WATER, "order", "words in another order"),
    ("教育局 西湖", XIHU, "order", "words in another order with a blank"),
    ("haidian shuiwuju", WATER, None, "pinyin of a shortened name in words"),
    ("haidianshuiwuju", WATER, None, "pinyin of a shortened name"),
    ("hdswj", WATER, None, "initials of a shortened name"),
    ("shuiwuju haidian", WATER, None, "pinyin in another order"),
    ("haidian district water", WATER, None, "pinyin and English"),
    ("Haidian Water Affairs Bureau 2018", WATER, None, "English with a word that no rule writes"),
    ("Beijing Haidian District Education Commission", ["bj-haidian-jw"], None, "the English name of the site"),
    ("water bureau", [], None, "English without a place"),
    ("beijing tax", [], None, "a place and no agency"),
    ("海淀区水务局 18年", WATER, None, "two digits of a year"),
    ("海淀区水务局二〇一八年度", WATER, None, "a year in Chinese digits"),
    ("长春市公安局朝阳分局", ["cc-chaoyang-gaj"], "alias", "the branch of a city's bureau in a district"),
    ("changchun chaoyang", ["cc-chaoyang-gaj", "cc-chaoyang-jyj"], None, "a place that a dictionary of words misreads"),
    ("《西湖区教育局2018年政府信息公开工作年度报告》", XIHU, None, "the title of a report in its brackets"),
    ("西湖区教育局 2018年度信息公开年报全文", XIHU, None, "the full text is asked for"),
    ("西湖区教育局2018年政府信息公开年度报告.pdf", XIHU, None, "the name of a file"),
    ("西湖区教育局的年报", XIHU, None, "的 before what is left out"),
    ("西湖区教育局历年年报下载", XIHU, None, "words of a search on the web"),
    ("西湖区教育局 2018 年报", XIHU, None, "年 belongs to the word behind the year"),
    ("西湖区教育厅", XIHU, "alias", "a department (厅) is of a province, a bureau of a district"),
    ("公开", [], None, "a word inside a name is an ordinary word"),
    ("信息公开", [], None, "the subject of all reports"),
    ("政府信息公开工作年度报告", [], None, "nothing but words that are left out"),
    ("办公室", [], None, "an ending of many names"),
    ("局", [], None, "one character"),
    ("hd", [], None, "two letters occur in most names"),
    ("2018", [], None, "a year alone"),
    ("保密审查", [], None, "a phrase of reports"),
    ("厦门市教育局", [], None, "an agency of another city"),
    ("海定区水利部", [], None, "two differences"),
    ("体运局", [], None, "a short input resembles too much"),
    ("x" * 200, [], None, "longer than any name"),
    ("(.*)", [], None, "no pattern of ours"),
]


@pytest.mark.parametrize(("typed", "agencies", "tolerance", "reason"), NAMED, ids=[case[3] for case in NAMED])
def test_agencies_named(typed: str, agencies: list[str], tolerance: Tolerance | None, reason: str) -> None:
    found = SEARCH.named(read_question(typed).words)
    assert [match.agency.id for match in found] == agencies
    assert {match.tolerance for match in found} <= {tolerance}


@pytest.mark.parametrize(
    ("typed", "words", "years"),
    [
        ("海淀区教育局2018年报告", "海淀区教育局", (2018,)),
        ("2017年 2018年度 海淀", "海淀", (2017, 2018)),
        ("海淀 2018 2018", "海淀", (2018,)),
        ("海淀 08年 二零一九", "海淀", (2008, 2019)),
        ("海淀18", "海淀18", ()),
        ("海淀 2016-2018", "海淀", (2016, 2017, 2018)),
        ("海淀2016年至2017年年报", "海淀", (2016, 2017)),
        ("海淀 2018-2016", "海淀 -", (2018, 2016)),
        ("青年宫", "青年宫", ()),
        ("110108", "110108", ()),
        ("haidianreport", "haidianreport", ()),
        ("", "", ()),
    ],
)
def test_years_and_words_beside_a_name(typed: str, words: str, years: tuple[int, ...]) -> None:
    question = read_question(typed)
    assert (question.words, question.years) == (words, years)


TOLERANT = [(typed, agencies, tolerance) for typed, agencies, tolerance, _ in NAMED if tolerance]


@pytest.mark.parametrize(("typed", "agencies", "tolerance"), TOLERANT, ids=[case[0] for case in TOLERANT])
def test_a_tolerated_difference_is_proposed_and_never_taken(
    typed: str, agencies: list[str], tolerance: Tolerance
) -> None:
    with pytest.raises(NotFound) as caught:
        one_agency(typed, [*SEARCH.agencies.values()])
    assert "您是不是找" in caught.value.zh and "Did you mean" in caught.value.en
    assert all(agency in caught.value.zh for agency in agencies)
    assert caught.value.exit_code == 1


def test_exact_matches_come_before_another_usual_name() -> None:
    found = SEARCH.find_all("教委")
    tolerances = [match.tolerance for match in found]
    assert found[0].agency.id == "bj-haidian-jw" and tolerances[0] is None
    assert set(tolerances[1:]) == {"alias"}


def test_ambiguity_is_an_error() -> None:
    with pytest.raises(Ambiguous):
        one_agency("朝阳区教育局", AGENCIES)


@pytest.mark.parametrize(
    ("typed", "is_whole"), [("北京市海淀区水务局", True), ("海淀区水务局", True), ("水务局", False), ("海淀", False)]
)
def test_whole_names(typed: str, is_whole: bool) -> None:  # noqa: FBT001
    assert is_whole_name(typed, SEARCH.agencies["bj-haidian-swj"]) == is_whole


def test_former_names_stand_for_the_new_one_and_not_for_each_other() -> None:
    others = set(other_names("海淀区工商局"))
    assert "海淀区市场监督管理局" in others and "海淀区质监局" not in others


def test_aliases_are_folded_and_each_is_in_one_row() -> None:
    rows = rulebook("agency_search.toml")["alias"]
    names = [name for row in rows for name in (*row["names"], *row.get("former", ()))]
    assert len(names) == len(set(names)) and all(name == fold_alnum(name) for name in names)
