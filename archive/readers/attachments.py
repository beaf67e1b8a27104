"""Finds the files that an HTML page links to: 附件：2021年政府信息公开工作年度报告.pdf."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from archive.model import Attachment
from archive.readers.html_parser import Element, End, Event
from archive.text.clean import clean

_MOST = 10
_LONGEST_NAME = 100
# 'report.pdf', '附件1：年度报告.docx（2.1MB）'
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|rar|7z)(?![a-z0-9])", re.IGNORECASE)


def linked_files(markup: str, events: Sequence[Event]) -> tuple[Attachment, ...]:
    """The documents that a page links to, in order, each once."""
    if not _FILE.search(markup):  # most pages
        return ()
    return tuple({link.name: link for link in _links(events)}.values())[:_MOST]


def _links(events: Sequence[Event]) -> Iterator[Attachment]:
    link: Element | None = None
    text: list[str] = []
    for event in events:
        if isinstance(event, Element):
            if event.name == "a" and event.attribute("href"):
                link, text = event, []
        elif isinstance(event, End):
            if event.element is link and link is not None:
                address = link.attribute("href")
                name, in_address = clean("".join(text)), _name_in(address)
                if _FILE.search(name) or _FILE.search(in_address):
                    yield Attachment((name or in_address)[:_LONGEST_NAME], address)
                link = None
        elif link is not None:
            text.append(event)


def _name_in(address: str) -> str:
    try:
        return posixpath.basename(unquote(urlsplit(address.strip()).path))
    except ValueError:  # 'http://[': no address
        return ""
