"""Reports of unknown agencies in the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.store.catalogue import Catalogue
from tests.archive.pages import prose_report
from tests.gongkai.command_line import document, run, write


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    """A home with two such reports on one year, and their keys."""
    home = tmp_path_factory.mktemp("unknown")
    for body in ("收到政府信息公开申请4件。", "收到政府信息公开申请5件。"):
        lines = ["政府信息公开工作年度报告（2016年度）", *prose_report("某某", 2016, body=body)[1:]]
        assert run(home, "add", write(home / "pages" / f"{body}.txt", lines)).exit_code == 0
    with Catalogue.open(home) as catalogue:
        return home, tuple(catalogue.keys("unknown"))


@pytest.mark.parametrize("agency", ["unknown", "机关不详"])
def test_each_is_found_by_its_key(unknown: tuple[Path, tuple[str, ...]], agency: str) -> None:
    home, keys = unknown
    prints = {document(run(home, "show", agency, key, "--json"))["source"]["sha256"] for key in keys}
    assert len(prints) == len(keys) == 2
    assert all(f"/reports/unknown/{key}" in run(home, "cite", agency, key).stdout for key in keys)


def test_without_such_reports_the_name_is_unknown(tmp_path: Path) -> None:
    assert (
        run(tmp_path, "show", "unknown", "2016").stderr
        == "没有叫“unknown”的机关。档案里还没有已知机关的报告，请先 gongkai add。\n"
    )


def test_they_are_not_compared(unknown: tuple[Path, tuple[str, ...]]) -> None:
    home, keys = unknown
    result = run(home, "compare", "unknown", *keys, language="en")
    assert result.exit_code == 2
    assert result.stderr == "Reports of unknown agencies can be of different agencies and are not compared.\n"


@pytest.mark.parametrize("command", ["coverage", "notices", "figures"])
def test_tables_name_no_agency_by_its_code(unknown: tuple[Path, tuple[str, ...]], command: str) -> None:
    home, keys = unknown
    zh, en = (run(home, command, language=language).stdout for language in ("zh", "en"))
    assert "机关不详" in zh and "Agency unknown" in en
    assert not any(line.split()[:1] == ["unknown"] for line in (zh + en).splitlines())
    assert command != "notices" or all(f"机关不详 {key}" in zh for key in keys), "the key that `show` takes"


def test_they_are_counted_beside_the_agencies(unknown: tuple[Path, tuple[str, ...]]) -> None:
    home, _ = unknown
    zh, en = (run(home, "agencies", language=language).stdout for language in ("zh", "en"))
    assert "有 2 份报告没有找到机关" in zh and "2 reports have no known agency" in en
    assert "空" not in zh and "empty" not in en
    assert "empty" not in run(home, "agencies", "教育局", language="en").stderr
    assert len(document(run(home, "notices", "--code", "agency_unknown", "--json"))["notices"]) == 2, "as it says"


def test_an_agency_in_source_toml_is_theirs(tmp_path: Path) -> None:
    """What the sentence says to do."""
    lines = ["政府信息公开工作年度报告（2016年度）", *prose_report("某某", 2016)[1:]]
    page = write(tmp_path / "pages" / "page.txt", lines)
    assert run(tmp_path, "add", page.parent).exit_code == 0
    assert "有 1 份报告没有找到机关" in run(tmp_path, "agencies").stdout
    write(page.with_name("source.toml"), ['page = "page.txt"', 'agency = "泉州市教育局"'])
    assert run(tmp_path, "add", page.parent).exit_code == 0
    found = run(tmp_path, "agencies").stdout
    assert "泉州市教育局" in found and "没有找到机关" not in found


def test_reports_without_a_year_are_no_empty_archive(tmp_path: Path) -> None:
    lines = ["泉州市教育局政府信息公开工作年度报告", *prose_report("某某", 2016)[2:]]
    lines = [re.sub(r"20\d\d年?", "", line) for line in lines]
    assert run(tmp_path, "add", write(tmp_path / "page.txt", lines)).exit_code == 0
    assert "No report has a known year" in run(tmp_path, "coverage", language="en").stdout
