"""Printed tables on narrow terminals."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from gongkai.cli.console import new_grid
from gongkai.cli.context import Context
from tests.gongkai.command_line import run


@pytest.mark.parametrize("width", [30, 60, 200])
def test_numbers_are_not_broken(width: int) -> None:
    grid = new_grid(Context(Path(), "en"), "机关|Agency", "年份|Year<", "数值|Value>")
    grid.add_row("省市县镇乡" * 12, "2018–2021", "1,234,567")
    printed = io.StringIO()
    Console(file=printed, width=width).print(grid)
    assert "2018–2021" in printed.getvalue()
    assert "1,234,567" in printed.getvalue()
    assert max(map(len, printed.getvalue().splitlines())) <= width


def test_collocates_of_a_query_without_text_are_explained(home: Path) -> None:
    assert "检索式里没有要查的文字，所以没有搭配词。" in run(home, "collocates", "year:2014").stdout
    assert "没有要查的文字" not in run(home, "collocates", "微博").stdout
