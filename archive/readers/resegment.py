"""A report that lost its line breaks, cut again: title, preamble, sections, sub-headings and statutory tables.

Captures that keep nothing but the text of a page run everything together, with a space where a tag stood or with none:
…如下。一、概述今年,我局…二、主动公开政府信息情况第二十条第(一)项信息内容…规章000行政规范性文件…
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify
from archive.cues.titles import read_title
from archive.model import Block, Cell, SourceSpan, Table
from archive.rulebook import rulebook
from archive.tables.label_stream import is_top_row, printed_labels
from archive.text.clean import clean
from archive.text.match import fold_alnum
from archive.text.normalize import normal_form
from archive.text.pinyin_annotations import restore_annotations, strip_annotations

_SPACES = re.compile(r"\s+")
# A shorter paragraph is what it seems to be; a short one must have two headings in it, or end with one.
_SHORTEST, _SHORT = 40, 200
# Sections may be lost, but not so many at once.
_FARTHEST = 2
_LONGEST_NAME = 40
# A title is torn over so many pieces at most, and stands so near the beginning.
_TITLE_PIECES, _TITLE_WITHIN = 5, 400

# '一、', '五 、': after the end of a sentence, a number, a space, the title, or a heading whose table is an image
_BEFORE = r"(?:^|(?<=[。;!?:.)\"\d\s>])|(?<=报告)|(?<=年报)|(?<=如下)|(?<=情况)|(?<=概述)|(?<=措施))"
_NUMBER = re.compile(_BEFORE + r"(?P<number>[一二三四五六七八九十]{1,3}) ?[、.,] ?")
_NO_NAME = re.compile(r"[\d。;:,!?(]")
# '引言', '前言' above the preamble
_OPENING_WORD = re.compile(r"(引言|前言|序言)(?=\w)")
_TITLE_END = re.compile("报告|年报|報告|年報")
# '根据《条例》…', '本报告由…': what a preamble begins with
_PREAMBLE = re.compile("根据|依据|按照|遵照|为|现将|(本|此)(年度)?(工作)?(报告|年报)")
# '(一)', '1.', '1、', '(1)' after the end of a sentence or a space
_SUB_HEADING = re.compile(r"(?:(?<=[。;:\s])|^)(?=(?:\([一二三四五六七八九十]{1,3}\)|\(?\d{1,2}[).、](?!\d)) ?[一-鿿])")
# '。 2011年,', a space that a closed paragraph left
_PARAGRAPH = re.compile(r"(?<=[。;])\s+(?=\S)")
# '二○一二年二月二十日 附件1:'
_APPENDIX = re.compile(r"(?<=[。\s日])(?=附[件表]\d?[::])")
# '指标名称 计量单位 数量': a table without any sums, left as it is
_UNCUT = re.compile(r"指标(名称)? *(计量)? *单位")
# '(一)XX的数量 我局': a sub-heading that a space ends; '附件1:XX局2011年政府信息公开情况统计表指标名称'
_SUB_NAME = re.compile(
    r"(?P<name>附[件表]\d?:[^。;]{0,40}?统计表|(?:\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、])[^\s。;,:]{2,30}(?=\s))\s*(?=\S)"
)
# The values of a row, up to the next label or its number: '640020470二、上年…', '00000002.其他法律…', '500000 5(三)…'
_VALUES = re.compile(r"(?<!\d)-?\d[\d -]{0,200}?(?:\.\d+)?(?=\s*(?:\d[.、])?\s*[^\d\s.-]|\s*$)")
_LONGEST_LABEL = 260


def resegment(raw: str, place: SourceSpan = SourceSpan()) -> Iterator[Block]:  # noqa: B008 (Place is frozen)
    """The paragraph as a block, or, where it is a whole report in one piece, as the blocks that it was.

    Args:
        raw: the paragraph as captured; its spaces tell where something ended.
        place: where it stands.
    """
    raw = _SPACES.sub(" ", raw)
    spelled, aids = strip_annotations(raw)
    yield from restore_annotations(_cut(spelled, place), aids) if aids else _cut(raw, place)


def _cut(raw: str, place: SourceSpan) -> Iterator[Block]:
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
    """Whether headings stand inside a paragraph, or the last of them at its end: …信息等。二、主动公开情况."""
    (start, end), *more = headings
    if start and not more and end == len(raw.rstrip()):
        return True
    enough = 2 if len(raw) < _SHORT else 1
    return len(raw) >= _SHORTEST and len(headings) >= enough and headings[-1][0] > 0


def _headings(normal: str) -> Iterator[tuple[int, int]]:
    """Where headings that the rules know begin and end, in the order of their numbers."""
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
    """Where the name of a section that begins there can end, the shortest first; nowhere that a list goes on."""
    limit = min(start + _LONGEST_NAME, len(normal))
    if name := section_name().match(normal, start, limit):
        ends = [name.end(), *(match.end() for match in _ending().finditer(normal, name.end(), limit))]
        for end in ends:
            if not _NO_NAME.search(normal, name.end(), end) and normal[end : end + 1] not in tuple("、,;。"):
                yield end
    # '一、加强组织领导,健全工作机制 局长任组长': what a space ends
    if (space := normal.find(" ", start + 2, limit)) > 0 and not _NO_NAME.search(normal[start:space].replace(",", "")):
        yield space


def _opening(raw: str) -> Iterator[str]:
    """What stands before the first heading: what the site printed, the title, and the preamble."""
    pieces = raw[:_TITLE_WITHIN].split()
    spans = [
        (start, end)
        for start in range(len(pieces))
        for end in range(start + 1, min(start + _TITLE_PIECES, len(pieces)) + 1)
    ]
    titles = [(title, start, end) for start, end in spans if (title := read_title("".join(pieces[start:end])))]
    if not titles:
        yield from _run_together(raw)
        return
    # the plainest title in the fewest pieces, the first of these
    title, start, end = max(
        titles, key=lambda each: (each[0].agency is not None, each[0].year is not None, each[1] - each[2], -each[1])
    )
    yield from pieces[:start]
    yield title.text
    yield from _preamble(raw.split()[end:])


def _run_together(raw: str) -> Iterator[str]:
    """A title that nothing parts from the text behind it: …年度报告本报告由…编制。"""
    for match in _TITLE_END.finditer(raw, 0, _TITLE_WITHIN):
        if read_title(raw[: match.end()]):
            yield raw[: match.end()]
            yield from _preamble(raw[match.end() :].split())
            return
    yield from _preamble(raw.split())


def _preamble(pieces: list[str]) -> Iterator[str]:
    """What follows the title: lines of the site, if any, and then the sentence that says what the report is."""
    head = "".join(pieces[:2])
    if word := _OPENING_WORD.match(head):
        yield word[0]
        pieces = [head[word.end() :], *pieces[2:]]
    begins = next((index for index, piece in enumerate(pieces) if _PREAMBLE.match(normal_form(piece))), 0)
    yield from pieces[:begins]
    yield " ".join(pieces[begins:])


def _body(raw: str, place: SourceSpan) -> Iterator[Block]:
    """The text of a section, with its statutory tables, if it has any."""
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
    cuts = {match.start() for match in _SUB_HEADING.finditer(normal)}
    cuts |= {match.start() for match in _APPENDIX.finditer(normal)}
    cuts |= {match.end() for match in _PARAGRAPH.finditer(normal)}
    uncut = _UNCUT.search(normal)
    table = uncut.start() if uncut else len(raw)
    edges = sorted({0, table, len(raw)} | {cut for cut in cuts if cut < table})
    for start, end in pairwise(edges):
        name = _SUB_NAME.match(normal, start, end)
        middle = name.end("name") if name else start
        yield from (raw[start:middle], raw[middle:end])


def _lines(raws: Iterator[str] | list[str], place: SourceSpan) -> Iterator[Block]:
    yield from (Block(text, place) for raw in raws if (text := clean(raw)))


def _table_starts(normal: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The statutory tables in a text, in order, each once."""
    found: dict[str, re.Match[str]] = {}
    for match in _starts().finditer(normal):
        kind = match.lastgroup or ""
        if _VALUES.search(normal, match.end(), match.end() + _LONGEST_LABEL):
            found.setdefault(kind, match)
    yield from sorted(found.items(), key=lambda item: item[1].start())


def _table_end(normal: str, start: int) -> int:
    """The end of the last values that follow labels without a sentence between."""
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
    """The labels that a text consists of, what no rule knows between them."""
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
def section_name() -> re.Pattern[str]:
    """What a section's name is, from its first word on, where text may follow without a space."""
    rules = rulebook("resegment.toml")
    ending = "|".join(rules["endings"])
    joining = "|".join(rules["joining"])
    part = rf"[^\d。;:,!?(]*?(?:{ending})"
    return re.compile(rf"(?:20\d\d年度?)?{part}(?:(?:{joining})[^\d。;:,!?(]{{0,12}}?(?:{ending})|统计表)*")


@functools.cache
def _ending() -> re.Pattern[str]:
    return re.compile("|".join(rulebook("resegment.toml")["endings"]))


@functools.cache
def _starts() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?P<{rule['code']}>{rule['pattern'].pattern})" for rule in rulebook("resegment.toml")["table"])
    )


@functools.cache
def _labels_pattern(kind: str) -> re.Pattern[str]:
    longest_first = sorted(filter(None, printed_labels(kind)), key=len, reverse=True)
    return re.compile("|".join(r"[\W_]*".join(map(re.escape, label)) for label in longest_first))
