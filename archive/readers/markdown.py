"""Text that a readability tool wrote as Markdown, back to the words: marks of emphasis and headings, links, images."""

from __future__ import annotations

import re
from collections.abc import Iterable

# '![Image 3](http://…/ewm.png)'; '[打印本页](javascript:print())': a target may hold one pair of brackets
_TARGET = r"\((?:[^()\s]|\([^()]*\))*(?: +\"[^\"]*\")?\)"
_IMAGE = re.compile(rf"!\[[^\]]*\]{_TARGET}")
_LINK = re.compile(rf"(?<!!)\[(?P<text>[^\[\]]*)\]{_TARGET}")
# '## 一、总体情况', '**一、总体情况**', '__引言__'
_HEADING = re.compile(r"^\s*#{1,6} +(?P<text>.*?)[ #]*$")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>(?!\s)[^*_]+?)(?P=mark)")
_WHOLE_BOLD = re.compile(r"\s*(?:\*\*|__)[^*_]+(?:\*\*|__)\s*")
# '1\. ', '2022\-2023': a sign that Markdown would take for its own
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!~>-])")
_BULLET = re.compile(r"^\s*[*+-] +|^\s*>+ *")
# A page is Markdown where so many of its lines show it: '张**、李**' are names with two characters hidden.
_TELLING = 2


def is_markdown(lines: Iterable[str]) -> bool:
    """Whether lines are written in Markdown, tables apart, which other captures have as well."""
    return sum(_shows(line) for line in lines) >= _TELLING


def without_marks(line: str) -> str:
    """The words of a line; nothing of one that consists of images, or of links that lead elsewhere."""
    text = _IMAGE.sub("", line)
    heading = _HEADING.match(text)
    if not heading and _LINK.search(text) and not re.search(r"\w", _LINK.sub("", _BULLET.sub("", text))):
        return ""
    text = _LINK.sub(lambda link: link["text"], heading["text"] if heading else text)
    text = _BOLD.sub(lambda bold: bold["text"], text)
    return _ESCAPE.sub("", text)


def _shows(line: str) -> bool:
    marks = (_HEADING.match, _WHOLE_BOLD.fullmatch, _IMAGE.search, _LINK.search)
    return any(mark(line) for mark in marks)
