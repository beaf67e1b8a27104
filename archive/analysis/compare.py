"""Compares two reports of one agency: paragraphs, figures, and the share of text carried over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Literal, TypeVar

from archive.analysis.alignment import DiffPiece, carried_over, partners, pieces, skeleton
from archive.analysis.breaks import Break, breaks_between
from archive.errors import InvalidRequest
from archive.model import UNKNOWN_AGENCY, Figure, Report, Section
from archive.text.normalize import normal_form

Fate = Literal["kept", "changed", "added", "dropped"]
FATES: tuple[Fate, ...] = ("kept", "changed", "added", "dropped")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph with its number in the report, from 1, the anchor of its section, and its level."""

    number: int
    text: str
    section: str
    level: int


@dataclass(frozen=True, slots=True)
class TextDiffLine:
    """The fate of one paragraph; `pieces` are the changes inside a changed one.

    `numbers_only` marks a changed paragraph whose words are the same.
    """

    fate: Fate
    before: ParagraphChange | None
    after: ParagraphChange | None
    pieces: tuple[DiffPiece, ...] = ()
    numbers_only: bool = False

    @property
    def passage(self) -> ParagraphChange:
        """The later version, or the earlier one of a dropped paragraph."""
        return _either(self.after, self.before)

    @property
    def moved(self) -> bool:
        """Whether it is in another section than before."""
        return bool(self.before and self.after and self.before.section != self.after.section)


@dataclass(frozen=True, slots=True)
class SectionPair:
    """A section in both reports, None in the report without it."""

    before: Section | None
    after: Section | None
    lines: tuple[TextDiffLine, ...]

    @property
    def section(self) -> Section:
        """The later version, or the earlier one of a dropped section."""
        return _either(self.after, self.before)


@dataclass(frozen=True, slots=True)
class FigurePair:
    """A figure in both reports. `difference` is the later minus the earlier value, None across a break."""

    before: Figure | None
    after: Figure | None
    difference: Decimal | None

    @property
    def figure(self) -> Figure:
        """Either figure: their names and labels are the same."""
        return _either(self.after, self.before)


@dataclass(frozen=True, slots=True)
class TablePair:
    """The figures of a table in both reports, and the breaks between them."""

    table: str
    breaks: tuple[Break, ...]
    pairs: tuple[FigurePair, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports compared; `carried` of the later one's `characters` are in the earlier one (see `carried_over`)."""

    before: Report
    after: Report
    sections: tuple[SectionPair, ...]
    tables: tuple[TablePair, ...]
    carried: int
    characters: int

    @property
    def share(self) -> float | None:
        """The share of the later text, 0 to 1, that was carried over; None if a report has no text."""
        return _share(self.before, self.carried, self.characters)

    @property
    def counts(self) -> Mapping[Fate, int]:
        found = Counter(line.fate for pair in self.sections for line in pair.lines)
        return {fate: found[fate] for fate in FATES}


def compare(before: Report, after: Report) -> Comparison:
    """Compares two reports of an agency.

    Raises:
        InvalidRequest: for a report compared with itself, or two reports of unknown agencies.
    """
    if before.agency == UNKNOWN_AGENCY and before.key != after.key:
        raise InvalidRequest(
            "机关不详的报告可能出自不同的机关，不能互相比较。",
            "Reports of unknown agencies can be of different agencies and are not compared.",
        )
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
    """The share of the later report's text, 0 to 1, that was carried over; None if a report has no text."""
    return _share(before, *carried_over(_texts(before), _texts(after)))


def _share(before: Report, carried: int, characters: int) -> float | None:
    return carried / characters if characters and any(_texts(before)) else None


def _either(after: _T | None, before: _T | None) -> _T:
    either = before if after is None else after
    if either is None:
        raise ValueError("a pair has at least one member")
    return either


def _texts(report: Report) -> Iterator[str]:
    return (paragraph.text for section in report.sections for paragraph in section.paragraphs)


def _sections(before: Report, after: Report) -> Iterator[SectionPair]:
    """The sections in the order of the later report, each dropped section after the one that it followed."""
    old = {section.anchor: section for section in before.sections}
    new = {section.anchor: section for section in after.sections}
    anchors = list(new)
    for index, anchor in enumerate(old):
        if anchor not in new:
            ahead = [anchors.index(other) for other in list(old)[:index] if other in anchors]
            anchors.insert(max(ahead, default=-1) + 1, anchor)
    left, right = ([passages[anchor] for anchor in anchors] for passages in (_passages(before), _passages(after)))
    texts = [[[passage.text for passage in section] for section in sections] for sections in (left, right)]
    every_left, every_right = list(chain.from_iterable(left)), list(chain.from_iterable(right))
    pairs = partners(texts[0], texts[1]).items()
    continued = {every_right[later].number: every_left[earlier] for later, earlier in pairs}
    for anchor, earlier, later in zip(anchors, left, right, strict=True):
        yield SectionPair(old.get(anchor), new.get(anchor), tuple(_lines(earlier, later, continued)))


def _passages(report: Report) -> Mapping[str, list[ParagraphChange]]:
    passages: dict[str, list[ParagraphChange]] = defaultdict(list)
    paragraphs = ((section.anchor, paragraph) for section in report.sections for paragraph in section.paragraphs)
    for number, (anchor, paragraph) in enumerate(paragraphs, 1):
        passages[anchor].append(ParagraphChange(number, paragraph.text, anchor, paragraph.level))
    return passages


def _lines(
    before: Iterable[ParagraphChange], after: Iterable[ParagraphChange], continued: Mapping[int, ParagraphChange]
) -> Iterator[TextDiffLine]:
    """The later paragraphs in order, with the dropped ones at their positions."""
    kept = {earlier.number for earlier in continued.values()}
    dropped = [passage for passage in before if passage.number not in kept]
    for passage in after:
        earlier = continued.get(passage.number)
        if earlier is None:
            yield TextDiffLine("added", None, passage)
            continue
        if earlier.section == passage.section:
            while dropped and dropped[0].number < earlier.number:
                yield TextDiffLine("dropped", dropped.pop(0), None)
        if normal_form(earlier.text) == normal_form(passage.text):
            yield TextDiffLine("kept", earlier, passage)
        else:
            same = skeleton(earlier.text) == skeleton(passage.text)
            yield TextDiffLine("changed", earlier, passage, pieces(earlier.text, passage.text), numbers_only=same)
    yield from (TextDiffLine("dropped", passage, None) for passage in dropped)


def _tables(before: Report, after: Report) -> Iterator[TablePair]:
    old, new = _named(before), _named(after)
    tables = dict.fromkeys(name[0] for name in chain(new, old))
    for table in tables:
        breaks = breaks_between(table, before, after)
        names = dict.fromkeys(name for name in chain(new, old) if name[0] == table)
        pairs = tuple(_pair(old.get(name), new.get(name), is_comparable=not breaks) for name in names)
        yield TablePair(table, breaks, pairs)


def _named(report: Report) -> dict[tuple[str, str, str | None, int], Figure]:
    """Figures by table, row, column, and number among those with the same name."""
    found: dict[tuple[str, str, str | None, int], Figure] = {}
    seen: Counter[tuple[str, str, str | None]] = Counter()
    for figure in report.figures:
        name = (figure.table, figure.row, figure.column)
        found[*name, seen[name]] = figure
        seen[name] += 1
    return found


def _pair(before: Figure | None, after: Figure | None, *, is_comparable: bool) -> FigurePair:
    difference = None
    if is_comparable and before and after and before.unit == after.unit:
        difference = None if before.value is None or after.value is None else after.value - before.value
    return FigurePair(before, after, difference)
