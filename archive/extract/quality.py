"""Finds advertising, repetition, sections that are images, OCR, and sentences that contradict a table."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from archive.model import Block, Figure, Notice, Section
from archive.notices import notice
from archive.rulebook import rulebook
from archive.text.normalize import normal_form
from archive.vocabulary import STATUTORY, prose_rows, table_rules

# Characters shown on both sides of advertising, and of a text that is repeated.
_AROUND = 12
_SHOWN = 24


def quality_notices(sections: Sequence[Section], figures: Sequence[Figure], form: str | None) -> Iterator[Notice]:
    """Notices on a report's text: `injected_text`, `repetitive_text`, `image_only`, `prose_arithmetic`."""
    for section in sections:
        yield from _injected(section)
        yield from _repetitive(section)
        yield from _images(section, form)
    yield from _contradictions(figures)


def ocr_notices(blocks: Sequence[Block], figures: Sequence[Figure]) -> Iterator[Notice]:
    """The notice `ocr_read` on a report with text or cells that were read by OCR."""
    states = Counter(figure.state for figure in figures if figure.basis == "ocr")
    if states or any(block.confidence is not None for block in blocks):
        count, decided, unreadable = states.total(), states["solved"], states["unreadable"]
        yield notice("ocr_read", count=count, decided=decided, unreadable=unreadable)


def _injected(section: Section) -> Iterator[Notice]:
    for paragraph in section.paragraphs:
        normal = normal_form(paragraph.text)
        spans = [
            match.span() for rule in rulebook("injected.toml")["injected"] for match in rule["pattern"].finditer(normal)
        ]
        if spans:
            start, end = min(span[0] for span in spans), max(span[1] for span in spans)
            text = paragraph.text[max(0, start - _AROUND) : end + _AROUND]
            yield notice("injected_text", paragraph.place, text=text)


def _repetitive(section: Section) -> Iterator[Notice]:
    text = section.text
    rules = rulebook("quality.toml")["repetitive"]
    if any(is_repetitive(text, rule["characters"], rule["times_smaller"]) for rule in rules):
        longest = max(section.paragraphs, key=lambda paragraph: len(paragraph.text), default=None)
        yield notice("repetitive_text", section.place, text=(longest.text if longest else text)[:_SHOWN])


def is_repetitive(text: str, characters: int, times_smaller: int) -> bool:
    """Whether a text of that length says so little that compression makes it that many times smaller."""
    if len(text) < characters:
        return False
    data = text.encode("utf-8", "replace")
    return len(data) > times_smaller * len(zlib.compress(data, 1))


def _images(section: Section, form: str | None) -> Iterator[Notice]:
    """Sections that have a table in the form and neither text nor table below their headings."""
    expected = {table_rules(table)["section"] for table in STATUTORY}
    if form and section.code in expected and section.heading and not section.paragraphs and not section.tables:
        yield notice("image_only", section.place, heading=section.heading)


def _contradictions(figures: Sequence[Figure]) -> Iterator[Notice]:
    """Figures in sentences that differ from the cell that states the same."""
    if not any(figure.table == "prose" for figure in figures):  # most reports since 2019
        return
    named: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        named[figure.name].append(figure)
    for row, rule in prose_rows():
        cells = [figure for figure in named.get(rule.get("cell", ""), ()) if figure.value is not None]
        for figure in named.get(f"prose.{row}", ()):
            if figure.state != "approximate" and any(figure.value != cell.value for cell in cells):
                yield notice("prose_arithmetic", figure.place, sentence=figure.sentence, value=cells[0].printed)
