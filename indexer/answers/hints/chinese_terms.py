"""Finds the Chinese words for an English query: reports are in Chinese, and an English word matches none of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.rulebook import rulebook
from archive.tables.form_labels import WEAK, form_labels
from archive.vocabulary import section_codes, section_label
from indexer.query.ast import Phrase, Query, Term, Word, positive_texts

MOST_TERMS = 8
_SHORTEST_STEM = 4
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "als", "al", "es", "ed", "s", "e", "y")
_LEFT_OUT = frozenset({"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "total", "with"})


@dataclass(frozen=True, slots=True)
class ChineseTerm:
    """A Chinese word of reports, and the English words for which it was found."""

    zh: str
    en: str


def chinese_terms(tree: Query) -> tuple[ChineseTerm, ...]:
    """Returns terms for a query whose texts are all in Latin letters, best first: those with most of its words."""
    texts = list(positive_texts(tree))
    if not _are_latin(texts):
        return ()
    wanted = {stem for leaf in texts if isinstance(leaf, Term | Phrase | Word) for stem in _stems(leaf.text)}
    ranked = []
    for number, (term, stems) in enumerate(_vocabulary()):
        if shared := len(wanted & stems):
            ranked.append((-shared, len(stems), number, term))
    best = sorted(ranked)[:MOST_TERMS]
    most = best[0][0] if best else 0
    return tuple({term.zh: term for shared, _, _, term in best if shared == most}.values())


def is_latin(tree: Query) -> bool:
    """Whether a query searches for text, and all of it is in Latin letters."""
    return _are_latin(positive_texts(tree))


def _are_latin(texts: Iterable[Query]) -> bool:
    joined = " ".join(map(str, texts))
    return joined.isascii() and re.search("[A-Za-z]", joined) is not None


@functools.cache
def _vocabulary() -> tuple[tuple[ChineseTerm, frozenset[str]], ...]:
    return tuple((term, stems) for term in _terms() if (stems := frozenset(_stems(term.en))))


def _terms() -> Iterator[ChineseTerm]:
    yield from (ChineseTerm(row["zh"], word) for row in rulebook("english.toml")["term"] for word in row["en"])
    yield from (ChineseTerm(section_label(code, "zh"), section_label(code, "en")) for code in section_codes())
    for entry in form_labels():
        zh, en = entry.label("zh"), entry.label("en")
        if zh not in WEAK:
            yield ChineseTerm(zh, en)


def _stems(text: str) -> Iterator[str]:
    for word in re.findall("[a-z]+", text.lower()):
        if word not in _LEFT_OUT:
            endings = (each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) >= _SHORTEST_STEM)
            yield word.removesuffix(next(endings, ""))
