"""The alternative interpretations of one or two plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from indexer.query.ast import And, Phrase, Query, Term, Word

Kind = Literal["words", "exact", "whole"]

_MOST_WORDS = 2
_READ_AS: dict[Kind, Callable[[str], Query]] = {"words": Term, "exact": Phrase, "whole": Word}


def alternatives(tree: Query) -> Iterator[tuple[Kind, Query]]:
    """Yields the interpretations of one or two plain strings, the one in effect first; none for other queries."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    texts = [part.text for part in parts if isinstance(part, Term)]
    if len(texts) == len(parts) <= _MOST_WORDS:
        for kind, read_as in _READ_AS.items():
            read = tuple(map(read_as, texts))
            yield kind, And(read) if len(read) > 1 else read[0]
