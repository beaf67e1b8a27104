"""Splits text in the normal form into words: jieba with the terms of the field.

The dictionary is that of jieba and `data/dictionary.txt`, both in the normal form, so that a word matches however a
page writes it. Its prefix table is cached in the user's cache folder, under a name that changes with the dictionary. It
is not kept in the home, because an archive may come from somebody else.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import logging
import marshal
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import jieba
from platformdirs import user_cache_path

from archive.limits import bounded_cache
from archive.text.normalize import normal_form

jieba.setLogLevel(logging.WARNING)  # it logs to stderr when it loads

Table = tuple[dict[str, int], int]
"""The frequency of each word and each prefix, and the sum of frequencies."""
_CHECKSUM = 16  # bytes of BLAKE2 before the cached table
_LONGEST_PART = 12  # characters; terms of the field have eight, and a page may contain words of thousands (base64)
_NOMINAL = ("n", "vn", "an", "j", "l", "i")  # tags of jieba's dictionary


class Tokenizer:
    """Splits text into words. A process loads jieba's table once, on first use."""

    def __init__(self) -> None:
        self._jieba = _tokenizer()

    def cut(self, form: str) -> list[str]:
        """Splits a text in the normal form into words and what is between them; the pieces concatenate to the text."""
        pieces: list[str] = self._jieba.lcut(form)
        return pieces

    def words(self, form: str) -> list[str]:
        """Returns the distinct words of a text in order: pieces with a letter or a digit."""
        return list(dict.fromkeys(piece for piece in self.cut(form) if is_word(piece)))

    def words_and_parts(self, form: str) -> set[str]:
        """Returns the words of a text and their parts, which a plain string matches."""
        return {part for word in self.words(form) for part in self.parts(word)}

    def parts(self, word: str) -> tuple[str, ...]:
        """Returns a word and the words of the dictionary inside it, of two characters or more."""
        return _parts(word)


class _Jieba(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    initialized: bool
    FREQ: dict[str, int]
    total: int

    def initialize(self, dictionary: None = None) -> None:
        """Loads the table. jieba itself would cache it in a folder that all users of the machine share."""
        with self.lock:
            if not self.initialized:
                path = user_cache_path("gongkai") / f"jieba-{dictionary_hash()[:16]}.cache"
                table = _read_table(path)
                if table is None:
                    table = self.gen_pfdict(io.BytesIO(_dictionary()))
                    _write_table(path, table)
                self.FREQ, self.total = table
                self.initialized = True


def _read_table(path: Path) -> Table | None:
    """Returns the cached table; None if there is none, or if its checksum differs: it would cut other words."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    checksum, data = content[:_CHECKSUM], content[_CHECKSUM:]
    if checksum != hashlib.blake2b(data, digest_size=_CHECKSUM).digest():
        return None
    table: Table = marshal.loads(data)  # noqa: S302 (from the cache of this user)
    return table


def _write_table(path: Path, table: Table) -> None:
    """Caches the table, which takes a second to compute, if the cache can be written.

    The name of the temporary file is always the same, so that killed processes leave one at most. Two processes that
    write it at once write the same content, and the checksum tells a part of it.
    """
    data, waiting = marshal.dumps(table), path.with_suffix(".new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            waiting.write_bytes(hashlib.blake2b(data, digest_size=_CHECKSUM).digest() + data)
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)


@functools.cache
def _tokenizer() -> _Jieba:
    return _Jieba()


@bounded_cache(1 << 16)
def _parts(word: str) -> tuple[str, ...]:
    # jieba's `cut_for_search` has parts of two and three characters only, and would miss 信息公开 in 政府信息公开
    _tokenizer().check_initialized()
    known = _tokenizer().FREQ
    starts, lengths = range(len(word)), range(2, _LONGEST_PART + 1)
    inside = (word[start : start + length] for start in starts for length in lengths)
    return (word, *dict.fromkeys(part for part in inside if part != word and known.get(part)))


def is_word(piece: str) -> bool:
    """Returns whether a piece is a word and not punctuation or white space."""
    return any(map(str.isalnum, piece))


@functools.cache
def field_terms() -> frozenset[str]:
    """The terms of the field, in the normal form."""
    return frozenset(line.rpartition(" ")[0] for line in _term_lines())


@functools.cache
def nouns() -> frozenset[str]:
    """The nouns, names, set phrases and verbal nouns of jieba's dictionary, in the normal form."""
    lines = (line.split(" ") for line in normal_form(_jieba_dictionary()).splitlines())
    return frozenset(word for word, _, kind in lines if kind.startswith(_NOMINAL))


@functools.cache
def dictionary_hash() -> str:
    """SHA-256 of what decides how text is split: jieba and its dictionary, the terms, and the normal form."""
    forms = normal_form("".join(map(chr, range(0xD800))))
    digest = hashlib.sha256(f"{jieba.__version__}\n{forms}\n".encode())
    digest.update(_jieba_dictionary().encode())
    digest.update("\n".join(_term_lines()).encode())
    return digest.hexdigest()


def _dictionary() -> bytes:
    """Lines `word frequency` in the normal form. The last line of a word counts, so the terms of the field follow."""
    lines = (line.rsplit(" ", 1)[0] for line in normal_form(_jieba_dictionary()).splitlines())
    return "\n".join([*lines, *_term_lines()]).encode()


def _jieba_dictionary() -> str:
    return files("jieba").joinpath("dict.txt").read_text("utf-8")


def _term_lines() -> Iterator[str]:
    for line in files("indexer").joinpath("data", "dictionary.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield normal_form(line)
