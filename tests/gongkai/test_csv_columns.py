"""The columns of a CSV file follow from the command and its options, not from what is found."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.gongkai.command_line import run

SOUGHT = [
    (("search",), "sections"),
    (("search", "--sample", "2"), "a sample"),
    (("concordance",), "occurrences"),
    (("concordance", "--collocate", "政府"), "words near occurrences"),
    (("collocates",), "words"),
    (("collocates", "--by", "year"), "words by year"),
    (("trend",), "years"),
]
FILTERED = [
    (("figures",), "figures"),
    (("figures", "--sum"), "sums"),
    (("ranking", "requests.new.total"), "ranks"),
]


def columns(home: Path, *arguments: str) -> list[str]:
    result = run(home, *arguments, "--csv")
    assert result.exit_code == 0, result.output
    return next(csv.reader(io.StringIO(result.stdout.removeprefix("\ufeff"))))


@pytest.mark.parametrize(("command", "reason"), SOUGHT, ids=[reason for _, reason in SOUGHT])
def test_columns_of_a_query_without_matches(command: tuple[str, ...], reason: str, home: Path) -> None:
    name, *options = command
    assert columns(home, name, "「没有这样的文字」", *options) == columns(home, name, "公开", *options), reason


@pytest.mark.parametrize(("command", "reason"), FILTERED, ids=[reason for _, reason in FILTERED])
def test_columns_of_a_year_without_reports(command: tuple[str, ...], reason: str, home: Path) -> None:
    assert columns(home, *command, "--year", "1999") == columns(home, *command), reason


def test_years_are_a_column_if_requested(home: Path) -> None:
    assert "year" in columns(home, "collocates", "「没有这样的文字」", "--by", "year")
    assert "year" not in columns(home, "collocates", "公开")
