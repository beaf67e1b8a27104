"""Commands on an index that was built before the last change of the catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.archive.pages import balanced, form_report
from tests.gongkai.command_line import AGENCY, PROSE, TITLE, document, run, write

STALE = [
    (("search", "微博"), "a search"),
    (("search", "微博", "--cite"), "a citation of totals"),
    (("concordance", "微博"), "a concordance"),
    (("collocates", "微博"), "collocates"),
    (("trend", "微博"), "a trend"),
    (("matrix", "微博"), "a matrix"),
    (("similar", AGENCY, "2015"), "similar sections"),
]


@pytest.fixture(scope="module")
def stale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a report on 2022 that was added after the index was built."""
    folder = tmp_path_factory.mktemp("stale")
    for page, lines in (("a.txt", PROSE), ("b.txt", form_report(TITLE, cells=balanced(3, 1, 2)))):
        if page == "b.txt":
            assert run(folder / "home", "index").exit_code == 0
        assert run(folder / "home", "add", write(folder / page, lines)).exit_code == 0
    return folder / "home"


@pytest.mark.parametrize(("command", "reason"), STALE, ids=[reason for _, reason in STALE])
def test_an_index_older_than_the_catalogue_is_named(
    command: tuple[str, ...], reason: str, stale: Path, home: Path
) -> None:
    assert "请运行 gongkai index" in run(stale, *command).stderr, reason
    if AGENCY not in command:
        assert run(home, *command).stderr == "", "an index of the present catalogue"


def test_a_report_that_is_not_indexed_has_no_similar_sections(stale: Path) -> None:
    result = run(stale, "similar", AGENCY, "2022", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"索引里没有{AGENCY}“2022”的这个章节。请运行 gongkai index。" in result.stderr
    result = run(stale, "similar", AGENCY, "2015", "--json")
    assert (result.exit_code, document(result)["hits"]) == (0, []), "no other report is indexed"


def test_an_index_without_a_catalogue_is_searched(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "index", tmp_path / "index")
    assert run(tmp_path, "search", "微博").exit_code == 0
    assert [each.name for each in tmp_path.iterdir()] == ["index"], "a search creates no catalogue"
