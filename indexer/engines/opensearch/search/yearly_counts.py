"""Counts by year, and by agency and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.model import Agency
from indexer.answers.trends import MatrixCell, MatrixRow, TrendPoint
from indexer.engines.opensearch.connection.cluster_client import Json
from indexer.engines.opensearch.search.facet_counts import UNDATED
from indexer.engines.opensearch.search.leaf_queries import SECTION, Clause
from indexer.engines.opensearch.search.matches import Matches
from indexer.engines.opensearch.search.stored_sections import texts_of
from indexer.engines.opensearch.search.tree_queries import with_section
from indexer.query.ast import Where

Cell = tuple[str, int | None]

_YEARS = 10_000


def points(matches: Matches) -> tuple[TrendPoint, ...]:
    """Returns a point for each year with sections that pass the filters, unknown years last."""
    where = matches.scope.where
    bodies = [
        _by_year(matches.admitted, _sizes(where)),
        _by_year(with_section(matches.admitted)),
        _by_year(matches.clause),
        _by_year(with_section(matches.clause)),
    ]
    answers = matches.sections.cluster.searches(matches.sections.index, bodies)
    all_sections, all_reports, sections, reports = map(_counts, answers)
    characters = {year: _characters(bucket, where) for year, bucket in _buckets(answers[0])}
    occurrences = (
        {year: number for (_, year), number in matches.occurrences("year").items()} if matches.has_text else None
    )
    return tuple(
        TrendPoint(
            year=year,
            occurrences=None if occurrences is None else occurrences.get(year, 0),
            sections=sections[year],
            reports=reports[year],
            characters=characters[year],
            all_sections=all_sections[year],
            all_reports=all_reports[year],
        )
        for year in sorted(all_sections, key=lambda year: (year is None, year or 0))
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


def _by_year(clause: Clause, sums: Mapping[str, Any] | None = None) -> Json:
    terms = {"field": "year", "size": _YEARS, "missing": UNDATED}
    return {"size": 0, "query": clause, "aggs": {"year": {"terms": terms, "aggs": sums or {}}}}


def _buckets(answer: Json) -> Iterator[tuple[int | None, Json]]:
    for bucket in answer["aggregations"]["year"]["buckets"]:
        yield None if bucket["key"] == UNDATED else bucket["key"], bucket


def _counts(answer: Json) -> Counter[int | None]:
    return Counter({year: bucket["doc_count"] for year, bucket in _buckets(answer)})


def _sizes(where: Where) -> dict[str, Any]:
    return {name: {"sum": {"field": f"{name}_size"}} for name in texts_of(where)}


def _characters(bucket: Json, where: Where) -> int:
    return sum(round(bucket[name]["value"]) for name in texts_of(where))


def _written(where: Where) -> dict[str, Any]:
    """Counts the sections with text beside their heading."""
    total = " + ".join(f"doc['{name}_length'].value" for name in texts_of(where))
    heading = "doc['heading_length'].value" if where == "text" else "0"
    return {"written": {"sum": {"script": {"source": f"{total} > {heading} ? 1 : 0"}}}}
