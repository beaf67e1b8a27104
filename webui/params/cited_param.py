"""Reads the totals that a cited URL states (`?cited=`) and compares them with those of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from archive.export.citations.count import read_cited
from indexer.answers.count_citation import CountComparison, totals_of
from indexer.answers.engine import Answer

CITED = "cited"
"""The parameter."""


@dataclass(frozen=True, slots=True)
class CitedCount:
    """The parameter of a cited URL; `found` is None if it cannot be read."""

    found: CountComparison | None


def cited_count(arguments: MultiDict[str, str], answer: Answer) -> CitedCount | None:
    """The comparison with an answer; None for a URL without the parameter."""
    if CITED not in arguments:
        return None
    today = date.today()
    then = read_cited(arguments[CITED], today)
    return CitedCount(None if then is None else CountComparison(then, totals_of(answer, today)))
