"""`/reports/AGENCY/KEY`: text, tables, source, and versions."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from archive.ingest.sources import read_path
from archive.model import Report
from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.gongkai.command_line import ID, PROSE
from tests.webui.html import soup
from tests.webui.html import text as text_of
from tests.webui.model_reports import ORIGINAL, PAGE, READING, SHOWN, WATER
from webui.app import create_app
from webui.render.report_layout import paragraph_anchor

ADDRESS = "/reports/yunxi-shui-wu-ju"


@pytest.mark.parametrize("report", SHOWN, ids=lambda report: f"{report.agency}-{report.key}")
def test_the_text_is_complete_and_not_repeated(client: FlaskClient, report: Report) -> None:
    page = soup(client, f"/reports/{report.agency}/{report.key}")
    for section in report.sections:
        part = page.find(id=section.anchor)
        assert part is not None
        shown = [line.get_text(strip=True) for line in part.select("h2:not(.given), .prose > *")]
        assert "\n".join(shown) == section.text


def test_paragraphs_have_lasting_anchors(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2016")
    report = next(r for r in SHOWN if r.key == "2016")
    texts = [paragraph.text for section in report.sections for paragraph in section.paragraphs]
    for number, text in enumerate(texts, 1):
        anchor = paragraph_anchor(number, text)
        assert anchor == f"p{number}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
        assert page.find(id=anchor).get_text(strip=True) == text  # type: ignore[union-attr]


def test_the_statutory_table_is_a_table(client: FlaskClient) -> None:
    table = soup(client, f"{ADDRESS}/2022").select_one(".statutory.requests table")
    assert table is not None and table.caption is not None
    group = table.select_one("thead th[scope=colgroup]")
    assert group is not None and (group["colspan"], group.get_text()) == ("5", "法人或其他组织")
    assert len(table.select("tbody tr:not(.computed) th[scope=row]")) == 25, "the rows of the 2021 form"
    assert all(len(row.select("td:not(.total-first)")) == 7 for row in table.select("tbody tr:not(.title)"))
    titles = [title.get_text() for title in table.select("th[scope=rowgroup]")]
    assert titles == ["三、本年度办理结果", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"]
    new = table.find("th", string="一、本年新收政府信息公开申请数量").find_parent("tr")  # type: ignore[union-attr]
    cells = [cell.get_text(strip=True) for cell in new.find_all("td")]  # type: ignore[union-attr]
    assert cells == ["14", "14", "0", "0", "0", "0", "0", "14"], "the total is first on narrow screens, else last"


def test_each_item_of_article_20_has_its_own_columns(client: FlaskClient) -> None:
    table = soup(client, f"{ADDRESS}/2019").select_one(".statutory.proactive table")
    assert table is not None
    parts = {
        body.select_one(".title th").get_text(): [head.get_text() for head in body.select(".heads th")][1:]  # type: ignore[union-attr]
        for body in table.find_all("tbody")
    }
    assert parts["第二十条第（一）项"] == ["本年新制作数量", "本年新公开数量", "对外公开总数量"]
    assert parts["第二十条第（九）项"] == ["采购项目数量", "金额"]
    licences = [row.th.get_text() for row in table.find_all("tbody")[1].select("tr:not(.title, .heads)")]  # type: ignore[union-attr]
    assert licences == ["行政许可", "行政奖励"], "a row that no rule knows stands with its kin"


def test_a_failed_check_is_marked_and_its_figures_are_kept(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2019")
    (failed,) = page.select("td.failed:not(.total-first)")
    assert failed.get_text(" ", strip=True).startswith("12 ≠")
    assert not soup(client, f"{ADDRESS}/2022").select("td.failed")


@pytest.mark.parametrize(
    ("table", "text", "reason"),
    [("review", "/", "a dash stays the dash that is printed"), ("proactive", "空", "a blank is not a 0")],
)
def test_dash_and_blank_are_not_zero(client: FlaskClient, table: str, text: str, reason: str) -> None:
    cells = soup(client, f"{ADDRESS}/2019").select(f".statutory.{table} td")
    assert text in [cell.get_text(strip=True) for cell in cells], reason


def test_an_unknown_table_is_shown_as_printed(client: FlaskClient) -> None:
    first, second = soup(client, f"{ADDRESS}/2016").select(".printed table")
    assert [cell.get_text() for cell in first.find_all("tr")[2].find_all("td")] == ["制作宣传折页", "份", "1,200"]
    assert second.td is not None and second.td["colspan"] == "2"


def test_a_figure_links_to_its_sentence(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2016")
    stated = {item.dt.get_text(): item for item in page.select(".stated > div") if item.dt}
    figure = stated["主动公开政府信息数"]
    assert figure.b is not None and figure.b.get_text() == "336"
    link = figure.select_one("a")
    assert link is not None
    sentence = page.find(id=str(link["href"])[1:])
    assert sentence is not None and "主动公开政府信息336条" in sentence.get_text()


def test_the_source_is_shown(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2019")
    said = {item.dt.get_text(): item.dd.get_text(strip=True) for item in page.select(".provenance > div")}  # type: ignore[union-attr]
    assert said["SHA-256"] == PAGE.sha256
    assert said["网址"] == PAGE.url
    assert said["抓取日期"] == "2023-02-14"
    assert said["原件行号"] == "3-344"
    assert said["年份依据"] == "原文载明"
    notices = [notice.get_text(" ", strip=True) for notice in page.select("#notices li")]
    assert "2019年试行格式" in notices[0] and "原件第 88 行" in notices[1]


def test_only_web_addresses_are_links(client: FlaskClient) -> None:
    links = [str(a["href"]) for a in soup(client, f"{ADDRESS}/2019").select(".provenance a")]
    assert links == [PAGE.url, f"https://web.archive.org/web/*/{PAGE.url}"]


@pytest.mark.parametrize(
    ("key", "earlier", "later"), [("2008", None, "2009"), ("2011", "2010", "2013"), ("2022", "2019", None)]
)
def test_the_years_before_and_after(client: FlaskClient, key: str, earlier: str | None, later: str | None) -> None:
    page = soup(client, f"{ADDRESS}/{key}")
    for rel, expected in (("prev", earlier), ("next", later)):
        link = page.select_one(f".neighbours [rel={rel}]")
        assert (link and str(link["href"])) == (expected and f"{ADDRESS}/{expected}")


def test_hits_of_the_query_are_marked(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2016?q=保密审查")
    marks = page.select("article mark")
    assert [mark.get_text() for mark in marks] == ["保密审查", "保密审查"]
    assert [mark["id"] for mark in marks] == ["hit-1", "hit-2"]
    assert "2 处" in page.select_one(".marked-for").get_text()  # type: ignore[union-attr]
    assert not soup(client, f"{ADDRESS}/2016").select("article mark")


def test_a_query_that_cannot_be_read_does_not_hide_the_report(client: FlaskClient) -> None:
    page = soup(client, f'{ADDRESS}/2016?q="保密')
    assert "有误，未作标记" in page.select_one(".marked-for").get_text()  # type: ignore[union-attr]
    assert page.find(id="overview")


def test_the_original_is_a_download(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}/2019/original")
    assert response.data == ORIGINAL
    assert response.headers["Content-Disposition"] == f"attachment; filename=page-{PAGE.sha256[:12]}.html"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_text_alone(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}/2016/text")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.text.startswith("云溪市水务局2016年政府信息公开工作年度报告\n\n引言\n")
    assert response.text.endswith(f"{PAGE.url}\nSHA-256 {PAGE.sha256}\nL3-344\n")


def test_each_hit_links_to_the_next_and_the_last_to_the_first(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2016?q=公开")
    marks = page.select("article mark")
    assert len(marks) > 2
    steps = [str(mark.a["href"]) for mark in marks if mark.a]
    assert steps == [*(f"#hit-{number}" for number in range(2, len(marks) + 1)), "#hit-1"]


def test_every_paragraph_and_section_has_its_link(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2016")
    for element in page.select(".part, .prose > *"):
        links = [str(link["href"]) for link in element.select("a.here")]
        assert f"#{element['id']}" in links
    assert not page.select("a.here")[0].get_text(), "what is copied from the page is the report's text alone"


RECAPTURED = f"/reports/{WATER.id}/2016"


LATER = b"<html>captured again</html>"


def captured_again(report: Report) -> Report:
    """The same report with one paragraph, one figure and its source changed."""
    section, *rest = report.sections
    paragraph = msgspec.structs.replace(section.paragraphs[0], text=section.paragraphs[0].text.replace("要求", "规定"))
    other = {"value": Decimal(999), "printed": "999"}
    figures = tuple(msgspec.structs.replace(f, **other) if f.row == "disclosed" else f for f in report.figures)  # type: ignore[arg-type]
    source = replace(report.source, sha256=hashlib.sha256(LATER).hexdigest(), captured_on=date(2024, 5, 6))
    return replace(
        report,
        sections=(replace(section, paragraphs=(paragraph,)), *rest),
        figures=figures,
        source=source,
        fingerprint=hashlib.sha256(b"later").hexdigest(),
    )


@pytest.fixture
def recaptured(tmp_path: Path) -> FlaskClient:
    report = captured_again(next(r for r in SHOWN if r.key == "2016"))
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
        catalogue.add(replace(READING, source=report.source, reports=(report,), notices=()), LATER)
        assert [each.source.sha256 for each in catalogue.versions(WATER.id, "2016")] == [
            report.source.sha256,
            READING.source.sha256,
        ]
        assert len(catalogue.versions(WATER.id, "2011")) == 1, "duplicate on page on one page is no other version"
        assert catalogue.versions(WATER.id, "1999") == ()
    return create_app(tmp_path).test_client()


def test_versions_are_listed_newest_first_with_their_changes(recaptured: FlaskClient) -> None:
    page = soup(recaptured, f"{RECAPTURED}/versions")
    later, first = page.select("section.version")
    assert "2024-05-06" in later.get_text() and "2023-02-14" in first.get_text()
    assert [mark.get_text() for mark in later.select(".lines del, .lines ins")] == ["要求", "规定"]
    assert [mark.get_text() for mark in later.select(".figure-change del, .figure-change ins")] == ["336", "999"]
    assert not first.select("del, ins"), "there is none before it"


def test_the_newest_version_is_shown_with_a_link_to_all(recaptured: FlaskClient) -> None:
    page = soup(recaptured, RECAPTURED)
    assert "规定" in page.find(id="preface").get_text()  # type: ignore[union-attr]
    link = page.select_one(f"a[href='{RECAPTURED}/versions']")
    assert link is not None and link.get_text() == "2 个版本"
    assert not soup(recaptured, f"/reports/{WATER.id}/2017").select("a[href$='/versions']")


def test_the_original_of_every_version_is_a_download(recaptured: FlaskClient) -> None:
    links = [str(link["href"]) for link in soup(recaptured, f"{RECAPTURED}/versions").select(".provenance a[download]")]
    assert [recaptured.get(link).data for link in links] == [LATER, ORIGINAL]
    assert recaptured.get(f"{RECAPTURED}/original").data == LATER
    assert recaptured.get(f"{RECAPTURED}/original?sha256={'0' * 64}").status_code == 404


def test_five_figures_stand_at_the_head_and_lead_to_their_years(client: FlaskClient) -> None:
    page = soup(client, f"{ADDRESS}/2022")
    shown = [item.get_text(" ", strip=True).split(" ") for item in page.select(".key-figures > div")]
    assert [label for label, *_ in shown] == ["收到申请", "予以公开", "部分公开", "不予公开", "不存在／无法提供"]
    addresses = [str(link["href"]) for link in page.select(".key-figures a")]
    assert addresses and all("table=series" in address for address in addresses)
    for address in addresses:
        assert client.get(address).status_code == 200
    older = soup(client, f"{ADDRESS}/2016")
    assert "不详" in older.select(".key-figures dd")[2].get_text(), "a report in prose does not tell partly granted"


@pytest.fixture(scope="session")
def lined(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site over a page of plain text without a recorded address, with markup in it."""
    path = tmp_path_factory.mktemp("lined")
    page = path / "page.txt"
    page.write_text("\n".join(["网站导航<script>alert(1)</script>", "", *PROSE]), "utf-8")
    with Catalogue.open(path / "home") as catalogue:
        catalogue.add(read_path(page), page.read_bytes())
        build_index(path / "home", catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return create_app(path / "home").test_client()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_text_original_is_shown_by_its_lines(lined: FlaskClient, prefix: str) -> None:
    report = soup(lined, f"{prefix}/reports/{ID}/2015")
    missing = "未记录" if not prefix else "not recorded"
    said = [item.dd.get_text(strip=True) for item in report.select(".provenance > div")]  # type: ignore[union-attr]
    assert said[:2] == [missing, missing], "address and day of capture"
    links = [str(link["href"]) for link in report.select("a") if "/original/lines" in str(link["href"])]
    assert len(links) > 2, "the report and its sections"
    for address in links:
        page = soup(lined, address)
        assert not page.select("main script"), "markup of the original is text"
        assert text_of(page, "#L1") == "网站导航<script>alert(1)</script>"
        target = page.find(id=address.partition("#")[2])
        assert target is not None and target["class"] == ["in"], address
        marked, every = page.select(".source-lines .in"), page.select(".source-lines li")
        assert (len(marked) < len(every)) is ("section=" in address), "the page has one report"


def test_the_check_of_the_hash_is_a_command_that_passes(lined: FlaskClient, tmp_path: Path) -> None:
    page = soup(lined, f"/reports/{ID}/2015")
    original = lined.get(f"/reports/{ID}/2015/original")
    name = original.headers["Content-Disposition"].rpartition("filename=")[2]
    (tmp_path / name).write_bytes(original.data)
    command = text_of(page, "#provenance pre").strip()
    assert subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True).returncode == 0  # noqa: S602 (our own)
    (tmp_path / name).write_bytes(b"other")
    assert subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True).returncode != 0  # noqa: S602


def test_an_original_without_lines_is_not_shown_by_lines(client: FlaskClient) -> None:
    assert client.get(f"{ADDRESS}/2019/original/lines").status_code == 404
    assert not soup(client, f"{ADDRESS}/2019").select("a[href*='/original/lines']")
