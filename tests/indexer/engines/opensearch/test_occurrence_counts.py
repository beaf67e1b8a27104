"""Many texts searched as one give the counts of each text by itself."""

from __future__ import annotations

import pytest

from archive.text.normalize import normal_form
from indexer.answers.highlight import leaf_spans
from indexer.engines.opensearch.search.stored_sections import occurrence_counts
from indexer.query.ast import positive_texts
from indexer.query.parser import parse
from indexer.text.tokenizer import Tokenizer

TEXTS = (
    "政府信息公开条例",
    "",
    "公开公开公开\n政府",
    "公开\n主动公开政府信息,政府网站公开",
    "信息",
    "政府",
    "依申请公開 Ａ\n\n",
    "公",
    "开𠮷公开",
)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ('"政府*公开"', "a gap never crosses a text"),
        ('"公开公开"', "a phrase that overlaps itself"),
        ('"公开"', "texts that end and begin with its characters"),
        ("公开 NEAR/3 政府", "the last word of a text is not near the first of the next"),
        ("word:公开", "the words of a text do not depend on its neighbours"),
        ("公开政府", "a plain string counts as a whole in one text and by its words in another"),
        ('"公开" OR "政府*公开" OR word:公开', "equal occurrences count once"),
        ('"没有"', "no text has it"),
    ],
)
def test_counts(query: str, reason: str) -> None:
    leaves, words = list(positive_texts(parse(query))), Tokenizer()
    alone = [len({span for leaf in leaves for span in leaf_spans(leaf, normal_form(text), words)[0]}) for text in TEXTS]
    assert occurrence_counts(leaves, TEXTS, words) == alone, reason
    assert any(alone) != (query == '"没有"'), "the row tests something"
