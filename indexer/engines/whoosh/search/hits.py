"""What is shown of a section."""

from __future__ import annotations

from indexer.answers.engine import Hit, Snippet
from indexer.engines.whoosh.columns.records import SectionRecord


def hit(record: SectionRecord, score: float, occurrences: int | None, shown: tuple[Snippet, ...]) -> Hit:
    """A section as a hit, with what was found in it."""
    return Hit(
        report=record.report,
        agency=record.agency,
        agency_name=record.agency_name,
        year=record.year,
        section=record.section,
        anchor=record.anchor,
        heading=record.heading,
        title=record.title,
        url=record.address,
        score=round(score, 4),
        occurrences=occurrences,
        snippets=shown,
    )
