"""Renders every template with every kind of section, so that a name missing in a rare branch is noticed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import flask
import jinja2.meta
import msgspec
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from archive.model import Cell, Notice, Paragraph, Reading, Report, Section, Table
from archive.notices import notice
from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.webui.model_reports import ORIGINAL, PAGE, READING, WATER
from webui.app import create_app

TEMPLATES = Path(__file__).parents[2] / "webui" / "templates"
PER_PAGE = 2
"""Addresses of one path that the crawl visits: a search leads to other searches without end."""
STARTS = (
    *("/", "/search", "/search?q=本机关", "/search?q=没有人这样写过", "/search/agency?q=本机关"),
    *("/concordance", "/concordance?q=本机关", "/trends", "/trends?q=本机关", "/matrix", "/matrix?q=本机关"),
    *("/collocates", "/collocates?q=本机关", "/collocates?q=本机关&by=year"),
    *("/distinctive", "/distinctive?section=preface", "/figures?table=requests&row=new&column=total"),
    *("/figures/ranking?table=requests&row=new&column=total&year=2019", "/reports/{agency}/2019?since=2018"),
    *("/status", "/reports/{agency}/2019/versions", "/compare/{agency}/2018/2019", "/compare/{agency}/2019/2018"),
)
ERRORS = (('/search?q="', 400), ("/nowhere", 404), ("/reports/{agency}/1999", 404))


def _section(code: str, anchor: str, heading: str | None, *texts: str, tables: tuple[Table, ...] = ()) -> Section:
    return Section(code, anchor, heading, tuple(map(Paragraph, texts)), tables)


PRINTED = Table(((Cell("指标", colspan=2),), (Cell("主动公开数"), Cell("12"))))
KINDS = {
    "no heading": _section("overview", "overview", None, "本机关认真贯彻落实条例,没有印出标题。"),
    "preface": _section("preface", "preface", None, "本报告由本机关编制。"),
    "statutory tables only": _section("requests", "requests", None, tables=(Table((), kind="requests"),)),
    "printed tables only": _section("appendix", "appendix", None, tables=(PRINTED,)),
    "heading only": _section("review", "review", "四、行政复议"),
    "unclassified": _section("unclassified", "unclassified", "九、没有归类的一节", "本机关另有说明。"),
    "unclassified, no heading": _section("unclassified", "unclassified-2", None, "本机关的另一段说明。"),
    "merged": replace(
        _section("proactive", "proactive", "二、主动公开和依申请公开情况", "本机关公开信息12条。"), also=("problems",)
    ),
    "second of its code": _section("overview", "overview-2", "五、总体情况(续)", "本机关继续推进公开。"),
}


def _report(year: int, sections: tuple[Section, ...], notices: tuple[Notice, ...] = ()) -> Report:
    model = next(report for report in READING.reports if report.agency == WATER.id and report.year == 2019)
    text = "".join(section.text for section in sections) + str(year)
    return replace(
        model,
        title=f"云溪市水务局{year}年政府信息公开工作年度报告",
        year=year,
        sections=sections,
        notices=notices,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


EVERY_KIND = tuple(KINDS.values())
SHORTER = tuple(
    replace(
        section,
        paragraphs=tuple(
            msgspec.structs.replace(each, text=each.text + "以上为去年的说法。") for each in section.paragraphs
        ),
    )
    for section in EVERY_KIND[::2]
)
NOTICES = (notice("image_only", heading="一、概述"), notice("year_unknown"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site over two years of an agency, captured twice: as HTML, and as text, whose lines have a page."""
    home = tmp_path_factory.mktemp("templates")
    with Catalogue.open(home) as catalogue:
        for number, reports in enumerate(
            (
                (_report(2018, SHORTER), _report(2019, SHORTER)),
                (_report(2018, SHORTER), _report(2019, EVERY_KIND, NOTICES)),
            )
        ):
            original = ORIGINAL + b" " * number
            media_type = "text/plain" if number else PAGE.media_type
            source = replace(PAGE, sha256=hashlib.sha256(original).hexdigest(), media_type=media_type)
            reports = tuple(replace(report, source=source) for report in reports)
            catalogue.add(Reading(source, reports, (), (WATER,)), original)
        build_index(home, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return create_app(home, files_at_once=1000)


def _addresses(page: BeautifulSoup, base: str) -> Iterator[str]:
    for element in page.select("a[href]"):
        address = urlsplit(urljoin(f"http://localhost{base}", str(element["href"])))
        if address.netloc == "localhost":
            yield address._replace(scheme="", netloc="", fragment="").geturl()


def _crawl(app: Flask, starts: list[str]) -> Counter[str]:
    """Visits every page that the links lead to, except files; returns the visits by path."""
    client, waiting, seen, visits = app.test_client(), starts, set(starts), Counter[str]()
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        visits[path] += 1
        response = client.get(address, buffered=True, follow_redirects=True)
        assert response.status_code == 200, address
        if response.mimetype != "text/html":
            continue
        for found in _addresses(BeautifulSoup(response.text, "lxml"), address):
            endless = not re.match(r"(/en)?/reports/", found) and visits[urlsplit(found).path] >= PER_PAGE
            if found not in seen and not endless:
                seen.add(found)
                waiting.append(found)
    return visits


@pytest.mark.parametrize("section", EVERY_KIND, ids=list(KINDS))
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("view", ["similar", "cite", "cite.ris"])
def test_pages_of_a_section(app: Flask, section: Section, prefix: str, view: str) -> None:
    address = f"{prefix}/reports/{WATER.id}/2019/{view}"
    assert app.test_client().get(f"{address}?section={section.anchor}").status_code == 200


def test_the_first_section_without_a_heading(app: Flask) -> None:
    assert app.test_client().get(f"/reports/{WATER.id}/2019/similar").status_code == 200, "the default section"


@pytest.mark.slow
def test_every_template_is_rendered(app: Flask) -> None:
    rendered: set[str] = set()

    def record(_: Flask, template: jinja2.Template, **__: object) -> None:
        rendered.add(str(template.name))

    with flask.template_rendered.connected_to(record, app):
        starts = [prefix + start.format(agency=WATER.id) for prefix in ("", "/en") for start in STARTS]
        visits = _crawl(app, starts)
        for address, status in ERRORS:
            assert app.test_client().get(address.format(agency=WATER.id)).status_code == status
    assert all(f"{prefix}/reports/{WATER.id}/2019" in visits for prefix in ("", "/en"))
    waiting = list(rendered)
    while waiting:  # extended, included and imported templates send no signal
        source = (TEMPLATES / waiting.pop()).read_text("utf-8")
        used = {str(name) for name in jinja2.meta.find_referenced_templates(app.jinja_env.parse(source))}
        waiting += used - rendered
        rendered |= used
    assert {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")} - rendered == set()
