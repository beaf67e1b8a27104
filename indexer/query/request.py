"""The request that an engine answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archive.errors import Language
from indexer.query.fields import FIELDS

Sort = Literal["relevance", "year", "-year"]


@dataclass(frozen=True, slots=True)
class Request:
    """A question: the query as typed, and filters given beside it.

    Several values of one filter are OR, filters among each other AND. A filter is lifted for its own facet; what the
    query itself says in fields is not.
    """

    query: str = ""
    years: tuple[int | None, int | None] | None = None
    """An inclusive range beside the query (`--year 2014..2018`); None at an end is open."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`year`, `section`, `agency`, `place`, `keyword`, `form` to the values wanted, as they stand in facets."""
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    sample: int | None = None
    """So many hits drawn at random instead of all in order; the same ones for the same seed, also by a later index."""
    seed: int = 1
    language: Language = "zh"
    """The language of the reading and of facet labels."""
    facets: tuple[str, ...] = tuple(FIELDS)
    """The facets that are counted."""
    readings: bool = True
    """Whether one or two plain words are also read otherwise."""
