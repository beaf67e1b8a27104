"""Tests that Chinese sentences in commands, messages and documentation have full-width punctuation.

Regular expressions are not checked, because they match pages as printed.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.rulebook import rulebook

ROOT = Path(__file__).parents[1]
MODULES = [path for package in ("archive", "indexer", "gongkai") for path in sorted((ROOT / package).rglob("*.py"))]
DOCUMENTS = [path for folder in (".", "docs", "bench") for path in sorted((ROOT / folder).glob("*.md"))]
HAN, FILLED = "\u3400-\u9fff", "\0"
"""Chinese characters, and a placeholder for inserted values and code."""

# '检索:词', '写,不写', '{path}(原因)' and not 'year:', '年:2014' as a query writes it, '(甲 OR 乙)'
_HALF_WIDTH = re.compile(
    rf"[{HAN}”」）][,;:!?(]|[{HAN}”」）]{FILLED}[,;!?(](?! )|[,;!?][{HAN}“「（]|(?<![A-Za-z{FILLED}])[:][{HAN}“「（]"
)
# '(一|二)', '(?:', '[^', '.{2,}', '\d'
_REGEX = re.compile(r"\\|\(\?|\)\?|\||\[|\.\{|^\W*\w\W*$")
# '```sh … ```', '    gongkai read', '`code`', '](docs/query.md)'
_FENCED, _INDENTED = re.compile(r"^```.*?^```$", re.M | re.S), re.compile(r"^    .*$", re.M)
_INLINE_CODE, _LINK_TARGET = re.compile(r"`[^`\n]+`"), re.compile(r"\]\([^)\s]*\)")


def string_literals(tree: ast.Module) -> Iterator[str]:
    """Every string of a module; an f-string is one string with placeholders."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else FILLED for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def module_sentences(path: Path) -> list[str]:
    """The Chinese sentences of a module that a user can see. Of the docstrings, only commands show theirs."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and not any(
            "command" in ast.unparse(each) or "group" in ast.unparse(each)
            for each in getattr(node, "decorator_list", ())
        )
    }
    return [
        text
        for text in string_literals(tree)
        if re.search(f"[{HAN}]", text) and text not in docstrings and (" · " in text or not _REGEX.search(text))
    ]


def document_lines(markdown: str) -> list[str]:
    """The lines of a document with Chinese text, without code and the targets of links."""
    for pattern, replacement in ((_FENCED, ""), (_INDENTED, ""), (_INLINE_CODE, FILLED), (_LINK_TARGET, "]")):
        markdown = pattern.sub(replacement, markdown)
    return [line for line in markdown.splitlines() if re.search(f"[{HAN}]", line)]


def half_width(texts: list[str]) -> list[str]:
    return [text for text in texts if _HALF_WIDTH.search(text)]


@pytest.mark.parametrize("text", ["检索:词", "不写,则整句", "没有找到;请", "打不开\0(不在)", "“甲”,乙", "是不是?要查"])
def test_half_width_punctuation_is_detected(text: str) -> None:
    assert half_width([text])


@pytest.mark.parametrize(
    "text", ["检索：词", "如 \0:某值", "year:2014 起", "请写成 (甲 OR 乙)。", "keyword:舆情", "1,234 个"]
)
def test_correct_punctuation_is_accepted(text: str) -> None:
    assert not half_width([text])


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_modules_use_full_width_punctuation(path: Path) -> None:
    assert half_width(module_sentences(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_documents_use_full_width_punctuation(path: Path) -> None:
    assert half_width(document_lines(path.read_text("utf-8"))) == []


def test_half_width_punctuation_is_detected_in_a_document() -> None:
    document = (
        "见下,再看。\n\n    gongkai 检索,词\n\n`甲,乙`(原因)和 [说明](x.md)。\n```sh\n# 收录,索引\n```\n写 `a`,不写\n"
    )
    assert half_width(document_lines(document)) == ["见下,再看。", "写 \0,不写"]


def test_notices_and_query_errors_use_full_width_punctuation() -> None:
    query_errors = tomllib.loads((ROOT / "indexer" / "query" / "query_errors.toml").read_text("utf-8"))
    for sentences in (rulebook("notices.toml"), query_errors):
        rows = [re.sub(r"\{[^}]*\}", FILLED, row["zh"]) for row in sentences.values()]
        assert rows and half_width(rows) == []


def test_sentences_are_collected() -> None:
    assert sum(len(module_sentences(path)) for path in MODULES) > 200
    assert sum(len(document_lines(path.read_text("utf-8"))) for path in DOCUMENTS) > 100
