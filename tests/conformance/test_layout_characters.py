"""Blanks and characters that layout puts into a page or a query: each phrase is found in both forms."""

from __future__ import annotations

import pytest

from archive.extract.pipeline import read_source
from archive.model import Source
from indexer.answers.engine import Engine
from indexer.query.request import Request
from tests.cluster.engines import ENGINES, engine_over

PAGE = """清水市民政局2018年政府信息公开工作年度报告
一、概述
通过手机 APP 和微信公众号 “清水发布” 公开，12345 热线转办，R&D 经费，Q＆A 栏目。
政策 （试行） 发布，占比 99.5 %，涉及3 000件。
门⼾网站公开，⻁山、⻳山、⾏政、⼈⺠，\uf9dc冬、隆\U0002f81a。
二、主动公开情况
在葛\U000e0100庄设查阅点，公开栏标有✔\ufe0f标记，并在祁\ufe00门设服务台。
三、依申请公开情况
没有收到申请。
四、存在的主要问题及改进措施
Open data 宣传还不够。
"""
FOUND = [
    (("手机APP", "手机 APP"), 1, "Han and Latin letters"),
    (("公众号“清水发布”公开", "公众号 “清水发布” 公开"), 1, "beside quotation marks"),
    (("12345热线", "12345 热线"), 1, "Han and digits"),
    (("R&D经费", "R&D 经费"), 1, "behind letters with a sign"),
    (("Q＆A栏目", "Q＆A 栏目", "Q&A 栏目"), 1, "full-width signs"),
    (("政策（试行）发布", "政策 (试行) 发布"), 1, "beside brackets"),
    (("占比99.5%", "占比 99.5 %", "99.5％"), 1, "before a percent sign"),
    (("3000件",), 0, "a blank between two numbers is none of layout"),
    (("Open data",), 1, "a blank between two words"),
    (("Opendata",), 0, "which divides them"),
    (("门户网站", "门⼾网站"), 1, "a Kangxi radical"),
    (("虎山", "⻁山"), 1, "a CJK radical"),
    (("龟山",), 1, "another one"),
    (("隆冬", "\uf9dc冬", "隆\U0002f81a"), 2, "compatibility ideographs"),
    (("葛庄", "葛\U000e0101庄"), 1, "a variation selector outside the basic plane"),
    (("标有✔标记", "标有✔\ufe0f标记"), 1, "one of emoji"),
    (("祁门",), 1, "one of ideographs"),
]


@pytest.fixture(scope="module", params=ENGINES)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    reading = read_source(PAGE.encode(), Source("page.txt", "0" * 64, "text/plain"))
    return engine_over(request, tmp_path_factory.mktemp("layout"), reading.reports, reading.agencies)


@pytest.mark.parametrize(("phrases", "occurrences", "reason"), FOUND, ids=[row[2] for row in FOUND])
def test_a_phrase_in_each_form_has_the_same_count(
    found: Engine, phrases: tuple[str, ...], occurrences: int, reason: str
) -> None:
    counts = {phrase: found.search(Request(f"「{phrase}」")).total.occurrences for phrase in phrases}
    assert counts == dict.fromkeys(phrases, occurrences)
