"""Finds the figures that a report states in sentences (`rules/prose.toml`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from archive.model import Figure, Paragraph, Section
from archive.rule_schemas import ExceptRule, FigureRule, NoneRule
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.text.numerals import quantity
from archive.text.pinyin_annotations import printed
from archive.vocabulary import prose_rows

# A sentence includes the mark at its end. Each figure keeps its sentence, so a text without marks is divided.
_SENTENCE = re.compile(r"[^。;]{1,1000}[。;]?")
_CLAUSE_BEGINS = re.compile(r"(?<!上),|[:()]")  # '在互联网上,2011年…' is one
# '通过微信公众号(某某发布)公开': one clause without the note
_NOTE = re.compile(r"\([^()]*\)")
# '占76.9%' behind a number of these rows: it is a part of another one. 100% of the whole is the whole.
_SUMS = frozenset({"disclosed", "requests_received", "consultations"})
_SHARE = re.compile(r"[^,。;(]{0,6}[,(]?(?:约)?占[^,。;]{0,24}?(?P<share>[0-9]+(?:\.[0-9]+)?)%")
_FEWEST_SUMMANDS = 2
# '行政复议、诉讼分别为2件和1件'
_RESPECTIVELY = re.compile(
    r"(?P<names>[^,。;:()0-9]{2,60})分别(?:为|是|有|达)?"
    r"(?P<numbers>[0-9]{1,7}[件条份宗起例人名](?:[、,和及与]{1,2}[0-9]{1,7}[件条份宗起例人名])+)"
)
_AND = re.compile("[、,和及与]+")
# The year that a sentence begins with: '2011年,我局…'. Not '2019年修订的条例'; of a period, none is the year.
_SENTENCE_YEAR = re.compile(
    r"\s*(?:\(?[0-9一二三四五六七八九十]{1,3}[、.)])?\s*在?(?P<year>20[0-9]{2})年(?!修订|修改|颁布|公布|发布|[0-9])"
)
_ANY_YEAR = re.compile(r"20[0-9]{2}(?:年|-20)")
# A sentence that only names a channel: what the next one discloses is of that channel. '一是政府门户网站。'
_CHANNEL_LABEL = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]+[是、.]|\(?[0-9一二三四五六七八九十]{1,2}[)、.])?"
    r"[^了,。;:0-9]{0,12}(?:网站?|微信|微博|公众号|公报|新媒体|公开栏|公示栏)(?:公开|发布)?(?:情况|方面)?[。;]"
)
# Directly before a statement: 未收到3件, 应公开未公开信息3条
_NEGATED = re.compile("(?:未|没有?|并非|无)(?:曾|能|有|发生)?$")
# 三四百, 数十, 几百: no number
_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2}")
_ROUND, _SEVERAL = frozenset("十百千"), tuple("数几上成")
_OF_WHICH = "其中"
_NEGATION = re.compile("[未没无不零0]")
# In these sections a figure needs no paragraph that is about disclosure or requests.
_SECTIONS = frozenset({"review", "staff_fees", "requests", "consultation"})


class _Stated(NamedTuple):
    """A number for a row: where it begins in the sentence, and as printed."""

    start: int
    row: str
    value: Decimal
    printed: str
    is_part: bool
    is_approximate: bool = False


def prose_figures(sections: Sequence[Section], year: int | None = None) -> tuple[Figure, ...]:
    """The figures in running text, in reading order, each with its sentence and place.

    `year` is that of the report, where it is known: a sentence that begins with another year states none of it.

    The same number for the same row is one figure, the exact one of two; different numbers for one row are all kept,
    except for parts: a number behind 其中 where the report has stated one before, a number with its share, several in
    one sentence or that add up to another one.
    """
    figures: dict[tuple[str, Decimal | None], Figure] = {}
    rows = set[str]()
    labels = dict(prose_rows())
    for section in sections:
        for paragraph in section.paragraphs:
            for sentence, stated in _paragraph_statements(paragraph, year):
                label = labels[stated.row]
                about = None if section.code in _SECTIONS else label.get("about")
                if (stated.is_part and stated.row in rows) or (about and not about.search(fold(paragraph.text))):
                    continue
                rows.add(stated.row)
                figure = Figure(
                    "prose",
                    stated.row,
                    None,
                    stated.value,
                    stated.printed,
                    "approximate" if stated.is_approximate else "number",
                    basis="prose",
                    unit=label["unit"],
                    label=label["zh"],
                    sentence=sentence,
                    place=paragraph.place,
                )
                same = figures.setdefault((figure.row, figure.value), figure)
                if same.state == "approximate":  # of 约300条 and 300条, the exact number
                    figures[figure.row, figure.value] = figure
    return tuple(_without_summands(list(figures.values())))


def _without_summands(figures: Sequence[Figure]) -> Iterator[Figure]:
    """The figures without those of a row that add up to another one of it: 16条 and 36条 of 52条."""
    values = defaultdict[str, list[Decimal]](list)
    for figure in figures:
        values[figure.row].append(figure.value or Decimal(0))
    sums = {
        row: max(each) for row, each in values.items() if len(each) > _FEWEST_SUMMANDS and sum(each) == 2 * max(each)
    }
    yield from (figure for figure in figures if figure.value == sums.get(figure.row, figure.value))


def states_figure(sentence: str) -> bool:
    """Whether a sentence in the folded form states a number of one of the rows."""
    return any(rule["word"] in sentence and rule["pattern"].search(sentence) for rule in _figure_rules())


def _paragraph_statements(paragraph: Paragraph, year: int | None) -> Iterator[tuple[str, _Stated]]:
    text = paragraph.text
    channel = False
    for sentence in _SENTENCE.finditer(fold(text)):
        form = _RESPECTIVELY.sub(_distributed, sentence[0]) if "分别" in sentence[0] else sentence[0]
        found = sorted((*_numbers(form), *_nones(form)), key=lambda each: each.start)
        if found and not _is_of_another_year(form[: found[0].start], year):
            whole = printed(text, *sentence.span()).strip()
            yield from (
                (whole, stated)
                for stated in found
                if (stated.is_part or not _has_others(stated, found)) and not (channel and stated.row == "disclosed")
            )
        channel = _CHANNEL_LABEL.fullmatch(form) is not None


def _is_of_another_year(before: str, year: int | None) -> bool:
    """Whether the text before the first number of a sentence begins with a year that is not the report's."""
    begin = _SENTENCE_YEAR.match(before) if year else None
    return begin is not None and int(begin["year"]) != year and not _ANY_YEAR.search(before, begin.end())


