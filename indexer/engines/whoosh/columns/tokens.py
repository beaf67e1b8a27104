"""The text of each token by number: counts of words, and of words beside others, without reading the text again.

    tokens.u4       the number of the text of each token of a shard, in the order of the text column
    tokens.json     the texts by number, in order of appearance

`ends.bits` tells where tokens end. The files take four bytes a token: 2.5 bytes a unit of text.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.columns.mmap_columns import Ints
from indexer.engines.whoosh.columns.utf16 import decoded

NUMBERS, TEXTS = "tokens.u4", "tokens.json"


def write_tokens(directory: Path) -> None:
    """Writes the tokens of the text column of a directory."""
    units: NDArray[np.uint16] = np.fromfile(directory / "normal.u2", "<u2")
    content, known = units.tobytes(), dict[bytes, int]()
    bounds = (2 * np.append(0, token_ends(directory, len(units)))).tolist()
    numbers = [known.setdefault(content[first:last], len(known)) for first, last in pairwise(bounds)]
    np.array(numbers, "<u4").tofile(directory / NUMBERS)
    texts = [decoded(np.frombuffer(text, "<u2")) for text in known]
    (directory / TEXTS).write_text(
        json.dumps(texts), "ascii"
    )  # escaped, since a page may contain half a surrogate pair


def token_ends(directory: Path, units: int) -> Ints:
    """Returns the offset behind each token of a text column of so many units."""
    bits = np.unpackbits(np.fromfile(directory / "ends.bits", "u1"), count=units)
    return np.flatnonzero(bits) + 1
