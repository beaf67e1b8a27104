"""The sentences and paragraphs of a text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from archive.text.normalize import normal_form

# '完成。', '（办理完毕。）', '“应公开尽公开！”', and the end of a paragraph
SENTENCE_MARKS = "。！!？?"
MERGED_MARKS = "".join(dict.fromkeys(normal_form(SENTENCE_MARKS))) + ";"
"""The marks at which identical sentences are merged, in the normal form; the items of a list repeat one by one, too."""
_SENTENCE_END = re.compile(rf"[{SENTENCE_MARKS}]+[”’」』）)]*|\n")


class Boundaries:
    """The sentences and paragraphs of a text."""

    def __init__(self, text: str) -> None:
        bounds = [match.span() for match in _SENTENCE_END.finditer(text)]
        breaks = [start for start, _ in bounds if text[start] == "\n"]
        self._ends = [start if text[start] == "\n" else end for start, end in bounds] + [len(text)]
        self._starts = [0, *[end for _, end in bounds]]
        self._breaks = [-1, *breaks, len(text)]

    def sentences(self, start: int, end: int) -> tuple[int, int]:
        """Returns the bounds of the sentences that contain a span."""
        return self._starts[bisect_right(self._starts, start) - 1], self._ends[bisect_left(self._ends, end)]

    def paragraph(self, start: int, end: int) -> tuple[int, int]:
        """Returns the bounds of the paragraph that contains a span."""
        return self._breaks[bisect_right(self._breaks, start) - 1] + 1, self._breaks[bisect_left(self._breaks, end)]
