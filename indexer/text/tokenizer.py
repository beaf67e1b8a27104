"""Words: jieba with the dictionary of the trade, over the normal form.

The dictionary is jieba's own and ours (`data/dictionary.txt`), both put into the normal form, so that a word is found
however the page writes it. Its prefix table is kept in the home, under a name that changes with the dictionary.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import logging
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import jieba

from archive.text.normalize import normal_form

jieba.setLogLevel(logging.CRITICAL)  # it greets on stderr, and prints a traceback if its table cannot be written


_LONGEST_PART = 12  # characters; a page may hold a word of thousands (base64), and terms of the trade have eight
_NOMINAL = ("n", "vn", "an", "j", "l", "i")  # kinds of words in jieba's dictionary


class Tokenizer:
    """The cutter. jieba's table is loaded at first use, once in a process; `cache` is where the home keeps it."""

    def __init__(self, cache: Path | None = None) -> None:
        self._jieba = _tokenizer()
        self.cache = self._jieba.cache = self._jieba.cache or cache

    def cut(self, form: str) -> list[str]:
        """The text, given in the normal form, cut into words and what stands between them; joined it is the text."""
        pieces: list[str] = self._jieba.lcut(form)
        return pieces

    def words(self, form: str) -> list[str]:
        """The words of a text, each once, in order: pieces with a letter or digit in them."""
        return list(dict.fromkeys(piece for piece in self.cut(form) if is_word(piece)))

    def held(self, form: str) -> set[str]:
        """The words of a text and their parts: what a plain string finds."""
        return {part for word in self.words(form) for part in self.parts(word)}

    def parts(self, word: str) -> tuple[str, ...]:
        """A word and every word of the dictionary inside it, of two characters or more."""
        return _parts(word)


class _Jieba(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    cache: Path | None = None
    initialized: bool

    def get_dict_file(self) -> io.BytesIO:
        return io.BytesIO(_dictionary())

    def initialize(self, dictionary: None = None) -> None:
        """Loads the table. Without a home it is made and not kept: jieba would keep it in a folder that all share."""
        with self.lock:
            if self.cache is not None:
                self.cache.mkdir(parents=True, exist_ok=True)
                self.tmp_dir, self.cache_file = str(self.cache), f"jieba-{dictionary_hash()[:16]}.cache"
                super().initialize(dictionary)
                self._remove_temporary_files(self.cache)
            elif not self.initialized:
                self.FREQ, self.total = self.gen_pfdict(self.get_dict_file())
                self.initialized = True

    @staticmethod
    def _remove_temporary_files(cache: Path) -> None:
        """Removes what jieba leaves where its table could not be written; another process does without its own."""
        for path in cache.glob("tmp*"):
            with contextlib.suppress(OSError):
                path.unlink()


@functools.cache
def _tokenizer() -> _Jieba:
    return _Jieba()


@functools.lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    """A word and its parts.

    jieba's `cut_for_search` looks for two and three characters only: it would hide 信息公开 in 政府信息公开.
    """
    _tokenizer().check_initialized()
    known = _tokenizer().FREQ
    starts, lengths = range(len(word)), range(2, _LONGEST_PART + 1)
    inside = (word[start : start + length] for start in starts for length in lengths)
    return (word, *dict.fromkeys(part for part in inside if part != word and known.get(part)))


def is_word(piece: str) -> bool:
    """Whether a piece of a cut is a word and not punctuation or white space."""
    return any(map(str.isalnum, piece))


@functools.cache
def field_terms() -> frozenset[str]:
    """The terms of the trade, in the normal form."""
    return frozenset(line.rpartition(" ")[0] for line in _ours())


@functools.cache
def nouns() -> frozenset[str]:
    """The words that jieba's dictionary calls nouns, names, set phrases or verbs used as nouns, in the normal form."""
    lines = (line.split(" ") for line in normal_form(_given()).splitlines())
    return frozenset(word for word, _, kind in lines if kind.startswith(_NOMINAL))


@functools.cache
def dictionary_hash() -> str:
    """SHA-256 of all that decides how text is cut: jieba and its dictionary, our terms, and the normal form."""
    forms = normal_form("".join(map(chr, range(0xD800))))
    digest = hashlib.sha256(f"{jieba.__version__}\n{forms}\n".encode())
    digest.update(_given().encode())
    digest.update("\n".join(_ours()).encode())
    return digest.hexdigest()


def _dictionary() -> bytes:
    """Lines `word frequency` in the normal form; where a word comes twice the later line counts, so ours come last."""
    lines = (line.rsplit(" ", 1)[0] for line in normal_form(_given()).splitlines())
    return "\n".join([*lines, *_ours()]).encode()


def _given() -> str:
    return files("jieba").joinpath("dict.txt").read_text("utf-8")


def _ours() -> Iterator[str]:
    for line in files("indexer").joinpath("data", "dictionary.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield normal_form(line)
