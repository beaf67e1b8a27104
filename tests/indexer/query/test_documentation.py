"""Every example of docs/query.md and docs/counting.md is accepted as documented."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongkai.cli import load_command
from gongkai.cli.context import Context
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.query.ast import In, YearRange, walk
from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError
from indexer.query.request import Request

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "query.md").read_text("utf-8")
COMMAND_LINES = re.findall(r"^    gongkai (.+)$", (DOCS / "counting.md").read_text("utf-8"), re.MULTILINE)
RULES, MISTAKES = PAGE.split("## 错误提示")
ROWS = [line.split(" | ")[0] for line in RULES.splitlines() if line.startswith("| `")]
EXAMPLES = [example for row in ROWS for example in re.findall(r"`([^`]+)`", row)]
PAIRS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", MISTAKES, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered(index: WhooshEngine, example: str) -> None:
    assert parse(str(parse(example))) == parse(example)
    index.search(Request(example))


@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_an_error_is_raised_and_its_correction_is_accepted(wrong: str, right: str) -> None:
    with pytest.raises(QueryError):
        parse(wrong)
    parse(right)


def test_every_field_is_documented() -> None:
    nodes = [node for example in EXAMPLES for node, _ in walk(parse(example))]
    assert {node.name for node in nodes if isinstance(node, In | YearRange)} == set(FIELDS)
    assert {f"{field.alias}:" for field in FIELDS.values()} <= {
        match[0] for match in re.finditer(r"[\u4e00-\u9fff]+:", RULES)
    }
    assert len(PAIRS) >= 8


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_a_command_runs_as_written(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    name, *arguments = shlex.split(line)
    monkeypatch.chdir(tmp_path)
    Path("queries.txt").write_text("微博\n舆情 year:2014..\n", "utf-8")
    result = CliRunner().invoke(load_command(name), arguments, obj=Context(home, "zh"))
    assert result.exit_code == 0, result.output
    assert result.stdout


def test_every_counting_command_is_documented() -> None:
    assert {line.split()[0] for line in COMMAND_LINES} == {"search", "concordance", "collocates", "trend", "snapshot"}
