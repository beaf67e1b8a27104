"""Reports of unknown agencies in the commands."""

from __future__ import annotations

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
        run(tmp_path, "show", "unknown", "2016").stderr == "没有叫“unknown”的机关。档案还是空的，请先 gongkai add。\n"
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
