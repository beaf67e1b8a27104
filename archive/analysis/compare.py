"""Two reports of one agency side by side: what was kept, changed, added, dropped, and what was only carried over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Literal, TypeVar

from archive.analysis.alignment import DiffPiece, carried_over, partners, pieces, skeleton
from archive.analysis.breaks import Break, breaks_between
from archive.errors import InvalidRequest
from archive.model import Figure, Report, Section
from archive.text.normalize import normal_form

Fate = Literal["kept", "changed", "added", "dropped"]
FATES: tuple[Fate, ...] = ("kept", "changed", "added", "dropped")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph where it stands: `number` counts through its report from 1, `section` is its section's anchor."""

    number: int
    text: str
    section: str
    level: int


@dataclass(frozen=True, slots=True)
class TextDiffLine:
    """What became of one paragraph; `pieces` mark the change inside one that changed."""

    fate: Fate
    before: ParagraphChange | None
    after: ParagraphChange | None
    pieces: tuple[DiffPiece, ...] = ()
    numbers_only: bool = False
    """Whether a changed one says the same of other numbers."""

    @property
    def passage(self) -> ParagraphChange:
        """Where it stands now, or stood last."""
        return _either(self.after, self.before)

    @property
    def moved(self) -> bool:
        """Whether it now stands in another section."""
        return bool(self.before and self.after and self.before.section != self.after.section)


@dataclass(frozen=True, slots=True)
class SectionPair:
    """The sections that answer each other, None where only one report has it."""

    before: Section | None
    after: Section | None
    lines: tuple[TextDiffLine, ...]

    @property
    def section(self) -> Section:
        """The later one, or the earlier where it was dropped."""
        return _either(self.after, self.before)


@dataclass(frozen=True, slots=True)
class FigurePair:
    """One figure in both reports. `difference` is later less earlier, None across a break or where one has none."""

    before: Figure | None
    after: Figure | None
    difference: Decimal | None

    @property
    def figure(self) -> Figure:
        """Either figure: what both have in common is the same."""
        return _either(self.after, self.before)


