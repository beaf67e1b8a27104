"""Tests HTML pages with the structures of sixteen years of websites."""

import re

import pytest

from archive.extract.pipeline import read_source
from archive.model import Cell
from archive.notices import message
from archive.readers.registry import read_page
from tests.archive.readers.documents import (
    HEADINGS,
    TITLE,
    html_body,
    html_page,
    html_table,
    page,
    parts,
    request_rows,
    rows,
    source,
    texts,
)

REPORT = [part if isinstance(part, str) else "▦" for part in parts()]
BODY = html_body().replace(f"<p>{TITLE}</p>", "")
MENU = "<div><ul>" + "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(30)) + "</ul></div>"
CRUMBS = (
    "<div>当前位置:<a href='/'>首页</a> &gt; <a href='/a'>政务公开</a> &gt; <a href='/b'>政府信息公开年报</a></div>"
)
OTHER_YEARS = "<div><h3>历年年报</h3><ul>" + "".join(
    f"<li><a href='/{year}'>青河县白桦镇人民政府{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-20</span></li>"
    for year in range(2010, 2021)
)
OTHER_YEARS += "</ul></div>"
TOOLS = "<p>【<a href='#'>打印</a>】【<a href='#'>关闭</a>】</p>"
NEXT = "<p>上一篇:<a href='/1'>青河县白桦镇人民政府2020年政府信息公开工作年度报告</a></p>"
FOOT = (
    "<div><p>主办:青河县人民政府办公室 承办:青河县大数据中心</p><p>网站标识码:6543210001 新ICP备05001234号</p>"
    "<p>地址:青河县团结路1号 电话:0906-8821234</p><p>版权所有:青河县人民政府</p></div>"
)


def around(body: str, head: str = "") -> str:
    return f"<html><head><title>{TITLE}-青河县人民政府</title>{head}</head><body>{body}</body></html>"


PAGES = [
    (around(html_body()), "no other content"),
    (
        around(
            f"{MENU}{CRUMBS}<div>{OTHER_YEARS}<div><h1>{TITLE}</h1>{TOOLS}<div>{BODY}</div>{NEXT}</div></div>{FOOT}"
        ),
        "menus, links to other years, footer; the title outside the element of the text",
    ),
    (
        around(f"<form id='aspnetForm'>{MENU}<h1>{TITLE}</h1><div>{BODY}</div>{OTHER_YEARS}{FOOT}</form>"),
        "the whole page is a form",
    ),
    (
        around(
            f"<table><tr><td>{MENU}</td></tr><tr><td>{OTHER_YEARS}</td><td><table><tr><td><b>{TITLE}</b></td></tr>"
            f"<tr><td>{BODY}</td></tr></table></td></tr><tr><td colspan=2>{FOOT}</td></tr></table>"
        ),
        "tables lay out the page",
    ),
    (
        around(
            "<table>"
            + "".join(f"<tr><td>{part if isinstance(part, str) else html_table(part)}</td></tr>" for part in parts())
            + "</table>"
        ),
        "one row of a table for each paragraph",
    ),
    (
        around(
            f"{MENU}<table>"
            + "".join(
                f"<tr><td colspan=10>{part}</td></tr>"
                if isinstance(part, str)
                else "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in part)
                for part in parts()
            )
            + f"</table>{FOOT}"
        ),
        "the report and its tables are rows of one table",
    ),
    (
        around(f"<header><h1>青河县</h1>{MENU}</header><main><header><h1>{TITLE}</h1></header>{BODY}</main>{FOOT}"),
        "the title in the header of the article",
    ),
    (
        around(f"<div style='display: none'>{'<p>网上赌场,注册送彩金,欢迎光临。</p>' * 9}</div>{html_body()}"),
        "hidden advertising",
    ),
    (
        around(f"<div style='display: none'>青河县教育局2015年政府信息公开工作年度报告</div>{html_body()}"),
        "the hidden title of another report",
    ),
    (
        around(f"<h2 hidden>{TITLE}</h2>{BODY}"),
        "a title that is only hidden",
    ),
    (
        around(re.sub("(?<=2021)年", "年<span style='display:none'>_Toc12</span>", html_body())),
        "hidden words inside a paragraph",
    ),
    (
        around(html_body().replace("青河县", "<ruby>青河<rp>(</rp><rt>qīnghé</rt><rp>)</rp></ruby>县")),
        "pronunciations",
    ),
    (
        around(f"{MENU}<div style='display:none' id='text'>{html_body()}</div>{FOOT}"),
        "the report is hidden until a script shows it",
    ),
    (
        around(f"<div>{MENU}<embed src=banner.swf><h1>{TITLE}</h1>{BODY}</div>{FOOT}"),
        "an animation: the parser takes what follows for its content",
    ),
    (
        around(html_body().replace("</p>", "").replace("</td>", "").replace("</tr>", "")),
        "tags that are never closed",
    ),
    (around(f"<nav>{MENU}{html_body()}{FOOT}"), "a menu that is never closed"),
    (around(f"<div><nav>{MENU}</nav><nav>{CRUMBS}{html_body()}</div>{FOOT}"), "one of two menus that is never closed"),
    (around(f"<h1>{TITLE}</h1><button></button><Button>{BODY}</BODY>"), "a button that is never closed"),
    (
        around("<footer><p>".join(html_body().rsplit("<p>", 1))),
        "a footer before the end that is never closed",
    ),
    (
        around(
            html_body()
            .replace(
                "<p>", "<p class=MsoNormal><!--[if gte mso 9]><xml><o:x>9</o:x></xml><![endif]--><span\nlang=EN-US>"
            )
            .replace("</p>", "<o:p></o:p></span></p>")
            .replace("2021", "<font>20</font><font\nface=x>21</font>")
            .replace("<span\nlang=EN-US>0<", "<span>&nbsp;&nbsp;0&nbsp;<")
        ),
        "HTML of a word processor",
    ),
    (
        around("".join(f"<div><div>{p}</div></div>" if isinstance(p, str) else html_table(p) for p in parts())),
        "an element for each paragraph",
    ),
    (html_body().replace("<p>", "", 1), "a page saved from its middle"),
]


