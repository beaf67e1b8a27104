"""Finds the files that an HTML page links to: 附件：2021年政府信息公开工作年度报告.pdf."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from archive.readers.html_parser import Element, End, Event
from archive.text.clean import clean

_MOST = 10
_LONGEST_NAME = 100
# 'report.pdf', '附件1：年度报告.docx（2.1MB）'
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|rar|7z)(?![a-z0-9])", re.IGNORECASE)


def linked_files(events: Sequence[Event]) -> tuple[str, ...]:
    """The names of the documents that a page links to, in order; the text of the link, or the name in its address."""
    return tuple(dict.fromkeys(_names(events)))[:_MOST]


def _names(events: Sequence[Event]) -> Iterator[str]:
    link: Element | None = None
    text: list[str] = []
    for event in events:
        if isinstance(event, Element):
            if event.name == "a" and event.attribute("href"):
                link, text = event, []
        elif isinstance(event, End):
            if event.element is link and link is not None:
                name, in_address = clean("".join(text)), _name_in(link.attribute("href"))
                if _FILE.search(name) or _FILE.search(in_address):
                    yield (name or in_address)[:_LONGEST_NAME]
                link = None
        elif link is not None:
            text.append(event)


def _name_in(address: str) -> str:
    try:
        return posixpath.basename(unquote(urlsplit(address.strip()).path))
    except ValueError:  # 'http://[': no address
        return ""
