"""Finds the figures that a report states in sentences (`rules/prose.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from archive.model import Figure, Paragraph, Section
from archive.rule_schemas import FigureRule
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.text.pinyin_annotations import printed

# A sentence includes the mark at its end. Each figure keeps its sentence, so a text without marks is divided.
_SENTENCE = re.compile(r"[^。;]{1,1000}[。;]?")
_DIGIT = re.compile(r"\d")


def prose_figures(sections: Sequence[Section]) -> tuple[Figure, ...]:
    """The figures in running text, in reading order, each with its sentence and place.

    The same number for the same row is one figure; different numbers for one row are all kept.
    """
    figures: dict[tuple[str, Decimal | None], Figure] = {}
    for section in sections:
        for paragraph in section.paragraphs:
            for figure in _paragraph_figures(paragraph):
                figures.setdefault((figure.row, figure.value), figure)
    return tuple(figures.values())


def _paragraph_figures(paragraph: Paragraph) -> Iterator[Figure]:
    text = paragraph.text
    for sentence in _SENTENCE.finditer(fold(text)):
        if not _DIGIT.search(sentence[0]):
            continue
        taken: set[tuple[str, int]] = set()
        whole = printed(text, *sentence.span()).strip()
        for rule in figure_rules():
            for match in rule["pattern"].finditer(sentence[0]):
                digits = match["n"].replace(",", "")
                if not digits or (rule["row"], match.start("n")) in taken:
                    continue
                taken.add((rule["row"], match.start("n")))
                yield Figure(
                    "prose",
                    rule["row"],
                    None,
                    Decimal(digits),
                    match["n"],
                    "number",
                    basis="prose",
                    unit=rule["unit"],
                    label=rule["zh"],
                    sentence=whole,
                    place=paragraph.place,
                )


def figure_rules() -> Sequence[FigureRule]:
    rules: Sequence[FigureRule] = rulebook("prose.toml")["figure"]
    return rules
