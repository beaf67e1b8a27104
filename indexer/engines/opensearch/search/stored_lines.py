"""The lines of a concordance, from the stored texts of sections."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice

from archive.text.normalize import normal_form
from indexer.answers.boundaries import Boundaries
from indexer.answers.concordance import ConcordanceLine, ConcordanceOrder
from indexer.answers.highlight import Span
from indexer.engines.opensearch.build.grams import restored
from indexer.engines.opensearch.search.stored_sections import StoredSection
from indexer.query.ast import Where

_COMPARED = 12
"""UTF-16 units beside a hit by which lines are sorted, as in the embedded engine."""

Key = tuple[object, ...]
Found = Iterable[tuple[StoredSection, Sequence[Span]]]
"""Sections in order, with the occurrences in each."""


def lines(
    found: Found, where: Where, order: ConcordanceOrder, width: int | None, most: int | None
) -> Iterator[ConcordanceLine]:
    """Yields the first lines of occurrences in an order, or all. The sort is stable.

    Lines are held in memory unless they stay in the order of reports, or only some are wanted.
    """
    keyed = _keyed_lines(found, where, order, width)
    if order == "agency":
        return (line for _, line in islice(keyed, most))
    numbered = ((key, number, line) for (key, line), number in zip(keyed, count(), strict=False))
    ordered = (
        sorted(numbered, key=lambda each: each[:2])
        if most is None
        else heapq.nsmallest(most, numbered, key=lambda each: each[:2])
    )
    return (line for _, _, line in ordered)


def _keyed_lines(
    found: Found, where: Where, order: ConcordanceOrder, width: int | None
) -> Iterator[tuple[Key, ConcordanceLine]]:
    key = _key_of(order)
    for section, spans in found:
        text = section.text(where)
        boundaries, form = Boundaries(text), normal_form(text)
        for span in spans:
            yield key(section, form, span), _line(section, text, boundaries, span, width)


def _line(section: StoredSection, text: str, boundaries: Boundaries, span: Span, width: int | None) -> ConcordanceLine:
    start, end = span
    if width is None:
        begin, finish = boundaries.sentences(start, end)
    else:
        begin, finish = boundaries.paragraph(start, end)
        begin, finish = max(begin, start - width), min(finish, end + width)
    return ConcordanceLine(
        left=text[begin:start],
        hit=text[start:end],
        right=text[end:finish],
        agency=section.agency,
        agency_name=restored(section.source["agency_name"]),
        year=section.year,
        section=section.source["code"],
        heading=section.heading,
        url=section.address,
    )


def _key_of(order: ConcordanceOrder) -> Callable[[StoredSection, str, Span], Key]:
    """Returns the sort key of an occurrence in the normal form of its text."""
    if order == "agency":
        return lambda section, form, span: ()
    if order in ("year", "-year"):
        sign = 1 if order == "year" else -1
        return lambda section, form, span: (section.year is None, sign * (section.year or 0))
    return lambda section, form, span: tuple(_neighbours(side, form, span) for side in order.split("-"))


def _neighbours(side: str, form: str, span: Span) -> bytes:
    """Returns the characters beside an occurrence in its paragraph, the nearest first."""
    if side == "right":
        units = _units(form[span[1] : span[1] + _COMPARED].partition("\n")[0])
        return b"".join(units[:_COMPARED])
    units = _units(form[max(span[0] - _COMPARED, 0) : span[0]].rpartition("\n")[2])
    return b"".join(reversed(units[-_COMPARED:]))


def _units(text: str) -> list[bytes]:
    encoded = text.encode("utf-16-be", "surrogatepass")
    return [encoded[at : at + 2] for at in range(0, len(encoded), 2)]
