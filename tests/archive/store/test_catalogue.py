from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from archive.analysis.coverage import CoverageCell
from archive.errors import GongkaiError, UnreadableSource
from archive.extract.pipeline import read_source
from archive.model import Agency, Name, Notice, Reading, Source, SourceSpan
from archive.store.catalogue import Catalogue
from archive.store.connection import place
from archive.store.dialects import dialect
from tests.archive import pages
from tests.archive.pages import form_report, prose_report

pytestmark = pytest.mark.usefixtures("database")

AGENCY = "泉州市教育局"
ID = "quanzhoushi-jiaoyuju"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "home") as opened:
        yield opened


def add(catalogue: Catalogue, lines: list[str], path: str = "page.txt") -> list[str]:
    """Adds a page of these lines; what became of its reports."""
    data = "\n".join(lines).encode()
    source = Source(path, hashlib.sha256(data).hexdigest(), "text/plain")
    reading = read_source(data, source, catalogue.agencies())
    return [outcome for _, outcome in catalogue.add(reading, data)]


def report(year: int = 2015, body: str = "全年公开平稳有序。", agency: str = AGENCY) -> list[str]:
    return prose_report(agency, year, body=body)


def shown(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(found.agency, found.key) for found in catalogue.shown()]


def test_a_new_catalogue_is_empty(catalogue: Catalogue) -> None:
    assert catalogue.revision == 0
    assert (shown(catalogue), catalogue.agencies(), catalogue.coverage(), catalogue.notices()) == ([], (), (), ())


def test_a_page_added_is_shown(catalogue: Catalogue) -> None:
    assert add(catalogue, report()) == ["added"]
    (found,) = catalogue.shown()
    assert (found.agency, found.year, found.agency_as_printed) == (ID, 2015, AGENCY)
    assert catalogue.report(ID, "2015") == found
    assert catalogue.keys(ID) == ("2015",)
    assert catalogue.agency(ID) == catalogue.agencies()[0]
    assert catalogue.revision == 1


def test_of_two_that_add_at_once_one_waits_for_the_other(tmp_path: Path) -> None:
    def also() -> list[str]:
        with Catalogue.open(tmp_path) as second:
            waiting.set()
            return add(second, report())

    waiting = threading.Event()
    with Catalogue.open(tmp_path) as first, ThreadPoolExecutor(1) as pool:
        with first.writing():
            later = pool.submit(also)
            assert waiting.wait(60)
            assert add(first, report()) == ["added"]
        assert later.result() == ["unchanged"]
        assert first.revision == 1


def test_who_waited_too_long_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "PATIENCE", 0)
    opened = Catalogue.open(tmp_path)
    with opened as first, first.writing(), pytest.raises(GongkaiError) as caught, Catalogue.open(tmp_path) as second:
        add(second, report())
    where = place(tmp_path)
    assert caught.value.zh == f"另一个进程正在写 {where}。请等它结束后再试。"
    assert caught.value.en == f"Another process is writing to {where}. Wait until it has finished, then try again."


def test_a_page_added_again_changes_nothing(catalogue: Catalogue) -> None:
    lines = [*report(2015), *report(2016), *report(2016)]
    assert add(catalogue, lines) == ["added"] * 3
    before = (catalogue.revision, shown(catalogue), catalogue.agencies(), catalogue.coverage())
    assert add(catalogue, lines) == ["unchanged"] * 3
    assert (catalogue.revision, shown(catalogue), catalogue.agencies(), catalogue.coverage()) == before


def test_another_text_of_the_same_year_is_a_new_version(catalogue: Catalogue) -> None:
    add(catalogue, report(body="公开了三条信息。"))
    assert add(catalogue, report(body="公开了四条信息。")) == ["new_version"]
    (found,) = catalogue.shown()
    assert "四条" in found.sections[1].text
    assert catalogue.report(ID, "2015") == found


def test_the_same_text_on_another_page_is_unchanged(catalogue: Catalogue) -> None:
    add(catalogue, report())
    assert add(catalogue, ["", *report()]) == ["unchanged"]
    assert add(catalogue, ["", *report()]) == ["unchanged"]
    assert len(shown(catalogue)) == 1


def test_a_page_with_one_report_that_is_held_and_one_that_is_new(catalogue: Catalogue) -> None:
    both = [*report(2015), *report(2016)]
    add(catalogue, report(2015))
    assert add(catalogue, both) == ["unchanged", "added"]
    revision = catalogue.revision
    assert add(catalogue, both) == ["unchanged", "unchanged"]
    assert catalogue.revision == revision