@pytest.mark.parametrize(("html", "reason"), PAGES, ids=[case[1] for case in PAGES])
def test_the_report_is_found(html: str, reason: str) -> None:
    read = page(html)
    assert texts(read) == REPORT
    requests = rows(read)[1]
    assert ["一、本年新收政府信息公开申请数量", "11", "2", "0", "0", "0", "1", "14"] in requests


def test_content_above_the_title_in_its_element_is_kept() -> None:
    given = "<table><tr><td>索引号:</td><td>QH-12</td><td>发布机构:</td><td>青河县白桦镇人民政府</td></tr></table>"
    read = page(around(f"{MENU}{CRUMBS}<div>{given}<h1>{TITLE}</h1><div>{BODY}</div></div>{FOOT}"))
    assert texts(read) == ["▦", *REPORT]


def test_a_notice_about_a_report_keeps_its_title() -> None:
    title = "《青河县白桦镇2021年政府信息公开工作年度报告》解读"
    text = "<p>一、编制背景</p><p>年度报告已经公布,现解读如下,请群众了解、监督、评价。</p>"
    html = (
        f"<html><head><title>{title}_青河县</title></head><body>{MENU}<div>{title}</div><div>{text}</div></body></html>"
    )
    assert texts(page(html))[0] == title


ENCODINGS = [
    (html_page().encode("gbk"), "GBK, nothing declared"),
    (html_page().replace("<head>", "<head><meta charset='utf-8'>").encode("gb18030"), "GB18030, declared UTF-8"),
    (html_page().replace("<head>", "<head><meta charset='gb2312'>").encode(), "UTF-8, declared GB2312"),
    (html_page().replace("<head>", "<head><meta charset='no such'>").encode("gbk"), "GBK, declared nonsense"),
    (html_page().encode("utf-8-sig"), "UTF-8 with a mark"),
    (html_page().encode("utf-16"), "UTF-16 with a mark"),
    (html_page().encode("utf-16-le"), "UTF-16 without a mark, low byte first"),
    (html_page().encode("utf-16-be"), "UTF-16 without a mark, high byte first"),
    (b"<?xml version='1.0' encoding='gb2312'?>" + html_page().encode(), "XHTML with a wrong declaration"),
]


