"""Divides a report without line breaks into title, preamble, headings, paragraphs and statutory tables.

Captures that keep only the text of a page have a space for a tag, or nothing:
…如下。一、概述今年,我局…二、主动公开政府信息情况第二十条第(一)项信息内容…规章000行政规范性文件…
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify, section_name, section_name_end
from archive.cues.titles import read_title
from archive.model import Block, Cell, SourceSpan, Table
from archive.rulebook import coded_pattern, rulebook
from archive.tables.label_stream import is_top_row, printed_labels
from archive.text.clean import clean
from archive.text.match import fold_alnum
from archive.text.normalize import normal_form
from archive.text.pinyin_annotations import restore_annotations, strip_annotations

_SPACES = re.compile(r"\s+")
# Characters of the shortest paragraph that is divided; one below _SHORT needs two headings in it, or one at its end.
_SHORTEST, _SHORT = 40, 200
# The number of a heading is at most this much higher than the last one.
_FARTHEST = 2
_LONGEST_NAME = 40
# Pieces between spaces that can be one title, and characters from the beginning within which it is.
_TITLE_PIECES, _TITLE_WITHIN = 5, 400

# '一、', '五 、': after the end of a sentence, a number, an amount, a web address, a space, the title, or a heading
# whose table is an image
_BEFORE = r"(?:^|(?<=[。;!?:.)\"\d\sa-z>])|(?<=[\d万]元)|(?<=报告)|(?<=年报)|(?<=如下)|(?<=情况)|(?<=概述)|(?<=措施))"
_NUMBER = re.compile(_BEFORE + r"(?P<number>[一二三四五六七八九十]{1,3}) ?[、.,] ?")
_NO_NAME = re.compile(r"[\d。;:,!?(]")
_TITLE_END = re.compile("报告|年报|報告|年報")
# '(一)', '1.', '1、', '(1)' after the end of a sentence or a space
_SUB_HEADING = re.compile(r"(?:(?<=[。;:\s])|^)(?=(?:\([一二三四五六七八九十]{1,3}\)|\(?\d{1,2}[).、](?!\d)) ?[一-鿿])")
# '。 2011年,': the space of a paragraph's end
_PARAGRAPH = re.compile(r"(?<=[。;])\s+(?=\S)")
# '(一)XX的数量 我局': a sub-heading before a space; '附件1:XX局2011年政府信息公开情况统计表指标名称'
_SUB_NAME = re.compile(
    r"(?P<name>附[件表]\d?:[^。;]{0,40}?统计表|(?:\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、])[^\s。;,:]{2,30}(?=\s))\s*(?=\S)"
)
# The values of a row, up to the next label or its number: '640020470二、上年…', '00000002.其他法律…', '500000 5(三)…',
# '12895.90元三、收到…'
_VALUES = re.compile(r"(?<!\d)-?\d[\d -]{0,200}?(?:\.\d+)?(?:[万亿]?元)?(?=\s*+(?:(?:\d[.、]\s*+)?[^\d\s.-]|$))")
_LONGEST_LABEL = 260

_line = functools.partial(coded_pattern, "lines.toml", "line")


def resegment(raw: str, place: SourceSpan = SourceSpan()) -> Iterator[Block]:  # noqa: B008 (SourceSpan is frozen)
    """The captured paragraph as a block, or as several blocks if it is a whole report."""
    raw = _SPACES.sub(" ", raw)
    text, annotations = strip_annotations(raw)
    yield from restore_annotations(_divided(text, place), annotations) if annotations else _divided(raw, place)


def _divided(raw: str, place: SourceSpan) -> Iterator[Block]:
    normal = normal_form(raw)
    headings = list(_headings(normal)) if _NUMBER.search(normal) else []
    if not headings or not _lost_line_breaks(headings, raw):
        if text := clean(raw):
            yield Block(text, place)
        return
    yield from _lines(_opening(raw[: headings[0][0]]), place)
    ends = [start for start, _ in headings[1:]] + [len(raw)]
    for (start, name_end), end in zip(headings, ends, strict=True):
        yield from _lines([raw[start:name_end]], place)
        yield from _body(raw[name_end:end], place)


def _lost_line_breaks(headings: Sequence[tuple[int, int]], raw: str) -> bool:
    """Whether headings are inside a paragraph, or the only one at its end: …信息等。二、主动公开情况."""
    (start, end), *more = headings
    if start and not more and end == len(raw.rstrip()):
        return True
    enough = 2 if len(raw) < _SHORT else 1
    return len(raw) >= _SHORTEST and len(headings) >= enough and headings[-1][0] > 0


def _headings(normal: str) -> Iterator[tuple[int, int]]:
    """The spans of the known headings, in the order of their numbers."""
    tables = [(match.start(), _table_end(normal, match.start())) for _, match in _table_starts(normal)]
    last = 0
    for match in _NUMBER.finditer(normal):
        if any(start < match.start() < end for start, end in tables):
            continue
        number = numbered(match[0]).number or numbered(f"{match['number']}、").number or 0
        if not last < number <= last + _FARTHEST:
            continue
        end = next((end for end in _name_ends(normal, match.end()) if classify(normal[match.start() : end])), None)
        if end and not is_top_row(fold_alnum(normal[match.end() : end])):
            last = number
            yield match.start(), end


def _name_ends(normal: str, start: int) -> Iterator[int]:
    """The possible ends of the name of a section, the shortest name first; none before a comma."""
    limit = min(start + _LONGEST_NAME, len(normal))
    if name := section_name().match(normal, start, limit):
        ends = [name.end(), *(match.end() for match in section_name_end().finditer(normal, name.end(), limit))]
        for end in ends:
            if not _NO_NAME.search(normal, name.end(), end) and normal[end : end + 1] not in tuple("、,;。"):
                yield end
    # '一、加强组织领导,健全工作机制 局长任组长': a name before a space
    if (space := normal.find(" ", start + 2, limit)) > 0 and not _NO_NAME.search(normal[start:space].replace(",", "")):
        yield space


def _opening(raw: str) -> Iterator[str]:
    """The lines before the first heading: lines of the site, the title, and the preamble."""
    pieces = raw[:_TITLE_WITHIN].split()
    spans = [
        slice(start, start + size) for size in range(1, _TITLE_PIECES + 1) for start in range(len(pieces) - size + 1)
    ]
    titles = [(title, span) for span in spans if (title := read_title("".join(pieces[span])))]
    if not titles:
        yield from _title_and_preamble(raw)
        return
    # the first of the most complete titles with the fewest pieces
    title, span = max(titles, key=lambda each: each[0].completeness())
    yield from pieces[: span.start]
    yield title.text
    yield from _preamble(raw.split()[span.stop :])


def _title_and_preamble(raw: str) -> Iterator[str]:
    """A title without a space before the text: …年度报告本报告由…编制。"""
    for match in _TITLE_END.finditer(raw, 0, _TITLE_WITHIN):
        if read_title(raw[: match.end()]):
            yield raw[: match.end()]
            yield from _preamble(raw[match.end() :].split())
            return
    yield from _preamble(raw.split())


def _preamble(pieces: list[str]) -> Iterator[str]:
    """The lines after the title: lines of the site, if any, then the preamble."""
    head = "".join(pieces[:2])
    if word := _line("opening_word").match(head):
        yield word[0]
        pieces = [head[word.end() :], *pieces[2:]]
    start = next((index for index, piece in enumerate(pieces) if _line("preamble").match(normal_form(piece))), 0)
    yield from pieces[:start]
    yield " ".join(pieces[start:])


def _body(raw: str, place: SourceSpan) -> Iterator[Block]:
    normal, done = normal_form(raw), 0
    for kind, match in _table_starts(normal):
        if match.start() < done:
            continue
        yield from _lines(_paragraphs(raw[done : match.start()]), place)
        done = _table_end(normal, match.start())
        yield Block("", place, Table(tuple(_rows(kind, raw[match.start() : done], place)), place))
    yield from _lines(_paragraphs(raw[done:]), place)


def _paragraphs(raw: str) -> Iterator[str]:
    normal = normal_form(raw)
    breaks = {match.start() for match in _SUB_HEADING.finditer(normal)}
    breaks |= {match.start() for match in _line("appendix").finditer(normal)}
    breaks |= {match.end() for match in _PARAGRAPH.finditer(normal)}
    # a table without identities is not divided
    indicators = _line("indicators").search(normal)
    table = indicators.start() if indicators else len(raw)
    edges = sorted({0, table, len(raw)} | {index for index in breaks if index < table})
    for start, end in pairwise(edges):
        name = _SUB_NAME.match(normal, start, end)
        middle = name.end("name") if name else start
        yield from (raw[start:middle], raw[middle:end])


def _lines(raws: Iterator[str] | list[str], place: SourceSpan) -> Iterator[Block]:
    yield from (Block(text, place) for raw in raws if (text := clean(raw)))


def _table_starts(normal: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The beginning of each statutory table in a text, in order, with the code of the table."""
    found: dict[str, re.Match[str]] = {}
    for match in _starts().finditer(normal):
        kind = match.lastgroup or ""
        if _VALUES.search(normal, match.end(), match.end() + _LONGEST_LABEL):
            found.setdefault(kind, match)
    yield from sorted(found.items(), key=lambda item: item[1].start())


