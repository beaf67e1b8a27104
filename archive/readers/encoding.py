"""Bytes to text, whatever the page says of its own encoding."""

from __future__ import annotations

import codecs
import re

from archive.model import Notice, SourceSpan
from archive.notices import notice

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the next one does
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")
# What a page says is often the smaller set that its encoding grew out of.
_GROWN = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
# Characters that a report in either script is full of; the encoding under which they appear is the right one.
_TELLING = re.compile("[公开開信息政府年度报報告申请請的]")
# What UTF-7 and escapes can decode to, and no text has.
_SURROGATE = re.compile("[\ud800-\udfff]")
# So much of a source tells how it is encoded.
_SAMPLE = 4096


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[Notice, ...]]:
    """The text, and notices on what was lost: `truncated_source`, `encoding_repaired`.

    A byte order mark decides; then UTF-8, if it holds; then, of GB18030, Big5 and what the page declares, the one that
    reads as a report. A declaration alone proves nothing: it is as often the template's as the page's.

    Args:
        data: the page.
        declared: the encoding that the page or its server names, if any.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _repaired(data, name)
    if is_wide(data):
        return max((_repaired(data, name) for name in _WIDE), key=lambda result: _sense(result[0]))
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:
            text = data[: error.start].decode("utf-8")
            return text, (notice("truncated_source", SourceSpan(text.count("\n") + 1)),)
    # Broken UTF-8 still beats a legacy encoding when it reads better: a page with one bad byte is not GBK.
    names = dict.fromkeys((*_known(declared), "utf-8", *_LEGACY))
    return max((_repaired(data, name) for name in names), key=lambda result: _sense(result[0]))


def is_wide(data: bytes) -> bool:
    """Whether bytes without a mark are UTF-16: every other byte of its ASCII is 0, and what it says makes sense."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    if sample.count(0) * 20 < len(sample):
        return False
    texts = [sample.decode(name, errors="replace") for name in _WIDE]
    return any("\x00" not in text and _sense(text) > 0 for text in texts)


def _known(declared: str | None) -> tuple[str, ...]:
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):  # no such encoding, or a name with a NUL in it
        return ()
    return () if name.startswith("utf-16") else (_GROWN.get(name, name),)


def _repaired(data: bytes, name: str) -> tuple[str, tuple[Notice, ...]]:
    try:
        text = data.decode(name, errors="replace")
    except (LookupError, UnicodeError):  # a codec that is none for text (`rot13`, `idna`)
        return "\ufffd" * len(data), ()
    text = _SURROGATE.sub("\ufffd", text)
    lost = text.count("\ufffd")
    return text, (notice("encoding_repaired", encoding=name.upper(), count=lost),) if lost else ()


def _sense(text: str) -> float:
    """The share of characters that make sense in a report; each one lost counts against it."""
    return (len(_TELLING.findall(text)) - 10 * text.count("\ufffd")) / max(len(text), 1)