@pytest.mark.parametrize(("data", "reason"), ENCODINGS, ids=[case[1] for case in ENCODINGS])
def test_encodings(data: bytes, reason: str) -> None:
    read = read_page(data, source())
    assert texts(read) == REPORT
    assert read.notices == ()


def test_big5() -> None:
    html = (
        "<html><meta charset='big5'><body><p>一、主動公開政府信息情況</p><p>公開信息五條,的確不多。</p></body></html>"
    )
    assert texts(page(html.encode("big5"))) == ["一、主動公開政府信息情況", "公開信息五條,的確不多。"]


CELLS = [
    ("<td colspan=3 rowspan=2>甲</td><td>1</td>", (Cell("甲", None, 2, 3), Cell("1")), "merged"),
    ("<td colspan=1000000000>甲</td><td>1</td>", (Cell("甲", None, 1, 1000), Cell("1")), "a very large span"),
    ("<td rowspan=0 colspan=x>甲</td><td>1</td>", (Cell("甲"), Cell("1")), "an invalid span"),
    ("<td>甲</td><td></td><td>&nbsp;</td><td>0</td>", (Cell("甲"), Cell(""), Cell(""), Cell("0")), "blank is not 0"),
    (
        "<td><p>三、</p><p>本年</p>度<br>办理</td><td>1</td>",
        (Cell("三、本年度办理"), Cell("1")),
        "a label on four lines",
    ),
    ("<td>甲</td><td><p>64</p><p>0</p></td>", (Cell("甲"), Cell("64\n0")), "two numbers stay separate"),
    ("<td>甲</td><td><b>6</b><font>4</font></td>", (Cell("甲"), Cell("64")), "a number split by markup"),
    ("<td>甲</td><td>12<sup>1</sup></td>", (Cell("甲"), Cell("12[1]")), "a raised footnote is no digit of the number"),
    (
        "<td>甲</td><td>12<span style='vertical-align: super'> 2 </span></td>",
        (Cell("甲"), Cell("12[2]")),
        "a footnote that the style raises",
    ),
    ("<td>面积/m<sup>2</sup></td><td>1</td>", (Cell("面积/m2"), Cell("1")), "an exponent behind a letter"),
]


@pytest.mark.parametrize(("row", "cells", "reason"), CELLS, ids=[case[2] for case in CELLS])
def test_cells(row: str, cells: tuple[Cell, ...], reason: str) -> None:
    read = page(f"<p>一、总体情况</p><table><tr>{row}</tr></table>")
    (table,) = [block.table for block in read.blocks if block.table]
    assert table.rows == (cells,)


def test_a_page_that_begins_inside_a_table_keeps_its_rows() -> None:
    html = html_table(request_rows())
    read = page(html[html.index("<td><p>一、本年新收") + len("<td><p>") :] + f"<p>{HEADINGS[3]}</p>")
    assert rows(read)[0][0] == ["一、本年新收政府信息公开申请数量", "11", "2", "0", "0", "0", "1", "14"]


def test_metadata() -> None:
    head = (
        "<meta name='ArticleTitle' content='白桦镇年报'><meta name='ContentSource' content='白桦镇'>"
        "<meta name='PubDate' content='2022-01-18 10:30'><meta name='SiteName' content='青河县人民政府'>"
    )
    read = page(around(html_body(), head))
    assert read.metadata == {"title": "白桦镇年报", "publisher": "白桦镇", "published_on": "2022-01-18 10:30"}


SCANS = "<p><img src='1.jpg'></p><p><img src='2.jpg'></p>"
IMAGES = [
    (
        around(f"{MENU}{CRUMBS}<h1>{TITLE}</h1><p>发布时间:2022-01-20</p><div>{SCANS}</div>{FOOT}"),
        [TITLE],
        "all scanned",
    ),
    (around(f"{MENU}<h1>{TITLE}</h1><div>{SCANS}{BODY}</div>{FOOT}"), [], "pictures above the text"),
    (around(f"{MENU}<img src='flag.png'><div>{OTHER_YEARS}</div>{FOOT}"), [], "a list of reports below a picture"),
]