def _table_end(normal: str, start: int) -> int:
    """The end of the last values that have only labels before them."""
    end = start
    while match := _VALUES.search(normal, end):
        label = normal[end : match.start()]
        if "。" in label or len(label) > _LONGEST_LABEL or (end > start and _begins_section(label)):
            break
        end = match.end()
    return end


def _begins_section(label: str) -> bool:
    parts = numbered(label.strip())
    return parts.is_top and bool(classify(label)) and not is_top_row(fold_alnum(parts.rest))


def _rows(kind: str, raw: str, place: SourceSpan) -> Iterator[tuple[Cell, ...]]:
    normal, end = normal_form(raw), 0
    while match := _VALUES.search(normal, end):
        labels = _labels(kind, raw[end : match.start()])
        values = raw[match.start() : match.end()].split()
        yield tuple(Cell(text, place.first_line) for text in (*labels, *values))
        end = match.end()


def _labels(kind: str, raw: str) -> Iterator[str]:
    """The labels in a text, and the unknown text between them."""
    normal = normal_form(raw)
    starts = {0, len(raw)}
    for match in _labels_pattern(kind).finditer(normal):
        opening = len(normal[: match.start()]) - len(normal[: match.start()].rstrip("( "))
        closing = len(normal[match.end() :]) - len(normal[match.end() :].lstrip(')" '))
        starts |= {match.start() - opening, match.end() + closing}
    edges = sorted(starts)
    for start, end in pairwise(edges):
        if fold_alnum(text := clean(raw[start:end])):
            yield text


@functools.cache
def _starts() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?P<{rule['code']}>{rule['pattern'].pattern})" for rule in rulebook("resegment.toml")["table"])
    )


@functools.cache
def _labels_pattern(kind: str) -> re.Pattern[str]:
    longest_first = sorted(filter(None, printed_labels(kind)), key=len, reverse=True)
    return re.compile("|".join(r"[\W_]*".join(map(re.escape, label)) for label in longest_first))
