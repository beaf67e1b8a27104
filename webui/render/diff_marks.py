"""Marks in a report what changed since an earlier report of its agency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.analysis.compare import Comparison, TextDiffLine
from archive.errors import Language
from archive.model import Figure, Section
from webui.render.highlight import Layer, Tag
from webui.render.labels import section_label

_Name = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Changes:
    """A comparison with look-up by the figures of the later report."""

    comparison: Comparison
    _before: dict[_Name, Figure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collects the earlier figures that differ, from tables without a break."""
        for table in self.comparison.tables:
            for pair in table.pairs if not table.breaks else ():
                if pair.before and pair.after and pair.before.printed != pair.after.printed:
                    self._before.setdefault(_name(pair.after), pair.before)

    def was(self, figure: Figure | None) -> Figure | None:
        """The earlier figure if it differs."""
        return self._before.get(_name(figure)) if figure else None

    def parted(self, table: str, language: Language) -> tuple[str, ...]:
        """The reasons why a table's figures are not compared."""
        breaks = (each.breaks for each in self.comparison.tables if each.table == table)
        return tuple(each.reason(language) for found in breaks for each in found)


def edits(line: TextDiffLine) -> Layer:
    """The insertions and deletions of a paragraph as tags in its later text."""
    if line.fate == "added" and line.after:
        return [Tag((0, len(line.after.text)), "ins")]
    return list(_edits(line))


def _edits(line: TextDiffLine) -> Iterator[Tag]:
    at = 0
    for piece in line.pieces:
        if piece.kind == "dropped":
            yield Tag((at, at), "del", inserted=piece.text)
            continue
        if piece.kind == "added":
            yield Tag((at, at + len(piece.text)), "ins")
        at += len(piece.text)


def _name(figure: Figure) -> _Name:
    return figure.table, figure.row, figure.column


def earlier_heading(before: Section | None, after: Section | None, language: Language) -> str | None:
    """The heading of a section in the earlier report, if it is another one; without a heading, the label is one."""
    if before is None or after is None:
        return None
    old, new = (section.heading or section_label(section.code, "zh") for section in (before, after))
    return None if old == new else before.heading or section_label(before.code, language)
