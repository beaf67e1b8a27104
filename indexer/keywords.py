"""Keywords: the words of a section that tell it apart from the rest of the archive."""

from __future__ import annotations

import functools
import hashlib
import math
import re
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files

from archive import normal_form
from indexer.words import field_terms, nouns

_MOST = 8
"""Keywords of one section."""
_TERM_WEIGHT = 1.5
"""What a term of the trade counts for beside a word of the general dictionary."""
_COMMON = 0.5
"""A word that stands in more than this share of reports is nobody's keyword."""
_FEWEST_REPORTS = 4
"""Reports from which on a share of them says anything."""

_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
# '二十三', '第一', '一是', '年度': numbers and the words that count
_NUMBER = re.compile(r"第?[一二三四五六七八九十百千万亿零〇两几多]+[是年月日个条件次项人号级届]?")


class KeywordCounts:
    """Counts words section by section, then weighs them against all that was counted."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._sections: list[tuple[array[int], array[int]]] = []
        self._in_sections: Counter[int] = Counter()
        self._in_reports: Counter[int] = Counter()
        self._reports = 0

    def add_report(self, sections: Sequence[Mapping[str, int]]) -> None:
        """One report: for each of its sections the words and how often each stands there."""
        seen: set[int] = set()
        for counts in sections:
            kept = {self._number(word): count for word, count in counts.items() if may_be_keyword(word)}
            self._sections.append((array("I", kept.keys()), array("I", kept.values())))
            self._in_sections.update(kept.keys())
            seen.update(kept)
        self._in_reports.update(seen)
        self._reports += 1

    def keywords(self) -> list[tuple[str, ...]]:
        """The keywords of each section, the weightiest first."""
        words = list(self._numbers)
        weights = [self._weight(number, word) for number, word in enumerate(words)]
        return [
            tuple(
                words[number]
                for weight, number in sorted(
                    ((_often(count) * weights[number], number) for number, count in zip(*section, strict=True)),
                    key=lambda weighed: (-weighed[0], words[weighed[1]]),
                )[:_MOST]
                if weight > 0
            )
            for section in self._sections
        ]

    def frequencies_hash(self) -> str:
        """SHA-256 of the document frequencies that the keywords were weighed with."""
        lines = (f"{word}\t{self._in_sections[number]}\n" for word, number in sorted(self._numbers.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def _weight(self, number: int, word: str) -> float:
        """How much the word tells: 0 for one that stands in most reports."""
        if self._reports >= _FEWEST_REPORTS and self._in_reports[number] > _COMMON * self._reports:
            return 0.0
        rarity = math.log(1 + len(self._sections) / self._in_sections[number])
        return rarity * (_TERM_WEIGHT if word in field_terms() else 1.0)


def may_be_keyword(word: str) -> bool:
    """A noun or a term of the trade, of two Han characters or more; no number, no word that reports are made of."""
    return (
        (word in field_terms() or word in nouns())
        and bool(_HAN.fullmatch(word))
        and not _NUMBER.fullmatch(word)
        and word not in _stopwords()
    )


def _often(count: int) -> float:
    """The weight of a count: the second occurrence says less than the first."""
    return count / (count + 1.2)


@functools.cache
def _stopwords() -> frozenset[str]:
    lines = files("indexer").joinpath("data", "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(normal_form(word) for line in lines if not line.startswith("#") for word in line.split())
