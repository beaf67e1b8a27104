"""Generates pages of reports in our own words, in every layout that the program knows; a seed gives the same pages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from archive.vocabulary import form_of_year
from tests.acceptance.layouts import document
from tests.archive.pages import FORM, STYLES, TRIAL, Rows, request_labels, requests

_TOPICS = (
    *(
        "政务微博",
        "保密审查",
        "乡村振兴",
        "义务教育",
        "环境监测",
        "预算决算",
        "应急管理",
        "河湖治理",
        "饮水安全",
        "便民热线",
    ),
    *(
        "舆情回应",
        "政策解读",
        "行政许可",
        "公共资源",
        "扶贫资金",
        "食品抽检",
        "道路养护",
        "养老服务",
        "文物保护",
        "政务公开",
    ),
)
_SENTENCES = (
    "{year}年，我们把{a}和{b}列为重点，按月登记发布情况，全年更新{n}条。",
    "围绕{a}，共主动公开政府信息{n}条，其中{b}方面{k}条。",
    "通过网站专栏和微信公众号发布{a}的说明{k}篇，配有图表{m}张。",
    "凡涉及{a}的文件，先由承办科室提出公开意见，再作保密审查，然后发布。",
    "{m}月组织了一次关于{a}的培训，参加{k}人，重点讲解{b}的公开范围。",
    "群众来电询问{a}{k}次，均在当天答复；涉及{b}的转有关科室办理。",
    "全年召开专题会议{m}次，研究{a}、{b}的公开目录，修订条目{k}处。",
)
_PROBLEMS = (
    "{a}的内容更新不够及时，{b}的解读形式比较单一。",
    "负责{a}的人员变动较多，对{b}的公开标准掌握不一。",
    "下一步将把{a}、{b}纳入考核，每季度检查一次，结果在内部通报。",
)
_PROSE_HEADINGS = (
    ("概述", _SENTENCES, 3),
    ("主动公开政府信息情况", _SENTENCES, 4),
    ("依申请公开政府信息情况", ("收到政府信息公开申请{received}件，均在期限内答复。", *_SENTENCES[3:6]), 2),
    ("存在的主要问题和改进措施", _PROBLEMS, 2),
)
_FORM_HEADINGS = (
    ("总体情况", _SENTENCES, 4),
    ("主动公开政府信息情况", "proactive", 0),
    ("收到和处理政府信息公开申请情况", "requests", 0),
    ("因政府信息公开工作被申请行政复议、提起行政诉讼情况", "review", 0),
    ("存在的主要问题及改进情况", _PROBLEMS, 3),
    ("其他需要报告的事项", ("没有收取信息处理费。", "{a}的公开要点已落实。"), 1),
)
_HAN = "一二三四五六七八九十"
# Years whose reports can end in the table of statistics, and the share of them that do.
_STATISTICS, _SHARE_OF_STATISTICS = range(2014, 2019), 0.2
# A section with more lines has a table.
_LONGEST_PROSE = 9
# A cell with a number, on a line of its own or between bars.
_CELL = re.compile(r"(?<![^\n|])( ?)[0-9]+(?= ?\|)")
_ADVERTISING = "登录365bet"
Lines = list[str]


@dataclass(slots=True)
class Draft:
    """A report as lines: the parts in the order of the page. `numbers` are those of the sections in print."""

    agency: str
    year: int
    title: str
    preface: Lines
    sections: list[tuple[str, Lines]]
    numbers: str = _HAN

    def lines(self) -> Lines:
        parts = (
            line
            for number, (heading, body) in zip(self.numbers, self.sections, strict=False)
            for line in (f"{number}、{heading}", *body)
        )
        return [*filter(None, [self.title]), *self.preface, *parts]


@dataclass(slots=True)
class ReportWriter:
    """Writes the reports of one agency, which carry pending requests over from year to year."""

    agency: str
    draw: random.Random
    has_tables: bool = True
    style: str = "bars_behind"
    _pending: dict[int, int] = field(default_factory=dict)

    def draft(self, year: int) -> Draft:
        """The report on a year in the usual layout."""
        received = self.draw.randrange(1, 90)
        title = f"{self.agency}{year}年政府信息公开工作年度报告"
        preface = [
            f"本报告由{self.agency}根据《中华人民共和国政府信息公开条例》编制，统计期限为{year}年1月1日至{year}年12月31日。"
        ]
        form = form_of_year(year)
        has_form = self.has_tables and form in (FORM, TRIAL)
        sections = []
        for heading, body, count in _FORM_HEADINGS if has_form else _PROSE_HEADINGS:
            table = isinstance(body, str)
            lines = self._table(body, year, form or FORM) if isinstance(body, str) else []
            if not table:
                lines = [self._sentence(each, year, received) for each in self._sample(body, count)]
            sections.append((heading, lines))
        if self.has_tables and year in _STATISTICS and self.draw.random() < _SHARE_OF_STATISTICS:
            sections.append(("附表", self._table("statistics", year, FORM)))
        return Draft(self.agency, year, title, preface, sections)

    def _sample(self, sentences: tuple[str, ...], count: int) -> list[str]:
        first, *others = sentences
        return [first, *self.draw.sample(others, min(count - 1, len(others)))]

    def _sentence(self, pattern: str, year: int, received: int) -> str:
        a, b = self.draw.sample(_TOPICS, 2)
        n, k, m = self.draw.randrange(20, 900), self.draw.randrange(2, 60), self.draw.randrange(1, 13)
        return pattern.format(year=year, received=received, a=a, b=b, n=n, k=k, m=m)

    def _table(self, kind: str, year: int, form: str) -> Lines:
        if kind == "requests":
            return STYLES[self.style](requests(self._requests(year, form), form))
        (rows,) = document(f"@{kind}", year, f"{self.agency}{year}").parts
        assert not isinstance(rows, str)  # noqa: S101 (the line stands for a table)
        return STYLES[self.style](rows)

    def _requests(self, year: int, form: str) -> Rows:
        """Cells that satisfy the form and carry over what the report on the year before leaves."""
        codes = [code for code, _, _ in request_labels(form)]
        columns = []
        for place in range(6):
            column = dict.fromkeys(codes, 0)
            if place in (0, 1):
                for code in self.draw.sample(codes[2:-2], 4):
                    column[code] = self.draw.choice((0, 1, 2, 7, 13))
            column["carried_in"] = self._pending.get(year - 1, 0) if place == 0 else 0
            column["handled_total"] = sum(column[code] for code in codes[2:-2])
            column["carried_out"] = self.draw.choice((0, 0, 3)) if place == 0 else 0
            handled = column["handled_total"] + column["carried_out"]
            if handled < column["carried_in"]:
                column["granted"] += column["carried_in"] - handled
                column["handled_total"] += column["carried_in"] - handled
                handled = column["carried_in"]
            column["new"] = handled - column["carried_in"]
            columns.append(column)
        self._pending[year] = columns[0]["carried_out"]
        columns.append({code: sum(column[code] for column in columns) for code in codes})
        return [[str(column[code]) for column in columns] for code in codes]


def _in_requests(draft: Draft, pattern: re.Pattern[str], text: str) -> Draft:
    """The report with the first text in the table of requests that a pattern finds replaced."""
    sections = [
        (name, pattern.sub(text, "\n".join(body), count=1).split("\n") if "处理政府信息公开申请" in name else body)
        for name, body in draft.sections
    ]
    return replace(draft, sections=sections)


def _replaced(old: str, new: str) -> Callable[[Draft], Draft]:
    return lambda draft: _in_requests(draft, re.compile(re.escape(old)), new)


def _in_head(names: tuple[str, str]) -> Callable[[Draft], Draft]:
    """The report with two labels of the head of the table of requests in each other's place."""
    one, other = names
    swapped = {one: other, other: one}
    return lambda draft: replace(
        draft,
        sections=[
            (name, [re.sub(f"{one}|{other}", lambda match: swapped[match[0]], line) for line in body])
            for name, body in draft.sections
        ],
    )


