"""Keywords distinguish a section from the rest of the archive."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from indexer.text.keywords import Frequencies, KeywordCounts, may_be_keyword, summed


@pytest.mark.parametrize(
    ("word", "may", "reason"),
    [
        ("舆情", True, "a noun"),
        ("三安全一稳定", True, "a term of the trade"),
        ("工作", False, "reports are made of it"),
        ("政府信息公开", False, "reports are made of it"),
        ("以及", False, "no noun"),
        ("网", False, "one character"),
        ("浙江省", False, "a province"),
        ("浙江", False, "a province for short"),
        ("天水市", False, "a city"),
        ("朝阳", True, "a word that is a county only for short"),
        ("二十三", False, "a number"),
        ("2018", False, "digits"),
        ("微博a", False, "not all Han"),
    ],
)
def test_what_may_be_a_keyword(word: str, may: bool, reason: str) -> None:  # noqa: FBT001
    assert may_be_keyword(word) is may


def test_a_word_in_most_reports_is_no_keyword() -> None:
    counts = KeywordCounts()
    for word in ("微博", "微信", "抖音", "档案"):
        counts.add_report([Counter({"舆情": 9, word: 1})])
    assert counts.keywords() == [("微博",), ("微信",), ("抖音",), ("档案",)]


def test_rare_and_frequent_words_rank_first() -> None:
    counts = KeywordCounts()
    counts.add_report([Counter({"微博": 1, "档案": 5, "舆情": 1}), Counter({"微博": 3})])
    assert counts.keywords()[0][0] == "档案"
    assert counts.keywords()[0][-1] == "微博"


def test_a_section_has_eight_keywords_at_most() -> None:
    counts = KeywordCounts()
    counts.add_report([Counter(["微博", "微信", "抖音", "档案", "舆情", "热线", "网站", "公报", "图书馆", "档案馆"])])
    assert len(counts.keywords()[0]) == 8


def test_the_hash_changes_with_the_frequencies() -> None:
    one, two = KeywordCounts(), KeywordCounts()
    one.add_report([Counter({"微博": 1})])
    two.add_report([Counter({"微博": 1})])
    assert one.frequencies.hash == two.frequencies.hash
    two.add_report([Counter({"微博": 1})])
    assert one.frequencies.hash != two.frequencies.hash


def test_frequencies_of_parts_are_added(tmp_path: Path) -> None:
    whole, parts = KeywordCounts(), [KeywordCounts(), KeywordCounts()]
    for number, word in enumerate(("微博", "微信", "抖音", "档案")):
        for counts in (whole, parts[number % 2]):
            counts.add_report([Counter({"舆情": 9, word: 1 + number})])
    frequencies = summed(part.frequencies for part in parts)
    assert frequencies.hash == whole.frequencies.hash
    frequencies.write(tmp_path / "frequencies")
    parts[0].write(tmp_path / "counts")
    read = KeywordCounts.read(tmp_path / "counts")
    assert read.keywords(Frequencies.read(tmp_path / "frequencies")) == [("微博",), ("抖音",)]


def test_an_unknown_word_has_the_highest_weight() -> None:
    counts = KeywordCounts()
    counts.add_report([Counter({"舆情": 1, "微博": 1})])
    assert counts.keywords(Frequencies(9, 1, {"舆情": 9}, {"舆情": 1})) == [("微博", "舆情")]
