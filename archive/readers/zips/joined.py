"""Joins a page that links to its report with the documents that hold it, where a container or a folder holds both."""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urljoin, urlsplit

from archive.cues.heading_numbers import numbered
from archive.errors import GongkaiError, UnreadableSource
from archive.limits import Limits
from archive.model import Attachment, Page, Source
from archive.notices import notice
from archive.readers.containers import JOINED, Capture, Cut, ZipContainer
from archive.readers.registry import read_page
from archive.tables.detect import recognise

_SAVED_AT = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes
LINK = re.compile(rb"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf)\b", re.IGNORECASE)
"""A page without such a link is not read to find out whether it is whole."""
_WORKBOOK = re.compile(r"\.(?:xlsx?|et)\b", re.IGNORECASE)
# Top headings of a page that has the text of its report.
_WHOLE = 3
_MOST_HELD = 50
_LONGEST_NAME = 100


@dataclass(slots=True)
class _Held:
    """A page that waits for its documents."""

    capture: Capture
    wanted: Sequence[Attachment]
    found: list[Capture] = field(default_factory=list)


def join_attachments(cuts: Iterable[Cut], limits: Limits) -> Iterator[Cut]:
    """The captures of a container; documents that follow the page that links to them become one capture with it."""
    held: list[_Held] = []
    for cut in cuts:
        if not isinstance(cut, tuple):
            yield cut
        elif owner := next((each for each in held if any(_is_at(link, cut, each) for link in each.wanted)), None):
            owner.found.append(cut)
            yield None
        elif wanted := wanted_documents(cut):
            held.append(_Held(cut, wanted))
            if len(held) > _MOST_HELD or sum(map(_size, held)) > limits.size:
                yield from _whole(held.pop(0), limits)
            yield None
        else:
            yield cut
    for each in held:
        yield from _whole(each, limits)


def wanted_documents(capture: Capture) -> Sequence[Attachment]:
    """The documents that can have what the page lacks: its report, or the tables of a report without tables."""
    data, source = capture
    if not LINK.search(data):
        return ()
    try:
        page = read_page(data, source)
    except (GongkaiError, RecursionError):
        return ()
    links = page.attachments
    if not links or any(block.table and block.table.kind for block in recognise(page.blocks)):
        return ()
    has_text = sum(numbered(block.text).is_top for block in page.blocks) >= _WHOLE
    return [link for link in links if not has_text or _WORKBOOK.search(f"{link.name} {link.address}")]


def join(captures: Sequence[Capture]) -> Capture:
    """One capture of a page and its documents: a zip that holds them as they are. The source is that of the page."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = JOINED
        for number, (data, source) in enumerate(captures):
            archive.writestr(zipfile.ZipInfo(_name(source, number), _SAVED_AT), data)
    data, (_, page) = file.getvalue(), captures[0]
    names = " + ".join([page.path, *(posixpath.basename(source.path) for _, source in captures[1:])])
    return data, replace(page, path=names, sha256=hashlib.sha256(data).hexdigest())


def read_joined(data: bytes, source: Source) -> Page:
    """The page with the blocks of its documents behind its own.

    Raises:
        GongkaiError: for a zip that is a container of pages.
    """
    archive = ZipContainer(data, source)
    if archive.comment != JOINED:
        raise UnreadableSource(
            f"{source.path} 是 ZIP，里面有许多页面，不能当作一页来读。",
            f"{source.path} is a ZIP; it holds many pages and cannot be read as one.",
        )
    first, *others = archive.names
    page = read_page(archive.read(first), replace(source, path=first))
    blocks, notices = [*page.blocks], [*page.notices]
    for name in others:
        try:
            read = read_page(archive.read(name), replace(source, path=name))
        except GongkaiError as error:
            notices.append(notice("attachment_unread", why=error.zh, why_en=error.en))
            continue
        blocks += read.blocks
        notices += read.notices
    return Page(source, tuple(blocks), tuple(notices), page.metadata)


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


def _size(held: _Held) -> int:
    return sum(len(data) for data, _ in (held.capture, *held.found))


def _whole(held: _Held, limits: Limits) -> Iterator[Capture]:
    captures = (held.capture, *held.found)
    if not held.found or _size(held) > limits.size:
        yield from captures
        return
    yield join(captures)


def _name(source: Source, number: int) -> str:
    """The name of a file in the zip; its number makes it the only one of this name."""
    path = urlsplit(source.url).path if source.url else source.path
    return f"{number}-{posixpath.basename(path)[-_LONGEST_NAME:]}"
