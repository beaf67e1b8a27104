from __future__ import annotations

import pytest

from archive.extract.page_names import names_around
from archive.model import Block, Page, Source

TITLE = "2015年政府信息公开工作年度报告"

NAMED = [
    (f"{TITLE}-临江市水利局", (), "临江市水利局", "behind the title of the report"),
    (f"临江市水利局 - {TITLE}", (), "临江市水利局", "before it"),
    (f"{TITLE}_临江市水利局门户网站", (), "临江市水利局", "the name of the agency's site"),
    (f"临江市水利局{TITLE}_某某网", (), "临江市水利局", "in the title of the report"),
    ("", ("首页 > 部门信息公开 > 临江市水利局 > 年度报告",), "临江市水利局", "in the breadcrumb"),
    ("", ("您现在的位置:首页>乡镇>青山镇>信息公开年报",), "青山镇", "a town in the breadcrumb"),
]
NAMELESS = [
    (f"{TITLE}-临江市人民政府", (), "the site of a government serves all its agencies"),
    (f"{TITLE}-临江市人民政府门户网站", (), "likewise"),
    (TITLE, (), "no name"),
    ("", ("首页 > 临江市 > 水利局 > 年度报告",), "a bureau without its place"),
    ("", ("首页 > 部门信息公开 > 年度报告",), "no name in the breadcrumb"),
    ("", ("链接 > 临江市水利局",), "no breadcrumb"),
]


def page(title: str, lines: tuple[str, ...]) -> Page:
    metadata = {"title": title} if title else {}
    return Page(Source("page.html", "0" * 64, "text/html"), tuple(map(Block, lines)), metadata=metadata)


@pytest.mark.parametrize(("title", "lines", "name", "reason"), NAMED, ids=[case[3] for case in NAMED])
def test_the_page_names_the_agency(title: str, lines: tuple[str, ...], name: str, reason: str) -> None:
    assert names_around(page(title, lines)) == (name,)


@pytest.mark.parametrize(("title", "lines", "reason"), NAMELESS, ids=[case[2] for case in NAMELESS])
def test_the_page_names_no_agency(title: str, lines: tuple[str, ...], reason: str) -> None:
    assert names_around(page(title, lines)) == ()
