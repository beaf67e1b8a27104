"""Searches many short texts as one string."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class JoinedLines:
    """Texts, one a line; patterns must not match a line feed."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n".join([*texts, ""])
        self._starts = [*accumulate((len(text) + 1 for text in texts), initial=0)]

    def places(self, wanted: re.Pattern[str]) -> dict[int, int]:
        """Returns the numbers of the texts that match, each with the offset of its first match."""
        places: dict[int, int] = {}
        for match in wanted.finditer(self._joined):
            number = bisect_right(self._starts, match.start()) - 1
            places.setdefault(number, match.start() - self._starts[number])
        return places
