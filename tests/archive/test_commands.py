from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive import COMMANDS, Context, GongkaiError
from archive.errors import Language
from archive.sheets import BOM
from tests.archive.pages import TRIAL, balanced, form_report, prose_report

AGENCY = "泉州市教育局"
ID = "quanzhoushi-jiaoyuju"
TITLE = f"{AGENCY}2022年政府信息公开工作年度报告"
PROSE = prose_report(AGENCY, 2015, body="收到政府信息公开申请4件。")
NAMES = {str(command.name): command for command in COMMANDS}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two reports of one agency, and a page that is none."""
    folder = tmp_path / "corpus"
    write(folder / "a" / "2022.txt", form_report(TITLE, cells=balanced(3, 1, 2)))
    write(folder / "b.txt", PROSE)
    return folder


def write(path: Path, lines: list[str] | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines if isinstance(lines, bytes) else "\n".join(lines).encode())
    return path


def run(home: Path, name: str, *arguments: object, language: Language = "zh") -> Result:
    """Runs a command as `gongkai` does: a mistake ends in its sentence on stderr and its exit code."""
    command = NAMES[name]

    @click.command(name, params=command.params, context_settings={"ignore_unknown_options": True})
    @click.pass_context
    def guarded(ctx: click.Context, **values: Any) -> object:
        try:
            return ctx.invoke(command, **values)
        except GongkaiError as error:
            click.echo(error.message(language), err=True)
            ctx.exit(error.exit_code)

    return CliRunner().invoke(guarded, [str(each) for each in arguments], obj=Context(home, language))


def document(result: Result) -> Any:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


@pytest.fixture
def filled(home: Path, corpus: Path) -> Path:
    assert run(home, "add", corpus).exit_code == 0
    return home


REPORT_KEYS = {
    *("title", "title_basis", "agency", "agency_name", "agency_as_printed", "agency_basis", "year", "year_basis", "key"),
    *("form", "published_on", "period", "first_line", "last_line", "duplicate_of", "source", "sections", "checks", "figures"),
    "notices",
}
SOURCE_KEYS = {"path", "sha256", "media_type", "url", "site", "captured_on"}
SECTION_KEYS = {"code", "also", "anchor", "heading", "text", "first_line", "last_line", "tables"}
FIGURE_KEYS = {"table", "row", "column", "value", "printed", "state", "basis", "unit", "check", "sentence", "line"}
NOTICE_KEYS = {"code", "severity", "message", "place"}


def test_read_prints_one_json_document_of_the_shape_that_is_promised(home: Path, corpus: Path) -> None:
    result = run(home, "read", corpus, "--json")
    files = document(result)["files"]
    assert result.exit_code == 0
    assert [set(file) for file in files] == [{"path", "error", "reports", "notices"}] * 2
    assert [Path(file["path"]).name for file in files] == ["2022.txt", "b.txt"]
    assert [file["error"] for file in files] == [None, None]
    assert [len(file["reports"]) for file in files] == [1, 1]
    assert not home.exists(), "reading keeps nothing"


def test_show_prints_a_report_of_the_shape_that_is_promised(filled: Path) -> None:
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


def test_a_report_is_the_same_read_and_shown(filled: Path, corpus: Path) -> None:
    read = document(run(filled, "read", corpus / "b.txt", "--json"))["files"][0]["reports"][0]
    assert document(run(filled, "show", AGENCY, "2015", "--json")) == read


def test_the_text_of_a_section_is_its_heading_and_paragraphs_one_a_line(filled: Path) -> None:
    found = document(run(filled, "show", AGENCY, "2015", "--section", "overview", "--json"))
    (section,) = found["sections"]
    assert section["text"] == "一、概述\n2015年,收到政府信息公开申请4件。"
    assert (section["first_line"], section["last_line"], section["tables"]) == (3, 4, [])


def test_a_figure_of_a_sentence(filled: Path) -> None:
    (figure,) = document(run(filled, "figures", "--table", "prose", "--json"))["figures"]
    assert set(figure) == FIGURE_KEYS | {"agency", "year", "form"}
    assert (figure["agency"], figure["year"], figure["row"], figure["column"]) == (ID, 2015, "requests_received", None)
    assert (figure["value"], figure["basis"], figure["sentence"]) == ("4", "prose", "2015年,收到政府信息公开申请4件。")


FILTERS = [
    ((), 175 + 15 + 10 + 1),
    (("--year", "2015"), 1),
    (("--year", "2016..2030"), 200),
    (("--year", "2016.."), 200),
    (("--year", "..2016"), 1),
    (("--table", "requests"), 175),
    (("--table", "requests", "--row", "new"), 7),
    (("--table", "requests", "--row", "new", "--column", "total"), 1),
    (("--table", "review"), 15),
    (("--agency", "quanzhou"), 201),
    (("--table", "nonsense"), 0),
]


@pytest.mark.parametrize(("options", "count"), FILTERS, ids=[" ".join(options) or "all" for options, _ in FILTERS])
def test_figures_are_filtered(filled: Path, options: tuple[str, ...], count: int) -> None:
    assert len(document(run(filled, "figures", *options, "--json"))["figures"]) == count
    text = run(filled, "figures", *options, "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert text.startswith(BOM)
    assert len(rows) == count
    head = ["agency", "year", "form", "table", "row", "column", "value", "printed", "state", "basis", "unit", "check"]
    assert text.removeprefix(BOM).splitlines()[0] == ",".join(head)
    assert run(filled, "figures", *options).exit_code == 0


def test_coverage_has_the_shape_that_is_promised(filled: Path) -> None:
    cells = document(run(filled, "coverage", "--json"))["cells"]
    assert [cell["year"] for cell in cells] == list(range(2015, 2023))
    assert cells[0] == {"agency": ID, "year": 2015, "state": "held"}
    assert {cell["state"] for cell in cells[1:-1]} == {"missing"}


def test_a_report_printed_twice_is_marked_and_listed(home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "twice.txt", [*PROSE, *PROSE])
    first, second = document(run(home, "read", page, "--json"))["files"][0]["reports"]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, {"first_line": 2, "last_line": 10})
    assert [notice["code"] for notice in second["notices"]] == ["duplicate_report"]
    run(home, "add", page)
    assert document(run(home, "coverage", "--json"))["cells"] == [
        {"agency": ID, "year": 2015, "state": "held", "duplicate": True}
    ]


def test_notices_have_the_shape_that_is_promised(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "pages" / "twice.txt", [*PROSE, *PROSE])
    write(tmp_path / "pages" / "weather.txt", ["天气很好。"])
    assert run(home, "add", tmp_path / "pages").exit_code == 1
    found = document(run(home, "notices", "--json"))["notices"]
    assert all(set(notice) == NOTICE_KEYS | {"report", "source"} for notice in found)
    assert [(notice["report"], notice["code"], notice["place"]) for notice in found] == [
        (None, "no_report", {"first_line": None, "last_line": None}),
        (f"{ID}/2015", "duplicate_report", {"first_line": 12, "last_line": 20}),
    ]


def table(result: Result) -> list[str]:
    """The last line of the table that `add` ends with, as words."""
    return result.stdout.split("\n")[-2].split() if result.stdout.strip() else []


def counts(result: Result) -> list[str]:
    return next(line.split() for line in result.stdout.splitlines() if line.split() and line.split()[0].isdigit())


def test_add_ends_with_a_table_and_a_second_time_changes_nothing(home: Path, corpus: Path) -> None:
    first, second = run(home, "add", corpus), run(home, "add", corpus)
    assert counts(first) == ["2", "0", "0", "0", "0"]
    assert counts(second) == ["0", "0", "2", "0", "0"]
    assert (first.exit_code, second.exit_code) == (0, 0)


def test_add_keeps_the_rest_when_something_fails(home: Path, corpus: Path) -> None:
    write(corpus / "c.txt", b"")
    result = run(home, "add", corpus, corpus / "not-there.txt")
    assert result.exit_code == 1
    assert counts(result) == ["2", "0", "0", "0", "2"]
    assert result.stderr.splitlines() == [
        "c.txt 是空文件。请重新抓取页面。",
        f"打不开 {corpus / 'not-there.txt'}(No such file or directory)。请检查路径和权限。",
    ]


def test_what_describes_a_page_and_what_is_hidden_is_no_page(home: Path, corpus: Path) -> None:
    for name in ("source.toml", "expected.toml", ".hidden.txt", ".git/page.txt"):
        write(corpus / name, PROSE if name.endswith("txt") else b"")
    assert [Path(file["path"]).name for file in document(run(home, "read", corpus, "--json"))["files"]] == [
        "2022.txt",
        "b.txt",
    ]


def test_what_a_curator_says_of_a_page(home: Path, tmp_path: Path) -> None:
    nameless = ["2015年政府信息公开工作年度报告", "一、概述", "做了许多事。"]
    page = write(tmp_path / "page.txt", nameless)
    write(tmp_path / "other.txt", nameless)
    given = 'page = "page.txt"\nagency = "泉州市教育局"\nurl = "https://example.org/a"\ncaptured_on = 2023-01-31\n'
    write(tmp_path / "source.toml", given.encode())
    found = document(run(home, "read", page, tmp_path / "other.txt", "--json"))["files"]
    (report,), (other,) = (file["reports"] for file in found)
    assert (report["agency"], report["agency_as_printed"], report["agency_basis"]) == (ID, None, "given")
    assert (report["source"]["url"], report["source"]["captured_on"]) == ("https://example.org/a", "2023-01-31")
    assert (other["agency"], other["agency_basis"], other["source"]["url"]) == ("unknown", "unknown", None)


BAD = [
    ("not-there.txt", None, "打不开 {path}(No such file or directory)。请检查路径和权限。",
     "Cannot open {path} (No such file or directory). Check the path and the permissions."),
    ("empty.txt", b"", "empty.txt 是空文件。请重新抓取页面。", "empty.txt is empty. Capture the page again."),
    ("blank.txt", b" \n\t\r\n", "blank.txt 是空文件。请重新抓取页面。", "blank.txt is empty. Capture the page again."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "zh", "en"), BAD, ids=[name for name, *_ in BAD])
def test_sentences_for_files_that_cannot_be_read(
    home: Path, tmp_path: Path, name: str, data: bytes | None, zh: str, en: str
) -> None:
    path = tmp_path / name
    if data is not None:
        write(path, data)
    for language, sentence in (("zh", zh), ("en", en)):
        result = run(home, "read", path, "--json", language=language)  # type: ignore[arg-type]
        said = sentence.format(path=path)
        assert result.exit_code == 1
        assert document(result)["files"] == [{"path": str(path), "error": said, "reports": [], "notices": []}]
        assert result.stderr.strip() == said
        assert run(home, "add", path, language=language).stderr.strip() == said  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00", bytes(range(256)) * 40, b"\x1f\x8b\x08\x00" * 50])
def test_a_binary_file_is_a_sentence(home: Path, tmp_path: Path, data: bytes) -> None:
    result = run(home, "read", write(tmp_path / "image.txt", data))
    assert result.exit_code == 1
    assert result.stderr.startswith("image.txt ")
    assert isinstance(result.exception, SystemExit)


def test_a_page_without_a_report_is_read_and_not_added(home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "weather.txt", ["天气很好。"])
    result = run(home, "read", page, "--json")
    (file,) = document(result)["files"]
    assert (result.exit_code, file["error"], file["reports"]) == (0, None, [])
    assert [notice["code"] for notice in file["notices"]] == ["no_report"]
    added = run(home, "add", page)
    assert added.exit_code == 1
    assert added.stderr.strip() == (
        f"{page}: 页面里没有找到政府信息公开工作年度报告。没有认出任何章节、标题或表格。"
    )


SENTENCES = [
    (("show", AGENCY, "2016"), f"{AGENCY}没有2016年的报告。档案里有:2015、2022。",
     f"{AGENCY} has no report on 2016. The archive has: 2015、2022."),
    (("show", "厦门", "2015"), f"没有叫“厦门”的机关。档案里有:{AGENCY}({ID})。",
     f"No agency is called “厦门”. The archive has: {AGENCY}({ID})."),
    (("show", AGENCY, "2015", "--section", "plan"),
     "这份报告没有“plan”一节。它有:preface、overview、proactive、requests、problems。",
     "The report has no section “plan”. It has: preface、overview、proactive、requests、problems."),
    (("figures", "--year", "abcd"), "“abcd”不是年份。请写 2018 或 2018..2020。",
     "“abcd” is no year. Write 2018 or 2018..2020."),
    (("figures", "--year", ".."), "“..”不是年份。请写 2018 或 2018..2020。", "“..” is no year. Write 2018 or 2018..2020."),
    (("figures", "--year", "²"), "“²”不是年份。请写 2018 或 2018..2020。", "“²” is no year. Write 2018 or 2018..2020."),
    (("figures", "--agency", "厦门"), f"没有叫“厦门”的机关。档案里有:{AGENCY}({ID})。",
     f"No agency is called “厦门”. The archive has: {AGENCY}({ID})."),
]  # fmt: skip


@pytest.mark.parametrize(("command", "zh", "en"), SENTENCES, ids=[" ".join(command) for command, *_ in SENTENCES])
def test_sentences(filled: Path, command: tuple[str, ...], zh: str, en: str) -> None:
    for language, sentence in (("zh", zh), ("en", en)):
        result = run(filled, *command, language=language)  # type: ignore[arg-type]
        assert (result.exit_code, result.stdout, result.stderr.strip()) == (1, "", sentence)


def test_an_agency_that_can_be_several(filled: Path, tmp_path: Path) -> None:
    run(filled, "add", write(tmp_path / "other.txt", prose_report("厦门市教育局", 2015)))
    result = run(filled, "show", "教育局", "2015")
    assert result.exit_code == 1
    assert result.stderr.strip() == (
        f"“教育局”可以指几个机关:{AGENCY}({ID})、厦门市教育局(xiamenshi-jiaoyuju)。请写全名或编号。"
    )


@pytest.mark.parametrize("name", [AGENCY, ID, "泉州", "quanzhou", "qzs", "泉州教育"])
def test_an_agency_by_name_shortened_pinyin_and_initials(filled: Path, name: str) -> None:
    assert document(run(filled, "show", name, "2015", "--json"))["agency"] == ID


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_prints_something_a_person_can_read(filled: Path, corpus: Path, language: Language) -> None:
    printed = {
        "read": run(filled, "read", corpus, language=language).stdout,
        "show": run(filled, "show", AGENCY, "2022", language=language).stdout,
        "figures": run(filled, "figures", "--table", "review", language=language).stdout,
        "coverage": run(filled, "coverage", language=language).stdout,
        "notices": run(filled, "notices", language=language).stdout,
    }
    expected = {"zh": "没有提示。", "en": "No notices."}
    assert printed["notices"].strip() == expected[language]
    assert TITLE in printed["show"]
    assert all(AGENCY in printed[name] for name in ("read", "figures", "coverage"))


@pytest.mark.parametrize("only", ["--text", "--tables"])
def test_the_text_alone_or_the_tables_alone(filled: Path, only: str) -> None:
    shown = run(filled, "show", AGENCY, "2022", only).stdout
    assert ("公开的时效有待加强。" in shown) == (only == "--text")
    assert ("结转下年度继续办理" in shown) == (only == "--tables")


@pytest.mark.parametrize("command", [("show", AGENCY, "2015"), ("figures",), ("coverage",), ("notices",)])
def test_an_empty_archive_says_what_to_do_or_that_there_is_nothing(home: Path, command: tuple[str, ...]) -> None:
    result = run(home, *command)
    assert (result.exit_code, bool(result.stdout), bool(result.stderr)) == (
        (1, False, True) if command[0] == "show" else (0, True, False)
    )


def test_what_a_page_prints_is_no_markup_and_no_order_to_the_terminal(home: Path, tmp_path: Path) -> None:
    odd = "[/b][red]\x1b[31m奖励"
    lines = [line.replace("行政强制", odd) for line in form_report(f"{AGENCY}2019年政府信息公开工作年度报告", form=TRIAL)]
    page = write(tmp_path / "[/odd].txt", [*lines[:3], f"正文{odd}。", *lines[3:]])
    assert run(home, "read", page).exception is None
    assert run(home, "add", page).exception is None
    for command in (("show", AGENCY, "2019"), ("figures", "--table", "proactive"), ("notices",), ("coverage",)):
        result = run(home, *command)
        assert result.exception is None
        assert "\x1b[31m" not in result.stdout
        assert "[/b][red]" in result.stdout or command == ("coverage",)


def test_agencies_are_joined_by_a_curator(filled: Path, tmp_path: Path) -> None:
    run(filled, "add", write(tmp_path / "later.txt", prose_report("泉州市教育委员会", 2023)))
    joined = CliRunner().invoke(
        NAMES["agency"], ["join", AGENCY, "泉州市教育委员会", "--from", "2023"], obj=Context(filled, "zh")
    )
    assert joined.stdout.strip() == f"{ID}:{AGENCY}、泉州市教育委员会。请再运行 gongkai index。"
    for name in ("quanzhoushi-jiaoyuweiyuanhui", ID, "泉州市教育委员会"):
        assert document(run(filled, "show", name, "2023", "--json"))["agency"] == ID


def test_every_command_is_tested_here() -> None:
    assert set(NAMES) == {"read", "add", "show", "figures", "coverage", "notices", "agency"}
