"""Selects keywords: the words that distinguish a section from the rest of the archive."""

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

from archive.cues.divisions import divisions
from archive.limits import bounded_cache
from archive.text.normalize import normal_form
from indexer.text.tokenizer import field_terms, nouns

_MOST = 8
"""Keywords of one section."""
_TERM_WEIGHT = 1.5
"""The weight of a term of the field, relative to a word of the general dictionary."""
_COMMON = 0.5
"""A word in more than this share of reports is no keyword."""
_FEWEST_REPORTS = 4
"""The least reports of which a share is meaningful."""

_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
# '二十三', '第一', '一是': numbers and ordinals
_NUMBER = re.compile(r"第?[一二三四五六七八九十百千万亿零〇两几多]+[是年月日个条件次项人号级届]?")


@dataclass(frozen=True, slots=True)
class Frequencies:
    """The numbers of sections and reports with each word that may be a keyword."""

    sections: int = 0
    reports: int = 0
    in_sections: Mapping[str, int] = field(default_factory=dict)
    in_reports: Mapping[str, int] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """Returns the inverse document frequency of a word; 0 for a word in most reports."""
        if self.reports >= _FEWEST_REPORTS and self.in_reports.get(word, 0) > _COMMON * self.reports:
            return 0.0
        rarity = math.log(1 + self.sections / self.in_sections.get(word, 1))
        return rarity * (_TERM_WEIGHT if word in field_terms() else 1.0)

    def write(self, path: Path) -> None:
        path.write_text(self.dump(), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Frequencies:
        return cls.load(path.read_text("utf-8"))

    def dump(self) -> str:
        rows = [[word, count, self.in_reports[word]] for word, count in self.in_sections.items()]
        return json.dumps([self.sections, self.reports, rows], ensure_ascii=False)

    @classmethod
    def load(cls, dumped: str) -> Frequencies:
        sections, reports, rows = json.loads(dumped)
        in_sections, in_reports = ({row[0]: row[place] for row in rows} for place in (1, 2))
        return cls(sections, reports, in_sections, in_reports)

    @property
    def hash(self) -> str:
        lines = (f"{word}\t{count}\t{self.in_reports[word]}\n" for word, count in sorted(self.in_sections.items()))
        return hashlib.sha256(f"{self.sections}\t{self.reports}\n{''.join(lines)}".encode()).hexdigest()


def summed(several: Iterable[Frequencies]) -> Frequencies:
    sections = reports = 0
    in_sections, in_reports = Counter[str](), Counter[str]()
    for each in several:
        sections, reports = sections + each.sections, reports + each.reports
        in_sections.update(each.in_sections)
        in_reports.update(each.in_reports)
    return Frequencies(sections, reports, in_sections, in_reports)


class KeywordCounts:
    """Counts the words of sections, and selects keywords by their frequencies here or in a whole archive."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._numbers: dict[str, int] = {}
        self._bounds, self._entries, self._times = array("Q", [0]), array("I"), array("I")
        self._in_reports: Counter[int] = Counter()
        self._reports = 0

    def add_report(self, sections: Sequence[Mapping[str, int]]) -> None:
        """Adds a report: for each section its words and their counts."""
        seen: set[int] = set()
        for counts in sections:
            kept = {self._number(word): count for word, count in counts.items() if may_be_keyword(word)}
            self._entries.extend(kept.keys())
            self._times.extend(kept.values())
            self._bounds.append(len(self._entries))
            seen.update(kept)
        self._in_reports.update(seen)
        self._reports += 1

    @property
    def frequencies(self) -> Frequencies:
        in_sections = Counter(self._entries)
        return Frequencies(
            len(self._bounds) - 1,
            self._reports,
            {word: in_sections[number] for number, word in enumerate(self._words)},
            {word: self._in_reports[number] for number, word in enumerate(self._words)},
        )

    def keywords(self, frequencies: Frequencies | None = None) -> list[tuple[str, ...]]:
        """Returns the keywords of each section, by descending weight."""
        known = frequencies or self.frequencies
        weights = [known.weight(word) for word in self._words]
        return [self._best(weights, first, last) for first, last in itertools.pairwise(self._bounds)]

    def _best(self, weights: Sequence[float], first: int, last: int) -> tuple[str, ...]:
        entries = zip(self._entries[first:last], self._times[first:last], strict=True)
        ranked = sorted((-_saturated(times) * weights[number], self._words[number]) for number, times in entries)
        return tuple(word for weight, word in ranked[:_MOST] if weight < 0)

    def write(self, path: Path) -> None:
        rows = [[word, self._in_reports[number]] for number, word in enumerate(self._words)]
        arrays = [each.tolist() for each in (self._bounds, self._entries, self._times)]
        path.write_text(json.dumps([self._reports, rows, *arrays], ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, path: Path) -> KeywordCounts:
        read = cls()
        read._reports, rows, bounds, entries, times = json.loads(path.read_text("utf-8"))
        read._words = [word for word, _ in rows]
        read._in_reports = Counter({number: count for number, (_, count) in enumerate(rows)})
        read._bounds, read._entries, read._times = array("Q", bounds), array("I", entries), array("I", times)
        return read

    def _number(self, word: str) -> int:
        if word not in self._numbers:
            self._numbers[word] = len(self._words)
            self._words.append(word)
        return self._numbers[word]


@bounded_cache(1 << 16)
def may_be_keyword(word: str) -> bool:
    """Returns whether a word is a noun or term of at least two Han characters, and no number, stop word or division."""
    return (
        (word in field_terms() or word in nouns())
        and bool(_HAN.fullmatch(word))
        and not _NUMBER.fullmatch(word)
        and word not in _stopwords()
        and word not in _division_names()
    )


def _saturated(count: int) -> float:
    """Returns the weight of a count, to which each further occurrence adds less."""
    return count / (count + 1.2)


@functools.cache
def _division_names() -> frozenset[str]:
    """Names of divisions, those of provinces also for short: they tell where an agency is, and fields find these."""
    provinces = {division.short for division in divisions() if division.level == "province"}
    return frozenset(normal_form(name) for name in {division.name for division in divisions()} | provinces)


@functools.cache
def _stopwords() -> frozenset[str]:
    lines = files("indexer").joinpath("data", "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(normal_form(word) for line in lines if not line.startswith("#") for word in line.split())
