"""A phrase across a line break of the source: pages as they are captured, through the readers, into an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from archive.extract.pipeline import read_source
from archive.model import Source
from indexer.engines.whoosh.build.generations import build_index
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.index import open_index
from indexer.query.request import Request

TITLE = "青石县水务局2016年政府信息公开工作年度报告"
OVERVIEW = (
    "2016年，我局落实条例，以公开为常态、不公开为例外，推进决策公开、执行公开、管理公开、服务公开和结果公开，"
    "回应社会关切，保障公民、法人和其他组织依法获取政府信息的权利，工作的透明度有所提高，群众的满意度也有所提高。"
)
PROACTIVE = (
    "全年主动公开政府信息十五件，其中门户网站公开十件，政务微博公开三件，微信公众号公开两件，内容有机构职能、规划计划、"
    "行政许可、财政预算决算、政府采购和水价调整，可以在网站查阅，也可以到县档案馆和县图书馆的查阅点查阅和抄录。"
)
PROBLEMS = (
    "公开的内容还不够全，更新还不够快，解读还不够多，从事这项工作的人员少、变动多，对条例的学习也不够系统，下一年"
    "将充实人员，组织培训，按月检查各科室应当公开的信息，把群众最关心的水质、水价和停水通知放在网站最显著的位置。"
)
PARAGRAPHS = (OVERVIEW, PROACTIVE, PROBLEMS)
HEADINGS = ("一、概述", "二、主动公开政府信息情况", "三、存在的问题")
REPORT = (TITLE, *(part for pair in zip(HEADINGS, PARAGRAPHS, strict=True) for part in pair))
WIDTH = 36
"""Characters of a line; the first one of a paragraph is set in by two."""


def lines(paragraph: str) -> list[str]:
    """A paragraph as a page of fixed width prints it."""
    whole = f"\u3000\u3000{paragraph}"
    return [whole[start : start + WIDTH] for start in range(0, len(whole), WIDTH)]


def html(body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><div>{body}</div></body></html>"


def within(mark: str) -> Callable[[Sequence[str]], str]:
    """HTML whose paragraphs hold a mark at the end of each line."""
    return lambda paragraphs: html("".join(f"<p>{mark.join(lines(each))}</p>" for each in paragraphs))


SOURCES: list[tuple[str, Callable[[Sequence[str]], str], str]] = [
    ("text", lambda paragraphs: "\n".join(line for each in paragraphs for line in lines(each)), "a text page"),
    ("html", lambda paragraphs: html("<br>\n".join(line for each in paragraphs for line in lines(each))), "<br> alone"),
    ("html", within("<br/>"), "<br> inside paragraphs"),
    ("html", within("\n"), "a line break that HTML does not show"),
    ("html", within("\n\t  "), "and one with an indent"),
    ("html", within("</span><span>"), "inline elements"),
    ("html", within("\u200b"), "zero-width spaces"),
]


@pytest.fixture(params=SOURCES, ids=[f"{kind}: {reason}" for kind, _, reason in SOURCES])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> WhooshEngine:
    kind, written, _ = request.param
    reading = read_source(written(REPORT).encode(), Source(f"page.{kind}", "0" * 64, f"text/{kind}"))
    build_index(tmp_path, reading.reports, reading.agencies, revision=1)
    return open_index(tmp_path)


def broken() -> Iterator[str]:
    """Every piece of six characters that a line break of the source goes through."""
    for paragraph in PARAGRAPHS:
        for end in range(WIDTH - 2, len(paragraph), WIDTH):
            yield paragraph[end - 3 : end + 3]


def test_a_phrase_is_found_across_a_line_break_of_the_source(index: WhooshEngine) -> None:
    assert len([*broken()]) == 9
    for phrase in broken():
        assert index.search(Request(f'"{phrase}"')).total.occurrences == 1, phrase
        assert [line.hit for line in index.concordance(Request(f'"{phrase}"'))] == [phrase]


@pytest.mark.parametrize("phrase", ["概述2016年", "有所提高。二、", "公开政府信息情况全年"])
def test_and_never_from_one_paragraph_into_the_next(index: WhooshEngine, phrase: str) -> None:
    assert index.search(Request(f'"{phrase}"')).total.occurrences == 0
