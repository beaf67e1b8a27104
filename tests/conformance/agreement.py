"""What it means that an engine and the truth agree: sections, totals, spans, marks, snippets, facets, lines, years."""

from __future__ import annotations

from collections import Counter

from indexer.answers.engine import Answer, Engine
from indexer.answers.highlight import marks, snippets
from indexer.query.ast import Condition, Query, Scope, scope_of, walk
from indexer.query.fields import FIELDS
from indexer.query.parser import parse
from indexer.query.request import Request
from indexer.query.values import restrictions
from tests.conformance.truth import Row, Span, Truth, has_text


def agree(engine: Engine, truth: Truth, request: Request, tree: Query | None = None) -> Answer:
    """Asks an engine and the truth; returns the answer, on which they agree. Who knows the tree gives it."""
    answer = engine.search(request)
    tree = scope_of(parse(request.query) if tree is None else tree)
    filters = restrictions(request)
    rows = truth.sections(tree, filters)
    spans = {row.address: truth.spans(tree, row.form(tree.where)) for row in rows}
    assert sorted(hit.url for hit in answer.hits) == sorted(spans)
    assert answer.total.sections == len(rows)
    assert answer.total.reports == len({(row.report.agency, row.report.key) for row in rows})
    if has_text(tree):
        assert answer.total.occurrences == sum(map(len, spans.values()))
        assert {hit.url: hit.occurrences for hit in answer.hits} == {url: len(found) for url, found in spans.items()}
    else:
        assert answer.total.occurrences is None
    conditions = any(isinstance(node, Condition) for node, _ in walk(tree))
    without_figure = truth.reports_without_figure(tree, filters) if conditions else None
    assert answer.total.reports_without_figure == without_figure
    marked = {row.address: (row.text(tree.where), sorted(truth.marks(tree, row.form(tree.where)))) for row in rows}
    for hit in answer.hits[:3]:
        assert hit.snippets == snippets(*marked[hit.url], heading=hit.heading or "")
    for text, found in marked.values():
        assert marks(text, request.query, tree.where) == tuple(found)
    _facets_agree(answer, truth, request, tree)
    _lines_agree(engine, request, tree, rows, spans)
    _years_agree(engine, request, rows, spans)
    return answer


def _facets_agree(answer: Answer, truth: Truth, request: Request, tree: Scope) -> None:
    for name, field in FIELDS.items():
        counted = {value.value: value.count for value in answer.facets[name]}
        expected = truth.facet(name, tree, restrictions(request))
        if field.listed is None or len(expected) <= field.listed:
            assert counted == dict(expected), name
        else:  # the most frequent values, with their counts
            assert counted == {value: expected[value] for value in counted}, name
            assert sorted(counted.values()) == sorted(count for _, count in expected.most_common(field.listed)), name


def _lines_agree(engine: Engine, request: Request, tree: Scope, rows: list[Row], spans: dict[str, set[Span]]) -> None:
    """A line of the concordance for each span, with what stands there and beside it in its paragraph."""
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        text = row.text(tree.where)
        for start, end in spans[row.address]:
            left, right = text[:start].rpartition("\n")[2], text[end:].partition("\n")[0]
            expected[row.address, left[-5:], text[start:end], right[:5]] += 1
    lines = engine.concordance(request, width=5)
    assert Counter((line.url, line.left, line.hit, line.right) for line in lines) == expected


def _years_agree(engine: Engine, request: Request, rows: list[Row], spans: dict[str, set[Span]]) -> None:
    """Year by year, and agency by year, the same occurrences, sections and reports."""
    sections, reports, occurrences = Counter[int | None](), Counter[int | None](), Counter[int | None]()
    cells = Counter[tuple[str, int | None]]()
    for row in rows:
        sections[row.report.year] += 1
        occurrences[row.report.year] += len(spans[row.address])
        cells[row.report.agency, row.report.year] += len(spans[row.address])
    for _, year in {(row.report.agency + row.report.key, row.report.year) for row in rows}:
        reports[year] += 1
    points = engine.series(request).points
    assert {point.year: point.sections for point in points if point.sections} == dict(sections)
    assert {point.year: point.reports for point in points if point.reports} == dict(reports)
    if all(point.occurrences is not None for point in points):
        assert {point.year: point.occurrences for point in points if point.occurrences} == dict(+occurrences)
        counted = {(row.agency, cell.year): cell.count for row in engine.matrix(request).rows for cell in row.cells}
        assert {place: count for place, count in counted.items() if count} == dict(+cells)
