"""Reads OFD documents: a zip of XML with the position of each text in millimetres."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice, pairwise
from operator import attrgetter

from lxml import etree

from archive.model import Cell, Page, Source, Table
from archive.readers.containers import ZipContainer, damaged
from archive.readers.ofd.ofd_images import inside, media_files, placed_pictures
from archive.readers.ofd.ofd_objects import TextRun, rules, text_runs
from archive.readers.ofd.ruled_tables import ruled_tables
from archive.readers.page_layout import PrintedLine, Sheet, image_notices, sheet_blocks
from archive.readers.sheet_pictures import PlacedPicture, with_pictures
from archive.text.clean import clean

# In sizes of a character: texts on one line differ less in height; wider gaps are spaces, or separate two cells.
_SAME_LINE, _GAP, _CELL_GAP = 0.5, 0.6, 1.3
# Less than the width of a digit, so that 88 is not 8.
_SAME_PLACE = 0.3
_MOST_TEMPLATES = 100


def read_ofd(data: bytes, source: Source) -> Page:
    """The lines of an OFD as paragraphs; lines with gaps are rows of a table.

    Raises:
        GongkaiError: for a damaged zip or one beyond the limits.
    """
    archive = ZipContainer(data, source)
    sheets: list[Sheet] = []
    pictures: list[PlacedPicture] = []
    root = _parse(archive, "OFD.xml", source)
    read: set[str] = set()  # a few kilobytes can list one page millions of times
    for main in dict.fromkeys(inside("", document) for document in _texts(root, "DocRoot")):
        document, folder = _parse(archive, main, source), posixpath.dirname(main)
        files = media_files(archive, document, folder, partial(_parse, archive, source=source))
        templates = {
            template.get("ID", ""): _parse(archive, inside(folder, template.get("BaseLoc", "")), source)
            for template in islice(document.iter("{*}TemplatePage"), _MOST_TEMPLATES)
        }
        for page in document.iter("{*}Page"):
            location = inside(folder, page.get("BaseLoc", ""))
            if location not in read:
                read.add(location)
                content = _parse(archive, location, source)
                used = dict.fromkeys(each.get("TemplateID", "") for each in content.iter("{*}Template"))
                layers = [*(templates[name] for name in used if name in templates), content]
                pictures += placed_pictures(len(sheets), layers, files, archive, source)
                sheets.append(_sheet(layers))
    title = clean(next(_texts(root, "Title"), ""))
    shown, notices = with_pictures(sheets, pictures)
    blocks = tuple(sheet_blocks(shown))
    return Page(source, blocks, (*notices, *image_notices(shown, source)), {"title": title} if title else {})


def _parse(archive: ZipContainer, name: str, source: Source) -> etree._Element:
    """The root of an XML file in the zip, parsed without entities, DTD and network."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise damaged(source) from error


def _texts(element: etree._Element, tag: str) -> Iterator[str]:
    yield from (each.text.strip() for each in element.iter(f"{{*}}{tag}") if each.text and each.text.strip())


def _sheet(contents: Sequence[etree._Element]) -> Sheet:
    """The text of a page and its templates: ruled tables, and between them lines and rows of cells with gaps."""
    shown = [element for content in contents for element in content.iter() if element.get("Visible") != "false"]
    runs = _once(run for element in shown if _is(element, "TextObject") for run in text_runs(element))
    ruled = [rule for element in shown if _is(element, "PathObject") for rule in rules(element)]
    tables = list(ruled_tables(ruled, runs, lambda inside: [_line(row).text for row in _rows(inside)]))
    ruled_runs = {run for table in tables for run in table.runs}
    rows = _rows([run for run in runs if run not in ruled_runs])
    parts: list[PrintedLine | Table] = []
    for table in tables:
        above = [row for row in rows if row[0].middle < table.top]
        rows = rows[len(above) :]
        parts += [*_parts(above), table.table]
    parts += _parts(rows)
    return Sheet(tuple(parts), not parts and any(_is(element, "ImageObject") for element in shown))


def _is(element: etree._Element, name: str) -> bool:
    """Whether it has this name in any namespace; comments have none."""
    return isinstance(element.tag, str) and etree.QName(element).localname == name


def _once(runs: Iterable[TextRun]) -> list[TextRun]:
    """The runs, without those printed again at the same place to look bold."""
    places = {(run.text, *(round(at / (_SAME_PLACE * run.size)) for at in (run.left, run.middle))): run for run in runs}
    return list(places.values())


def _rows(runs: Sequence[TextRun]) -> list[list[TextRun]]:
    """The runs on one line together, each line from left to right."""
    lines: list[list[TextRun]] = []
    for each in sorted(runs, key=attrgetter("middle", "left")):
        if lines and abs(lines[-1][-1].middle - each.middle) < _SAME_LINE * max(lines[-1][-1].size, each.size):
            lines[-1].append(each)
        else:
            lines.append([each])
    return [sorted(line, key=attrgetter("left")) for line in lines]


def _parts(rows: Sequence[list[TextRun]]) -> Iterator[PrintedLine | Table]:
    for is_table, group in groupby(rows, key=lambda row: len(_cells(row)) > 1):
        if is_table:
            yield Table(tuple(tuple(Cell(text) for text in _cells(row)) for row in group))
        else:
            yield from (line for row in group if (line := _line(row)).text)


def _cells(runs: list[TextRun]) -> list[str]:
    """The texts of a line between its wide gaps."""
    texts = [runs[0].text]
    for before, each in pairwise(runs):
        if each.left - before.right > _CELL_GAP * before.size:
            texts.append(each.text)
        else:
            texts[-1] += each.text
    return [clean(text) for text in texts]


def _line(runs: list[TextRun]) -> PrintedLine:
    text = runs[0].text
    for before, each in pairwise(runs):
        text += (" " if each.left - before.right > _GAP * before.size else "") + each.text
    right, size = max(each.right for each in runs), max(each.size for each in runs)
    return PrintedLine(clean(text), runs[0].left, right, runs[0].middle, size)
