"""`/search`: hits, totals, facets, and years as bars."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext

from indexer.answers.engine import Answer, FacetValue
from indexer.answers.tables_note import tables_note
from indexer.query.fields import UNDATED
from indexer.query.values import years
from webui.data_access import index
from webui.http.i18n import language, link, link_asking
from webui.params.cited_param import cited_count
from webui.params.count_params import CountParams
from webui.params.search_params import PAGE_SIZE, SORTS, UNITS, SearchParams, read_search_params
from webui.render.examples import EXAMPLES
from webui.render.facet_choices import WITHOUT, FacetChoice, beside, choice, left, lifts
from webui.render.highlight import marked
from webui.render.labels import tolerance_name
from webui.render.pagination import last_page, pages_near
from webui.render.report_groups import MOST_PAGES, groups

search = Blueprint("search", __name__)

SORT_NAMES: dict[str, LazyString] = {
    "relevance": lazy_gettext("按相关度"),
    "year": lazy_gettext("按年份升序"),
    "-year": lazy_gettext("按年份降序"),
}
UNIT_NAMES: dict[str, LazyString] = {"section": lazy_gettext("按章节"), "report": lazy_gettext("按报告")}
EXPORTS = (("csv", "CSV"), ("json", "JSON"), ("ris", "RIS"), ("bib", "BibTeX"), ("csl.json", "CSL-JSON"))
READING_NAMES: dict[str, LazyString] = {
    "words": lazy_gettext("按词"),
    "exact": lazy_gettext("精确匹配"),
    "whole": lazy_gettext("全词匹配"),
}
MOST_BARS = 60
LONGEST_LINK = 1_000
"""Characters of a link that repeats the query and all filters."""
MOST_MARKED = 80
"""Characters of a query that links to reports carry, so that its hits are marked there."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A year as a bar; `height` is a percentage of the tallest, `chosen` whether a filter selects the year.

    A year without hits has no `choice`.
    """

    year: int
    count: int
    height: float
    chosen: bool
    choice: FacetChoice | None


@search.get("/search")
def results() -> ResponseReturnValue:
    """Shows the hits, or examples without a query."""
    state = read_search_params(request.args, PAGE_SIZE)
    if taken := request.args.getlist(WITHOUT):  # a search has one URL
        return redirect(_address(left(state, taken)))
    if not state.asked:
        return render_template("search/empty.html", state=state, examples=EXAMPLES)
    engine, asked = index(), state.request(language())
    note = tables_note((state.query,))
    to_tables = _address(state.asking("".join(note.in_tables)))
    by_report = state.group == "report" and state.sample is None  # samples consist of sections
    answer = engine.search(replace(asked, limit=0) if by_report else asked)
    found = answer.total.reports if by_report else answer.total.sections
    last = last_page(min(found, state.sample or found), state.limit)
    shown = min(last, MOST_PAGES) if by_report else last
    return render_template(
        "search/results.html",
        state=state,
        answer=answer,
        cited=cited_count(request.args, answer),
        note=note,
        to_tables=to_tables if len(to_tables) <= LONGEST_LINK else None,
        lifts=tuple(lifts(state, answer)),
        facets=tuple(beside(state, answer)),
        undated=_undated(state, answer),
        bars=_bars(state, answer.facets.get("year", ())),
        sorts=[("sort", sort, SORT_NAMES[sort], sort == state.sort) for sort in SORTS],
        groups=groups(engine, asked, state.page, state.limit) if by_report and state.page <= shown else (),
        units=[("group", unit, UNIT_NAMES[unit], unit == state.group) for unit in UNITS],
        marked=marked,
        tolerance_name=tolerance_name,
        corrections=[(each, _address(state.asking(each.query))) for each in answer.did_you_mean],
        last=shown,
        left_out=last > shown,
        pages=pages_near(state.page, shown),
        readings=[
            (READING_NAMES[other.kind], other, _address(state.asking(other.query))) for other in answer.readings[1:]
        ],
        question=CountParams((state.query,) if state.query.strip() else (), state.filters),
        query=state.query if len(state.query) <= MOST_MARKED else None,
        api=link("api.search_json", **state.grouped_by("section").at(1 if by_report else state.page).arguments()),
        exports=[(name, link("export.file", suffix=suffix)) for suffix, name in EXPORTS],
        feed=link("export.feed", **state.at(1).arguments()),
    )


def _address(state: SearchParams) -> str:
    return link_asking("search.results", state.arguments())


def _undated(state: SearchParams, answer: Answer) -> FacetChoice | None:
    for value in answer.facets.get("year", ()):
        if value.value is None:
            return choice(state, "year", value)
    return None


def _bars(state: SearchParams, values: tuple[FacetValue, ...]) -> tuple[Bar, ...]:
    counts: dict[int, FacetValue] = {value.value: value for value in values if isinstance(value.value, int)}
    if not counts:
        return ()
    tallest = max(value.count for value in counts.values())
    asked = [years(value) for value in state.filters.get("year", ()) if value.casefold() != UNDATED]

    def bar(year: int) -> Bar:
        value = counts.get(year)
        chosen = any(each.holds(year) for each in asked)
        if value is None:
            return Bar(year, 0, 0.0, chosen, None)
        return Bar(year, value.count, 100 * value.count / tallest, chosen, choice(state, "year", value))

    # Years without hits are shown, unless a misprinted year would make the row very long.
    first, last = min(counts), max(counts)
    return tuple(map(bar, range(first, last + 1) if last - first < MOST_BARS else sorted(counts)))
