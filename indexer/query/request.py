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
    """A query as typed, and filters beside it.

    Values of one filter are alternatives; all filters apply together. The counts of a facet ignore its own filter, but
    not the fields in the query itself.
    """

    query: str = ""
    years: tuple[int | None, int | None] | None = None
    """A range, both ends included (`--year 2014..2018`); None leaves an end open."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by field name."""
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    sample: int | None = None
    """Number of hits to draw at random instead; the same seed draws the same hits, from a later index too."""
    seed: int = 1
    language: Language = "zh"
    """The language of the interpretation and of facet labels."""
    facets: tuple[str, ...] = tuple(FIELDS)
    readings: bool = True
    """Whether to count other interpretations, and to propose agencies and corrections."""
