"""Reads OFD pages (GB/T 33190-2016): a zip of XML with the position of each text in millimetres."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from lxml import etree

from archive.model import Cell, Page, Source, Table
from archive.readers.containers import ZipContainer, damaged
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks
from archive.text.clean import clean

# In sizes of a character: texts on one line differ less in height; wider gaps are spaces, or separate two cells.
_SAME_LINE, _GAP, _CELL_GAP = 0.5, 0.6, 1.3


@dataclass(frozen=True, slots=True)
class _TextRun:
    """A run of characters: its edges, the middle of its height, the size of its characters; in millimetres."""

    text: str
    left: float
    right: float
    middle: float
    size: float


def read_ofd(data: bytes, source: Source) -> Page:
    """The lines of an OFD as paragraphs; lines with gaps are rows of a table.

    Raises:
        GongkaiError: for a damaged zip or one beyond the limits.
    """
    archive = ZipContainer(data, source)
    sheets: list[Sheet] = []
    root = _parse(archive, "OFD.xml", source)
    read: set[str] = set()  # a few kilobytes can list one page millions of times
    for main in dict.fromkeys(_inside("", document) for document in _texts(root, "DocRoot")):
        for page in _parse(archive, main, source).iter("{*}Page"):
            location = _inside(posixpath.dirname(main), page.get("BaseLoc", ""))
            if location not in read:
                read.add(location)
                sheets.append(_sheet(_parse(archive, location, source)))
    title = clean(next(_texts(root, "Title"), ""))
    blocks = tuple(sheet_blocks(sheets))
    return Page(source, blocks, tuple(image_notices(sheets, source)), {"title": title} if title else {})


def _parse(archive: ZipContainer, name: str, source: Source) -> etree._Element:
    """The root of an XML file in the zip, parsed without entities, DTD and network."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise damaged(source) from error


def _inside(folder: str, location: str) -> str:
    """The path in the zip of a location, which begins with / or is relative to a folder."""
    return posixpath.normpath(location if location.startswith("/") else posixpath.join(folder, location)).lstrip("/")


def _texts(element: etree._Element, tag: str) -> Iterator[str]:
    yield from (each.text.strip() for each in element.iter(f"{{*}}{tag}") if each.text and each.text.strip())


def _sheet(content: etree._Element) -> Sheet:
    runs = [run for element in content.iter("{*}TextObject") for run in _runs(element)]
    lines: list[list[_TextRun]] = []
    for each in sorted(runs, key=attrgetter("middle", "left")):
        if lines and abs(lines[-1][-1].middle - each.middle) < _SAME_LINE * max(lines[-1][-1].size, each.size):
            lines[-1].append(each)
        else:
            lines.append([each])
    parts: list[PrintedLine | Table] = []
    rows = (sorted(line, key=attrgetter("left")) for line in lines)
    for is_table, group in groupby(rows, key=lambda row: len(_cells(row)) > 1):
        if is_table:
            parts.append(Table(tuple(tuple(Cell(text) for text in _cells(row)) for row in group)))
        else:
            parts += [line for row in group if (line := _line(row)).text]
    return Sheet(tuple(parts), not parts and next(content.iter("{*}ImageObject"), None) is not None)


def _cells(runs: list[_TextRun]) -> list[str]:
    """The texts of a line between its wide gaps."""
    texts = [runs[0].text]
    for before, each in pairwise(runs):
        if each.left - before.right > _CELL_GAP * before.size:
            texts.append(each.text)
        else:
            texts[-1] += each.text
    return [clean(text) for text in texts]


def _line(runs: list[_TextRun]) -> PrintedLine:
    text = runs[0].text
    for before, each in pairwise(runs):
        text += (" " if each.left - before.right > _GAP * before.size else "") + each.text
    right, size = max(each.right for each in runs), max(each.size for each in runs)
    return PrintedLine(clean(text), runs[0].left, right, runs[0].middle, size)


def _runs(element: etree._Element) -> Iterator[_TextRun]:
    """The runs of a TextObject, one for each TextCode, inside its Boundary `x y width height`."""
    box = _numbers(element.get("Boundary", ""))
    if len(box) != 4:
        return
    left, top, width, height = box
    size = next(iter(_numbers(element.get("Size", ""))), 0.0) or height or 1.0
    scale = _numbers(element.get("CTM", ""))
    across = abs(scale[0]) if len(scale) == 6 and scale[0] else 1.0
    for code in element.iter("{*}TextCode"):
        text = (code.text or "").strip("\n")
        if not text.strip():
            continue
        begin = left + next(iter(_numbers(code.get("X", ""))), 0.0) * across
        steps = _steps(code.get("DeltaX", ""), len(text) - 1)
        end = begin + (sum(steps) + size) * across if steps else left + width
        yield _TextRun(text, begin, max(begin, end), top + height / 2, size * across)


def _steps(delta: str, count: int) -> list[float]:
    """The distances between characters: '4.2 4.2', or short 'g 2 4.2'."""
    parts, steps = iter(delta.split()), list[float]()
    for part in parts:
        times = "1"
        if part == "g":
            times, part = next(parts, ""), next(parts, "")
        repeat, step = _numbers(times), _numbers(part)
        if not repeat or not step or len(steps) >= count:
            break
        steps += step * min(int(repeat[0]), count)
    return steps[:count]


def _numbers(text: str) -> list[float]:
    """The numbers of a list, empty if a part is no number or too large."""
    try:
        values = [float(part) for part in text.split()]
    except ValueError:
        return []
    return values if all(abs(value) < 1e6 for value in values) else []
