"""Bytes to text, whatever the page says of its own encoding."""

from __future__ import annotations

import codecs
import re

from archive.model import Notice, Place
from archive.notices import notice

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5hkscs")
# Characters that a report in either script is full of; the encoding under which they appear is the right one.
_TELLING = re.compile("[公开開信息政府年度报報告申请請的]")


def decode(data: bytes) -> tuple[str, tuple[Notice, ...]]:
    """The text, and notices on what was lost: `truncated_source`, `encoding_repaired`.

    A byte order mark decides; then UTF-8, if it holds; then, of GB18030 and Big5, the one that reads as a report.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _repaired(data, name)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:
            text = data[: error.start].decode("utf-8")
            return text, (notice("truncated_source", Place(text.count("\n") + 1)),)
    # Broken UTF-8 still beats a legacy encoding when it reads better: a page with one bad byte is not GBK.
    return max((_repaired(data, name) for name in ("utf-8", *_LEGACY)), key=lambda result: _sense(result[0]))


def _repaired(data: bytes, name: str) -> tuple[str, tuple[Notice, ...]]:
    text = data.decode(name, errors="replace")
    lost = text.count("\ufffd")
    return text, (notice("encoding_repaired", encoding=name.upper(), count=lost),) if lost else ()


def _sense(text: str) -> float:
    """The share of characters that make sense in a report; each one lost counts against it."""
    return (len(_TELLING.findall(text)) - 10 * text.count("\ufffd")) / max(len(text), 1)
