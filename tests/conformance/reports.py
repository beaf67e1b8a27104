"""A small archive with every structure that search must get right; sentences of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from archive.model import Agency, Cell, Figure, Name, Paragraph, Report, Section, Source, Table
from archive.text.clean import clean
from archive.vocabulary import form_of_year
from indexer.engines.whoosh.build.generations import build_index

Places = Mapping[str, tuple[str, ...]]

CITY = "linshui-chengguan"
TOWN = "qingshi-zhen"
SCHOOL = "dongshan-daxue"

AGENCIES = (
    Agency(
        CITY,
        "临水市城市管理局",
        (Name("临水市城市管理局"), Name("临水市市容环境卫生管理局")),
        "临水市",
        "city",
        "department",
    ),
    Agency(TOWN, "青石镇人民政府", (Name("青石镇人民政府"),), "临水市河东区", "township", "government"),
)
PLACES: Places = {CITY: ("临水市",), TOWN: ("临水市", "临水市河东区")}
"""The places of each agency that has any, the widest first."""

SectionRow = tuple[str, str | None, list[str]]
Rows = list[list[str]]


def make_report(
    agency: str,
    name: str,
    year: int | None,
    rows: list[SectionRow],
    tables: Mapping[str, Rows] = MappingProxyType({}),
    figures: Mapping[str, list[str]] = MappingProxyType({}),
) -> Report:
    """A report; `tables` are those of sections by anchor, `figures` the numbers stated under each name."""
    sections: list[Section] = []
    for codes, heading, paragraphs in rows:
        code, *also = codes.split("+")
        again = sum(section.code == code for section in sections)
        sections.append(
            Section(
                code=code,
                anchor=f"{code}-{again + 1}" if again else code,
                heading=heading and clean(heading),
                paragraphs=tuple(Paragraph(clean(paragraph)) for paragraph in paragraphs),
                also=tuple(also),
                tables=tuple(_tables(tables.get(f"{code}-{again + 1}" if again else code, []))),
            )
        )
    title = f"{name}{year or ''}政府信息公开工作年度报告"
    return Report(
        title=title,
        title_basis="inferred",
        agency=agency,
        agency_name=name,
        agency_as_printed=name,
        agency_basis="printed",
        year=year,
        year_basis="printed" if year else "unknown",
        form=form_of_year(year) if year else None,
        published_on=None,
        period=None,
        source=Source(f"{agency}.txt", "0" * 64, "text/plain"),
        sections=tuple(sections),
        figures=tuple(_figure(figure, number) for figure, numbers in figures.items() for number in numbers),
        notices=(),
        place=sections[0].place,
        fingerprint=hashlib.sha256(f"{title}{rows}".encode()).hexdigest(),
    )


def _tables(rows: Rows) -> Iterator[Table]:
    if rows:
        yield Table(tuple(tuple(Cell(clean(text)) for text in row) for row in rows))


def _figure(name: str, printed: str) -> Figure:
    table, *row = name.split(".")
    column = None if table == "prose" else row.pop()
    value = Decimal(printed) if printed else None
    return Figure(table, ".".join(row), column, value, printed, "number" if printed else "blank")


REPORTS = (
    make_report(
        CITY,
        "临水市城市管理局",
        2014,
        [
            ("preface", None, ["本报告由临水市城市管理局编制。如有疑问,请与我局办公室联系(电话:5551234)。"]),
            (
                "overview",
                "一、概 述",
                ["2014 年,我局落实“以公开为常态、不公开为例外”的要求,全年召开会议5件次。", "微博"],
            ),
            ("proactive", "二、主动公开政府信息情况", ["主动公开信息 15件,其中微博发布 5件。", "微信没有开通。"]),
            ("requests", "三、依申请公开情况", ["收到申请5件,答复5件。依申请公开依法办理,依申请公开按时答复。"]),
            ("problems", "七、存在的问题及改进情况", ["保密审查不够细,保密审查人员不足。舆情回应慢。"]),
        ],
        figures={"prose.requests_received": ["5", "4"], "prose.disclosed": ["15"]},
    ),
    make_report(
        CITY,
        "临水市城市管理局",
        2016,
        [
            ("overview", "一、概述", ["按照国办发〔2016〕80号文件,做到应公开尽公开、应公开尽公开。"]),
            ("proactive", "二、主动公开情况", ["通过微博、微信公众号发布信息。微博微博,博取关注;博物馆也可查阅。"]),
            ("consultation+requests", "三、咨询及依申请公开情况", ["接受群众谘询 3 次,电话咨询 12 次。"]),
            ("problems", "四、问题与不足", ["政务公开专栏更新慢", "公开内容不全。舆情研判弱,网络舆情多。"]),
            ("unclassified", "五、热线运行", ["市民热线 12345 接听 1,234 次。"]),
        ],
    ),
    make_report(
        CITY,
        "临水市城市管理局",
        2018,
        [
            ("overview", "一、总体情况", ["政务新媒体以微信为主,PM2.5 和 VOCs 数据每日公布。"]),
            ("requests", "二、依申请公开情况", ["收到申请 0 件。"]),
            ("problems", "三、存在的不足", ["……培训少。。。。人手紧。", "哈哈哈哈哈"]),
            ("requests", "四、申请处理", ["同一年里的第二个申请部分。"]),
        ],
        tables={
            "requests": [["微博", "申请", "本年新收政府信息公开申请数量"], ["12", "", "𠮷申请"]],
            "requests-2": [["公开微博", "民政"], ["人民政府", "微博信息"]],
        },
        figures={"requests.new.total": ["12"], "requests.granted.total": [""], "prose.requests_received": ["0"]},
    ),
    make_report(
        TOWN,
        "青石镇人民政府",
        2014,
        [
            ("overview", None, ["青石镇人民政府贯彻条例。民政、社保信息公开及时。"]),
            ("proactive", "主动公开", ["镇政府网站公布民政办公室电话;人民政府公报每季一期。"]),
            ("appendix", "附表", []),
        ],
    ),
    make_report(
        TOWN,
        "青石镇人民政府",
        2021,
        [
            ("overview", "一、總體情況", ["本鎮認真落實《政府信息公開條例》,政務公開工作有序。微博１２條。"]),
            (
                "interpretation",
                "二、回应关切",
                ["他说:「所谓“应公开尽公开”,就是都公开」。引用\\斜线与 * 号、? 号。"],
            ),
            (
                "other",
                "六、其他需要报告的事项",
                ["依据(国办函〔2020〕109号)收取信息处理费 0 元;𠮷先生来信 1 封,𠮷𠮷先生𠮷来信𠮷2 封。"],
            ),
        ],
        tables={"other": [["信息处理费", "0"]]},
        figures={"requests.new.total": ["10"], "requests.granted.total": ["9.5"]},
    ),
    make_report(
        SCHOOL,
        "东山大学",
        None,
        [
            (
                "overview",
                "一、概述",
                ["2018-2019学年,学校主动公开信息。校务公开、党务公开并重。「“三公”经费」12 万元。"],
            ),
            ("problems", "二、存在的主要问题", ["信息公开意识有待提高;舆情应对机制待完善。"]),
        ],
    ),
)


def build(home: Path) -> None:
    """Indexes the archive in a home."""
    build_index(home, REPORTS, AGENCIES, revision=1)
