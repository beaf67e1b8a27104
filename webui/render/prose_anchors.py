"""Finds the sentences that state figures, so that each figure links to its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archive.model import Figure, Report
from archive.text.clean import clean
from indexer.answers.highlight import Span
from webui.render.highlight import Layer, Tag


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure with the anchor of its sentence, or None if no paragraph contains it."""

    figure: Figure
    anchor: str | None


def sentences(report: Report) -> tuple[tuple[StatedFigure, ...], Mapping[int, Layer]]:
    """The figures from sentences, and for each paragraph with such sentences a layer of tags.

    Paragraphs are counted from 1 through the report. An anchor is `figure-ROW`, then `figure-ROW-2`; a sentence with
    several figures has the anchor of the first.
    """
    stated: list[StatedFigure] = []
    found: dict[int, dict[Span, str]] = {}
    seen: Counter[str] = Counter()
    for figure in report.figures:
        if figure.table != "prose":
            continue
        seen[figure.row] += 1
        name = f"figure-{figure.row}" + (f"-{seen[figure.row]}" if seen[figure.row] > 1 else "")
        home = _home(figure, report)
        if home is None:
            stated.append(StatedFigure(figure, None))
            continue
        number, (start, stop) = home
        here = found.setdefault(number, {})
        same = (other for (first, last), other in here.items() if first < stop and start < last)
        anchor = next(same, name)
        if anchor is name:
            here[start, stop] = name
        stated.append(StatedFigure(figure, anchor))
    return tuple(stated), {
        number: [Tag(span, "span", name) for span, name in sorted(here.items())] for number, here in found.items()
    }


def _home(figure: Figure, report: Report) -> tuple[int, Span] | None:
    """The number of the paragraph and the span of the sentence; the source line decides between equal sentences."""
    sentence = clean(figure.sentence or "") or "\0"  # an earlier version kept it with layout blanks
    paragraphs = enumerate((paragraph for section in report.sections for paragraph in section.paragraphs), 1)
    found = [(number, each) for number, each in paragraphs if sentence in each.text]
    on_line = [(number, each) for number, each in found if each.place == figure.place]
    for number, paragraph in (*on_line, *found):
        start = paragraph.text.index(sentence)
        return number, (start, start + len(sentence))
    return None
