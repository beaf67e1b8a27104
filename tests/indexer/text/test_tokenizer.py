"""The dictionary, the words of a text, and the parts of a word."""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.normalize import normal_form
from indexer.text import tokenizer
from indexer.text.tokenizer import Tokenizer, _Jieba, dictionary_hash, field_terms

WORDS = Tokenizer()
LINES = [
    line
    for line in files("indexer").joinpath("data", "dictionary.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_the_dictionary_has_each_word_once_with_a_frequency() -> None:
    assert [line for line in LINES if not re.fullmatch(r"\S{2,} [1-9]\d*", line)] == []
    assert len(field_terms()) == len(LINES) >= 100


@pytest.mark.parametrize("term", sorted(field_terms()))
def test_a_term_of_the_field_is_one_word(term: str) -> None:
    assert WORDS.cut(term) == [term]


@given(st.text(st.sampled_from("政府信息公开申请年度报告2018abc,。 \n𠮷")))
def test_pieces_concatenate_to_the_text(text: str) -> None:
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


def test_parts_of_words_are_words_of_the_dictionary() -> None:
    assert {"政府信息公开", "信息公开", "政府", "信息", "公开"} <= WORDS.words_and_parts("政府信息公开")
    assert "民政" in WORDS.words_and_parts("人民政府")
    assert "府信" not in WORDS.words_and_parts("政府信息公开")


def test_parts_include_those_of_jieba_for_search() -> None:
    text = normal_form("落实政府信息公开条例,规范性文件经办公室审查后向社会公众发布。")
    tokens = {token for token in WORDS._jieba.cut_for_search(text) if any(map(str.isalnum, token))}
    assert tokens <= WORDS.words_and_parts(text)


def damaged_table(path: Path) -> None:
    _Jieba().initialize()
    content = bytearray(path.read_bytes())
    content[content.index("政府信息公开".encode())] ^= 1
    path.write_bytes(content)


CACHES = [
    (lambda path: None, "no cache yet"),
    (lambda path: path.write_bytes(b""), "an empty file"),
    (lambda path: path.write_bytes(b"{" * 100), "a damaged file"),
    (lambda path: path.write_bytes(marshal.dumps(({"政府": 1, "信息公开": 1}, 2))), "a table with other words"),
    (damaged_table, "a table with one bit flipped"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("before", "reason"), CACHES, ids=[case[1] for case in CACHES])
def test_the_prefix_table_is_cached_for_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: Callable[[Path], object], reason: str
) -> None:
    monkeypatch.setattr(tokenizer, "user_cache_path", lambda name: tmp_path)
    path = tmp_path / f"jieba-{dictionary_hash()[:16]}.cache"
    before(path)
    assert _Jieba().lcut("政府信息公开") == ["政府信息公开"]
    assert [*tmp_path.iterdir()] == [path]
    monkeypatch.setattr(_Jieba, "gen_pfdict", lambda *_: pytest.fail("computed again"))
    assert _Jieba().lcut("政府信息公开") == ["政府信息公开"]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(tokenizer, "user_cache_path", lambda name: tmp_path / "file" / name)
    assert _Jieba().lcut("政府信息公开") == ["政府信息公开"]
