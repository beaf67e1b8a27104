"""Groups hits whose occurrences stand in the same sentences.

Two hits are the same if their sentences with an occurrence below the heading are equal in the normal form, in order. A
hit with occurrences in its heading only, or with more than `MOST_OCCURRENCES` below it, is the same as no other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from indexer.answers.boundaries import MERGED_MARKS
from indexer.answers.engine import SentencePlace
from indexer.engines.whoosh.columns.columns import Columns
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.columns.utf16 import decoded
from indexer.engines.whoosh.search.matching.result_set import ResultSet
from indexer.engines.whoosh.search.matching.spans import Spans, united

MOST_OCCURRENCES = 5
MOST_OTHERS = 20


@dataclass(frozen=True, slots=True)
class SentenceGroups:
    """The sections of a result in the order of the request, and the group of each; groups are in the same order."""

    sections: Ints
    groups: Ints

    @property
    def nbytes(self) -> int:
        return self.sections.nbytes + self.groups.nbytes

    def __len__(self) -> int:
        return int(self.groups.max()) + 1 if len(self.groups) else 0

    def members(self, group: int) -> Ints:
        found: Ints = self.sections[self.groups == group]
        return found


def grouped(columns: Columns, result: ResultSet, sections: Ints) -> SentenceGroups:
    """Returns the groups of all sections of a result, or of a few, which are given in order."""
    spans = result.occurrences if len(sections) > MOST_OTHERS else _within(columns, result, sections)
    keys, numbers = _keys(columns, spans), dict[str | int, int]()
    groups = [numbers.setdefault(keys.get(section, section), len(numbers)) for section in sections.tolist()]
    return SentenceGroups(sections, np.array(groups, np.int64))


def is_repetitive(groups: SentenceGroups) -> bool:
    """Returns whether more than half of the hits have the sentences of another one."""
    sizes = np.bincount(groups.groups)
    return 2 * int(sizes[sizes > 1].sum()) > len(groups.sections)


def places(columns: Columns, sections: Ints) -> Iterator[SentencePlace]:
    for record in columns.records(sections):
        yield SentencePlace(record.report, record.agency, record.key, record.agency_name, record.year, record.anchor)


def _within(columns: Columns, result: ResultSet, sections: Ints) -> Spans:
    """The occurrences in a few sections."""
    texts = [text for section in sections.tolist() for text in columns.texts(section, result.scope.where)]
    bounds = [columns.stretch(text) for text in sorted(texts)]
    found = [
        leaf.spans.select(slice(*leaf.spans.starts.searchsorted(each))) for leaf in result.leaves for each in bounds
    ]
    return united(found)


def _keys(columns: Columns, spans: Spans) -> Mapping[int, str]:
    """Returns the sentences with occurrences below the heading, of each section that has few of them."""
    texts = columns.texts_of(spans.starts)
    below = spans.starts >= columns.heading_ends[texts]
    sections = texts % columns.size
    few = below & (np.bincount(sections[below], minlength=columns.size) <= MOST_OCCURRENCES)[sections]
    keys: dict[int, dict[str, None]] = {}
    for section, sentence in zip(
        sections[few].tolist(), _sentences(columns, spans.select(few), texts[few]), strict=True
    ):
        keys.setdefault(section, {})[sentence] = None
    return {section: "\n".join(sentences) for section, sentences in keys.items()}


def _sentences(columns: Columns, spans: Spans, texts: Ints) -> Iterator[str]:
    """Yields the sentence of each occurrence in the normal form; the spans are sorted."""
    read = -1
    for text, start, end in zip(texts.tolist(), spans.starts.tolist(), spans.ends.tolist(), strict=True):
        if text != read:
            read, (first, last) = text, columns.stretch(text)
            units = columns.normal.between(first, last)
            stops = [-1, *np.flatnonzero(_IS_STOP[units]).tolist(), last - first]
        begin = stops[bisect_right(stops, start - first - 1) - 1] + 1
        finish = stops[bisect_left(stops, end - first)]
        yield decoded(units[begin:finish]).strip()


def _stops() -> Bools:
    table = np.zeros(1 << 16, np.bool_)
    table[[ord(stop) for stop in f"{MERGED_MARKS}\n"]] = True
    return table


_IS_STOP = _stops()
