"""Chinese sentences of the program have full-width marks: what commands print, what help and mistakes say.

What pages print stays as it is, so rules that read pages (regular expressions) are not looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.rulebook import rulebook

ROOT = Path(__file__).parents[1]
MODULES = [
    *sorted(path for package in ("archive", "indexer", "gongkai") for path in (ROOT / package).rglob("*.py")),
]
HAN, FILLED = "\u3400-\u9fff", "\0"
"""A Chinese character; what stands for something filled in."""

# '检索:词', '写,不写', '{path}(原因)' and not 'year:', '年:2014' as a query writes it, '(甲 OR 乙)'
_HALF = re.compile(
    rf"[{HAN}”」）][,;:!?(]|[{HAN}”」）]{FILLED}[,;!?(](?! )|[,;!?][{HAN}“「（]|(?<![A-Za-z{FILLED}])[:][{HAN}“「（]"
)
# '(一|二)', '(?:', '[^', '.{2,}', '\d': it reads pages and says nothing
_READS = re.compile(r"\\|\(\?|\)\?|\||\[|\.\{|^\W*\w\W*$")


def said_in(module: str) -> Iterator[str]:
    """Every Chinese string of a module that a person may see: no regular expression, and of docstrings the help."""
    tree = ast.parse(module)
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else FILLED for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def sentences_of(path: Path) -> list[str]:
    """The sentences of a file; the docstrings of what is no command are for those who read the code."""
    module = path.read_text("utf-8")
    for_readers = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(ast.parse(module))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and not any(
            "command" in ast.unparse(each) or "group" in ast.unparse(each)
            for each in getattr(node, "decorator_list", ())
        )
    }
    han = re.compile(f"[{HAN}]")
    return [
        said
        for said in said_in(module)
        if han.search(said) and said not in for_readers and (" · " in said or not _READS.search(said))
    ]


@pytest.mark.parametrize("said", ["检索:词", "不写,则整句", "没有找到;请", "打不开\0(不在)", "“甲”,乙", "是不是?要查"])
def test_a_half_width_mark_is_seen(said: str) -> None:
    assert _HALF.search(said)


@pytest.mark.parametrize(
    "said", ["检索：词", "如 \0:某值", "year:2014 起", "请写成 (甲 OR 乙)。", "keyword:舆情", "1,234 个"]
)
def test_what_is_right_is_left_alone(said: str) -> None:
    assert not _HALF.search(said)


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_chinese_sentences_have_full_width_marks(path: Path) -> None:
    assert [said for said in sentences_of(path) if _HALF.search(said)] == []


def test_and_so_have_those_of_notices() -> None:
    rows = [row["zh"] for row in rulebook("notices.toml").values()]
    assert rows and [said for said in rows if _HALF.search(said)] == []


def test_there_are_sentences_to_look_at() -> None:
    assert sum(len(sentences_of(path)) for path in MODULES) > 200
