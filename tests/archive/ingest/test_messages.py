from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import Language
from archive.export.provenance import program
from gongkai.cli import load_command
from gongkai.cli.context import Context
from tests.archive.pages import TRIAL, form_report, prose_report
from tests.gongkai.command_line import AGENCY, ID, NAMES, TITLE, document, run, write

BAD = [
    (
        "not-there.txt",
        None,
        "没有文件 {path}。请检查路径。",
        "There is no file {path}. Check the path.",
    ),
    ("empty.txt", b"", "empty.txt 是空文件。请重新抓取页面。", "empty.txt is empty. Capture the page again."),
    ("blank.txt", b" \n\t\r\n", "blank.txt 是空文件。请重新抓取页面。", "blank.txt is empty. Capture the page again."),
]


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
        added = run(home, "add", path, language=language)  # type: ignore[arg-type]
        told = said if data is None else said.replace(name, str(path))
        assert result.stderr.strip() == added.stderr.strip() == told, "the path, as a folder has many files"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00", bytes(range(256)) * 40, b"\x1f\x8b\x08\x00" * 50])
def test_a_binary_file_is_a_sentence(home: Path, tmp_path: Path, data: bytes) -> None:
    result = run(home, "read", write(tmp_path / "image.txt", data))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{tmp_path / 'image.txt'} ")
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("name", ["pipe", "page.html"])
def test_a_pipe_is_not_waited_for(home: Path, tmp_path: Path, name: str) -> None:
    os.mkfifo(pipe := tmp_path / name)
    for command in ("read", "add"):
        result = run(home, command, pipe)
        assert (result.exit_code, result.stderr.strip()) == (1, f"{pipe} 是管道或设备，不是文件。请先存成文件。")


def test_a_page_without_a_report_is_read_and_not_added(home: Path, tmp_path: Path) -> None:
    page = write(tmp_path / "weather.txt", ["天气很好。"])
    result = run(home, "read", page, "--json")
    (file,) = document(result)["files"]
    assert (result.exit_code, file["error"], file["reports"]) == (0, None, [])
    assert [notice["code"] for notice in file["notices"]] == ["no_report"]
    added = run(home, "add", page)
    assert added.exit_code == 1
    assert added.stderr.strip() == (f"{page}：页面中没有找到政府信息公开工作年度报告。没有认出任何章节、标题或表格。")


SENTENCES = [
    (
        ("show", AGENCY, "2016"),
        f"{AGENCY}没有2016年的报告。档案里有：2015、2022。",
        f"{AGENCY} has no report on 2016. The archive has: 2015, 2022.",
    ),
    (
        ("show", "厦门", "2015"),
        f"没有叫“厦门”的机关。档案里有：{AGENCY}（{ID}）。",
        f"No agency is called “厦门”. The archive has: {AGENCY} ({ID}).",
    ),
    (
        ("show", AGENCY, "2015", "--section", "plan"),
        "这份报告没有“plan”章节。它有：preface、overview、proactive、requests、problems。",
        "The report has no section “plan”. It has: preface, overview, proactive, requests, problems.",
    ),
    (
        ("figures", "--year", "abcd"),
        "筛选条件 year：“abcd”不是年份。请写 2016、2014..2018、2014.. 或 ..2016。",
        "Filter year: “abcd” is no year. Write 2016, 2014..2018, 2014.. or ..2016.",
    ),
    (
        ("figures", "--year", ".."),
        "筛选条件 year：“..”不是年份。请写 2016、2014..2018、2014.. 或 ..2016。",
        "Filter year: “..” is no year. Write 2016, 2014..2018, 2014.. or ..2016.",
    ),
    (
        ("figures", "--year", "1" + "0" * 30),
        f"筛选条件 year：“1{'0' * 30}”不是年份。请写 2016、2014..2018、2014.. 或 ..2016。",
        f"Filter year: “1{'0' * 30}” is no year. Write 2016, 2014..2018, 2014.. or ..2016.",
    ),
    (
        ("figures", "--sum", "--year", "2018..2016"),
        "筛选条件 year：年份范围先后颠倒。请写 2016..2018。",
        "Filter year: this range ends before it begins. Write 2016..2018.",
    ),
    (
        ("show", AGENCY, "2016年"),
        f"{AGENCY}没有2016年的报告。档案里有：2015、2022。",
        f"{AGENCY} has no report on 2016. The archive has: 2015, 2022.",
    ),
    (
        ("cite", AGENCY, "2015..2016"),
        f"{AGENCY}没有“2015..2016”的报告。档案里有：2015、2022。",
        f"{AGENCY} has no report on “2015..2016”. The archive has: 2015, 2022.",
    ),
    (
        ("figures", "--agency", "厦门"),
        f"没有叫“厦门”的机关。档案里有：{AGENCY}（{ID}）。",
        f"No agency is called “厦门”. The archive has: {AGENCY} ({ID}).",
    ),
]


