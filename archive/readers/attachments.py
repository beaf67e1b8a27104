"""Finds the files that an HTML page links to: 附件：2021年政府信息公开工作年度报告.pdf."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

from archive.model import Attachment
from archive.text.clean import clean

_LINKS = SoupStrainer("a", href=True)
_MOST = 10
_LONGEST_NAME = 100
# 'report.pdf', '附件1：年度报告.docx（2.1MB）'
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|rar|7z)(?![a-z0-9])", re.IGNORECASE)


def linked_files(markup: str) -> tuple[Attachment, ...]:
    """The documents that a page links to, in order, each once."""
    if not _FILE.search(markup):  # most pages
        return ()
    return tuple({link.name: link for link in _links(markup)}.values())[:_MOST]


def _links(markup: str) -> Iterator[Attachment]:
    for link in BeautifulSoup(markup, "lxml", parse_only=_LINKS).find_all("a"):
        address = str(link["href"])
        name, in_address = clean(link.get_text()), _name_in(address)
        if _FILE.search(name) or _FILE.search(in_address):
            yield Attachment((name or in_address)[:_LONGEST_NAME], address)


def _name_in(address: str) -> str:
    try:
        return posixpath.basename(unquote(urlsplit(address.strip()).path))
    except ValueError:  # 'http://[': no address
        return ""
