"""Collocates: what an answer states beside its counts, which tests/conformance compares with plain loops."""

from __future__ import annotations

import pytest

from archive.errors import InvalidRequest
from indexer.answers.collocates import CollocateFilter, CollocateOptions, Window, collocates_table
from indexer.engines.whoosh.search.collocates import collocation
from indexer.engines.whoosh.search.engine import WhooshEngine
from indexer.query.request import Request


def test_more_occurrences_than_the_limit_are_refused(index: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    options, found = CollocateOptions(Window(3)), index.search(Request("「公开」")).total.occurrences
    assert found is not None
    monkeypatch.setattr(collocation, "MOST_OCCURRENCES", found)
    assert index.collocates(Request("「公开」"), options).occurrences == found
    monkeypatch.setattr(collocation, "MOST_OCCURRENCES", found - 1)
    with pytest.raises(InvalidRequest, match=f"There are {found} occurrences"):
        index.collocates(Request("「公开」", language="en"), options)  # another request, which is not cached


@pytest.mark.parametrize(
    ("window", "zh", "en"),
    [
        (Window(5), "同一句中左右各 5 个词以内", "within 5 words on each side in the same sentence"),
        (Window(1, "left"), "同一句中左边 1 个词以内", "within 1 word on the left in the same sentence"),
        (Window(2, "right"), "同一句中右边 2 个词以内", "within 2 words on the right in the same sentence"),
    ],
)
def test_the_interpretation_names_the_window(index: WhooshEngine, window: Window, zh: str, en: str) -> None:
    for language, said in (("zh", f"；列出其{zh}的词“信息”"), ("en", f"; the word “信息” {en} is listed")):
        request = Request("「公开」", language=language)  # type: ignore[arg-type]  # one of two
        listed = index.concordance(request, collocate=CollocateFilter("信息", window))
        assert listed.reading == index.search(request).reading + said


@pytest.mark.parametrize("typed", ["信息", "信 息", "資訊"])
def test_a_word_is_found_in_the_form_of_the_index(index: WhooshEngine, typed: str) -> None:
    """Cleaned and in the normal form: 資訊 is 资讯, another word that no text has."""
    found = index.concordance(Request("「公开」"), collocate=CollocateFilter.typed(typed, Window()))
    assert (found.total > 0) == (typed != "資訊")


def test_a_table_has_a_row_for_each_word_or_each_word_and_year(index: WhooshEngine) -> None:
    request = Request("「公开」")
    plain = index.collocates(request, CollocateOptions(Window(3), "count", 4))
    columns, rows = collocates_table(plain, "zh", by_year=False)
    assert [dict(zip(columns, row, strict=True))["word"] for row in rows] == [each.word for each in plain.words]
    yearly = index.collocates(request, CollocateOptions(Window(3), "count", 4, by_year=True))
    columns, rows = collocates_table(yearly, "zh", by_year=True)
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [record["year"] for record in records] == [2014, 2016, 2018, 2021, None] * 4
    for word in yearly.words:
        assert sum(record["observed"] for record in records if record["word"] == word.word) == word.observed
