"""The commands index and search, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Context, Language
from indexer import COMMANDS, QueryError
from tests.conformance.reports import CITY, TOWN

COMMAND = {command.name: command for command in COMMANDS}


def run(home: Path, *arguments: str, language: Language = "zh") -> Result:
    name, *rest = arguments
    return CliRunner().invoke(COMMAND[name], rest, obj=Context(home, language))


def answer(home: Path, *arguments: str) -> dict[str, dict[str, object]]:
    result = run(home, "search", *arguments, "--json")
    assert result.exit_code == 0, result.output
    document: dict[str, dict[str, object]] = json.loads(result.stdout)
    return document


@pytest.mark.parametrize(
    ("arguments", "sections", "reason"),
    [
        (["微博", "微信"], 2, "words joined by blanks"),
        (["微博 微信"], 2, "one argument with blanks"),
        (["微博", "-微信"], 2, "what click does not know belongs to the query"),
        (["「应公开尽公开」"], 2, "a phrase"),
        (["微博", "--year", "2014"], 2, "a year"),
        (["微博", "--year", "2014..2016"], 3, "a range"),
        (["微博", "--year", "2014", "--year", "2021"], 3, "several years"),
        (["--section", "problems", "--section", "依申请公开"], 8, "several sections, by code or label"),
        (["--agency", "市容"], 14, "an agency by an earlier name"),
        (["--agency", TOWN, "--year", "..2014"], 3, "filters all hold"),
        (["--form", "form-2021"], 3, "a form"),
        ([], 22, "no query at all"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_search_finds(home: Path, arguments: list[str], sections: int, reason: str) -> None:
    assert answer(home, *arguments)["total"]["sections"] == sections


def test_json_is_one_document_and_pages(home: Path) -> None:
    first = answer(home, "公开", "--limit", "1", "--sort", "year")
    second = answer(home, "公开", "--limit", "1", "--offset", "1", "--sort", "year")
    assert len(first["hits"]) == len(second["hits"]) == 1
    assert first["hits"] != second["hits"]


def test_what_a_person_sees_begins_with_the_reading(home: Path) -> None:
    lines = run(home, "search", "「保密审查」").stdout.splitlines()
    assert lines[0] == "同一部分正文中:原文有“保密审查”"
    assert lines[1] == "2 处,1 个部分,1 份报告"
    assert lines[2].startswith("依据:索引第 1 版,6 份报告、22 个部分;词典 ")
    assert lines[4] == "1. 临水市城市管理局 2014  七、存在的问题及改进情况  2 处"
    assert lines[5] == "   保密审查不够细,保密审查人员不足。舆情回应慢。"
    assert lines[6] == f"   /reports/{CITY}/2014#problems"
    assert "年份  2014 1" in lines


def test_and_in_english(home: Path) -> None:
    lines = run(home, "search", "「保密审查」", language="en").stdout.splitlines()
    assert lines[0] == "Within one section: the text has exactly “保密审查”"
    assert lines[1] == "2 occurrences, 1 section, 1 report"
    assert "Year  2014 1" in lines


def test_nothing_found_says_what_to_do_next(home: Path) -> None:
    assert "没有找到。可以换个说法、去掉引号,或放宽年份和其他筛选。" in run(home, "search", "登陆月球").stdout
    assert "这一页没有了,请减小 --offset。" in run(home, "search", "微博", "--offset", "99").stdout


def test_a_mistake_goes_to_whoever_called(home: Path) -> None:
    error = run(home, "search", '"保密').exception
    assert isinstance(error, QueryError)
    assert error.exit_code == 2


def test_index_says_what_it_holds(tmp_path: Path) -> None:
    assert run(tmp_path, "index").stdout == "索引第 1 版:0 份报告,0 个部分。\n"
    assert run(tmp_path, "index", language="en").stdout == "Index generation 1: 0 reports, 0 sections.\n"
    assert run(tmp_path, "index", "--rebuild").stdout == "索引第 2 版:0 份报告,0 个部分。\n"
