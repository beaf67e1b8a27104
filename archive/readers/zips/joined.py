"""Joins a page with the documents or pictures that have its report, where a container or a folder holds both."""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from types import MappingProxyType
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from archive.cues.heading_numbers import numbered
from archive.cues.section_codes import classify
from archive.cues.titles import read_title
from archive.errors import GongkaiError
from archive.limits import Limits
from archive.model import Attachment, Source
from archive.readers.containers import JOINED, Capture, Cut
from archive.readers.registry import is_picture, read_page
from archive.readers.scans import SMALLEST, ocr_is_installed, without_ocr
from archive.tables.detect import recognise
from archive.vocabulary import TABLES

_SAVED_AT = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes
LINK = re.compile(rb"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf)\b", re.IGNORECASE)
"""A page without such a link is not read to find out whether it is whole."""
_WORKBOOK = re.compile(r"\.(?:xlsx?|et)\b", re.IGNORECASE)
# Top headings of a page that has the text of its report.
_WHOLE = 3
_MOST_HELD = 50
SIDE_FOLDERS = ("_files", ".files")
"""What browsers add to the name of a page to name the folder of its files: 'report_files', 'report.files'."""
_CELL, _ALL_CELLS = re.compile(rb"<td\b", re.IGNORECASE), 200
_IMAGE = re.compile(rb"<img\b", re.IGNORECASE)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """The documents and the addresses of pictures that can have what a page lacks; `images` are all that it shows."""

    documents: Sequence[Attachment] = ()
    pictures: Sequence[str] = ()
    images: Sequence[str] = ()


@dataclass(slots=True)
class _Held:
    """A page that waits for its documents, or for the pictures in it: the address of each, by where it can be."""

    capture: Capture
    documents: Sequence[Attachment]
    places: Mapping[str, str]
    found: list[Capture] = field(default_factory=list)
    pictures: dict[str, Capture] = field(default_factory=dict)

    def address_of(self, picture: Source) -> str | None:
        """The address in the page of a picture that it still lacks."""
        address = None if self.found else self.places.get(picture.url or picture.path)
        return None if address in self.pictures else address


