"""Reads a page and its documents or pictures that `joined` made one capture."""

from __future__ import annotations

from dataclasses import replace

from archive.errors import GongkaiError, UnreadableSource
from archive.model import Page, Source
from archive.notices import notice
from archive.readers.containers import JOINED, ZipContainer
from archive.readers.html import read_html
from archive.readers.registry import read_page


def read_joined(data: bytes, source: Source) -> Page:
    """The page with the blocks of its pictures where they stand, and those of its documents behind its own.

    Raises:
        GongkaiError: for a zip that is a container of pages.
    """
    archive = ZipContainer(data, source)
    if archive.comment != JOINED:
        raise UnreadableSource(
            f"{source.path} 是 ZIP，里面有许多页面，不能当作一页来读。",
            f"{source.path} is a ZIP; it holds many pages and cannot be read as one.",
        )
    (first, _), *others = archive.files
    page, pictures, documents, notices = archive.read(first), {}, [], []
    for name, comment in others:
        try:
            if comment:  # the address of a picture
                pictures[comment.decode("utf-8", "replace")] = archive.read(name)
            else:
                documents.append(read_page(archive.read(name), replace(source, path=name)))
        except GongkaiError as error:
            notices.append(notice("attachment_unread", why=error.zh, why_en=error.en))
    if pictures:
        read = read_html(page, replace(source, path=first, media_type="text/html"), pictures=pictures)
    else:
        read = read_page(page, replace(source, path=first))
    blocks = [block for each in (read, *documents) for block in each.blocks]
    notices = [*read.notices, *notices, *(found for each in documents for found in each.notices)]
    return Page(source, tuple(blocks), tuple(notices), read.metadata)
