"""Decodes pages by their content; declared encodings are often wrong."""

from __future__ import annotations

import codecs
import re

from archive.model import Notice, SourceSpan
from archive.notices import notice

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")
# Pages often declare a subset of their encoding.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
# Frequent characters of reports in both scripts.
_FREQUENT = re.compile("[公开開信息政府年度报報告申请請的]")
# Characters that UTF-7 and escapes can decode to, and that no text has.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Bytes in which UTF-16 is recognised.
_SAMPLE = 4096


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[Notice, ...]]:
    """The text, and notices on lost characters: `truncated_source`, `encoding_repaired`.

    The encoding is that of the byte order mark; or else UTF-8 if the page is valid; or else UTF-8, GB18030, Big5 or
    the declared encoding, whichever gives most of the frequent characters. A declaration can be that of a template.
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
    # a page in UTF-8 with one bad byte is not GBK
    names = dict.fromkeys((*_known(declared), "utf-8", *_LEGACY))
    return max((_repaired(data, name) for name in names), key=lambda result: _sense(result[0]))


def is_wide(data: bytes) -> bool:
    """Whether bytes without a mark are UTF-16: many are 0, as in its ASCII characters, and the text makes sense."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    if sample.count(0) * 20 < len(sample):
        return False
    texts = [sample.decode(name, errors="replace") for name in _WIDE]
    return any("\x00" not in text and _sense(text) > 0 for text in texts)


def _known(declared: str | None) -> tuple[str, ...]:
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):  # an unknown encoding, or a name with a NUL
        return ()
    return () if name.startswith("utf-16") else (_SUPERSETS.get(name, name),)


def _repaired(data: bytes, name: str) -> tuple[str, tuple[Notice, ...]]:
    try:
        text = data.decode(name, errors="replace")
    except (LookupError, UnicodeError):  # a codec that is not for text (`rot13`, `idna`)
        return "\ufffd" * len(data), ()
    text = _SURROGATE.sub("\ufffd", text)
    lost = text.count("\ufffd")
    return text, (notice("encoding_repaired", encoding=name.upper(), count=lost),) if lost else ()


def _sense(text: str) -> float:
    """The share of frequent characters, less ten times the share of lost ones."""
    return (len(_FREQUENT.findall(text)) - 10 * text.count("\ufffd")) / max(len(text), 1)