def _first_cell(new: str) -> Callable[[Draft], Draft]:
    return lambda draft: _in_requests(draft, _CELL, new)


def _first_section(line: str) -> Callable[[Draft], Draft]:
    def longer(draft: Draft) -> Draft:
        (name, body), *others = draft.sections
        return replace(draft, sections=[(name, [*body, line]), *others])

    return longer


def _tables_alone(draft: Draft) -> Draft:
    return replace(draft, preface=[], sections=[each for each in draft.sections if len(each[1]) > _LONGEST_PROSE])


def _without_agency(draft: Draft) -> Draft:
    preface = [line.replace(draft.agency, "本机关") for line in draft.preface]
    return replace(draft, title=draft.title.removeprefix(draft.agency), preface=preface)


def _common_noun(draft: Draft) -> Draft:
    """A title with a common noun in place of the agency."""
    nameless = _without_agency(draft)
    return replace(nameless, title=f"高等学校{nameless.title}")


def _without_year(draft: Draft) -> Draft:
    text = replace(draft, title=draft.title.replace(f"{draft.year}年", ""), preface=[])
    sections = [(name, [line.replace(f"{draft.year}年", "全年") for line in body]) for name, body in text.sections]
    return replace(text, sections=sections)


def _merged(draft: Draft) -> Draft:
    """Sections of requests and review under one heading, and one that no rule knows."""
    kept = [each for each in draft.sections if "行政复议" not in each[0] and "申请公开" not in each[0]]
    merged = [("依申请公开和行政复议、行政诉讼情况", ["没有发生。"]), ("特色亮点", ["开设专栏一个。"])]
    return replace(draft, sections=[*kept[:2], *merged, *kept[2:]])


