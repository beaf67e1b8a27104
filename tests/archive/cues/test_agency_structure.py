"""Names of agencies are recognised by their structure, and what precedes them is cut off."""

from __future__ import annotations

import random

import pytest

from archive.cues.agency_names import slug_of
from archive.cues.agency_structure import Position, name_in
from bench.agency_names import agency_names

CUT = [
    ("标题西藏自治区人民政府", "西藏自治区人民政府", "title", "a label of the site"),
    ("第一篇:青山镇人民政府", "青山镇人民政府", "title", "the number of a chapter"),
    ("1济南市章丘区教育局", "济南市章丘区教育局", "title", "the number of a page"),
    ("12 青山镇", "青山镇", "title", "the number of a page before a town"),
    ("特向社会公布台州电业局", "台州电业局", "text", "the verb that announces the report"),
    ("结合青山镇", "青山镇", "text", "a verb with its object"),
    ("部门年报歙县水利局", None, "title", "words of a report before a division of two characters"),
    ("政务动态泉州市教育局", "泉州市教育局", "title", "a line of the site before a division"),
    ("泉州市人民政府门户网站泉州市教育局", "泉州市教育局", "title", "the name of the site"),
    ("泉州市人民政府泉州市教育局", "泉州市教育局", "title", "the government of the site"),
    ("濟(jì)南市教(jiào)育局", "濟南市教育局", "title", "pinyin annotations"),
]


@pytest.mark.parametrize(("text", "name", "position", "reason"), CUT, ids=[case[3] for case in CUT])
def test_what_precedes_a_name_is_cut_off(text: str, name: str | None, position: Position, reason: str) -> None:
    assert name_in(text, position) == name


WHOLE = [
    ("和平镇", "begins like a conjunction"),
    ("全椒县水利局", "begins like everybody"),
    ("歙县", "a county of two characters"),
    ("国家税务总局济南市税务局", "a body before the division"),
    ("中共泉州市委办公室", "a committee of the party"),
    ("第一师阿拉尔市新开岭镇", "a division of the corps before a city"),
    ("北京市统计局、国家统计局北京调查总队", "two agencies that report together"),
    ("泉州市妇女儿童工作委员会", "work in the name of a committee"),
    ("海关总署(本级机关)", "a note in brackets"),
    ("公安贵池分局", "a division for short"),
    ("台州电业局", "a city for short"),
    ("唐村镇", "a town whose name ends like village and town"),
    ("剑南县扶贫和移民局", "a county that the table lacks, with 南县 in it"),
    ("聊城市", "a city whose name ends like city"),
    ("清河经济开发区财政局", "a department of a zone"),
    ("临江职业学院", "a school"),
    ("大各庄镇", "a town with a word of grammar in its name"),
    ("西柏坡管理局", "an institution without a division, in a title"),
]


@pytest.mark.parametrize(("text", "reason"), WHOLE, ids=[case[1] for case in WHOLE])
def test_a_name_is_kept_whole(text: str, reason: str) -> None:
    assert name_in(text, "title") == text


REFUSED: list[tuple[str, Position, str]] = [
    ("结合学校", "text", "a verb and a common noun"),
    ("领导干部", "title", "people"),
    ("各县区人民政府", "title", "many agencies"),
    ("相关部门", "line", "somebody"),
    ("教育局", "line", "a body without a division"),
    ("党政办公室", "title", "an office inside an agency"),
    ("对泉州市教育局", "text", "a preposition in a sentence"),
    ("泉州市各部门", "title", "all agencies of a city"),
    ("泉州市领导干部", "text", "people of a city"),
    ("泉州市认真贯彻办公室", "text", "half of a sentence"),
    ("泉州市门户网站", "line", "a site"),
    ("开发区(青山街道)", "title", "a zone without a name"),
    ("高等学校", "title", "a kind of schools"),
    ("全区", "title", "everybody"),
    ("西柏坡管理局", "text", "a body without a division, in a sentence"),
]


@pytest.mark.parametrize(("text", "position", "reason"), REFUSED, ids=[case[2] for case in REFUSED])
def test_a_text_without_the_structure_is_refused(text: str, position: Position, reason: str) -> None:
    assert name_in(text, position) is None


@pytest.mark.parametrize("position", ["title", "line", "text"])
def test_generated_names_are_names(position: Position) -> None:
    """Names of all divisions, with towns, streets, departments, schools, hospitals and utilities."""
    names = agency_names(3_000, random.Random(5))  # noqa: S311 (a fixed seed)
    assert [name for name in names if name_in(name, position) != name] == []


def test_a_mirror_and_its_original_have_one_id() -> None:
    assert {slug_of(name) for name in ("西藏自治区人民政府", "西藏自治區人民政府", "西藏自治區(qū)人民政府")} == {
        "xizangzizhiqu-renminzhengfu"
    }
