"""Arranges agencies as a list from A to Z by pinyin, one line an agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.agencies.name_search import AgencyMatch
from archive.agencies.name_tolerance import Tolerance
from archive.model import Agency
from archive.store.report_counts import ReportSpan
from archive.text.pinyin import pinyin_spellings

OTHER = "other"
"""The letter of names that begin with none."""
LETTERS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", OTHER)


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency with its other names and its reports, None without any."""

    agency: Agency
    others: tuple[str, ...]
    span: ReportSpan | None
    tolerance: Tolerance | None


def letter_of(agency: Agency) -> str:
    """The first letter of the pinyin of a name."""
    first = pinyin_spellings(agency.name)[:1].upper()
    return first if first in LETTERS else OTHER


def letters(agencies: Iterable[Agency]) -> tuple[tuple[str, int], ...]:
    """Every letter with the number of agencies whose names begin with it."""
    counted = Counter(map(letter_of, agencies))
    return tuple((letter, counted[letter]) for letter in LETTERS if counted[letter] or letter != OTHER)


def agency_lines(matches: Sequence[AgencyMatch], spans: Mapping[str, ReportSpan]) -> tuple[AgencyLine, ...]:
    return tuple(
        AgencyLine(
            match.agency,
            tuple(dict.fromkeys(name.text for name in match.agency.names if name.text != match.agency.name)),
            spans.get(match.agency.id),
            match.tolerance,
        )
        for match in matches
    )
