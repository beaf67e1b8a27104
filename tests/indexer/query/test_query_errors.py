"""Every error of a query has its sentences in both languages, with the facts that the code gives."""

from __future__ import annotations

import ast
import string
import tomllib
from pathlib import Path

import pytest

import indexer
from indexer.query.query_errors import query_error

FOLDER = Path(indexer.__file__).parent
TEMPLATES = tomllib.loads((FOLDER / "query" / "query_errors.toml").read_text("utf-8"))


def raised() -> dict[str, list[set[str]]]:
    """The codes of all errors that the program creates, each with the names of the facts of each call."""
    calls: dict[str, list[set[str]]] = {}
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "query_error":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: the code is computed"
                calls.setdefault(str(node.args[0].value), []).append({str(each.arg) for each in node.keywords})
    return calls


RAISED = raised()


def test_every_code_is_raised_and_has_sentences() -> None:
    assert set(RAISED) == set(TEMPLATES)


@pytest.mark.parametrize("code", TEMPLATES)
def test_sentences_use_the_facts_of_each_call(code: str) -> None:
    assert set(TEMPLATES[code]) == {"zh", "en"}
    used = {name for text in TEMPLATES[code].values() for _, name, _, _ in string.Formatter().parse(text) if name}
    assert [facts for facts in RAISED[code] if facts != used] == []


def test_a_fact_may_be_a_list_or_differ_by_language() -> None:
    error = query_error("unknown_code", 3, value="甲", field=("章节", "section"), known=(["一", "二"], ["one", "two"]))
    assert error.zh == "检索式第 4 个字：没有“甲”这个章节。可用的有：一、二。"
    assert error.en == "Query, character 4: there is no section “甲”. There are: one, two."
