"""OFD pages (GB/T 33190-2016): a zip of XML in which every line of print has its place in millimetres."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from lxml import etree

from archive.model import Cell, Page, Source, Table
from archive.readers.containers import ZipContainer, damaged
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks
from archive.text.clean import clean

# Print whose middles differ by less than this share of its size stands on one line; a wider gap than the second is a
# space, than the third the space between two cells.
_SAME_LINE, _GAP, _CELL_GAP = 0.5, 0.6, 1.3


@dataclass(frozen=True, slots=True)
class _Print:
    """Characters set in one go: where they begin and end, the middle of their height, their size; in millimetres."""

    text: str
    left: float
    right: float
    middle: float
    size: float


def read_ofd(data: bytes, source: Source) -> Page:
    """The lines of an OFD as paragraphs, and as rows of cells where there are gaps in them.

    Raises:
        GongkaiError: for a zip beyond the limits or a damaged one.
    """
    archive = ZipContainer(data, source)
    sheets: list[Sheet] = []
    root = _parse(archive, "OFD.xml", source)
    for document in _texts(root, "DocRoot"):
        main = _inside("", document)
        for page in _parse(archive, main, source).iter("{*}Page"):
            content = _parse(archive, _inside(posixpath.dirname(main), page.get("BaseLoc", "")), source)
            sheets.append(_sheet(content))
    title = clean(next(_texts(root, "Title"), ""))
    blocks = tuple(sheet_blocks(sheets))
    return Page(source, blocks, tuple(image_notices(sheets, source)), {"title": title} if title else {})


def _parse(archive: ZipContainer, name: str, source: Source) -> etree._Element:
    """An XML file of the archive, read without entities, without a DTD and without the network."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise damaged(source) from error


def _inside(folder: str, location: str) -> str:
    """The path of a file in the archive: from the top where it begins with /, else from the folder."""
    return posixpath.normpath(location if location.startswith("/") else posixpath.join(folder, location)).lstrip("/")


def _texts(element: etree._Element, tag: str) -> Iterator[str]:
    yield from (each.text.strip() for each in element.iter(f"{{*}}{tag}") if each.text and each.text.strip())


def _sheet(content: etree._Element) -> Sheet:
    prints = sorted((each for found in content.iter("{*}TextObject") for each in _prints(found)), key=_reading_order)
    lines: list[list[_Print]] = []
    for each in prints:
        if lines and abs(lines[-1][-1].middle - each.middle) < _SAME_LINE * max(lines[-1][-1].size, each.size):
            lines[-1].append(each)
        else:
            lines.append([each])
    parts: list[PrintedLine | Table] = []
    for is_row, run in groupby((sorted(line, key=_from_left) for line in lines), key=_is_row):
        if is_row:
            parts.append(Table(tuple(tuple(Cell(text) for text in _cells(each)) for each in run)))
        else:
            parts += [line for each in run if (line := _line(each)).text]
    return Sheet(tuple(parts), not parts and next(content.iter("{*}ImageObject"), None) is not None)


def _is_row(prints: list[_Print]) -> bool:
    """Whether a line is a row of cells: prose has no such gaps."""
    return len(_cells(prints)) > 1


def _cells(prints: list[_Print]) -> list[str]:
    """The texts of a line between its wide gaps."""
    texts = [prints[0].text]
    for before, each in pairwise(prints):
        if each.left - before.right > _CELL_GAP * before.size:
            texts.append(each.text)
        else:
            texts[-1] += each.text
    return [clean(text) for text in texts]


def _from_left(each: _Print) -> float:
    return each.left


def _reading_order(each: _Print) -> tuple[float, float]:
    return each.middle, each.left


def _line(prints: list[_Print]) -> PrintedLine:
    text = prints[0].text
    for before, each in pairwise(prints):
        text += (" " if each.left - before.right > _GAP * before.size else "") + each.text
    size = max(each.size for each in prints)
    return PrintedLine(clean(text), prints[0].left, max(each.right for each in prints), prints[0].middle, size)


def _prints(element: etree._Element) -> Iterator[_Print]:
    """The runs of characters of a TextObject; its Boundary is `x y width height`, each TextCode stands inside it."""
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
        yield _Print(text, begin, max(begin, end), top + height / 2, size * across)


def _steps(delta: str, count: int) -> list[float]:
    """The distances from character to character: '4.2 4.2', or shortened to 'g 2 4.2'."""
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
    """The finite numbers of a list, none where one of its parts is no number."""
    try:
        values = [float(part) for part in text.split()]
    except ValueError:
        return []
    return values if all(abs(value) < 1e6 for value in values) else []
