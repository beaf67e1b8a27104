from __future__ import annotations

import ast

import pytest

from archive.limits import bounded_cache
from tests.test_structure import MODULES

LARGE = 100
"""Entries from which on the size of each entry counts."""
BOUNDED_OTHERWISE = {
    "archive.limits": "the bounded cache itself",
    "indexer.engines.whoosh.build.token_reuse": "lines of the reports of one shard, released with the shard",
}


@pytest.mark.parametrize(
    ("text", "calls", "reason"),
    [
        ("信息公开", 1, "a name is kept"),
        ("信" * 100, 1, "the longest text that is kept"),
        ("信" * 101, 2, "a longer text is computed each time: a page chooses its length"),
    ],
)
def test_a_bounded_cache_keeps_short_texts(text: str, calls: int, reason: str) -> None:
    called = []

    @bounded_cache(2)
    def length(text: str) -> int:
        called.append(text)
        return len(text)

    assert [length(text), length(text), len(called)] == [len(text), len(text), calls]
    for other in ("甲", "乙", "丙"):
        length(other)
    assert length.cache_info().currsize <= 2
    length.cache_clear()
    assert length.cache_info().currsize == 0


def is_large(entries: ast.expr) -> bool:
    return isinstance(entries, ast.Name) or eval(ast.unparse(entries)) > LARGE  # noqa: S307 (a number of our own)


def test_large_caches_are_bounded() -> None:
    large = {
        module
        for module, tree in MODULES.items()
        if module.startswith(("archive.", "indexer."))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("lru_cache")
        for each in node.keywords
        if each.arg == "maxsize" and is_large(each.value)
    }
    assert large == {*BOUNDED_OTHERWISE}