@pytest.mark.parametrize(("command", "zh", "en"), SENTENCES, ids=[" ".join(command) for command, *_ in SENTENCES])
def test_sentences(filled: Path, command: tuple[str, ...], zh: str, en: str) -> None:
    for language, sentence in (("zh", zh), ("en", en)):
        result = run(filled, *command, language=language)  # type: ignore[arg-type]
        exit_code = 2 if "--year" in command else 1  # what cannot be read, and what the archive does not have
        assert (result.exit_code, result.stdout, result.stderr.strip()) == (exit_code, "", sentence)


@pytest.mark.parametrize("year", ["2015", "２０１５", "2015年", " 2015"])
def test_forms_of_a_year(filled: Path, year: str) -> None:
    assert document(run(filled, "show", AGENCY, year, "--json"))["year"] == 2015
    figures = document(run(filled, "figures", "--year", year.removesuffix("年").strip(), "--json"))["figures"]
    assert {figure["year"] for figure in figures} == {2015}
    compared = run(filled, "compare", AGENCY, "2022", year, "--json")
    assert document(compared)["before"]["key"] == "2015", "the earlier year comes first in every form"


@pytest.mark.parametrize("command", ["add", "read"])
@pytest.mark.parametrize("holds", [(), ("source.toml", ".hidden.txt")], ids=["nothing", "no page"])
def test_a_folder_without_pages(filled: Path, tmp_path: Path, command: str, holds: tuple[str, ...]) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in holds:
        (folder / name).touch()
    result = run(filled, command, str(folder))
    assert (result.exit_code, result.stderr.strip()) == (1, f"文件夹 {folder} 里没有页面。请指出放着页面的文件夹。")
    result = run(filled, command, str(folder), language="en")
    assert result.stderr.strip() == f"The folder {folder} holds no page. Name a folder that holds some."


def test_a_table_that_there_is_not(filled: Path) -> None:
    result = run(filled, "figures", "--table", "nonsuch")
    assert result.exit_code == 2
    assert "'proactive', 'requests', 'review', 'statistics', 'indicators', 'prose'" in result.stderr


def test_an_agency_that_can_be_several(filled: Path, tmp_path: Path) -> None:
    run(filled, "add", write(tmp_path / "other.txt", prose_report("厦门市教育局", 2015)))
    result = run(filled, "show", "教育局", "2015")
    assert result.exit_code == 1
    assert result.stderr.strip() == (
        f"“教育局”可以指几个机关：{AGENCY}（{ID}）、厦门市教育局（xiamenshi-jiaoyuju）。请写全名或编号。"
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
    expected = {
        "zh": f"没有提示。\n依据：目录版本 2，程序 {program()}\n",
        "en": f"No notices.\nCounted on: catalogue revision 2, {program()}\n",
    }
    assert printed["notices"] == expected[language]
    assert ("成立" in printed["figures"], "passed" in printed["figures"]) == (language == "zh", language == "en")
    assert TITLE in printed["show"]
    assert all(AGENCY in printed[name] for name in ("read", "figures", "coverage"))


@pytest.mark.parametrize("only", ["--text", "--tables"])
def test_the_text_alone_or_the_tables_alone(filled: Path, only: str) -> None:
    shown = run(filled, "show", AGENCY, "2022", only).stdout
    assert ("公开的时效有待加强。" in shown) == (only == "--text")
    assert ("结转下年度继续办理" in shown) == (only == "--tables")


@pytest.mark.parametrize("command", [("show", AGENCY, "2015"), ("figures",), ("coverage",), ("notices",)])
def test_an_empty_archive_says_what_to_do_or_that_there_is_nothing(home: Path, command: tuple[str, ...]) -> None:
    home.mkdir()
    result = run(home, *command)
    assert (result.exit_code, bool(result.stdout), bool(result.stderr)) == (
        (1, False, True) if command[0] == "show" else (0, True, False)
    )


def test_what_a_page_prints_is_no_markup_and_no_order_to_the_terminal(home: Path, tmp_path: Path) -> None:
    odd = "[/b][red]\x1b[31m奖励"
    lines = [
        line.replace("行政强制", odd) for line in form_report(f"{AGENCY}2019年政府信息公开工作年度报告", form=TRIAL)
    ]
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
        load_command("agency"), ["join", AGENCY, "泉州市教育委员会", "--from", "2023"], obj=Context(filled, "zh")
    )
    assert joined.stdout.strip() == f"{ID}：{AGENCY}、泉州市教育委员会。请再运行 gongkai index。"
    for name in ("quanzhoushi-jiaoyuweiyuanhui", ID, "泉州市教育委员会"):
        assert document(run(filled, "show", name, "2023", "--json"))["agency"] == ID


def test_every_command_is_tested_here() -> None:
    elsewhere = {"compare"}
    assert set(NAMES) - elsewhere == {"read", "add", "show", "figures", "coverage", "notices", "agency"}
