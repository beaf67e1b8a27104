"""Finds text in a sequence of pieces, without regard to width, script, spaces and punctuation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from archive.text.normalize import normal_form

_WORDS = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    return "".join(_WORDS.findall(normal_form(text)))


class FoldedText:
    """The folded text of all pieces; its offsets lead back to a piece and an offset in it."""

    def __init__(self, pieces: Iterable[str]) -> None:
        runs: list[str] = []
        self._starts: list[int] = []
        self._origins: list[tuple[int, int]] = []
        length = 0
        for number, piece in enumerate(pieces):
            for run in _WORDS.finditer(normal_form(piece)):  # an offset in the normal form is one in the text
                self._starts.append(length)
                self._origins.append((number, run.start()))
                runs.append(run[0])
                length += len(run[0])
        self.text = "".join(runs)

    def all(self, text: str) -> Iterator[int]:
        """Yields every offset of a folded text."""
        start = self.text.find(text)
        while start >= 0:
            yield start
            start = self.text.find(text, start + 1)

    def origin(self, offset: int) -> tuple[int, int]:
        """The piece of a folded character, and its offset there."""
        run = bisect_right(self._starts, offset) - 1
        piece, start = self._origins[run]
        return piece, start + offset - self._starts[run]
