"""Keywords: the words of a section that tell it apart from the rest of the archive."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from archive.limits import bounded_cache
from archive.text.normalize import normal_form
from indexer.text.tokenizer import field_terms, nouns

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


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many sections and reports of an archive each word stands, which may be a keyword."""

    sections: int = 0
    reports: int = 0
    in_sections: Mapping[str, int] = field(default_factory=dict)
    in_reports: Mapping[str, int] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """How much the word tells: 0 for one that stands in most reports. An unknown word is as rare as can be."""
        if self.reports >= _FEWEST_REPORTS and self.in_reports.get(word, 0) > _COMMON * self.reports:
            return 0.0
        rarity = math.log(1 + self.sections / self.in_sections.get(word, 1))
        return rarity * (_TERM_WEIGHT if word in field_terms() else 1.0)

    def write(self, path: Path) -> None:
        """Keeps them."""
        rows = [[word, count, self.in_reports[word]] for word, count in self.in_sections.items()]
        path.write_text(json.dumps([self.sections, self.reports, rows], ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Frequencies:
        """What was kept."""
        sections, reports, rows = json.loads(path.read_text("utf-8"))
        in_sections, in_reports = ({row[0]: row[place] for row in rows} for place in (1, 2))
        return cls(sections, reports, in_sections, in_reports)

    @property
    def hash(self) -> str:
        """SHA-256 of all this."""
        lines = (f"{word}\t{count}\t{self.in_reports[word]}\n" for word, count in sorted(self.in_sections.items()))
        return hashlib.sha256(f"{self.sections}\t{self.reports}\n{''.join(lines)}".encode()).hexdigest()


def summed(several: Iterable[Frequencies]) -> Frequencies:
    """The frequencies of several parts of an archive together."""
    sections = reports = 0
    in_sections, in_reports = Counter[str](), Counter[str]()
    for each in several:
        sections, reports = sections + each.sections, reports + each.reports
        in_sections.update(each.in_sections)
        in_reports.update(each.in_reports)
    return Frequencies(sections, reports, in_sections, in_reports)


class KeywordCounts:
    """Counts words section by section, then weighs them against all that was counted, or against a whole archive."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._numbers: dict[str, int] = {}
        self._bounds, self._held, self._times = array("Q", [0]), array("I"), array("I")
        self._in_reports: Counter[int] = Counter()
        self._reports = 0

    def add_report(self, sections: Sequence[Mapping[str, int]]) -> None:
        """One report: for each of its sections the words and how often each stands there."""
        seen: set[int] = set()
        for counts in sections:
            kept = {self._number(word): count for word, count in counts.items() if may_be_keyword(word)}
            self._held.extend(kept.keys())
            self._times.extend(kept.values())
            self._bounds.append(len(self._held))
            seen.update(kept)
        self._in_reports.update(seen)
        self._reports += 1

    @property
    def frequencies(self) -> Frequencies:
        """What was counted."""
        in_sections = Counter(self._held)
        return Frequencies(
            len(self._bounds) - 1,
            self._reports,
            {word: in_sections[number] for number, word in enumerate(self._words)},
            {word: self._in_reports[number] for number, word in enumerate(self._words)},
        )

    def keywords(self, frequencies: Frequencies | None = None) -> list[tuple[str, ...]]:
        """The keywords of each section, the weightiest first."""
        words, known = self._words, frequencies or self.frequencies
        weights = [known.weight(word) for word in words]
        return [
            tuple(
                words[number]
                for weight, number in sorted(
                    (
                        (_often(self._times[place]) * weights[self._held[place]], self._held[place])
                        for place in range(first, last)
                    ),
                    key=lambda weighed: (-weighed[0], words[weighed[1]]),
                )[:_MOST]
                if weight > 0
            )
            for first, last in itertools.pairwise(self._bounds)
        ]

    def write(self, path: Path) -> None:
        """Keeps what was counted."""
        rows = [[word, self._in_reports[number]] for number, word in enumerate(self._words)]
        arrays = [each.tolist() for each in (self._bounds, self._held, self._times)]
        path.write_text(json.dumps([self._reports, rows, *arrays], ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, path: Path) -> KeywordCounts:
        """What was kept."""
        read = cls()
        read._reports, rows, bounds, held, times = json.loads(path.read_text("utf-8"))
        read._words = [word for word, _ in rows]
        read._in_reports = Counter({number: count for number, (_, count) in enumerate(rows)})
        read._bounds, read._held, read._times = array("Q", bounds), array("I", held), array("I", times)
        return read

    def _number(self, word: str) -> int:
        if word not in self._numbers:
            self._numbers[word] = len(self._words)
            self._words.append(word)
        return self._numbers[word]


@bounded_cache(1 << 16)
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
