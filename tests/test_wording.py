"""Replaced wording does not come back: `wording.toml` against what the site, the commands and the documents say."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.test_messages import DOCUMENTS, MODULES, ROOT, string_literals

TABLE = tomllib.loads((ROOT / "tests" / "wording.toml").read_text("utf-8"))
ROWS = [
    (language, old, new, pattern[0] if pattern else re.escape(old))
    for language, rows in TABLE.items()
    for old, new, *pattern in rows
]
"""Language, replaced wording, replacement, and the pattern of the replaced wording."""
# 'Index version', and not 'index.html' or 'requests.new'
_SENTENCE = re.compile(r"[\u3400-\u9fff]|\w \w")
_CODE = re.compile(r"^```.*?^```$|^    .*$|`[^`\n]+`|\]\([^)\s]*\)", re.M | re.S)


def _messages() -> Iterator[str]:
    with (ROOT / "webui" / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            for forms in (message.id, message.string):
                yield from (forms,) if isinstance(forms, str) else forms


def _module_texts(path: Path) -> Iterator[str]:
    """The strings of a module, without the docstrings of constants and of what is no command."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        commands = isinstance(node, ast.FunctionDef) and "command" in "".join(map(ast.unparse, node.decorator_list))
        if isinstance(body := getattr(node, "body", None), list) and not commands:
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    return (text for text in string_literals(tree) if _SENTENCE.search(text))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _rule_texts(value: object) -> Iterator[str]:
    """The values of `zh`, `en`, `formula_zh` …, at any depth."""
    for key, each in value.items() if isinstance(value, dict) else ():
        if isinstance(each, str) and key.rpartition("_")[2] in ("zh", "en"):
            yield each
        yield from _rule_texts(each)
    for each in value if isinstance(value, list) else ():
        yield from _rule_texts(each)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every text that a user reads, each with where it stands."""
    found = [("messages.po", text) for text in _messages()]
    for path in (*MODULES, *sorted((ROOT / "webui").rglob("*.py"))):
        found += [(path.name, text) for text in _module_texts(path)]
    for path in sorted((*(ROOT / "archive" / "rules").rglob("*.toml"), *(ROOT / "indexer" / "query").glob("*.toml"))):
        found += [(path.name, text) for text in _rule_texts(tomllib.loads(path.read_text("utf-8")))]
    for path in DOCUMENTS:
        if path.name != "CHANGELOG.md":  # which tells what was replaced
            found += [(path.name, line) for line in _CODE.sub("", path.read_text("utf-8")).splitlines()]
    return tuple(found)


@pytest.mark.parametrize(("language", "old", "new", "pattern"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_replaced_wording_is_gone(language: str, old: str, new: str, pattern: str) -> None:
    replaced = re.compile(pattern)
    assert replaced.search(old), "the pattern finds what it is for"
    assert [(where, text) for where, text in texts() if replaced.search(text)] == []
    assert any(new in text for _, text in texts()), "the replacement is used"


def test_texts_are_collected_everywhere() -> None:
    for part in ("messages.po", "notices.toml", "query_errors.toml", "search.py", "README.zh.md", "errors.py"):
        assert sum(where == part for where, _ in texts()) > 10, part
