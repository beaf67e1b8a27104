"""Removes the Markdown that readability tools write: emphasis, headings, links and images."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

# '![Image 3](http://…/ewm.png)'; '[打印本页](javascript:print())': a target can contain one pair of brackets
_TARGET = r"\((?:[^()\s]|\([^()]*\))*(?: +\"[^\"]*\")?\)"
_IMAGE = re.compile(rf"!\[(?:(?!!\[)[^\]])*+\]{_TARGET}")
_LINK = re.compile(rf"(?<!!)\[(?P<text>[^\[\]]*)\]{_TARGET}")
# '## 一、总体情况', '**一、总体情况**', '__引言__'
_HEADING = re.compile(r"^\s*#{1,6} +(?P<text>(?:.*[^ #\n])?)[ #]*$")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>(?!\s)[^*_]+?)(?P=mark)")
_WHOLE_BOLD = re.compile(r"\s*(?:\*\*|__)[^*_]+(?:\*\*|__)\s*")
# '1\. ', '2022\-2023': a sign with a meaning in Markdown
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!~>-])")
_BULLET = re.compile(r"^\s*[*+-] +|^\s*>+ *")
# What each of these has in it, but for the sign of an image, which is that of a link too.
_SIGN = re.compile(r"#|\*\*|__|\]\(")
# Lines with Markdown in a Markdown page: '张**、李**' in a single line are names with hidden characters.
_FEWEST_LINES = 2


def is_markdown(lines: Iterable[str]) -> bool:
    """Whether a page is Markdown; its tables are no evidence, as other captures have them too."""
    marks = (_HEADING.match, _WHOLE_BOLD.fullmatch, _IMAGE.search, _LINK.search)
    marked = (line for line in lines if _SIGN.search(line) and any(mark(line) for mark in marks))
    return len([*islice(marked, _FEWEST_LINES)]) == _FEWEST_LINES


def without_marks(line: str) -> str:
    """The text of a line, empty if it consists of images or links."""
    text = _IMAGE.sub("", line)
    heading = _HEADING.match(text)
    if not heading and _LINK.search(text) and not re.search(r"\w", _LINK.sub("", _BULLET.sub("", text))):
        return ""
    text = _LINK.sub(lambda link: link["text"], heading["text"] if heading else text)
    text = _BOLD.sub(lambda bold: bold["text"], text)
    return _ESCAPE.sub("", text)
