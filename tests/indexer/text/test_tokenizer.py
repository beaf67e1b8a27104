"""Words: the dictionary of the trade, the cut, and the parts of a word."""

from __future__ import annotations

import errno
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.normalize import normal_form
from indexer.text.tokenizer import Tokenizer, _Jieba, dictionary_hash, field_terms

WORDS = Tokenizer()
LINES = [
    line
    for line in files("indexer").joinpath("data", "dictionary.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_the_dictionary_is_lines_of_word_and_frequency_each_word_once() -> None:
    assert [line for line in LINES if not re.fullmatch(r"\S{2,} [1-9]\d*", line)] == []
    assert len(field_terms()) == len(LINES) >= 100


@pytest.mark.parametrize("term", sorted(field_terms()))
def test_a_term_of_the_trade_is_one_word(term: str) -> None:
    assert WORDS.cut(term) == [term]


@given(st.text(st.sampled_from("政府信息公开申请年度报告2018abc,。 \n𠮷")))
def test_a_cut_is_the_whole_text(text: str) -> None:
    assert "".join(WORDS.cut(normal_form(text))) == normal_form(text)


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("收到申请5件", ["收到", "申请", "5", "件"], "digits are words"),
        ("公开,公开。", ["公开"], "each once, punctuation is none"),
        ("《》", [], "punctuation alone"),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str], reason: str) -> None:
    assert WORDS.words(text) == words


def test_a_text_holds_its_words_and_every_word_inside_them() -> None:
    assert {"政府信息公开", "信息公开", "政府", "信息", "公开"} <= WORDS.held("政府信息公开")
    assert "民政" in WORDS.held("人民政府")
    assert "府信" not in WORDS.held("政府信息公开")


def test_what_jieba_finds_for_search_is_held() -> None:
    text = normal_form("落实政府信息公开条例,规范性文件经办公室审查后向社会公众发布。")
    tokens = {token for token in WORDS._jieba.cut_for_search(text) if any(map(str.isalnum, token))}
    assert tokens <= WORDS.held(text)


def test_the_table_is_kept_in_the_home_under_the_name_of_the_dictionary(tmp_path: Path) -> None:
    for _ in range(2):
        tokenizer = _Jieba()
        tokenizer.cache = tmp_path / "cache"
        assert tokenizer.lcut("政府信息公开") == ["政府信息公开"]
        assert [path.name for path in tokenizer.cache.iterdir()] == [f"jieba-{dictionary_hash()[:16]}.cache"]


def test_a_table_that_cannot_be_written_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("marshal.dump", fail)
    tokenizer = _Jieba()
    tokenizer.cache = tmp_path / "cache"
    assert tokenizer.lcut("政府信息公开") == ["政府信息公开"]
    assert [*tokenizer.cache.iterdir()] == []
    assert capsys.readouterr().err == ""
