"""Which leaves nodes count, and as which strings with which gaps."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from indexer.engines.opensearch.build.grams import counted_form
from indexer.engines.opensearch.search.node_counts import countable, rows_of
from indexer.query.ast import positive_texts
from indexer.query.parser import parse
from indexer.text.tokenizer import Tokenizer


def side(*strings: str, gaps: tuple[tuple[int, int], ...] = (), before: int = 0, after: int = 0) -> dict[str, Any]:
    least, most = [least for least, _ in gaps], [most for _, most in gaps]
    return {"strings": [*strings], "least": least, "most": most, "before": before, "after": after}


COUNTED = [
    ('"公開公開"', [([side("公开公开")], [], -1)], "a phrase in the normal form"),
    ('"政府*公?开"', [([side("政府", "公", "开", gaps=((0, 20), (1, 1)))], [], -1)], "gaps"),
    ('"??公*开?"', [([side("公", "开", gaps=((0, 20),), before=2, after=1)], [], -1)], "gaps at both ends"),
    (
        '公开 NEAR/3 ("条例" OR "办?法")',
        [([side("公开")], [side("条例"), side("办", "法", gaps=((1, 1),))], 3)],
        "NEAR",
    ),
    ('"公开" OR 公开', [([side("公开")], [], -1), ([side("公开")], [], -1)], "one word as a plain string"),
    ('公开 OR "人*民" OR 主动公开信息', None, "the words of a plain string count where it does not occur as a whole"),
    ("公开 NEAR/3 word:条例", None, "a whole word"),
    ('"公*𠮷"', None, "a character that is two for a node"),
    (f'"{"公*" * 19}开"', [([side(*"公" * 19, "开", gaps=((0, 20),) * 19)], [], -1)], "the most strings"),
    (f'"{"公*" * 20}开"', None, "more strings than a script may search for"),
]


@pytest.mark.parametrize(("query", "expected", "reason"), COUNTED, ids=[row[-1] for row in COUNTED])
def test_leaves(query: str, expected: list[tuple[Any, ...]] | None, reason: str) -> None:
    found = countable([*positive_texts(parse(query))], Tokenizer())
    assert expected == (found and [(leaf["left"], leaf["right"], leaf["distance"]) for leaf in found]), reason


FORMS = [
    ("公开", True, "a text"),
    ("", False, "no text"),
    ("公" * 10_000, True, "the longest"),
    ("公" * 10_001, False, "a script could take more steps than it may"),
    ("开𠮷", False, "offsets in nodes would differ"),
    ("开\ud800", False, "no UTF-8"),
]


@pytest.mark.parametrize(("form", "held", "reason"), FORMS, ids=[row[-1] for row in FORMS])
def test_the_form_that_nodes_search(form: str, *, held: bool, reason: str) -> None:
    found = counted_form(form)
    assert (found and base64.b64decode(found).decode()) == (form if held else None), reason


def test_rows_of_several_shards() -> None:
    shards = [{"a/2014": [3, 1, 4, -1]}, None, {"b/": [9, 2]}]
    rows = [*rows_of({"aggregations": {"counted": {"value": shards}}})]
    assert rows == [(3, "a", 2014, 1), (4, "a", 2014, -1), (9, "b", None, 2)]
