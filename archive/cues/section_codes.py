"""The canonical codes of a heading, by `rules/sections.toml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from archive.cues.heading_numbers import numbered
from archive.rulebook import rulebook
from archive.text.match import fold_alnum, pattern


@functools.lru_cache(maxsize=1 << 17)  # every stage asks again; a page may have 100,000 numbered lines
def classify(heading: str) -> tuple[str, ...]:
    """The section codes that a heading names, the one named first in front; empty where no rule knows it.

    >>> classify("三、依申请公开和行政复议情况")
    ('requests', 'review')
    """
    text = fold_alnum(numbered(heading).rest)
    found: list[tuple[bool, int, int, int, str]] = []
    for order, (code, weak, strong) in enumerate(_patterns()):
        for is_weak, patterns in ((False, strong), (True, weak)):
            for match in (match for source in patterns for match in pattern(source).finditer(text)):
                found.append((is_weak, match.start(), match.start() - match.end(), order, code))
    if not found:
        return ()
    found.sort()
    first = found[0]
    codes = [first[-1]]
    taken = [(first[1], first[1] - first[2])]
    for _, start, length, _, code in sorted(found, key=lambda each: each[1:]):
        end = start - length
        if all(end <= low or start >= high for low, high in taken):
            taken.append((start, end))
            codes.append(code)
    return tuple(dict.fromkeys(codes))


def unnumbered(text: str) -> tuple[str, ...]:
    """The code of a name that makes a heading of a line without a number; empty for any other line."""
    squeezed = fold_alnum(text)
    return tuple(row["code"] for row in _rules() if squeezed in row.get("unnumbered", ()))[:1]


@functools.cache
def _patterns() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple((row["code"], tuple(row["patterns"]), tuple(row.get("strong", ()))) for row in _rules())


def _rules() -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = rulebook("sections.toml")["section"]
    return rows
