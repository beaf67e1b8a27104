"""Recognises titles of reports, on one line or several, and divides them into agency and year (`rules/titles.toml`)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.cues.heading_numbers import numbered
from archive.limits import bounded_cache
from archive.model import Block
from archive.rulebook import rulebook
from archive.text.match import fold
from archive.text.numerals import han_year
from archive.text.pinyin_annotations import printed, printed_offset

_YEAR = r"[12〇零二][0-9〇零o一二三四五六七八九]{3}"
# '2010年', '2018-2019学年度', '(2013)年度'
_WHEN = re.compile(rf"\(?(?:{_YEAR}-)?(?P<year>{_YEAR})\)?(?:年度|年|学年度|学年)?")
_STAMP = re.compile(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}")
_NAME = re.compile(r"[\w()·、]{2,40}")
_LONGEST = 70
MOST_LINES = 3
# '(此件主动公开)': a remark below a title
_REMARK = re.compile(r"\([^()0-9〇零○]*\)")
# '编制《某镇2023年政府信息公开工作年度报告》'
_BOOK_TITLE = re.compile("《[^《》]{8,70}》")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, the agency and the year that it names, if any, and the number of its blocks."""

    text: str
    agency: str | None
    year: int | None
    blocks: int = 1

    def completeness(self) -> tuple[bool, bool]:
        """Orders titles with an agency after others, then those with a year."""
        return self.agency is not None, self.year is not None


def find_title(blocks: Sequence[Block]) -> Title | None:
    """The title that begins with the first of the blocks."""
    lines: list[str] = []
    for block in blocks[:MOST_LINES]:
        text = fold(block.text)
        if block.table or len(text) > _LONGEST or numbered(block.text).level is not None or _REMARK.fullmatch(text):
            break
        lines.append(block.text)
    candidates = [read_title("".join(lines[:count]), count) for count in range(1, len(lines) + 1)]
    titles = [title for title in candidates if title and (title.blocks == 1 or _begins(lines[: title.blocks]))]
    # the longer title has the agency if 'XX市人民政府' is on a line of its own above the rest
    return max(titles, key=Title.completeness, default=None)


def _begins(lines: Sequence[str]) -> bool:
    """Whether the first of some lines belongs to the title: it has a year, or the name or place of an agency.

    '某市人民政府' above '2015年…报告' does; '政务动态' above '某市教育局2015年…报告' is a line of the site.
    """
    if any(_STAMP.search(line) for line in lines[:-1]):
        return False  # '公开日期: 2010-05-10' above '2009年度…报告'
    rest = read_title("".join(lines[1:]))
    added = _name(_WHEN.sub("", fold(lines[0])))
    if rest is None or added is None:
        return True
    endings = rulebook("agencies.toml")["endings"]
    return added.endswith(endings if rest.agency is None else tuple("省市区县旗州盟"))


@bounded_cache(1 << 16)
def read_title(text: str, blocks: int = 1) -> Title | None:
    """The parts of a title, None for any other line.

    >>> read_title("唐村镇2010年政府信息公开工作年度报告")
    Title(text='唐村镇2010年政府信息公开工作年度报告', agency='唐村镇', year=2010, blocks=1)
    """
    line = fold(text.strip())
    if line.startswith("《") and line.endswith("》"):
        text, line = text.strip()[1:-1], line[1:-1]
    if len(line) > _LONGEST:
        return None
    rules = rulebook("titles.toml")
    subjects = rules["subject"]["pattern"].finditer(line)
    subject = next((match for match in subjects if match.end() == len(line)), None)
    if subject is None or any(word in line for word in rules["not_in_title"]):
        return None
    # in 某县人民政府信息公开年报, 政府 is part of the name and of the subject
    end = subject.start() + len("政府") * (line[: subject.start()].endswith("人民") and bool(subject["government"]))
    head = line[:end]
    years = [match for match in _WHEN.finditer(head) if han_year(match["year"])]
    if len(years) > 1 or "信息公开" in head:
        return None
    dated = (years[0]["year"] if years else None, subject["within"], subject["brackets"])
    year = next((year for part in dated if (year := _last_year(part or ""))), None)
    whole = text.strip()
    spans = [(0, years[0].start()), (years[0].end(), end)] if years else [(0, end)]
    spans.append(subject.span("behind"))
    parts = (printed(whole, max(start, 0), max(end, 0)) for start, end in spans)
    agency = next((name for part in parts if (name := _name(part))), None)
    return Title(text, agency, year, blocks)


def titles_named(texts: Iterable[str]) -> Iterator[Title]:
    """The titles in book-title marks inside paragraphs: 编制《某镇2023年政府信息公开工作年度报告》."""
    for text in texts:
        for match in _BOOK_TITLE.finditer(fold(text)):
            if title := read_title(printed(text, *match.span())):
                yield title


def _last_year(text: str) -> int | None:
    """The year in a text; of a period, the one in which it ends."""
    years = [year for match in _WHEN.finditer(text) if (year := han_year(match["year"]))]
    return years[-1] if years else None


def _name(text: str) -> str | None:
    """The agency's name in a part of a title, as printed."""
    text = text.strip(" -_:")
    edges = [printed_offset(text, edge) for match in _aside().finditer(fold(text)) for edge in match.span()]
    name = "".join(text[start:end] for start, end in zip([0, *edges[1::2]], [*edges[::2], len(text)], strict=True))
    name = name.strip(" -_:")
    return name if _NAME.fullmatch(fold(name)) and not name.isdigit() else None


@functools.cache
def _aside() -> re.Pattern[str]:
    return re.compile("|".join(rule["pattern"].pattern for rule in rulebook("titles.toml")["aside"]))
