"""Draws agencies of every level and kind in real divisions; the same seed gives the same names."""

from __future__ import annotations

import random
from collections.abc import Iterator

from archive.cues.divisions import Division, divisions, path

_NATIONAL = ("国家林草", "国家粮储", "国家档案", "国家文物", "国家邮政", "国家能源", "国家地震", "国家气象")
_OFFICES = (
    *(
        "教育",
        "水务",
        "民政",
        "财政",
        "统计",
        "交通运输",
        "生态环境",
        "住房和城乡建设",
        "农业农村",
        "商务",
        "审计",
        "体育",
    ),
    *("市场监督管理", "医疗保障", "自然资源", "文化和旅游", "应急管理", "司法", "公安", "林业"),
)
_STREETS = ("清泉", "望江", "新桥", "石榴园", "安宁里", "北关", "南湖", "柳林", "东岗", "白塔")
# The kinds of `rules/agencies.toml` beside departments and governments.
_BODIES = ("{street}街道办事处", "{street}镇人民政府", "第{number}中学", "第{number}人民医院", "自来水公司")
_HAN = "一二三四五六七八九"
# Shares of the levels: most agencies are those of counties.
_LEVELS = ("national", *["province"] * 4, *["city"] * 10, *["county"] * 25)


def agency_names(count: int, draw: random.Random) -> list[str]:
    """Returns different names that state their places."""
    by_level: dict[str, list[Division]] = {}
    for division in divisions():
        if division.last_year is None and division.name:
            by_level.setdefault(division.level, []).append(division)
    names = dict.fromkeys(("国家林草局",))
    for name in _names(by_level, draw):
        if len(names) >= count:
            break
        names[name] = None
    return [*names][:count]


def _names(by_level: dict[str, list[Division]], draw: random.Random) -> Iterator[str]:
    while True:
        level = draw.choice(_LEVELS)
        if level == "national":
            yield f"{draw.choice(_NATIONAL)}局"
            continue
        place = "".join(path(draw.choice(by_level[level])))
        kind = draw.random()
        if kind < 0.12:
            yield f"{place}人民政府"
        elif kind < 0.85 or level == "province":
            yield f"{place}{draw.choice(_OFFICES)}{'厅' if level == 'province' else '局'}"
        else:
            body = draw.choice(_BODIES if level == "county" else _BODIES[2:])
            yield place + body.format(street=draw.choice(_STREETS), number=draw.choice(_HAN))
