from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from archive.export.csv import BOM
from tests.gongkai.command_line import AGENCY, ID, PROSE, TITLE, counts, document, run, write

REPORT_KEYS = {
    *(
        "title",
        "title_basis",
        "agency",
        "agency_name",
        "agency_as_printed",
        "agency_basis",
        "year",
        "year_basis",
        "key",
    ),
    *(
        "form",
        "published_on",
        "period",
        "first_line",
        "last_line",
        "duplicate_of",
        "source",
        "sections",
        "checks",
        "figures",
    ),
    "notices",
}
SOURCE_KEYS = {"path", "sha256", "media_type", "url", "site", "captured_on"}
SECTION_KEYS = {"code", "also", "anchor", "heading", "text", "first_line", "last_line", "tables"}
FIGURE_KEYS = {"table", "row", "column", "value", "printed", "state", "basis", "unit", "check", "sentence", "line"}
NOTICE_KEYS = {"code", "severity", "message", "place"}


def test_read_prints_one_json_document(empty_home: Path, corpus: Path) -> None:
    result = run(empty_home, "read", corpus, "--json")
    files = document(result)["files"]
    assert result.exit_code == 0
    assert [set(file) for file in files] == [{"path", "error", "reports", "notices"}] * 2
    assert [Path(file["path"]).name for file in files] == ["2022.txt", "b.txt"]
    assert [file["error"] for file in files] == [None, None]
    assert [len(file["reports"]) for file in files] == [1, 1]
    assert not empty_home.exists(), "reading keeps nothing"


def test_show_prints_a_report_as_json(filled: Path) -> None:
    found = document(run(filled, "show", AGENCY, "2022", "--json"))
    assert set(found) == REPORT_KEYS
    assert set(found["source"]) == SOURCE_KEYS
    assert all(set(section) == SECTION_KEYS for section in found["sections"])
    assert all(set(figure) == FIGURE_KEYS for figure in found["figures"])
    assert all(set(notice) == NOTICE_KEYS for notice in found["notices"])
    assert (found["agency"], found["year"], found["key"], found["form"]) == (ID, 2022, "2022", "form-2021")
    assert (found["title"], found["agency_as_printed"], found["year_basis"]) == (TITLE, AGENCY, "printed")
    codes = ["preface", "overview", "proactive", "requests", "review", "problems", "other"]
    assert [section["code"] for section in found["sections"]] == codes
    new = next(figure for figure in found["figures"] if (figure["row"], figure["column"]) == ("new", "total"))
    assert (new["table"], new["value"], new["printed"], new["state"]) == ("requests", "3", "3", "number")
    assert new["check"] == {"balance": "passed", "row_total": "passed"}


def test_read_and_show_print_the_same_report(filled: Path, corpus: Path) -> None:
    read = document(run(filled, "read", corpus / "b.txt", "--json"))["files"][0]["reports"][0]
    assert document(run(filled, "show", AGENCY, "2015", "--json")) == read


def test_section_text_is_heading_and_paragraphs(filled: Path) -> None:
    found = document(run(filled, "show", AGENCY, "2015", "--section", "overview", "--json"))
    (section,) = found["sections"]
    assert section["text"] == "一、概述\n2015年,收到政府信息公开申请4件。"
    assert (section["first_line"], section["last_line"], section["tables"]) == (3, 4, [])


def test_prose_figure(filled: Path) -> None:
    (figure,) = document(run(filled, "figures", "--table", "prose", "--json"))["figures"]
    assert set(figure) == FIGURE_KEYS | {"agency", "year", "form"}
    assert (figure["agency"], figure["year"], figure["row"], figure["column"]) == (ID, 2015, "requests_received", None)
    assert (figure["value"], figure["basis"], figure["sentence"]) == ("4", "prose", "2015年,收到政府信息公开申请4件。")


FILTERS = [
    ((), 175 + 21 + 15 + 10 + 1),  # three computed rows of seven columns
    (("--year", "2015"), 1),
    (("--year", "2016..2030"), 221),
    (("--year", "2016.."), 221),
    (("--year", "..2016"), 1),
    (("--table", "requests"), 196),
    (("--table", "requests", "--row", "refused"), 7),
    (("--table", "series", "--year", "2022"), 7),
    (("--table", "requests", "--row", "new"), 7),
    (("--table", "requests", "--row", "new", "--column", "total"), 1),
    (("--table", "review"), 15),
    (("--agency", "quanzhou"), 222),
]


