"""Figures that a report states in sentences, by `rules/prose.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from archive.model import Figure, Paragraph, Section
from archive.rulebook import FigureRule, rulebook
from archive.text.match import fold
from archive.text.pinyin_annotations import at

# A sentence ends at 。 or ; — the mark belongs to it.
_SENTENCE = re.compile(r"[^。;]+[。;]?")


def prose_figures(sections: Sequence[Section]) -> tuple[Figure, ...]:
    """Every figure stated in running text, in reading order, each with its sentence and place.

    The same number for the same row said again is one figure; two different numbers for one row are both kept.
    """
    found: dict[tuple[str, Decimal | None], Figure] = {}
    for section in sections:
        for paragraph in section.paragraphs:
            for figure in _of_paragraph(paragraph):
                found.setdefault((figure.row, figure.value), figure)
    return tuple(found.values())


def _of_paragraph(paragraph: Paragraph) -> Iterator[Figure]:
    text = paragraph.text
    for sentence in _SENTENCE.finditer(fold(text)):
        start, end = at(text, sentence.start()), at(text, sentence.end())
        taken: list[tuple[str, int]] = []
        for rule in figure_rules():
            for match in rule["pattern"].finditer(sentence[0]):
                if (rule["row"], match.start("n")) in taken:
                    continue
                taken.append((rule["row"], match.start("n")))
                yield Figure(
                    "prose",
                    rule["row"],
                    None,
                    Decimal(match["n"].replace(",", "")),
                    match["n"],
                    "number",
                    basis="prose",
                    unit=rule["unit"],
                    label=rule["zh"],
                    sentence=text[start:end].strip(),
                    place=paragraph.place,
                )


def figure_rules() -> Sequence[FigureRule]:
    """The rows of `rules/prose.toml`."""
    rules: Sequence[FigureRule] = rulebook("prose.toml")["figure"]
    return rules