def _distributed(match: re.Match[str]) -> str:
    """Each name with its number: 行政复议2件、诉讼1件 for 行政复议、诉讼分别为2件和1件."""
    names, numbers = (_AND.split(match[group]) for group in ("names", "numbers"))
    return "、".join(map("".join, zip(names, numbers, strict=True))) if len(names) == len(numbers) else match[0]


def _has_others(stated: _Stated, found: Sequence[_Stated]) -> bool:
    """Whether the sentence has other numbers for the row: each is of a part, as in 市政府公开3条,各部门公开5条."""
    return any(each.row == stated.row and each.value != stated.value and not each.is_part for each in found)


def _numbers(sentence: str) -> Iterator[_Stated]:
    taken = set[tuple[str, int]]()
    for rule in _figure_rules():
        if rule["word"] not in sentence:
            continue
        for match in rule["pattern"].finditer(sentence):
            place = (rule["row"], match.start("n"))
            value = quantity(match["n"])
            share = _SHARE.match(sentence, match.end())
            is_share = rule["row"] in _SUMS and share is not None and Decimal(share["share"]) < 100
            if _is_vague(sentence, match) or _NEGATED.search(sentence, 0, match.start()):
                continue
            if value is None or is_share or place in taken or _is_excepted(rule["row"], sentence, match):
                continue
            taken.add(place)
            is_part = _OF_WHICH in sentence[: match.start("n")]
            yield _Stated(match.start("n"), rule["row"], value, match["n"], is_part, _is_approximate(sentence, match))


def _is_vague(sentence: str, match: re.Match[str]) -> bool:
    """Whether the number is none: 三四百, 数十."""
    number, before = match["n"], sentence[: match.start("n")]
    return bool(_TWO_DIGITS.search(number)) or (number in _ROUND and before.endswith(_SEVERAL))


def _is_approximate(sentence: str, match: re.Match[str]) -> bool:
    words = rulebook("prose.toml")["approximate"]
    before, behind = sentence[: match.start("n")], sentence[match.end("n") :]
    return match["n"].endswith(("余", "多")) or bool(words["before"].search(before) or words["behind"].search(behind))


def _nones(sentence: str) -> Iterator[_Stated]:
    if not _NEGATION.search(sentence):
        return
    for rule in _none_rules():
        for match in rule["pattern"].finditer(sentence):
            for row, word in rule["rows"].items():
                if re.search(word, match[0]) and not _is_excepted(row, sentence, match):
                    yield _Stated(match.start(), row, Decimal(0), match[0], is_part=False)


def _is_excepted(row: str, sentence: str, match: re.Match[str]) -> bool:
    before = _NOTE.sub("", sentence[: match.start()])
    begins = [mark.end() for mark in _CLAUSE_BEGINS.finditer(before)]
    texts = {
        "clause": before[begins[-1] if begins else 0 :] + match[0],
        "sentence": sentence[: match.end()],
        "behind": sentence[match.end() :],
    }
    return any(
        rule["pattern"].search(texts[rule["reach"]])
        for rule in _exceptions()
        if not rule["rows"] or row in rule["rows"]
    )


def _figure_rules() -> Sequence[FigureRule]:
    rules: Sequence[FigureRule] = rulebook("prose.toml")["figure"]
    return rules


def _none_rules() -> Sequence[NoneRule]:
    rules: Sequence[NoneRule] = rulebook("prose.toml")["none"]
    return rules


def _exceptions() -> Sequence[ExceptRule]:
    rules: Sequence[ExceptRule] = rulebook("prose.toml")["except"]
    return rules