class HeldPages:
    """Joins pages of a container with the documents and pictures that follow them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: list[_Held] = []

    def wants(self, picture: Source) -> bool:
        """Whether a page that is held lacks a picture."""
        return any(each.address_of(picture) is not None for each in self._held)

    def join(self, cuts: Iterable[Cut]) -> Iterator[Cut]:
        """The captures of a container, each page that is held with its documents or pictures as one capture."""
        held = self._held
        for cut in cuts:
            if not isinstance(cut, tuple):
                yield cut
            elif self.wants(cut[1]) and is_picture(cut[0]):
                self._keep(cut)
                yield None
            elif owner := next(
                (each for each in held if any(_is_at(link, cut, each) for link in each.documents)), None
            ):
                owner.found.append(cut)
                yield None
            elif (wanted := wanted_parts(cut, with_pictures=has_few_cells(cut[0]))).documents or wanted.pictures:
                held.append(_Held(cut, wanted.documents, _places(cut[1], wanted.pictures)))
                yield None
            else:
                yield cut
            if len(held) > _MOST_HELD or sum(map(_size, held)) > self._limits.size:
                yield from _whole(held.pop(0), self._limits)
        while held:
            yield from _whole(held.pop(0), self._limits)

    def _keep(self, picture: Capture) -> None:
        data, source = picture
        for each in self._held if len(data) >= SMALLEST else ():
            if (address := each.address_of(source)) is not None:
                each.pictures[address] = picture


def shows_pictures(data: bytes) -> bool:
    """Whether a page shows pictures that can be read."""
    return ocr_is_installed() and _IMAGE.search(data) is not None


def has_few_cells(data: bytes) -> bool:
    """Whether a page has fewer cells than the statutory tables: one with more is not read to find out what it lacks."""
    return sum(1 for _ in islice(_CELL.finditer(data), _ALL_CELLS)) < _ALL_CELLS


def wanted_parts(capture: Capture, *, with_pictures: bool = True) -> Wanted:
    """What can have the report of a page, or the tables that it lacks.

    A report lacks tables if it has no statutory table, or none under the heading of one: the picture below the heading
    can be the table.
    """
    data, source = capture
    has_pictures = with_pictures and shows_pictures(data)
    if not has_pictures and not LINK.search(data):
        return Wanted()
    try:
        with without_ocr():
            page = read_page(data, source)
    except (GongkaiError, RecursionError):
        return Wanted()
    found = {block.table.kind for block in recognise(page.blocks) if block.table and block.table.kind}
    headings = [block.text for block in page.blocks if not block.table and numbered(block.text).is_top]
    has_text = len(headings) >= _WHOLE
    documents = [
        link
        for link in ([] if found else page.attachments)
        if not has_text or _WORKBOOK.search(f"{link.name} {link.address}")
    ]
    if not has_pictures or page.source.media_type != "text/html":
        return Wanted(documents)
    is_report = has_text or any(not block.table and read_title(block.text) for block in page.blocks)
    lacks_table = any(code in TABLES and code not in found for text in headings for code in classify(text))
    is_wanted = is_report and (lacks_table or not found)
    return Wanted(documents, page.pictures if is_wanted else (), page.images)


def join(captures: Sequence[Capture], pictures: Mapping[str, Capture] = MappingProxyType({})) -> Capture:
    """One capture of a page and its documents or pictures: a zip that holds them as they are.

    The source is that of the page. Its pictures are given by their addresses, which are the comments of their files.
    """
    file = io.BytesIO()
    parts = [
        *((b"", capture) for capture in captures),
        *((address.encode(), each) for address, each in pictures.items()),
    ]
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = JOINED
        for number, (address, (data, source)) in enumerate(parts):
            member = zipfile.ZipInfo(_name(source, number), _SAVED_AT)
            member.comment = address
            archive.writestr(member, data)
    data, (_, page) = file.getvalue(), captures[0]
    names = " + ".join([page.path, *(posixpath.basename(source.path) for _, (_, source) in parts[1:])])
    return data, replace(page, path=names, sha256=hashlib.sha256(data).hexdigest())


def _is_at(link: Attachment, capture: Capture, owner: _Held) -> bool:
    """Whether a capture is the document of a link: by address, or by name in the folder of the page and below."""
    (_, page), (_, source) = owner.capture, capture
    try:
        if page.url is not None:
            return source.url is not None and source.url == urljoin(page.url, link.address.strip())
        path = unquote(urlsplit(link.address.strip()).path)
    except ValueError:  # 'http://[': no address
        return False
    folder, name = posixpath.dirname(page.path), posixpath.basename(source.path)
    return source.url is None and source.path.startswith(f"{folder}/") and name in (posixpath.basename(path), link.name)


def _places(page: Source, addresses: Iterable[str]) -> Mapping[str, str]:
    """The addresses of pictures by the URL or the paths where each can be: as it is, beside the page, saved with it."""
    places: dict[str, str] = {}
    for address in addresses:
        try:
            if page.url is not None:
                places.setdefault(urldefrag(urljoin(page.url, address.strip())).url, address)
                continue
            folder, (stem, _) = posixpath.dirname(page.path), posixpath.splitext(posixpath.basename(page.path))
            for way in ways_to(address, stem):
                places.setdefault(posixpath.normpath(posixpath.join(folder, way)), address)
        except ValueError:  # 'http://[': no address
            continue
    return places


def ways_to(address: str, stem: str, name: str = "") -> Iterator[str]:
    """The paths, from the folder of a page, of a file that it links to: at its relative address, or by its name.

    `stem` is that of the name of the page: a browser saves files in a folder of this name.

    Raises:
        ValueError: for what is no address.
    """
    parsed = urlsplit(address.strip())
    path = posixpath.normpath(unquote(parsed.path))
    if not parsed.netloc and not path.startswith("/"):
        yield path
    names = [each for each in (posixpath.basename(path), posixpath.basename(name)) if each]
    for side in ("", *(f"{stem}{ending}/" for ending in SIDE_FOLDERS)):
        yield from (f"{side}{each}" for each in names)


def _size(held: _Held) -> int:
    return sum(len(data) for data, _ in (held.capture, *held.found, *held.pictures.values()))


def _whole(held: _Held, limits: Limits) -> Iterator[Capture]:
    captures, is_small = (held.capture, *held.found), _size(held) <= limits.size
    if held.found and is_small:
        yield join(captures)
    elif held.pictures and not held.found and is_small:
        yield join(captures, held.pictures)
    else:
        yield from captures


def _name(source: Source, number: int) -> str:
    """The name of a file in the zip; its number makes it the only one of this name."""
    path = urlsplit(source.url).path if source.url else source.path
    return f"{number}-{posixpath.basename(path)[-_LONGEST_NAME:]}"
