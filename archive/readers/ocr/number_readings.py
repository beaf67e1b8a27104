"""Weighs several readings of a number: one that is certain, or all that it can be."""

from __future__ import annotations

from collections.abc import Sequence

from archive.readers.ocr.recognise import Line, confidence_of, text_of

# Share of its least certain character from which a reading is certain.
_CERTAIN = 0.93
# Readings that are possible together with a better one, and how many are kept.
_LEAST_LIKELY, _MOST = 0.001, 12
# What a number is worth whose characters are fewer than the marks of ink, with one of them doubled.
_DOUBLED = 0.01


def number_readings(lines: Sequence[Line], blobs: int) -> tuple[tuple[str, ...], float]:
    """The readings of a number by likelihood, a single one if it is certain, and the confidence in the first one.

    `blobs` is the fewest characters that the marks of ink can be.
    """
    texts = [text_of(line) for line in lines]
    shares = [confidence_of(line) for line in lines]
    agree = len({*texts}) == 1 and bool(texts[0])
    is_counted = blobs <= len(texts[0])
    if agree and is_counted and min(shares) >= _CERTAIN:
        return (texts[0],), sum(shares) / len(shares)
    scores: dict[str, float] = {}
    for line, share in zip(lines, shares, strict=True):
        text = text_of(line)
        if not text:
            continue
        scores[text] = scores.get(text, 0.0) + share / len(lines)
        for place, glyph in enumerate(line):
            for other, likely in glyph.others:
                changed = text[:place] + other + text[place + 1 :]
                scores[changed] = max(scores.get(changed, 0.0), likely / len(lines))
        if blobs > len(text):
            for place, glyph in enumerate(line):
                doubled = text[:place] + glyph.text + text[place:]
                scores[doubled] = max(scores.get(doubled, 0.0), _DOUBLED)
    ranked = sorted((text for text, score in scores.items() if score >= _LEAST_LIKELY), key=lambda text: -scores[text])
    if not ranked:
        return ("□", "□"), 0.0
    if len(ranked) == 1:  # doubtful all the same
        ranked *= 2
    return tuple(ranked[:_MOST]), min(scores[ranked[0]], 0.99)
