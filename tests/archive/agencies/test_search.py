from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.agencies.name_search import AgencySearch
from archive.agencies.search import one_agency
from archive.errors import GongkaiError
from archive.model import Agency, Name

HAIDIAN = Agency(
    "haidian",
    "北京市海淀区城市管理指挥中心",
    (Name("北京市海淀区城市管理监督指挥中心", 2008, 2012), Name("北京市海淀区城市管理指挥中心", 2019)),
)
QUANZHOU = Agency("quanzhoushi-jiaoyuju", "泉州市教育局", (Name("泉州市教育局"),))
FENGZE = Agency("fengzequ-jiaoyuju", "泉州市丰泽区教育局", (Name("泉州市丰泽区教育局"),))
TAIZHOU = Agency("taizhoushi-jiaoyuju", "台州市教育局", (Name("臺州市教育局"),))
ALL = (FENGZE, QUANZHOU, HAIDIAN, TAIZHOU)


def find_agencies(wanted: str, agencies: Iterable[Agency]) -> list[Agency]:
    return [match.agency for match in AgencySearch(agencies).find(wanted)]


FOUND = [
    ("quanzhoushi-jiaoyuju", [QUANZHOU], "the id"),
    ("泉州市教育局", [QUANZHOU], "the whole name before names that contain its characters"),
    ("北京市海淀区城市管理监督指挥中心", [HAIDIAN], "a former name"),
    ("海淀", [HAIDIAN], "a part of the name"),
    ("海淀城管指挥中心", [HAIDIAN], "shortened"),
    ("丰泽教育局", [FENGZE], "a shortened name"),
    ("haidian", [HAIDIAN], "an id in pinyin"),
    ("fengze", [FENGZE], "pinyin"),
    ("HAIDIANQU", [HAIDIAN], "pinyin in capitals"),
    ("hdq", [HAIDIAN], "initials"),
    ("台州市教育局", [TAIZHOU], "simplified for traditional"),
    ("泉州市 教育局", [QUANZHOU], "a blank inside"),
    ("教育局", [FENGZE, QUANZHOU, TAIZHOU], "a part of several names"),
    ("厦门", [], "no agency"),
    ("", [], "nothing"),
    ("!!", [], "no word"),
]


@pytest.mark.parametrize(("wanted", "agencies", "reason"), FOUND, ids=[case[2] for case in FOUND])
def test_the_best_matches_come_first(wanted: str, agencies: list[Agency], reason: str) -> None:
    found = find_agencies(wanted, ALL)
    assert [agency.id for agency in found][: len(agencies)] == [agency.id for agency in agencies]
    assert bool(found) == bool(agencies)


@pytest.mark.parametrize(
    ("wanted", "agencies", "reason"), [case for case in FOUND if len(case[1]) == 1], ids=lambda x: None
)
def test_one_agency_is_the_only_best_match(wanted: str, agencies: list[Agency], reason: str) -> None:
    assert one_agency(wanted, ALL) == agencies[0]


@given(st.text(), st.permutations(ALL))
def test_the_order_of_agencies_does_not_matter(wanted: str, agencies: list[Agency]) -> None:
    assert find_agencies(wanted, agencies) == find_agencies(wanted, ALL)


SENTENCES = [
    (
        "教育局",
        ALL,
        "“教育局”可以指几个机关：泉州市丰泽区教育局（fengzequ-jiaoyuju）、泉州市教育局（quanzhoushi-jiaoyuju）、"
        "台州市教育局（taizhoushi-jiaoyuju）。请写全名或编号。",
        "“教育局” can mean several agencies: 泉州市丰泽区教育局 (fengzequ-jiaoyuju), "
        "泉州市教育局 (quanzhoushi-jiaoyuju), 台州市教育局 (taizhoushi-jiaoyuju). Give the whole name or the id.",
    ),
    (
        "厦门",
        (QUANZHOU,),
        "没有叫“厦门”的机关。档案里有：泉州市教育局（quanzhoushi-jiaoyuju）。",
        "No agency is called “厦门”. The archive has: 泉州市教育局 (quanzhoushi-jiaoyuju).",
    ),
    (
        "厦门",
        (),
        "没有叫“厦门”的机关。档案里还没有已知机关的报告，请先 gongkai add。",
        "No agency is called “厦门”. The archive has no report of a known agency; begin with gongkai add.",
    ),
]


@pytest.mark.parametrize(("wanted", "agencies", "zh", "en"), SENTENCES, ids=["several", "none", "empty"])
def test_sentences(wanted: str, agencies: tuple[Agency, ...], zh: str, en: str) -> None:
    with pytest.raises(GongkaiError) as caught:
        one_agency(wanted, agencies)
    assert (caught.value.zh, caught.value.en) == (zh, en)


@pytest.mark.parametrize(
    ("wanted", "zh", "en"),
    [
        (
            "教育局",
            "“教育局”可以指几个机关：第10教育局（a10）、",
            "“教育局” can mean several agencies: 第10教育局 (a10), ",
        ),
        (
            "卫生" * 40,
            f"没有叫“{'卫生' * 30}”的机关。档案里有：",
            f"No agency is called “{'卫生' * 30}”. The archive has: ",
        ),
    ],
)
def test_an_error_names_five_agencies_and_their_number(wanted: str, zh: str, en: str) -> None:
    many = [Agency(f"a{index}", f"第{index}教育局", (Name(f"第{index}教育局"),)) for index in range(10, 99)]
    with pytest.raises(GongkaiError) as caught:
        one_agency(wanted, many)
    assert caught.value.zh.startswith(zh) and "第14教育局（a14） 等 89 个。" in caught.value.zh
    assert caught.value.en.startswith(en) and "第14教育局 (a14) … (89 in all)." in caught.value.en
