"""Every example of docs/query.md is read as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer import Index, QueryError, Request, parse
from indexer.fields import FIELDS
from indexer.tree import In, Years, walk

PAGE = (Path(__file__).parents[2] / "docs" / "query.md").read_text("utf-8")
RULES, MISTAKES = PAGE.split("## 写错了")
ROWS = [line.split(" | ")[0] for line in RULES.splitlines() if line.startswith("| `")]
EXAMPLES = [example for row in ROWS for example in re.findall(r"`([^`]+)`", row)]
PAIRS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", MISTAKES, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_read_and_answered(index: Index, example: str) -> None:
    assert parse(str(parse(example))) == parse(example)
    index.search(Request(example))


@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_a_mistake_is_refused_and_its_remedy_is_read(wrong: str, right: str) -> None:
    with pytest.raises(QueryError):
        parse(wrong)
    parse(right)


def test_the_page_shows_every_field() -> None:
    nodes = [node for example in EXAMPLES for node, _ in walk(parse(example))]
    assert {node.name for node in nodes if isinstance(node, In | Years)} == set(FIELDS)
    assert {f"{field.alias}:" for field in FIELDS.values()} <= {
        match[0] for match in re.finditer(r"[\u4e00-\u9fff]+:", RULES)
    }
    assert len(PAIRS) >= 8
