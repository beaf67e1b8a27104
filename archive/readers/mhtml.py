"""Reads MHTML (RFC 2557): pages that a browser or Word saved with their images in one file."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from archive.errors import UnreadableSource
from archive.model import Page, Source
from archive.readers.html import read_html

_MOST_PARTS = 1000


def read_mhtml(data: bytes, source: Source) -> Page:
    """The page that was saved, with its pictures; its styles and frames are not read.

    Raises:
        UnreadableSource: if no part is HTML.
    """
    # A nested part costs a level of recursion, and a boundary is searched in each level.
    if data.count(b"multipart/") > _MOST_PARTS:
        raise _without_page(source)
    message = message_from_bytes(data.removeprefix(BOM_UTF8), policy=compat32)
    root = _root(message)
    html = root.get_payload(decode=True) if root else None
    if root is None or not isinstance(html, bytes):
        raise _without_page(source)
    return read_html(html, source, root.get_content_charset(), _pictures(message, root))


def _root(message: Message) -> Message | None:
    """The part that `start` names, else the first that is HTML."""
    start = message.get_param("start")
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    named = (part for part in pages if start and part.get("Content-ID") == start)
    return next(named, pages[0] if pages else None)


def _pictures(message: Message, root: Message) -> Mapping[str, bytes]:
    """The pictures by the addresses under which the page can name them."""
    base = root.get("Content-Location", "")
    found: dict[str, bytes] = {}
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if not isinstance(data, bytes):
            continue
        if identifier := part.get("Content-ID"):
            found[f"cid:{identifier.strip('<> ')}"] = data
        if address := part.get("Content-Location"):
            found[address] = data
            if base and address.startswith(base.rpartition("/")[0] + "/"):
                found[address[len(base.rpartition("/")[0]) + 1 :]] = data
    return found


def _without_page(source: Source) -> UnreadableSource:
    return UnreadableSource(
        f"{source.path} 是保存的网页（MHTML），但其中没有网页正文。请重新保存。",
        f"{source.path} is a saved page (MHTML) without a page in it. Save the page again.",
    )
