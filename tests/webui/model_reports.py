"""Model reports of three invented agencies, 2008-2022: what the site is shown with, whatever is in the archive."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from datetime import date
from decimal import Decimal

from archive.model import (
    Agency,
    Cell,
    Figure,
    Name,
    Notice,
    Paragraph,
    Reading,
    Report,
    Section,
    Source,
    SourceSpan,
    Table,
)
from archive.notices import notice
from archive.vocabulary import form_of_year, statutory_layout

WATER = Agency(
    "yunxi-shui-wu-ju",
    "云溪市水务局",
    (Name("云溪市水利局", 2008, 2013), Name("云溪市水务局", 2014, 2022)),
    place="云溪市",
    level="city",
    kind="department",
)
SCHOOLS = Agency("yunxi-jiao-yu-ju", "云溪市教育局", (Name("云溪市教育局", 2019, 2021),), place="云溪市")
TOWN = Agency("bai-shi-zhen", "白石镇<b>人民政府</b>", (), level="township", kind="government")
"""Its name is hostile on purpose: it must never become markup."""

AGENCIES = (WATER, SCHOOLS, TOWN)
ORIGINAL = b"<html><script>alert(1)</script></html>"
PAGE = Source(
    "corpus/yunxi/page.html",
    hashlib.sha256(ORIGINAL).hexdigest(),
    "text/html",
    url="http://www.example.gov.cn/xxgk/nb/2023.html",
    site="云溪市人民政府",
    captured_on=date(2023, 2, 14),
)
_lines = itertools.count(3)


def _paragraph(text: str, level: int = 0) -> Paragraph:
    line = next(_lines)
    return Paragraph(text, SourceSpan(line, line), level)


def _section(code: str, heading: str | None, *texts: str | tuple[str, int], tables: tuple[Table, ...] = ()) -> Section:
    first = next(_lines)
    paragraphs = tuple(_paragraph(*((text, 0) if isinstance(text, str) else text)) for text in texts)
    return Section(code, code, heading, paragraphs, tables, place=SourceSpan(first, next(_lines)))


def _prose(row: str, value: int, sentence: str, unit: str) -> Figure:
    return Figure(
        "prose", row, None, Decimal(value), str(value), "number", "prose", unit, sentence=sentence, place=SourceSpan()
    )


def _prose_report(year: int, name: str) -> Report:
    disclosed, asked = 40 + 37 * (year - 2008), max(0, year - 2013)
    said = f"{year}年,本机关共主动公开政府信息{disclosed}条,全文电子化率达100%。"
    received = f"本机关{year}年度共收到政府信息公开申请{asked}件。"
    pilot = (
        "利用政务微博、微信公众号发布水情信息,开展网上访谈2次。"
        if year > 2012
        else "在市政府门户网站设立专栏,并在政务大厅设置信息查阅点。"
    )
    sections = [
        _section("preface", "引言", f"本报告根据《中华人民共和国政府信息公开条例》要求,由{name}编制。"),
        _section(
            "overview",
            "一、概述",
            f"{year}年,本机关坚持“以公开为常态、不公开为例外”,重点领域信息应公开尽公开,保障公众的知情权、参与权和监督权。",
            ("(一)加强组织领导", 1),
            "局政府信息公开工作领导小组由局长任组长,办公室承担日常工作,各科室指定专人负责,做到责任到人、流程到岗。",
            ("(二)健全工作机制", 1),
            "严格落实保密审查制度,坚持“谁公开谁审查、谁审查谁负责”,凡拟公开的信息,先经科室负责人初审,再经分管领导审定。",
        ),
        _section("proactive", "二、政府信息主动公开情况", ("(一)公开情况", 1), said, ("(二)公开形式", 1), pilot),
        _section(
            "requests",
            "三、政府信息依申请公开情况",
            received,
            "已答复的申请中,同意公开的占多数;不属于本机关掌握的,均告知了获取途径。",
        ),
        _section(
            "problems",
            "四、存在的主要问题和改进措施",
            "政府信息公开工作虽取得一定成效,但仍存在公开内容不够丰富、更新不够及时、舆情回应不够主动等问题。",
            "下一步,将完善政务公开工作考核办法,加强保密审查培训,提高依申请公开的答复质量。",
        ),
    ]
    figures = [_prose("disclosed", disclosed, said, "条"), _prose("requests_received", asked, received, "件")]
    if year == 2016:
        rows = (("指标", "单位", "数量"), ("主动公开信息数", "条", str(disclosed)), ("制作宣传折页", "份", "1,200"))
        cells = tuple(tuple(Cell(text) for text in row) for row in rows)
        sections.append(
            _section(
                "appendix",
                "五、附表",
                tables=(Table(cells), Table((((Cell("图1", colspan=2)),), (Cell("甲"), Cell("乙"))))),
            )
        )
    return _report(WATER, year, name, tuple(sections), tuple(figures))


def _requests(form: str, new: int, *, spoiled: bool) -> list[Figure]:
    layout = statutory_layout(form, "requests")
    assert layout is not None
    values = {
        "new": new, "granted": new - 2, "unavailable.not_held": 1, "not_processed.petition": 1, "handled_total": new
    }  # fmt: skip
    figures = []
    for row in layout.rows:
        for column in layout.columns:
            number = values.get(row, 0) if column in ("natural_person", "total") else 0
            failed = spoiled and row == "granted" and column == "total"
            number += 3 if failed else 0
            check = {"row_total": "failed" if failed else "passed", "handled_total": "passed"}
            figures.append(
                Figure("requests", row, column, Decimal(number), str(number), "number", check=check)  # type: ignore[arg-type]
            )
    return figures


def _review() -> list[Figure]:
    layout = statutory_layout("form-2021", "review")
    assert layout is not None
    return [
        Figure("review", row, column, None, "/", "dash") if column == "pending" else
        Figure("review", row, column, Decimal(0), "0", "number")
        for row in layout.rows
        for column in layout.columns
    ]  # fmt: skip


def _proactive(form: str) -> list[Figure]:
    def cells(row: str, **values: str) -> list[Figure]:
        return [
            Figure("proactive", row, column, Decimal(text) if text else None, text, "number" if text else "blank")
            for column, text in values.items()
        ]

    if form == "trial-2019":
        return [
            *cells("rules", made="0", disclosed="0", public_total="0"),
            *cells("normative_documents", made="3", disclosed="3", public_total="21"),
            *cells("licences", previous_items="14", change="-2", decisions="386"),
            *cells("other_services.行政奖励", previous_items="1", change="0", decisions="4"),
            *cells("penalties", previous_items="52", change="0", decisions="17"),
            *cells("coercive_measures", previous_items="6", change="0", decisions=""),
            *cells("charges", previous_items="3", change="0"),
            *cells("procurement", projects="12", amount="482.3658"),
        ]
    return [
        *cells("rules", issued="0", repealed="0", in_force="0"),
        *cells("normative_documents", issued="2", repealed="1", in_force="22"),
        *cells("licences", decisions="412"),
        *cells("penalties", decisions="9"),
        *cells("coercive_measures", decisions="0"),
        *cells("charges", amount="1286.4471"),
    ]


def _form_report(agency: Agency, year: int, *notices: Notice, spoiled: bool = False) -> Report:
    form = form_of_year(year)
    new = 10 + year - 2018
    said = f"{year}年主动公开政府信息{300 + new}条,政务新媒体推送{221 + new}条。"
    sections = (
        _section(
            "overview",
            "一、总体情况",
            f"{year}年,本机关认真贯彻落实《中华人民共和国政府信息公开条例》,进一步规范公开内容,拓展公开渠道。",
            ("(一)主动公开", 1),
            said,
            ("(二)政府信息管理", 1),
            "信息经科室、办公室、分管领导三级审核后发布,保密审查与内容审核同步进行,确保件件留痕。",
        ),
        _section("proactive", "二、主动公开政府信息情况", tables=(Table((), kind="proactive"),)),
        _section("requests", "三、收到和处理政府信息公开申请情况", tables=(Table((), kind="requests"),)),
        _section(
            "review", "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", tables=(Table((), kind="review"),)
        ),
        _section(
            "problems",
            "五、存在的主要问题及改进情况",
            "政策解读形式较为单一,舆情预判还不够主动。下一步将充分利用微信、短视频等新媒体,多角度解读政策,从源头上回应关切。",
        ),
        _section("other", "六、其他需要报告的事项", "本年度未收取信息处理费。本机关没有其他需要报告的事项。"),
    )
    figures = [_prose("disclosed", 300 + new, said, "条"), *_proactive(form), *_review()]
    figures += _requests(form, new, spoiled=spoiled)
    return _report(agency, year, agency.name, sections, tuple(figures), notices)


def _report(
    agency: Agency,
    year: int | None,
    name: str,
    sections: tuple[Section, ...],
    figures: tuple[Figure, ...],
    notices: tuple[Notice, ...] = (),
) -> Report:
    text = "".join(section.text for section in sections)
    return Report(
        title=f"{name}{year or ''}{'年' if year else ''}政府信息公开工作年度报告",
        title_basis="printed",
        agency=agency.id,
        agency_name=agency.name,
        agency_as_printed=name,
        agency_basis="printed",
        year=year,
        year_basis="printed" if year else "unknown",
        form=form_of_year(year) if year else None,
        published_on=date(year + 1, 1, 28) if year else None,
        period=None,
        source=PAGE,
        sections=sections,
        figures=figures,
        notices=notices,
        place=SourceSpan(3, 344),
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


def _tables_alone(report: Report) -> Report:
    return replace(report, sections=tuple(replace(s, heading=None, paragraphs=()) for s in report.sections if s.tables))


SHOWN: tuple[Report, ...] = (
    *(_prose_report(year, "云溪市水利局") for year in (2008, 2009, 2011, 2013)),
    _report(
        WATER,
        2010,
        "云溪市水利局",
        (_section("overview", "一、概述"),),
        (),
        (notice("image_only", heading="一、概述"),),
    ),
    *(_prose_report(year, "云溪市水务局") for year in (2014, 2015, 2016, 2017)),
    _form_report(
        WATER,
        2019,
        notice("inferred_year", year=2019, why="表式为2019年试行格式", why_en="the tables are of the 2019 trial form"),
        notice(
            "check_failed",
            SourceSpan(88, 88),
            table="收到和处理政府信息公开申请情况",
            table_en="Requests received and handled",
            identity="六类申请人之和等于总计",
            identity_en="total = sum of the six columns",
            where="予以公开",
            where_en="(1) Granted",
            left="9",
            right="12",
        ),
        spoiled=True,
    ),
    _form_report(WATER, 2022),
    _form_report(SCHOOLS, 2019),
    _tables_alone(_form_report(SCHOOLS, 2020)),
    _form_report(SCHOOLS, 2021),
    _report(
        TOWN,
        None,
        "白石镇人民政府",
        (
            _section(
                "unclassified",
                "一、<script>alert(1)</script>",
                "本镇的报告没有印出年份,<img src=x onerror=alert(1)>也照样保存。",
            ),
        ),
        (),
        (notice("year_unknown"),),
    ),
)

READING = Reading(
    PAGE,
    (*SHOWN, *(replace(report, duplicate_of=report.place) for report in SHOWN if report.year == 2011)),
    (notice("no_report", why="只有目录。", why_en="Only a list."),),
    AGENCIES,
)
