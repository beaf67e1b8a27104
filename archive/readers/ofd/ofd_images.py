"""Finds the pictures of OFD pages: objects that name a file of the document by the number of a resource."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from lxml import etree

from archive.model import Source
from archive.readers.containers import ZipContainer
from archive.readers.ofd.ofd_objects import numbers, text_runs
from archive.readers.page_layout import Sheet
from archive.readers.scans import most_pictures, picture_in_box
from archive.readers.sheet_pictures import Box, PlacedPicture, is_large

# Millimetres of A4, for what is large on a page that states no size.
_WIDTH, _HEIGHT = 210.0, 297.0
_MOST_RESOURCES = 5_000


def media_files(
    archive: ZipContainer, document: etree._Element, folder: str, parse: Callable[[str], etree._Element]
) -> Mapping[str, str]:
    """The file of each picture in the resources of a document, by its number; none without OCR."""
    found: dict[str, str] = {}
    if not most_pictures():
        return found
    for name in ("PublicRes", "DocumentRes"):
        for location in document.iter(f"{{*}}{name}"):
            listed = inside(folder, (location.text or "").strip())
            if listed not in archive.names:
                continue
            root = parse(listed)
            base = inside(posixpath.dirname(listed), root.get("BaseLoc", ""))
            for media in islice(root.iter("{*}MultiMedia"), _MOST_RESOURCES):
                file = next((each.text.strip() for each in media.iter("{*}MediaFile") if each.text), "")
                found[media.get("ID", "")] = inside(base, file)
    return found


def placed_pictures(
    sheet: int, layers: Sequence[etree._Element], files: Mapping[str, str], archive: ZipContainer, source: Source
) -> Iterator[PlacedPicture]:
    """The pictures on a page; one behind the text of the page is a background."""
    if not files:
        return
    shown = [element for layer in layers for element in layer.iter("{*}ImageObject", "{*}TextObject")]
    runs = [run for element in shown if element.tag.endswith("TextObject") for run in text_runs(element)]
    for element in shown:
        file, box = files.get(element.get("ResourceID", "")), numbers(element.get("Boundary", ""))
        if file not in archive.names or len(box) != 4 or element.get("Visible") == "false":
            continue
        edges: Box = (box[0], box[1], box[0] + box[2], box[1] + box[3])
        is_behind = any(edges[0] < run.left < edges[2] and edges[1] < run.middle < edges[3] for run in runs)
        if is_large(edges, _WIDTH, _HEIGHT) and not is_behind:
            yield PlacedPicture(sheet, edges, partial(_read, archive, file, edges, source))


def _read(archive: ZipContainer, file: str, box: Box, source: Source) -> Sheet:
    return picture_in_box(archive.read(file), box, source)


def inside(folder: str, location: str) -> str:
    """The path in the zip of a location, which begins with / or is relative to a folder."""
    return posixpath.normpath(location if location.startswith("/") else posixpath.join(folder, location)).lstrip("/")