@dataclass(frozen=True, slots=True)
class TablePair:
    """A table's figures side by side, and the breaks that part them."""

    table: str
    breaks: tuple[Break, ...]
    pairs: tuple[FigurePair, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`carried` of the later report's `characters` already stood in the earlier one, numbers and years aside."""

    before: Report
    after: Report
    sections: tuple[SectionPair, ...]
    tables: tuple[TablePair, ...]
    carried: int
    characters: int

    @property
    def share(self) -> float | None:
        """The part of the later text that was carried over, 0 to 1; None where a report has no text to compare."""
        return self.carried / self.characters if self.characters and any(_texts(self.before)) else None

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many paragraphs had each fate."""
        found = Counter(line.fate for pair in self.sections for line in pair.lines)
        return {fate: found[fate] for fate in FATES}


def compare(before: Report, after: Report) -> Comparison:
    """What changed from one report of an agency to another.

    Raises:
        InvalidRequest: for a report compared with itself.
    """
    if (before.agency, before.key, before.fingerprint) == (after.agency, after.key, after.fingerprint):
        raise InvalidRequest(
            f"{after.key}年的报告和它自己没有不同。请给出两个年份。",
            f"The report on {after.key} does not differ from itself. Give two years.",
        )
    carried, characters = carried_over(_texts(before), _texts(after))
    return Comparison(
        before, after, tuple(_sections(before, after)), tuple(_tables(before, after)), carried, characters
    )


def carried_share(before: Report, after: Report) -> float | None:
    """The part of the later report's text, 0 to 1, that stood in the earlier one; None where either has no text."""
    carried, characters = carried_over(_texts(before), _texts(after))
    return carried / characters if characters and any(_texts(before)) else None


def _either(after: _T | None, before: _T | None) -> _T:
    """The later one, or the earlier where that is gone; a pair never lacks both."""
    found = after if after is not None else before
    if found is None:
        raise ValueError("a pair of nothing and nothing")
    return found


def _texts(report: Report) -> Iterator[str]:
    return (paragraph.text for section in report.sections for paragraph in section.paragraphs)


def _sections(before: Report, after: Report) -> Iterator[SectionPair]:
    """The sections in the order of the later report, each one that was dropped behind the one that it followed."""
    old = {section.anchor: section for section in before.sections}
    new = {section.anchor: section for section in after.sections}
    anchors = list(new)
    for place, anchor in enumerate(old):
        if anchor not in new:
            ahead = [anchors.index(other) for other in list(old)[:place] if other in anchors]
            anchors.insert(max(ahead, default=-1) + 1, anchor)
    left = [_passages(old.get(anchor), before) for anchor in anchors]
    right = [_passages(new.get(anchor), after) for anchor in anchors]
    found = partners(
        [[each.text for each in texts] for texts in left], [[each.text for each in texts] for texts in right]
    )
    every_left, every_right = list(chain.from_iterable(left)), list(chain.from_iterable(right))
    continued = {every_right[later].number: every_left[earlier] for later, earlier in found.items()}
    for anchor, was, now in zip(anchors, left, right, strict=True):
        yield SectionPair(old.get(anchor), new.get(anchor), tuple(_lines(was, now, continued)))


def _passages(section: Section | None, report: Report) -> list[ParagraphChange]:
    if section is None:
        return []
    first = 1
    for other in report.sections:
        if other is section:
            break
        first += len(other.paragraphs)
    return [
        ParagraphChange(number, paragraph.text, section.anchor, paragraph.level)
        for number, paragraph in enumerate(section.paragraphs, first)
    ]


def _lines(
    was: Iterable[ParagraphChange], now: Iterable[ParagraphChange], continued: Mapping[int, ParagraphChange]
) -> Iterator[TextDiffLine]:
    """The later paragraphs in order, each dropped one where it stood among them."""
    lasting = {earlier.number for earlier in continued.values()}
    gone = [passage for passage in was if passage.number not in lasting]
    for passage in now:
        earlier = continued.get(passage.number)
        if earlier is None:
            yield TextDiffLine("added", None, passage)
            continue
        if earlier.section == passage.section:
            while gone and gone[0].number < earlier.number:
                yield TextDiffLine("dropped", gone.pop(0), None)
        if normal_form(earlier.text) == normal_form(passage.text):
            yield TextDiffLine("kept", earlier, passage)
        else:
            same = skeleton(earlier.text) == skeleton(passage.text)
            yield TextDiffLine("changed", earlier, passage, pieces(earlier.text, passage.text), numbers_only=same)
    yield from (TextDiffLine("dropped", passage, None) for passage in gone)


def _tables(before: Report, after: Report) -> Iterator[TablePair]:
    old, new = _named(before), _named(after)
    tables = dict.fromkeys(name[0] for name in chain(new, old))
    for table in tables:
        breaks = breaks_between(table, before, after)
        names = dict.fromkeys(name for name in chain(new, old) if name[0] == table)
        pairs = tuple(_pair(old.get(name), new.get(name), parted=bool(breaks)) for name in names)
        yield TablePair(table, breaks, pairs)


def _named(report: Report) -> dict[tuple[str, str, str | None, int], Figure]:
    """Figures by table, row, column and, where a report states one twice, which of them it is."""
    found: dict[tuple[str, str, str | None, int], Figure] = {}
    seen: Counter[tuple[str, str, str | None]] = Counter()
    for figure in report.figures:
        name = (figure.table, figure.row, figure.column)
        found[*name, seen[name]] = figure
        seen[name] += 1
    return found


def _pair(before: Figure | None, after: Figure | None, *, parted: bool) -> FigurePair:
    difference = None
    if before and after and before.value is not None and after.value is not None and before.unit == after.unit:
        difference = None if parted else after.value - before.value
    return FigurePair(before, after, difference)
