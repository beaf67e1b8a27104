"""Makes the citation of a query's totals, and compares cited totals with those of now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from archive.errors import Language
from archive.export.citations.count import CitedTotals, CountCitation
from indexer.answers.engine import Answer, Engine
from indexer.query.request import Request

Verdict = Literal["confirmed", "contradicted", "same_counts", "other_counts"]


def totals_of(answer: Answer, today: date) -> CitedTotals:
    total = answer.total
    return CitedTotals(answer.as_of.short, total.occurrences, total.sections, total.reports, today)


def count_only(request: Request) -> Request:
    """The request without what does not change its totals."""
    return Request(
        request.query, request.years, request.filters, limit=0, language=request.language, facets=(), readings=False
    )


def cite_count(
    engine: Engine, request: Request, today: date, address: Callable[[CitedTotals], str | None]
) -> tuple[Answer, CountCitation]:
    """Returns the answer without hits, and the citation of its totals; `address` gives the URL that has the totals."""
    counted = count_only(request)
    languages: tuple[Language, Language] = ("zh", "en")
    answers = {code: engine.search(replace(counted, language=code)) for code in languages}
    answer = answers[request.language]
    totals = totals_of(answer, today)
    readings = {code: each.reading for code, each in answers.items()}
    return answer, CountCitation(request.query, readings, totals, answer.as_of.version, address(totals))


@dataclass(frozen=True, slots=True)
class CountComparison:
    """Cited totals beside those of now.

    `verdict`: `confirmed` (same data version, same totals), `contradicted` (same data version, other totals: the cited
    ones were never counted on it), `same_counts` or `other_counts` (another data version).
    """

    then: CitedTotals
    now: CitedTotals

    @property
    def verdict(self) -> Verdict:
        same_counts = self.then.counts == self.now.counts
        if self.then.content == self.now.content:
            return "confirmed" if same_counts else "contradicted"
        return "same_counts" if same_counts else "other_counts"
