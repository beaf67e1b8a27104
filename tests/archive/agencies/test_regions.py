"""The regions of an agency, and which of them a query means."""

from __future__ import annotations

import pytest

from archive.agencies.regions import UNKNOWN, doubtful_places, meant_places, place_label, regions_of
from archive.model import Agency, Name

REGIONS: list[tuple[str, str | None, int | None, list[str], str]] = [
    ("海淀区教育局", "海淀区", 2015, ["北京市", "北京市海淀区"], "a county alone, which only one city has"),
    (
        "正定县教育局",
        "正定县",
        2015,
        ["河北省", "河北省石家庄市", "河北省石家庄市正定县"],
        "all levels of a county alone",
    ),
    ("襄樊市教育局", "襄樊市", 2009, ["湖北省", "湖北省襄阳市"], "an earlier name leads to the newest"),
    ("朝阳区教育局", "朝阳区", 2015, ["朝阳区-unknown", UNKNOWN], "a county that two provinces have"),
    ("桥西区教育局", "桥西区", 2021, ["河北省", "河北省桥西区-unknown"], "a county that two cities of a province have"),
    ("河北省桥西区教育局", "河北省桥西区", 2021, ["河北省", "河北省桥西区-unknown"], "the same with its province"),
    (
        "新市区教育局",
        "新市区",
        2020,
        ["新疆维吾尔自治区", "新疆维吾尔自治区乌鲁木齐市", "新疆维吾尔自治区乌鲁木齐市新市区"],
        "one of two is gone in that year",
    ),
    ("新市区教育局", "新市区", 2010, ["新市区-unknown", UNKNOWN], "and was there before"),
    ("新市区教育局", "新市区", None, ["新市区-unknown", UNKNOWN], "a report without a year"),
    (
        "泉州市台商投资区管委会",
        "泉州市台商投资区",
        2014,
        ["福建省", "福建省泉州市", "福建省泉州市台商投资区"],
        "a zone in a city",
    ),
    (
        "苏州工业园区管委会",
        "苏州工业园区",
        2014,
        ["江苏省", "江苏省苏州市", "江苏省苏州市苏州工业园区"],
        "a zone called after its city",
    ),
    ("朝阳经济开发区管委会", "朝阳经济开发区", 2014, ["朝阳经济开发区"], "after one of several"),
    ("临水市河东区教育局", "临水市河东区", 2014, ["临水市", "临水市河东区"], "places that the table lacks"),
    ("市水利局", None, 2014, [UNKNOWN], "a name without a place"),
    ("国家统计局", None, 2014, [], "an agency of no region"),
]


@pytest.mark.parametrize(("name", "place", "year", "regions", "reason"), REGIONS, ids=[case[4] for case in REGIONS])
def test_regions(name: str, place: str | None, year: int | None, regions: list[str], reason: str) -> None:
    assert list(regions_of(Agency("id", name, (Name(name),), place), year)) == regions


KNOWN = [
    *("北京市", "北京市海淀区", "北京市朝阳区", "天津市", "天津市河北区", "吉林省", "吉林省吉林市", "湖北省"),
    *(
        "湖北省襄阳市",
        "河北省",
        "河北省桥西区-unknown",
        "河北省石家庄市",
        "朝阳区-unknown",
        "临水市",
        "临水市河东区",
        UNKNOWN,
    ),
]
MEANT = [
    ("北京", ["北京市"], "a short name"),
    ("河北", ["河北省"], "a province before a district of that name"),
    ("河北区", ["天津市河北区"], "the district by its full name"),
    ("吉林", ["吉林省"], "a province before its city"),
    ("吉林市", ["吉林省吉林市"], "the city by its full name"),
    ("朝阳", ["北京市朝阳区", "朝阳区-unknown"], "all districts of a name, and agencies in one of them"),
    ("朝阳区-unknown", ["朝阳区-unknown"], "the value of a facet means itself"),
    ("北京朝阳", ["北京市朝阳区"], "one of them"),
    ("北京市朝阳区", ["北京市朝阳区"], "in full"),
    ("襄樊", ["湖北省襄阳市"], "an earlier name"),
    ("湖南", [], "a province that the archive lacks: no place that begins so"),
    ("海", ["北京市海淀区"], "the beginning of a part"),
    ("临水", ["临水市", "临水市河东区"], "the beginning of a place that the table lacks"),
    ("河东", ["临水市河东区"], "a part of one"),
    ("unknown", [UNKNOWN], "no region"),
    ("地区不明", [UNKNOWN], "no region, by its label"),
    ("unk", [], "and not by its beginning"),
    ("火星", [], "no place"),
]


@pytest.mark.parametrize(("asked", "places", "reason"), MEANT, ids=[case[2] for case in MEANT])
def test_meant_places(asked: str, places: list[str], reason: str) -> None:
    assert list(meant_places(KNOWN, asked)) == places


DOUBTFUL = [
    ("北京", ["朝阳区-unknown"], "朝阳区 can be the one in 北京"),
    ("吉林", ["朝阳区-unknown"], "or the one in 长春"),
    ("北京市朝阳区", ["朝阳区-unknown"], "or the district itself"),
    ("石家庄", ["河北省桥西区-unknown"], "one of the cities of a province"),
    ("河北", [], "both cities are in the province"),
    ("朝阳区", [], "both districts are meant"),
    ("天津", [], "there is none in 天津"),
    ("火星", [], "no place"),
]


@pytest.mark.parametrize(("asked", "places", "reason"), DOUBTFUL, ids=[case[2] for case in DOUBTFUL])
def test_doubtful_places(asked: str, places: list[str], reason: str) -> None:
    assert list(doubtful_places(KNOWN, asked)) == places


def test_labels() -> None:
    assert [place_label(value, "zh") for value in ("北京市", "朝阳区-unknown", UNKNOWN)] == [
        "北京市",
        "朝阳区（重名，所属不明）",
        "地区不明",
    ]
    assert [place_label(value, "en") for value in ("朝阳区-unknown", UNKNOWN)] == ["朝阳区 (one of several)", "Unknown"]