def test_a_second_capture_of_a_page_that_prints_a_report_twice(catalogue: Catalogue) -> None:
    assert add(catalogue, [*report(), *report()]) == ["added", "added"]
    assert add(catalogue, ["", *report(), *report()]) == ["unchanged", "unchanged"]
    assert len([row for row in catalogue.notices() if row[2].code == "duplicate_report"]) == 1


def test_a_page_read_otherwise_than_before_is_reread(catalogue: Catalogue) -> None:
    data = "\n".join(report()).encode()
    reading = read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain"))
    catalogue.add(reading, data)
    later = replace(reading, reports=(replace(reading.reports[0], title="另题"),))
    assert [outcome for _, outcome in catalogue.add(later, data)] == ["reread"]
    assert [found.title for found in catalogue.shown()] == ["另题"]
    assert [outcome for _, outcome in catalogue.add(later, data)] == ["unchanged"]
    nothing = replace(reading, reports=())
    assert catalogue.add(nothing, data) == ()
    assert shown(catalogue) == []


def test_rereading_an_old_page_does_not_hide_the_newer_version(catalogue: Catalogue) -> None:
    data = "\n".join(report(body="甲。")).encode()
    reading = read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain"))
    catalogue.add(reading, data)
    add(catalogue, report(body="乙。"))
    catalogue.add(replace(reading, reports=(replace(reading.reports[0], title="另题"),)), data)
    (found,) = catalogue.shown()
    assert found.title != "另题"


def test_a_report_printed_twice_is_shown_once(catalogue: Catalogue) -> None:
    add(catalogue, [*report(), *report()])
    (found,) = catalogue.shown()
    assert found.duplicate_of is None
    assert found.place.first_line == 2
    assert catalogue.coverage() == (CoverageCell(ID, 2015, "held", duplicate=True),)


def test_reports_in_the_order_of_agencies_and_years(catalogue: Catalogue) -> None:
    for year, agency in ((2016, AGENCY), (2014, "厦门市教育局"), (2013, AGENCY)):
        add(catalogue, report(year, agency=agency))
    assert shown(catalogue) == [(ID, "2013"), (ID, "2016"), ("xiamenshi-jiaoyuju", "2014")]


def test_a_report_without_a_year_has_a_key_of_its_own(catalogue: Catalogue) -> None:
    lines = ["泉州市教育局政府信息公开工作年度报告", "一、概述", "做了许多事。", "二、存在的问题", "有不足。"]
    add(catalogue, lines)
    ((agency, key),) = shown(catalogue)
    assert key.startswith("undated-")
    assert len(key) == len("undated-") + 8
    found = catalogue.report(agency, key)
    assert found is not None
    assert found.year is None
    assert catalogue.coverage() == ()


def test_reports_of_unknown_agencies_on_one_year_are_no_versions_of_one(catalogue: Catalogue) -> None:
    for year, body in ((2016, "第一份。"), (2016, "第二份。"), (2018, "第三份。")):
        add(catalogue, ["政府信息公开工作年度报告", *report(year, body, "某某")[1:], f"本年度为{year}年度。"])
    listed = shown(catalogue)
    assert [agency for agency, _ in listed] == ["unknown"] * 3
    assert [re.sub("[0-9a-f]{8}$", "…", key) for _, key in listed] == ["2016-…", "2016-…", "2018-…"]
    newest = catalogue.report("unknown", "2016")
    assert newest and "第二份。" in str(newest.sections), "the address of earlier versions of the program"
    assert catalogue.report("unknown", "2017") is None
    assert {(cell.year, cell.state) for cell in catalogue.coverage()} == {(2016, "held"), (2018, "held")}, "no gap"
    assert catalogue.breaks("unknown") == ()


def test_coverage_has_a_cell_for_every_year_between(catalogue: Catalogue) -> None:
    add(catalogue, report(2015))
    add(catalogue, report(2018))
    assert catalogue.coverage() == (
        CoverageCell(ID, 2015, "held"),
        CoverageCell(ID, 2016, "missing"),
        CoverageCell(ID, 2017, "missing"),
        CoverageCell(ID, 2018, "held"),
    )


