from __future__ import annotations

import pytest

from archive.cues.boilerplate import is_boilerplate, without_boilerplate
from archive.rulebook import rulebook
from tests.archive.pages import blocks, prose_report, read

RULES = rulebook("boilerplate.toml")["boilerplate"]
LINES = [line for rule in RULES for line in rule["reads"]]
KEPT = [line for rule in RULES for line in rule["not"]]


@pytest.mark.parametrize("line", LINES)
def test_lines_of_the_site(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize("line", KEPT)
def test_lines_of_the_report(line: str) -> None:
    assert not is_boilerplate(line)


def test_only_boilerplate_is_removed() -> None:
    page = blocks([*LINES, *prose_report(), "打印 | 关闭 |"])
    kept = without_boilerplate(page)
    assert [block.text for block in kept if not block.table] == prose_report()
    assert sum(block.table is not None for block in kept) == 1


def test_boilerplate_is_in_no_report() -> None:
    (report,) = read([*LINES, *prose_report(), *LINES]).reports
    assert (report.place.first_line, report.place.last_line) == (len(LINES) + 2, len(LINES) + len(prose_report()))
