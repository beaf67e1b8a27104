"""Recognises names of sections (`rules/headings.toml`) and classifies them by code (`rules/sections.toml`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.cues.heading_numbers import numbered
from archive.limits import bounded_cache
from archive.rule_schemas import SectionRule
from archive.rulebook import rulebook
from archive.text.match import fold, fold_alnum


@dataclass(frozen=True, slots=True)
class _Match:
    """A pattern's match in a heading."""

    is_strong: bool
    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class _SectionPatterns:
    """The patterns of a section, the strong ones first, and all of them as one, which most headings do not match."""

    code: str
    patterns: tuple[tuple[bool, re.Pattern[str]], ...]
    any_of_them: re.Pattern[str]


@bounded_cache(1 << 17)  # several stages classify the same line; a page can have 100,000 numbered lines
def classify(heading: str) -> tuple[str, ...]:
    """The codes of the sections that a heading names, its own first; empty for an unknown heading.

    >>> classify("三、依申请公开和行政复议情况")
    ('requests', 'review')
    """
    text = fold_alnum(numbered(heading).rest)
    matches = [
        _Match(is_strong, match.start(), match.end(), section.code)
        for section in section_patterns()  # the sorting below keeps this order
        if section.any_of_them.search(text)
        for is_strong, pattern in section.patterns
        for match in pattern.finditer(text)
    ]
    if not matches:
        return ()
    # stable sorts: by beginning, and of several matches there the longest first
    matches.sort(key=lambda match: match.end, reverse=True)
    matches.sort(key=lambda match: match.start)
    taken = [next((match for match in matches if match.is_strong), matches[0])]
    for match in matches:
        if all(match.end <= other.start or match.start >= other.end for other in taken):
            taken.append(match)
    return tuple(dict.fromkeys(match.code for match in taken))


def unnumbered(text: str) -> tuple[str, ...]:
    """The code of a line that is a heading without a number; empty for any other line."""
    squeezed = fold_alnum(text)
    return tuple(rule["code"] for rule in section_rules() if squeezed in rule.get("unnumbered", ()))[:1]


def ends_section_name(text: str) -> bool:
    return fold(text).endswith(rulebook("headings.toml")["endings"])


@functools.cache
def section_name_end() -> re.Pattern[str]:
    return re.compile("|".join(rulebook("headings.toml")["endings"]))


@functools.cache
def section_name() -> re.Pattern[str]:
    """A pattern of a section's name up to its end, even if text follows without a space."""
    ending, joining = section_name_end().pattern, "|".join(rulebook("headings.toml")["joining"])
    part = rf"[^\d。;:,!?(]{{0,60}}?(?:{ending})"
    return re.compile(rf"(?:20\d\d年度?)?{part}(?:(?:{joining})[^\d。;:,!?(]{{0,12}}?(?:{ending})|统计表)*")


@functools.cache
def section_patterns() -> tuple[_SectionPatterns, ...]:
    found = []
    for rule in section_rules():
        strong = [row["pattern"] for row in rule.get("strong", ())]
        others = [row["pattern"] for row in rule.get("patterns", ())]
        if strong or others:
            patterns = (*((True, each) for each in strong), *((False, each) for each in others))
            together = re.compile("|".join(f"(?:{each.pattern})" for each in (*strong, *others)))
            found.append(_SectionPatterns(rule["code"], patterns, together))
    return tuple(found)


def section_rules() -> Sequence[SectionRule]:
    rules: Sequence[SectionRule] = rulebook("sections.toml")["section"]
    return rules
