"""Reads words of a query as the operators and years that they may mean: 微博 or 微信, year>=2015."""

from __future__ import annotations

import re

from archive.text.normalize import normal_form
from indexer.query.ast import And, Or, Query, Term
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError

_MEANINGS = (
    (r"or|\|\|?|或者?", "OR"),
    (r"and|&&?|\+|并且", "AND"),
    (r"not|!", "NOT"),
    (r"near", "NEAR/30"),
    (r"(?:year|年份?)(?:>=|≥)([0-9]{4})年?", r"year:\1.."),
    (r"(?:year|年份?)(?:<=|≤)([0-9]{4})年?", r"year:..\1"),
    (r"(?:year|年份?)=([0-9]{4})年?", r"year:\1"),
    (r"([0-9]{4})年?(?:-|~|至|到|\.\.)([0-9]{4})年?", r"year:\1..\2"),
)
"""Patterns of a whole word in the normal form, and what it means in the query language."""


def with_operators(tree: Query) -> tuple[Query, str, str] | None:
    """Returns the query that the words may mean, with the first such word and its meaning; None if there is no such.

    Quotations are taken literally.
    """
    parts = tree.parts if isinstance(tree, And) else (tree,)
    meanings = [_meaning(part.text) if isinstance(part, Term) else None for part in parts]
    first = next(((str(part), meaning) for part, meaning in zip(parts, meanings, strict=True) if meaning), None)
    if first is None:
        return None
    typed = (
        meaning or (f"({part})" if isinstance(part, Or) else str(part))
        for part, meaning in zip(parts, meanings, strict=True)
    )
    try:
        return parse(" ".join(typed)), *first
    except QueryError:
        return None


def _meaning(word: str) -> str | None:
    form = normal_form(word)
    found = ((re.fullmatch(pattern, form), meaning) for pattern, meaning in _MEANINGS)
    return next((match.expand(meaning) for match, meaning in found if match), None)
