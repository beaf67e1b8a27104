from __future__ import annotations

import pytest

from archive.cues.boilerplate import is_boilerplate, without_boilerplate
from archive.rulebook import rulebook
from tests.archive.pages import blocks, prose_report, read

RULES = [row["pattern"] for row in rulebook("boilerplate.toml")["boilerplate"]]
LINES = [
    ("您访问的链接即将离开“某某区人民政府”门户网站", 0),
    ("是否继续?", 1),
    ("您是否确认继续访问？", 1),
    ("放弃", 1),
    ("您的位置:首页 > 政务公开 > 年报", 2),
    ("当前位置：首页>公开", 2),
    ("首页 > 政府信息公开 > 年度报告", 3),
    ("首页-公开-年报", 3),
    ("扫一扫在手机打开当前页", 4),
    ("[打印本页]", 5),
    ("【关闭】", 5),
    ("字体:[大][中][小]", 6),
    ("字号：大 中 小 打印", 6),
    ("浏览次数:123", 7),
    ("点击量： 45次", 7),
    ("某市教育局2015年政府信息公开工作年度报告.pdf", 8),
    ("附件.docx", 8),
    ("版权所有:某市人民政府", 9),
    ("京ICP备12345号", 9),
    ("网站地图", 9),
    ("URL Source: http://www.example.gov.cn/1.html", 10),
    ("Markdown Content:", 10),
]
KEPT = [
    "一、概述",
    "2015年,我局做了许多事。",
    "某市教育局2015年政府信息公开工作年度报告",
    "附件:统计表",
    "大力推进公开",
    "首页设有专栏,方便群众查阅。",
    "浏览次数逐年上升",
    "确定专人负责",
    "取消收费项目3项",
    "关闭网站2个",
    "主办单位为办公室",
    "中",
    "联系电话:12345",
    "本局网站的位置在首页显著处",
]


@pytest.mark.parametrize(("line", "rule"), LINES, ids=[line for line, _ in LINES])
def test_lines_of_the_site(line: str, rule: int) -> None:
    assert is_boilerplate(line)


def test_every_rule_has_a_line_that_it_eats() -> None:
    assert {rule for _, rule in LINES} == set(range(len(RULES)))


@pytest.mark.parametrize("line", [line for line in KEPT if line != "中"])
def test_lines_of_the_report(line: str) -> None:
    assert not is_boilerplate(line)


def test_only_the_lines_of_the_site_go() -> None:
    page = blocks([*(line for line, _ in LINES), *prose_report(), "打印 | 关闭 |"])
    kept = without_boilerplate(page)
    assert [block.text for block in kept if not block.table] == prose_report()
    assert sum(block.table is not None for block in kept) == 1


def test_the_site_belongs_to_no_report() -> None:
    (report,) = read([*(line for line, _ in LINES), *prose_report(), *(line for line, _ in LINES)]).reports
    assert (report.place.first_line, report.place.last_line) == (len(LINES) + 2, len(LINES) + len(prose_report()))
