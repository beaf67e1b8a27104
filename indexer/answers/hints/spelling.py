"""Finds the words of an archive that a misspelt word resembles: one character differs, or the pinyin is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import Levenshtein

from archive.text.pinyin import pinyin_spellings

_LONGEST_WORD, _SHORTEST_WORD = 8, 2
_LONGEST_TEXT = 30
"""Characters of a text in which misspelt words are looked for."""


class Vocabulary:
    """Words, looked up by what is left of them without one character and by their pinyin."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if _SHORTEST_WORD <= len(word) <= _LONGEST_WORD)
        self._shorter: defaultdict[str, set[str]] = defaultdict(set)
        self._spelled: defaultdict[str, set[str]] = defaultdict(set)
        for word in self._words:
            self._spelled[_spelled(word)].add(word)
            for form in _shorter(word):
                self._shorter[form].add(word)

    def corrections(self, text: str) -> Iterator[str]:
        """Yields the text with one word replaced by a similar one, longer words first; nothing for a known word."""
        if len(text) > _LONGEST_TEXT or text in self._words:
            return
        yield from dict.fromkeys(self._corrected(text))

    def _corrected(self, text: str) -> Iterator[str]:
        yield from self._similar(text)
        for length in range(min(_LONGEST_WORD, len(text) - 1), _SHORTEST_WORD - 1, -1):
            for start in range(len(text) - length + 1):
                part = text[start : start + length]
                if part not in self._words:
                    yield from (text[:start] + word + text[start + length :] for word in self._similar(part))

    def _similar(self, word: str) -> list[str]:
        near = {each for form in _shorter(word) for each in self._shorter.get(form, ())}
        close = {each for each in near if Levenshtein.distance(word, each, score_cutoff=1) == 1}
        if len(word) == _SHORTEST_WORD:  # otherwise a part of the text would become another word
            close = {each for each in close if len(each) == len(word)}
        return sorted(close | self._spelled.get(_spelled(word), set()) - {word})


def _shorter(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _spelled(word: str) -> str:
    return pinyin_spellings(word).replace(" ", "")