@pytest.mark.parametrize(("html", "headings", "reason"), IMAGES, ids=[case[2] for case in IMAGES])
def test_reports_that_are_images(html: str, headings: list[str], reason: str) -> None:
    images = [(notice.code, notice.facts["heading"]) for notice in page(html).notices]
    assert images == [("image_only", heading) for heading in headings]


def test_tables_that_are_images_are_named_by_their_headings() -> None:
    html = re.sub("<table>.*?</table>", "<p><img src='table.png'></p>", html_page())
    (report,) = read_source(html.encode(), source()).reports
    images = [(notice.code, notice.facts["heading"]) for notice in report.notices]
    assert images == [("image_only", heading) for heading in HEADINGS[1:4]]


DEEP = [
    ("<div>", "</div>", "elements"),
    ("<font>", "", "elements that are never closed"),
    ("<table><tr><td>", "</td></tr></table>", "tables in tables"),
]


@pytest.mark.parametrize(("opening", "closing", "reason"), DEEP, ids=[case[2] for case in DEEP])
def test_deep_nesting_is_read(opening: str, closing: str, reason: str) -> None:
    read = page(f"<html><p>前</p>{opening * 10_000}一、总体情况{closing * 10_000}<p>后</p></html>")
    assert "一、总体情况" in texts(read)
    assert "后" in texts(read)[-1]


LINKS = [
    ('<a href="/files/1.pdf">附件：2021年度报告</a>', ("附件：2021年度报告",), "by the address"),
    ('<a href="/down?id=7">2021年度报告.docx（2.1MB）</a>', ("2021年度报告.docx（2.1MB）",), "by the text"),
    ('<a href="/f/%E6%8A%A5%E5%91%8A.xls"><img src="xls.png"></a>', ("报告.xls",), "by the address, without a text"),
    ('<a href="1.pdf">甲</a><a href="1.pdf">甲</a><a href="2.OFD">乙</a>', ("甲", "乙"), "each once"),
    ('<a href="1.html">2020年</a><a name="a.pdf">乙</a><a href="http://[">丙</a>', (), "no documents"),
    ('<a href="http://a.pdfmaker.cn/">丙</a>', (), "a site with such a name"),
    ("".join(f'<a href="{n}.pdf">{n}</a>' for n in range(99)), tuple(map(str, range(10))), "the first ten"),
]


@pytest.mark.parametrize(("links", "names", "reason"), LINKS, ids=[case[2] for case in LINKS])
def test_the_documents_that_a_page_links_to(links: str, names: tuple[str, ...], reason: str) -> None:
    found = page(f"<html><body><p>一、概述</p>{links}</body></html>").attachments
    assert tuple(link.name for link in found) == names


def test_a_page_that_links_to_the_report_names_it() -> None:
    link = '<a href="1.pdf">青河县白桦镇2021年度报告.pdf</a>'
    reading = read_source(f"<html><body><p>各科室：</p><p>{link}</p></body></html>".encode(), source())
    (found,) = reading.notices
    assert (found.code, reading.reports) == ("no_report", ())
    assert message(found, "zh") == (
        "页面中没有找到政府信息公开工作年度报告。没有认出任何章节、标题或表格。"
        "页面链接了附件：青河县白桦镇2021年度报告.pdf。如报告在附件中，请下载后收录。"
    )
    assert message(found, "en") == (
        "No annual disclosure report was found on the page. No section, title or table of a report was recognised. "
        "The page links to 青河县白桦镇2021年度报告.pdf. If one of them is the report, download and add it."
    )


def test_a_page_with_a_title_and_an_attachment_says_where_the_report_is() -> None:
    notice = "<p>现将我镇年度报告予以公布，详见附件，欢迎监督。</p><p><a href='1.pdf'>年度报告.pdf</a></p>"
    reading = read_source(f"<html><body><h1>{TITLE}</h1>{notice}</body></html>".encode(), source())
    assert len(reading.reports) == 1
    assert [found.code for found in reading.notices] == ["in_attachment"]
    whole = f"<html><body>{html_body()}<a href='1.pdf'>年度报告.pdf</a></body></html>"
    assert read_source(whole.encode(), source()).notices == ()