@pytest.mark.parametrize(("options", "count"), FILTERS, ids=[" ".join(options) or "all" for options, _ in FILTERS])
def test_figures_are_filtered(filled: Path, options: tuple[str, ...], count: int) -> None:
    assert len(document(run(filled, "figures", *options, "--json"))["figures"]) == count
    text = run(filled, "figures", *options, "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert text.startswith(BOM)
    assert len(rows) == count
    head = [
        "agency",
        "year",
        "form",
        "table",
        "row",
        "column",
        "value",
        "printed",
        "state",
        "basis",
        "unit",
        "confidence",
        "check",
    ]
    assert text.removeprefix(BOM).splitlines()[0] == ",".join([*head, "as_of"])
    assert run(filled, "figures", *options).exit_code == 0


def test_coverage_json(filled: Path) -> None:
    cells = document(run(filled, "coverage", "--json"))["cells"]
    assert [cell["year"] for cell in cells] == list(range(2015, 2023))
    assert cells[0] == {"agency": ID, "year": 2015, "state": "held"}
    assert {cell["state"] for cell in cells[1:-1]} == {"missing"}


def test_duplicate_report_is_marked(empty_home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "twice.txt", [*PROSE, *PROSE])
    first, second = document(run(empty_home, "read", page, "--json"))["files"][0]["reports"]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, {"first_line": 2, "last_line": 10})
    assert [notice["code"] for notice in second["notices"]] == ["duplicate_report"]
    run(empty_home, "add", page)
    assert document(run(empty_home, "coverage", "--json"))["cells"] == [
        {"agency": ID, "year": 2015, "state": "held", "duplicate": True}
    ]


def test_notices_json(empty_home: Path, tmp_path: Path) -> None:
    write(tmp_path / "pages" / "twice.txt", [*PROSE, *PROSE])
    write(tmp_path / "pages" / "weather.txt", ["天气很好。"])
    assert run(empty_home, "add", tmp_path / "pages").exit_code == 1
    found = document(run(empty_home, "notices", "--json"))["notices"]
    assert all(set(notice) == NOTICE_KEYS | {"report", "source"} for notice in found)
    assert [(notice["report"], notice["code"], notice["place"]) for notice in found] == [
        (None, "no_report", {"first_line": None, "last_line": None}),
        (f"{ID}/2015", "duplicate_report", {"first_line": 12, "last_line": 20}),
    ]


def test_adding_the_same_pages_twice_changes_nothing(empty_home: Path, corpus: Path) -> None:
    first, second = run(empty_home, "add", corpus), run(empty_home, "add", corpus)
    assert counts(first) == ["2", "0", "0", "0", "0"]
    assert counts(second) == ["0", "0", "2", "0", "0"]
    assert (first.exit_code, second.exit_code) == (0, 0)


def test_add_keeps_the_rest_when_something_fails(empty_home: Path, corpus: Path) -> None:
    write(corpus / "c.txt", b"")
    result = run(empty_home, "add", corpus, corpus / "not-there.txt")
    assert result.exit_code == 1
    assert counts(result) == ["2", "0", "0", "0", "2"]
    assert result.stderr.splitlines() == [
        f"{corpus / 'c.txt'} 是空文件。请重新抓取页面。",
        f"没有文件 {corpus / 'not-there.txt'}。请检查路径。",
    ]


def test_sidecar_and_hidden_files_are_ignored(empty_home: Path, corpus: Path) -> None:
    for name in ("source.toml", "expected.toml", ".hidden.txt", ".git/page.txt"):
        write(corpus / name, PROSE if name.endswith("txt") else b"")
    assert [Path(file["path"]).name for file in document(run(empty_home, "read", corpus, "--json"))["files"]] == [
        "2022.txt",
        "b.txt",
    ]


def test_source_toml_gives_the_agency_of_a_page(empty_home: Path, tmp_path: Path) -> None:
    nameless = ["2015年政府信息公开工作年度报告", "一、概述", "做了许多事。"]
    page = write(tmp_path / "page.txt", nameless)
    write(tmp_path / "other.txt", nameless)
    given = 'page = "page.txt"\nagency = "泉州市教育局"\nurl = "https://example.org/a"\ncaptured_on = 2023-01-31\n'
    write(tmp_path / "source.toml", given.encode())
    found = document(run(empty_home, "read", page, tmp_path / "other.txt", "--json"))["files"]
    (report,), (other,) = (file["reports"] for file in found)
    assert (report["agency"], report["agency_as_printed"], report["agency_basis"]) == (ID, None, "given")
    assert (report["source"]["url"], report["source"]["captured_on"]) == ("https://example.org/a", "2023-01-31")
    assert (other["agency"], other["agency_basis"], other["source"]["url"]) == ("unknown", "unknown", None)


def test_add_and_index_count_the_duplicates_of_a_page(empty_home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "twice.txt", [*PROSE, *PROSE])
    added = run(empty_home, "add", page, language="en")
    assert counts(added)[0] == "2"
    assert "1 of them is a duplicate on the same page: kept, not indexed." in added.stdout
    assert "duplicate" not in run(empty_home, "add", page, language="en").stdout, "unchanged, so nothing was added"
    indexed = run(empty_home, "index", language="en")
    assert "1 reports" in indexed.stdout
    assert "1 more is a duplicate on the same page: not indexed." in indexed.stdout
