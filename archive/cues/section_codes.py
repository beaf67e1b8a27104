"""Classifies headings by canonical section codes (`rules/sections.toml`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archive.cues.heading_numbers import numbered
from archive.limits import bounded_cache
from archive.rulebook import SectionRule, rulebook
from archive.text.match import fold_alnum


class _Match(NamedTuple):
    """A pattern's match in a heading."""

    strong: bool
    start: int
    end: int
    code: str

    def position(self) -> tuple[int, int]:
        """Sorts by beginning, the longer match first."""
        return self.start, -self.end


@bounded_cache(1 << 17)  # several stages classify the same line; a page can have 100,000 numbered lines
def classify(heading: str) -> tuple[str, ...]:
    """The codes of the sections that a heading names, its own first; empty for an unknown heading.

    >>> classify("三、依申请公开和行政复议情况")
    ('requests', 'review')
    """
    text = fold_alnum(numbered(heading).rest)
    matches = [
        _Match(strong, match.start(), match.end(), rule["code"])
        for rule in section_rules()  # the sorting below keeps this order
        for strong, rows in ((True, rule.get("strong", ())), (False, rule.get("patterns", ())))
        for row in rows
        for match in row["pattern"].finditer(text)
    ]
    if not matches:
        return ()
    matches.sort(key=_Match.position)
    taken = [min(matches, key=lambda match: not match.strong)]
    for match in matches:
        if all(match.end <= other.start or match.start >= other.end for other in taken):
            taken.append(match)
    return tuple(dict.fromkeys(match.code for match in taken))


def unnumbered(text: str) -> tuple[str, ...]:
    """The code of a line that is a heading without a number; empty for any other line."""
    squeezed = fold_alnum(text)
    return tuple(rule["code"] for rule in section_rules() if squeezed in rule.get("unnumbered", ()))[:1]


def section_rules() -> Sequence[SectionRule]:
    """The rows of `rules/sections.toml`."""
    rules: Sequence[SectionRule] = rulebook("sections.toml")["section"]
    return rules
