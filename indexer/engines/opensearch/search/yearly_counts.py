"""Counts by year, and by agency and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.model import Agency
from indexer.answers.trends import MatrixCell, MatrixRow, TrendPoint
from indexer.engines.opensearch.connection.cluster_client import Json
from indexer.engines.opensearch.search.facet_counts import UNDATED
from indexer.engines.opensearch.search.leaf_queries import SECTION
from indexer.engines.opensearch.search.matches import REPORTS, SUM, Matches, occurrences_of
from indexer.engines.opensearch.search.scored_clauses import Clause, in_passes, unit_of, with_scores
from indexer.engines.opensearch.search.stored_sections import texts_of
from indexer.query.ast import Where
from indexer.sized_cache import SizedCache

Cell = tuple[str, int | None]

_YEARS = 10_000


@dataclass(frozen=True, slots=True)
class AllByYear:
    """Sections, reports and characters of each year, whatever the query."""

    sections: Counter[int | None]
    reports: Counter[int | None]
    characters: Mapping[int | None, int]


def points(matches: Matches, totals: SizedCache[AllByYear]) -> tuple[TrendPoint, ...]:
    """Returns a point for each year with sections that pass the filters, unknown years last; `totals` are cached."""
    where, sections = matches.scope.where, matches.sections
    passes = in_passes(matches.counted or ())
    queries = [with_scores(matches.clause, strings) for strings in passes] or [matches.clause]
    bodies = [_by_year(query, SUM if passes else {}, reports=not number) for number, query in enumerate(queries)]
    key = where, repr(matches.admitted)
    known = totals.find(key)
    answers = sections.searches([*bodies, *([] if known else [_by_year(matches.admitted, _sizes(where))])])
    if known is None:
        known = AllByYear(
            _counts(answers[-1]),
            _counts_of_reports(answers[-1]),
            {year: _characters(bucket, where) for year, bucket in _buckets(answers[-1])},
        )
        totals.keep(key, known)
    found, reports = _counts(answers[0]), _counts_of_reports(answers[0])
    occurrences = Counter[int | None]()
    if matches.counted is None:
        for (_, year), number in matches.occurrences("year").items():
            occurrences[year] += number
    for strings, answer in zip(passes, answers, strict=False):
        for year, bucket in _buckets(answer):
            occurrences[year] += occurrences_of(bucket, unit_of(strings))
    return tuple(
        TrendPoint(
            year=year,
            occurrences=occurrences[year] if matches.has_text else None,
            sections=found[year],
            reports=reports[year],
            characters=known.characters[year],
            all_sections=known.sections[year],
            all_reports=known.reports[year],
        )
        for year in sorted(known.sections, key=lambda year: (year is None, year or 0))
    )


def rows(matches: Matches, agencies: Mapping[str, Agency]) -> tuple[tuple[int | None, ...], tuple[MatrixRow, ...]]:
    """Returns the years from the first to the last, and a row for each agency with sections that pass the filters."""
    where = matches.scope.where
    admitted, written = dict[Cell, int](), Counter[Cell]()
    for cell, bucket in matches.cells(matches.admitted, _sizes(where) | _written(where)):
        admitted[cell] = _characters(bucket, where)
        written[cell] = round(bucket["written"]["value"])
    held = {cell for cell, _ in matches.cells(SECTION, {})}
    counted = Counter[Cell]()
    if matches.has_text:
        for (agency, year), number in matches.occurrences("agency").items():
            counted[str(agency), year] += number
    else:
        counted.update({cell: bucket["doc_count"] for cell, bucket in matches.cells(matches.clause, {})})
    present = {year for _, year in admitted}
    dated = [year for year in present if year is not None]
    years: list[int | None] = [*range(min(dated), max(dated) + 1)] if dated else []
    years += [None] * (None in present)
    shown = {agency for agency, _ in admitted}
    return tuple(years), tuple(
        MatrixRow(agency.id, agency.name, tuple(_cells(agency.id, years, counted, written, admitted, held)))
        for agency in agencies.values()
        if agency.id in shown
    )


def _cells(
    agency: str,
    years: Sequence[int | None],
    counted: Counter[Cell],
    written: Counter[Cell],
    characters: Mapping[Cell, int],
    held: set[Cell],
) -> Iterator[MatrixCell]:
    for year in years:
        cell = agency, year
        if counted[cell]:
            yield MatrixCell(year, "said", counted[cell], characters.get(cell, 0))
        elif written[cell]:
            yield MatrixCell(year, "not_said", 0, characters.get(cell, 0))
        else:
            yield MatrixCell(year, "no_text" if cell in held else "no_report", None, characters.get(cell, 0))


def _by_year(clause: Clause, sums: Mapping[str, Any], *, reports: bool = True) -> Json:
    """Returns a search that counts sections by year, and their reports."""
    years: Json = {"terms": {"field": "year", "size": _YEARS, "missing": UNDATED}}
    parents = {"reports": {**REPORTS["reports"], "aggs": {"year": years}}} if reports else {}
    return {"size": 0, "track_total_hits": False, "query": clause, "aggs": {"year": years | {"aggs": sums}, **parents}}


def _buckets(found: Json) -> Iterator[tuple[int | None, Json]]:
    for bucket in found.get("aggregations", found)["year"]["buckets"]:
        yield None if bucket["key"] == UNDATED else bucket["key"], bucket


def _counts(found: Json) -> Counter[int | None]:
    return Counter({year: bucket["doc_count"] for year, bucket in _buckets(found)})


def _counts_of_reports(answer: Json) -> Counter[int | None]:
    return _counts(answer["aggregations"]["reports"])


def _sizes(where: Where) -> dict[str, Any]:
    return {name: {"sum": {"field": f"{name}_size"}} for name in texts_of(where)}


def _characters(bucket: Json, where: Where) -> int:
    return sum(round(bucket[name]["value"]) for name in texts_of(where))


def _written(where: Where) -> dict[str, Any]:
    """Counts the sections with text beside their heading."""
    total = " + ".join(f"doc['{name}_length'].value" for name in texts_of(where))
    heading = "doc['heading_length'].value" if where == "text" else "0"
    return {"written": {"sum": {"script": {"source": f"{total} > {heading} ? 1 : 0"}}}}
