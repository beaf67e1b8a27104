"""Generates reports for measurements, with words drawn by rank; the same seed gives the same reports.

The words are terms of the field and the most frequent words of jieba's dictionary. Random characters would be segmented
by jieba's model for unknown words, which takes ten times as long.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import accumulate

from archive.model import Agency, Name, Paragraph, Report, Section, Source, SourceSpan
from archive.vocabulary import form_of_year, section_codes

_COMMON = (
    "政府信息公开",
    "主动公开",
    "依申请公开",
    "工作",
    "情况",
    "政府网站",
    "公开",
    "信息",
    "年度",
    "保密审查",
    "政务",
    "条例",
)
_SECTIONS, _SENTENCES, _WORDS = 8, 8, 12
_VOCABULARY = 20_000
_RARE = 15_000


def agencies(count: int) -> tuple[Agency, ...]:
    return tuple(Agency(f"agency-{number}", f"第{number}机关", (Name(f"第{number}机关"),)) for number in range(count))


def reports(sections: int, seed: int = 1) -> Iterator[Report]:
    """Yields reports with `sections` sections in total, about 300 characters each."""
    draw = random.Random(seed)  # noqa: S311 (not used for secrets)
    words = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    codes = section_codes()
    for number in range(max(1, sections // _SECTIONS)):
        year, agency = 2008 + number % 17, f"agency-{number // 17}"
        made = tuple(
            Section(code, code, f"{code}", (Paragraph(_text(draw, words, weights), SourceSpan(1, 1)),))
            for code in draw.sample(codes, _SECTIONS)
        )
        yield Report(
            title="", title_basis="inferred", agency=agency, agency_name=agency, agency_as_printed=None,
            agency_basis="given", year=year, year_basis="printed", form=form_of_year(year), published_on=None,
            period=None, source=Source("made", "0" * 64, "text/plain"), sections=made, figures=(), notices=(),
            place=SourceSpan(), fingerprint=f"{number:064x}",
        )  # fmt: skip


def rare_word() -> str:
    """A word that occurs in few sections."""
    return vocabulary()[_RARE]


def around(word: str, made: Iterable[Report]) -> str:
    """The first occurrence of a word with one character on either side."""
    texts = (section.text for report in made for section in report.sections)
    text = next(text for text in texts if word in text[1:-1])
    start = text.index(word, 1)
    return text[start - 1 : start + len(word) + 1]


@functools.cache
def vocabulary() -> list[str]:
    """The words, the most frequent ones first."""
    rows = (line.split(" ") for line in files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines())
    counts = {word: int(count) for word, count, _ in rows if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", word)}
    frequent = sorted(counts, key=lambda word: (-counts[word], word))[:_VOCABULARY]
    return list(dict.fromkeys((*_COMMON, *frequent)))


def _text(draw: random.Random, words: list[str], weights: list[float]) -> str:
    drawn = draw.choices(words, cum_weights=weights, k=_SENTENCES * _WORDS)
    sentences = ("".join(drawn[start : start + _WORDS]) for start in range(0, len(drawn), _WORDS))
    return "。".join(sentences) + "。"
