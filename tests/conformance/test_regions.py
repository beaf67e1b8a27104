"""Regions of agencies with real places: facets, queries and what an answer says of places that it cannot tell."""

from __future__ import annotations

import pytest

from archive.model import Agency, Name
from indexer.answers.engine import Engine
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer
from tests.cluster.engines import ENGINES, engine_over
from tests.conformance.agreement import agree
from tests.conformance.reports import Places, make_report
from tests.conformance.truth import Truth

PLACES: Places = {
    "beijing-haidian": ("北京市", "北京市海淀区"),
    "changchun-chaoyang": ("吉林省", "吉林省长春市", "吉林省长春市朝阳区"),
    "chaoyang": ("朝阳区-unknown", "unknown"),
    "hebei": ("河北省",),
    "qiaoxi": ("河北省", "河北省桥西区-unknown"),
    "tianjin-hebei": ("天津市", "天津市河北区"),
    "xiangfan": ("湖北省", "湖北省襄阳市"),
    "zhengding": ("河北省", "河北省石家庄市", "河北省石家庄市正定县"),
}
"""The regions of each agency, as a reader of its name and an atlas has them."""
NAMED = {
    "beijing-haidian": "海淀区",
    "changchun-chaoyang": "长春市朝阳区",
    "chaoyang": "朝阳区",
    "hebei": "河北省",
    "qiaoxi": "桥西区",
    "tianjin-hebei": "天津市河北区",
    "xiangfan": "襄樊市",
    "zhengding": "正定县",
}
AGENCIES = tuple(Agency(id_, f"{place}教育局", (Name(f"{place}教育局"),), place) for id_, place in NAMED.items())
REPORTS = tuple(
    make_report(agency.id, agency.name, 2016, [("overview", "一、概述", ["公开信息。"])]) for agency in AGENCIES
)


@pytest.fixture(scope="module", params=ENGINES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Truth]:
    engine = engine_over(request, tmp_path_factory.mktemp("regions"), REPORTS, AGENCIES)
    return engine, Truth(REPORTS, AGENCIES, Tokenizer(), PLACES)


def test_every_region_clicked_gives_its_count(archive: tuple[Engine, Truth]) -> None:
    engine, truth = archive
    facet = engine.search(Request()).facets["place"]
    assert {value.value for value in facet} == {place for places in PLACES.values() for place in places}
    for value in facet:
        answer = agree(engine, truth, Request(filters={"place": (str(value.value),)}, limit=100))
        assert answer.total.sections == value.count, value


ASKED = [
    ("place:河北", ["hebei", "qiaoxi", "zhengding"], "a province holds all below it, and no 河北区"),
    ("place:北京", ["beijing-haidian"], "a county whose name prints no province"),
    ("place:石家庄", ["zhengding"], "a city holds its counties"),
    ("place:襄阳", ["xiangfan"], "the newest name"),
    ("place:襄樊市", ["xiangfan"], "an earlier name"),
    ("place:朝阳区", ["changchun-chaoyang", "chaoyang"], "every district of a name"),
    ("place:朝阳区-unknown", ["chaoyang"], "the value of the facet alone"),
    ("place:unknown", ["chaoyang"], "regions that cannot be told"),
    (
        "NOT place:吉林",
        ["beijing-haidian", "chaoyang", "hebei", "qiaoxi", "tianjin-hebei", "xiangfan", "zhengding"],
        "not",
    ),
    ("place:湖南", [], "none"),
]


@pytest.mark.parametrize(("query", "agencies", "reason"), ASKED, ids=[case[2] for case in ASKED])
def test_a_region_holds_what_is_below_it(
    archive: tuple[Engine, Truth], query: str, agencies: list[str], reason: str
) -> None:
    answer = archive[0].search(Request(query, limit=100))
    assert sorted(hit.url.split("/")[2] for hit in answer.hits) == agencies
    assert answer.total.reports == len(agencies)


READINGS = [
    (
        "place:北京",
        "地区“北京”（北京市；不含朝阳区（重名，所属不明））",
        "place “北京” (北京市; without 朝阳区 (one of several))",
    ),
    (
        "place:辽宁",
        "地区“辽宁”（档案中没有这样的地区）",
        "place “辽宁” (the archive has no such place)",
    ),
    (
        "place:石家庄",
        "地区“石家庄”（河北省石家庄市；不含河北省桥西区（重名，所属不明））",
        "place “石家庄” (河北省石家庄市; without 河北省桥西区 (one of several))",
    ),
    ("place:unknown", "地区“地区不明”", "place “Unknown”"),
    ("place:朝阳区-unknown", "地区“朝阳区（重名，所属不明）”", "place “朝阳区 (one of several)”"),
]


@pytest.mark.parametrize(("query", "zh", "en"), READINGS, ids=[case[0] for case in READINGS])
def test_an_answer_says_which_places_it_leaves_out(archive: tuple[Engine, Truth], query: str, zh: str, en: str) -> None:
    assert archive[0].search(Request(query, language="zh")).reading == zh
    assert archive[0].search(Request(query, language="en")).reading == en