def test_coverage_tells_tables_and_images_apart_and_counts_the_best_copy(catalogue: Catalogue) -> None:
    title = "泉州市教育局2022年政府信息公开工作年度报告"
    add(catalogue, [title, "一、总体情况", "二、主动公开政府信息情况"])
    assert [cell.state for cell in catalogue.coverage()] == ["image_only"]
    add(catalogue, [title, *pages.bars_behind(pages.requests(pages.zeros()))])
    assert [cell.state for cell in catalogue.coverage()] == ["tables_only"]
    add(catalogue, form_report(title))
    assert [cell.state for cell in catalogue.coverage()] == ["held"]


def test_the_names_of_an_agency_with_the_years_in_which_they_were_seen(catalogue: Catalogue) -> None:
    add(catalogue, report(2015))
    add(catalogue, report(2017, agency="福建省泉州市教育局"))
    add(catalogue, report(2013))
    (agency,) = catalogue.agencies()
    assert agency.id == ID
    assert [(name.text, name.first_year, name.last_year) for name in agency.names] == [
        ("泉州市教育局", 2013, 2015),
        ("福建省泉州市教育局", 2017, 2017),
    ]


def test_two_agencies_spelled_alike_stay_two(catalogue: Catalogue) -> None:
    add(catalogue, report(agency="山西省教育厅"))
    add(catalogue, report(agency="陕西省教育厅"))
    assert [agency.name for agency in catalogue.agencies()] == ["山西省教育厅", "陕西省教育厅"]
    assert len(shown(catalogue)) == 2


def test_agencies_joined_have_one_id_and_the_former_leads_to_it(catalogue: Catalogue) -> None:
    add(catalogue, report(2015))
    add(catalogue, report(2019, agency="泉州市教育委员会"))
    earlier, later = catalogue.agencies()
    revision = catalogue.revision
    joined = catalogue.join(earlier, later, 2016)
    assert (joined.id, catalogue.agencies()) == (ID, (joined,))
    assert catalogue.agency(later.id) == joined
    assert catalogue.keys(later.id) == ("2015", "2019")
    assert catalogue.report(later.id, "2019") == catalogue.report(ID, "2019")
    assert catalogue.revision > revision
    assert add(catalogue, report(2019, agency="泉州市教育委员会")) == ["unchanged"]
    with pytest.raises(GongkaiError) as caught:
        catalogue.join(joined, joined, 2016)
    assert caught.value.zh == f"{joined.name}和它自己已经是同一个机关。"


def test_notices_of_pages_and_of_reports(catalogue: Catalogue) -> None:
    add(catalogue, ["天气很好。"], "weather.txt")
    add(catalogue, [line for year in (2013, 2014, 2016) for line in report(year)])
    found = [(held and held.key, source.path, notice.code) for held, source, notice in catalogue.notices()]
    assert sorted(found, key=str) == [(None, "page.txt", "missing_year"), (None, "weather.txt", "no_report")]


def test_originals_are_kept_as_captured_and_by_their_hash(catalogue: Catalogue, tmp_path: Path) -> None:
    data = "\n".join(report()).encode() + b"\r\n\xff"
    sha256 = hashlib.sha256(data).hexdigest()
    reading = read_source(data, Source("page.txt", sha256, "text/plain"))
    catalogue.add(reading, data)
    assert catalogue.original(sha256) == data
    path = tmp_path / "home" / "originals" / sha256[:2] / sha256
    written = path.stat().st_mtime_ns
    catalogue.add(reading, data)
    assert path.stat().st_mtime_ns == written, "an original is never written again"
    path.unlink()
    with pytest.raises(GongkaiError) as caught:
        catalogue.original(sha256)
    assert caught.value.zh == f"原件 {sha256} 不见了。请从备份恢复，或重新添加该页面。"


def test_what_was_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        add(catalogue, form_report())
        before = list(catalogue.shown())
    with Catalogue.open(tmp_path) as catalogue:
        assert list(catalogue.shown()) == before
        assert catalogue.revision == 1