LAYOUTS: Mapping[str, Callable[[Draft], Draft]] = {
    "merged sections and an unknown heading": _merged,
    "no preface": lambda draft: replace(draft, preface=[]),
    "a preface with a heading": lambda draft: replace(draft, preface=["引言", *draft.preface]),
    "preface alone": lambda draft: replace(draft, preface=[*draft.preface, *draft.sections[0][1]], sections=[]),
    "headings without numbers": lambda draft: replace(
        draft, preface=[*draft.preface, *(line for name, body in draft.sections for line in (name, *body))], sections=[]
    ),
    "numbers with a gap": lambda draft: replace(draft, numbers="一二四五六七八九十"),
    "images alone": lambda draft: replace(draft, preface=[], sections=[(name, []) for name, _ in draft.sections]),
    "no year": _without_year,
    "two years": lambda draft: replace(
        draft, preface=[line.replace(f"{draft.year}年", f"{draft.year - 1}年") for line in draft.preface]
    ),
    "no agency": _without_agency,
    "a common noun in place of the agency": _common_noun,
    "advertising": _first_section(f"公开栏{_ADVERTISING}改版一次。"),
    "repeated text": _first_section("公示" * 3000),
}
"""Changes to the usual layout, one a report."""
TABLE_LAYOUTS: Mapping[str, Callable[[Draft], Draft]] = {
    "tables alone": _tables_alone,
    "tables that are images": lambda draft: replace(
        draft, sections=[(name, [] if len(body) > _LONGEST_PROSE else body) for name, body in draft.sections]
    ),
    "a year before the form": lambda draft: replace(
        _without_year(draft), title=draft.title.replace(f"{draft.year}年", "2012年")
    ),
    "columns in another order": _in_head(("商业企业", "科研机构")),
    "unknown row": _replaced("1.属于国家秘密", "1.属于尚未公布的规划"),
    "missing row": _replaced("2.重复申请", ""),
    "failed identity": _first_cell("777"),
    "unreadable cell": _first_cell("若干"),
    "unit in a cell": _first_cell("12件"),
    "blank cell": _first_cell(""),
    "prose that contradicts the table": _first_section("全年收到政府信息公开申请901件。"),
}
"""The same for reports with the statutory tables."""
BYTES: Mapping[str, Callable[[bytes], bytes]] = {
    "a byte that is no character": lambda data: data.replace(b"\n", b"\xff\n", 1),
    "truncated inside a character": lambda data: data + "。".encode()[:-1],
}
"""Damages to a page."""


def page_data(lines: Lines, damage: str | None = None) -> bytes:
    data = "\n".join(lines).encode()
    return BYTES[damage](data) if damage else data


def listing_page(agency: str) -> Lines:
    """A page that is no report."""
    links = (f"{agency}{year}年年报 {year + 1}-01-20" for year in range(2015, 2021))
    return [f"{agency}政府信息公开年报", *links, "上一页", "下一页"]
