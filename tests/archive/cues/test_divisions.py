"""The table of divisions is consistent and names are read by it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from archive.cues.divisions import (
    called,
    divisions,
    is_ambiguous,
    is_vague,
    leading_parts,
    level_of,
    located,
    path,
    place_of,
    states_place,
)
from archive.rules.divisions.derive import level_and_parent, short_name, spans

ROOT = Path(__file__).parents[3]


def test_a_code_and_name_occur_once() -> None:
    rows = [(each.code, each.name) for each in divisions()]
    assert len(rows) == len(set(rows)) > 3500
    assert all(re.fullmatch(r"[1-8][0-9]{5}", code) for code, _ in rows)


def test_every_division_has_a_parent_as_long_as_it_existed() -> None:
    rows = defaultdict(list)
    for each in divisions():
        rows[each.code].append(each)
    for each in divisions():
        assert (each.level == "province") == (each.parent == "")
        if each.parent:
            above = rows[each.parent]
            assert all(wider.contains(each) for wider in above)
            assert min(wider.first_year or 2008 for wider in above) <= (each.first_year or 2008)
            assert max(wider.last_year or 2024 for wider in above) >= (each.last_year or 2024)


def test_nothing_ends_before_it_begins() -> None:
    for each in divisions():
        assert 2008 <= (each.first_year or 2008) <= (each.last_year or 2023) <= 2023, each


def test_the_number_of_provinces_and_of_divisions_today() -> None:
    now = [each for each in divisions() if each.last_year is None]
    counts = {level: sum(each.level == level for each in now) for level in ("province", "city", "county")}
    assert counts["province"] == 34
    assert counts["city"] == 333, "333 地级行政区 in the yearbook of 2023"
    assert 2840 <= counts["county"] <= 2850, "2,843 to 2,846 县级行政区 in the yearbooks of 2021 to 2023"


CHANGES = [
    ("110104", "宣武区", None, 2010, "merged into 西城区"),
    ("110103", "崇文区", None, 2010, "merged into 东城区"),
    ("320612", "通州区", 2009, None, "通州市 becomes a district of 南通"),
    ("420600", "襄樊市", None, 2010, "renamed"),
    ("420600", "襄阳市", 2010, None, "renamed"),
    ("341400", "巢湖市", None, 2011, "a prefecture is dissolved"),
    ("340181", "巢湖市", 2011, None, "and a city of that name founded in 合肥"),
    ("110228", "密云县", None, 2015, "a county becomes a district"),
    ("110118", "密云区", 2015, None, "a county becomes a district"),
    ("371200", "莱芜市", None, 2019, "merged into 济南"),
    ("330103", "下城区", None, 2021, "merged into 拱墅区"),
    ("330113", "临平区", 2021, None, "founded"),
    ("540481", "米林市", 2023, None, "a county becomes a city"),
    ("659012", "白杨市", 2023, None, "founded"),
]


@pytest.mark.parametrize(("code", "name", "first", "last", "reason"), CHANGES, ids=[case[1] for case in CHANGES])
def test_known_changes(code: str, name: str, first: int | None, last: int | None, reason: str) -> None:
    (row,) = (each for each in divisions() if (each.code, each.name) == (code, name))
    assert (row.first_year, row.last_year) == (first, last), reason


SHORT = [
    ("北京市", "北京"),
    ("内蒙古自治区", "内蒙古"),
    ("新疆维吾尔自治区", "新疆"),
    ("香港特别行政区", "香港"),
    ("延边朝鲜族自治州", "延边"),
    ("巴音郭楞蒙古自治州", "巴音郭楞"),
    ("积石山保安族东乡族撒拉族自治县", "积石山"),
    ("东乡族自治县", "东乡"),
    ("浦东新区", "浦东"),
    ("神农架林区", "神农架"),
    ("大兴安岭地区", "大兴安岭"),
    ("歙县", ""),
    ("城区", ""),
]


@pytest.mark.parametrize(("name", "short"), SHORT, ids=[name for name, _ in SHORT])
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_years_are_those_of_the_first_list_with_a_change() -> None:
    lists = {
        2007: {"1": "甲县", "2": "乙县"},
        2008: {"1": "甲县"},
        2009: {"1": "甲市", "3": "丙县"},
        2010: {"1": "甲市"},
    }
    assert list(spans(lists | {2011: {"1": "甲市", "3": "丙县"}})) == [
        ("1", "甲县", None, 2009),
        ("2", "乙县", None, 2008),
        ("1", "甲市", 2009, None),
        ("3", "丙县", 2009, None),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("130000", ("province", "")),
        ("130100", ("city", "130000")),
        ("130102", ("county", "130100")),
        ("110101", ("county", "110000")),
        ("419001", ("county", "410000")),
    ],
)
def test_levels_and_parents(code: str, expected: tuple[str, str]) -> None:
    assert level_and_parent(code, {"130000", "130100", "110000", "410000"}) == expected


def test_the_table_is_loaded_when_it_is_used() -> None:
    program = "import archive.cues.divisions as d; print(d.divisions.cache_info().currsize)"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.split() == ["0"]


PARTS = [
    ("北京市海淀区教育局", ["北京市 110000", "海淀区 110108"], "full names"),
    ("福建泉州市丰泽区教育局", ["福建 350000", "泉州市 350500", "丰泽区 350503"], "a short name before a full one"),
    ("内蒙古呼和浩特市回民区", ["内蒙古 150000", "呼和浩特市 150100", "回民区 150103"], "at the end"),
    (
        "吉林省吉林市昌邑区教育局",
        ["吉林省 220000", "吉林市 220200", "昌邑区 220202"],
        "a city called like its province",
    ),
    ("青岛市市南区教育局", ["青岛市 370200", "市南区 370202"], "a district whose name begins with 市"),
    ("延边州教育局", ["延边州 222400"], "a prefecture in its usual form"),
    ("朝阳区教育局", ["朝阳区 110105 220104"], "a district that two cities have"),
    ("长春市朝阳区教育局", ["长春市 220100", "朝阳区 220104"], "the wider name decides"),
    ("泉州市台商投资区管委会", ["泉州市 350500", "台商投资区"], "a zone that is no division"),
    ("临水市河东区教育局", ["临水市", "河东区"], "a place that the table lacks, and all behind it"),
    ("晋城市城区教育局", ["晋城市 140500", "城区 140502"], "城区 behind its city"),
    ("城区教育局", [], "城区 alone"),
    ("天津市场监管委员会", [], "市场 is not 市"),
    ("泉州市朝阳社区服务中心", ["泉州市 350500"], "a community"),
    ("北京大学", [], "a short name before no place"),
    ("西安区教育局", ["西安区 220403 231005"], "longest names first: not 西安"),
]


@pytest.mark.parametrize(("name", "parts", "reason"), PARTS, ids=[case[2] for case in PARTS])
def test_leading_parts(name: str, parts: list[str], reason: str) -> None:
    found = [" ".join((part.text, *(each.code for each in part.meanings))) for part in leading_parts(name)]
    assert found == parts
    assert place_of(name) == ("".join(part.split()[0] for part in parts) or None)


def test_a_place_can_be_the_whole_name() -> None:
    assert [place_of(name) for name in ("昭通市", "某某实验区")] == ["昭通市", "某某实验区"]


def test_a_place_has_no_pinyin_annotations() -> None:
    assert place_of("西藏自治區(qū)人民政府") == "西藏自治區"


CALLED = [
    ("河北", {"130000", "120105"}, "a province and a district for short"),
    ("河北石家庄", {"130100"}, "a short name behind another"),
    ("北京朝阳区", {"110105"}, "a full name behind a short one"),
    ("黑龙江牡丹江西安", {"231005"}, "three"),
    ("火星", set(), "no division"),
    ("上海石家庄", set(), "not within the first"),
    ("石" * 500, set(), "too long for a name"),
]


@pytest.mark.parametrize(("name", "codes", "reason"), CALLED, ids=[case[2] for case in CALLED])
def test_called(name: str, codes: set[str], reason: str) -> None:
    assert {each.code for each in called(name)} == codes


LOCATED = [
    ("巢湖市", 2009, ["安徽省巢湖市"], "the prefecture"),
    ("巢湖市", 2015, ["安徽省合肥市巢湖市"], "the city in 合肥 after it"),
    ("巢湖市", None, ["安徽省合肥市巢湖市"], "without a year the newest"),
    ("庐江县", 2009, ["安徽省巢湖市庐江县"], "a county moves"),
    ("庐江县", 2011, ["安徽省合肥市庐江县"], "in the year of the move"),
    ("宣武区", 2009, ["北京市宣武区"], "before it was abolished"),
    ("宣武区", 2015, ["北京市宣武区"], "after: a name of an earlier time"),
    ("襄樊市", None, ["湖北省襄阳市"], "an earlier name"),
    ("通州区", 2007, ["北京市通州区"], "before there was another"),
    ("通州区", 2012, ["北京市通州区", "江苏省南通市通州区"], "after"),
    ("桥西区", 2021, ["河北省石家庄市桥西区", "河北省张家口市桥西区"], "after the third one was renamed"),
    ("广州", None, ["广东省广州市"], "a short name"),
    ("火星", None, [], "no division"),
]


@pytest.mark.parametrize(("place", "year", "paths", "reason"), LOCATED, ids=[case[3] for case in LOCATED])
def test_located(place: str, year: int | None, paths: list[str], reason: str) -> None:
    assert ["".join(path(each)) for each in located(place, year)] == paths


VAGUE = [
    ("朝阳区教育局", "in 北京 and 长春"),
    ("鼓楼区教育局", "in four cities"),
    ("双桥区教育局", "in 承德, and in 重庆 until 2011"),
    ("郊区教育局", "beside many cities"),
    ("城区教育局", "in many cities"),
    ("高新区教育局", "a zone that every city has"),
    ("经济技术开发区管理委员会", "a zone that every city has"),
    ("城关镇人民政府", "a town"),
    ("市水利局", "no place"),
]
CERTAIN = [
    ("海淀区教育局", "one in China"),
    ("长春市朝阳区教育局", "with its city"),
    ("庐江县教育局", "the same county in two cities, one after the other"),
    ("青石县水务局", "a county that the table lacks"),
    ("教育部", "national"),
    ("泉州市教育局", "a city"),
    ("海门经济技术开发区管委会", "a zone that is called after its county"),
]


@pytest.mark.parametrize(("name", "reason"), VAGUE, ids=[name for name, _ in VAGUE])
def test_vague_names(name: str, reason: str) -> None:
    assert is_vague(name), reason


@pytest.mark.parametrize(("name", "reason"), CERTAIN, ids=[name for name, _ in CERTAIN])
def test_names_that_are_not_vague(name: str, reason: str) -> None:
    assert not is_vague(name), reason
    assert states_place(name), reason


def test_ambiguity_is_computed_from_the_years() -> None:
    old, new = called("庐江县")
    assert not is_ambiguous([old, new])
    assert is_ambiguous([*called("鼓楼区")])


LEVELS = [
    ("邹城市教育局", "county", "a city of county level"),
    ("济源市财政局", "county", "a city that belongs to no prefecture"),
    ("泉州市教育局", "city", "a prefecture"),
    ("青岛市市南区教育局", "county", "a district whose name begins with 市"),
    ("安阳市红旗渠管理局", "city", "旗 in another word"),
    ("内蒙古教育厅", None, "a short name before no place"),
    ("福建省教育厅", "province", "a province"),
    ("泉州市台商投资区管委会", "county", "a zone"),
    ("朝阳区教育局", "county", "whichever it is"),
]


@pytest.mark.parametrize(("name", "level", "reason"), LEVELS, ids=[case[2] for case in LEVELS])
def test_levels(name: str, level: str | None, reason: str) -> None:
    assert level_of(name) == level