def test_two_who_read_and_one_who_adds(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as reader, Catalogue.open(tmp_path) as writer:
        assert reader.revision == 0
        add(writer, report())
        with Catalogue.open(tmp_path) as later:
            assert later.revision == 1


def test_a_damaged_catalogue_is_a_sentence(tmp_path: Path, database: str) -> None:
    if database != "sqlite":
        pytest.skip("the file is SQLite's")
    (tmp_path / "catalogue.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(GongkaiError) as caught, Catalogue.open(tmp_path):
        pass
    assert caught.value.zh == (
        f"{tmp_path / 'catalogue.sqlite'} 读写不了（file is not a database）。请检查磁盘，或从备份恢复。"
    )


def test_a_catalogue_of_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Catalogue.open(tmp_path):
        pass
    monkeypatch.setattr("archive.store.schema.VERSION", 99)
    with pytest.raises(GongkaiError) as caught, Catalogue.open(tmp_path):
        pass
    assert "请升级，或换文件夹重新添加。" in caught.value.zh
    assert "Upgrade the program" in caught.value.en


def test_a_reading_without_reports_keeps_the_page(catalogue: Catalogue) -> None:
    data = "天气很好。".encode()
    reading = Reading(Source("weather.txt", hashlib.sha256(data).hexdigest(), "text/plain"), (), ())
    assert catalogue.add(reading, data) == ()
    assert catalogue.original(reading.source.sha256) == data


ODD_TEXTS = [
    ("a\0b", "NUL, which PostgreSQL has no text for"),
    ("\0", "NUL alone"),
    ("\x1a0\x1a1\x1a", "the character that escapes it, and what it escapes"),
    ("\x1a\0", "both"),
    ("\\u0000\\x00'\"%s%%", "the notation of NUL, and of SQL and of parameters"),
    ("\U0001f600\ufffe\u200b\x7f", "characters of four bytes, no characters, without width"),
]


@pytest.mark.parametrize(("text", "reason"), ODD_TEXTS)
def test_texts_come_back_unchanged(catalogue: Catalogue, text: str, reason: str) -> None:
    data = "\n".join(form_report()).encode()
    reading = read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain"))
    (report,) = reading.reports
    figure = msgspec.structs.replace(report.figures[0], label=text, printed=text, sentence=text)
    noted = Notice("missing_year", "warning", SourceSpan(1), {"年": text})
    odd = replace(
        report,
        agency_name=f"名{text}",
        agency_as_printed=f"名{text}",
        figures=(figure,),
        notices=(noted,),
    )
    reading = replace(reading, reports=(odd,))
    assert [outcome for _, outcome in catalogue.add(reading, data)] == ["added"], reason
    assert [outcome for _, outcome in catalogue.add(reading, data)] == ["unchanged"], reason
    assert [*catalogue.shown()] == [odd], reason
    assert catalogue.report(odd.agency, odd.key) == odd, reason
    assert [each.figures for each in catalogue.figures()] == [(figure,)], reason
    assert [notice for _, _, notice in catalogue.notices()] == [noted], reason
    assert any(name.text == f"名{text}" for name in catalogue.agencies()[0].names), reason


@pytest.mark.parametrize("text", ["\ud800", "a\udcff", "\ude00\ud83d"])
def test_a_text_with_lone_surrogates_is_refused(catalogue: Catalogue, text: str) -> None:
    data = "\n".join(form_report()).encode()
    reading = read_source(data, Source(f"page{text}.txt", hashlib.sha256(data).hexdigest(), "text/plain"))
    (report,) = reading.reports
    for odd in (reading, replace(reading, reports=(replace(report, agency_as_printed=text),))):
        with pytest.raises(UnreadableSource) as caught:
            catalogue.add(odd, data)
        assert "lone surrogates" in caught.value.en.encode().decode(), "a sentence that can be printed"
    assert (catalogue.revision, [*catalogue.shown()]) == (0, [])


def test_ids_are_in_the_order_of_code_points(catalogue: Catalogue) -> None:
    data = "\n".join(form_report()).encode()
    reading = read_source(data, Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain"))
    (report,) = reading.reports
    ids = ["a-b", "a", "ab", "B", "a_c", "a0", "é", "中", "\U0001f600", "\uffee"]
    agencies = tuple(Agency(each, each, (Name(each),)) for each in ids)
    reports = tuple(replace(report, agency=each, year=year) for each in ids for year in (2021, 2022))
    catalogue.add(replace(reading, reports=reports, agencies=agencies), data)
    assert [agency.id for agency in catalogue.agencies()] == sorted(ids)
    assert shown(catalogue) == sorted((each.agency, each.key) for each in reports)
    assert [(each.agency, each.key) for each in catalogue.figures()] == shown(catalogue)
