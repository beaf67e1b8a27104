"""`/search`: hits, totals, facets that can be added and lifted, the years as bars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from flask_babel import LazyString, lazy_gettext

from indexer import FIELDS, UNDATED, Answer, FacetValue, years
from webui.chips import Chip, filter_label
from webui.examples import EXAMPLES
from webui.grouping import MOST_PAGES, groups
from webui.labels import full_width
from webui.language import language, link, link_asking
from webui.marking import marked
from webui.questions import Question
from webui.rooms import index
from webui.state import SORTS, UNITS, State, read_state

search = Blueprint("search", __name__)

SORT_NAMES: dict[str, LazyString] = {
    "relevance": lazy_gettext("最相关的在前"),
    "year": lazy_gettext("年份由远到近"),
    "-year": lazy_gettext("年份由近到远"),
}
UNIT_NAMES: dict[str, LazyString] = {"section": lazy_gettext("按栏目"), "report": lazy_gettext("按报告")}
EXPORTS = (("csv", "CSV"), ("json", "JSON"), ("ris", "RIS"), ("bib", "BibTeX"), ("csl.json", "CSL-JSON"))
READING_NAMES: dict[str, LazyString] = {
    "words": lazy_gettext("按词"),
    "exact": lazy_gettext("一字不差"),
    "whole": lazy_gettext("作为整个的词"),
}
IN_VIEW = 12  # values of a facet that stand open; the others unfold
UNFOLDED = 100
MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet value as a link that adds it or, where it is in force, takes it away."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: the values in view and the ones that unfold; `beyond` counts those not even listed."""

    code: str
    name: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]
    beyond: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A year in the picture of years; `height` in percent of the tallest. A year without hits has no address."""

    year: int
    count: int
    height: float
    chosen: bool
    address: str | None


@search.get("/search")
def results() -> str:
    """The answer to the state in the address; without a question, how to ask one."""
    state = read_state(request.args)
    if not state.asked:
        return render_template("search/empty.html", state=state, examples=EXAMPLES)
    engine, asked = index().current(), state.request(language())
    by_report = state.group == "report" and state.sample is None  # what is drawn are sections
    answer = engine.search(replace(asked, limit=0) if by_report else asked)
    found = answer.total.reports if by_report else answer.total.sections
    last = max(1, -(-min(found, state.sample or found) // state.limit))
    shown = min(last, MOST_PAGES) if by_report else last
    return render_template(
        "search/results.html",
        state=state,
        answer=answer,
        chips=tuple(_chips(state, answer)),
        facets=tuple(_facet(state, code, answer.facets.get(code, ())) for code in FIELDS if code != "year"),
        undated=_undated(state, answer),
        bars=_bars(state, answer.facets.get("year", ())),
        sorts=[(SORT_NAMES[sort], sort == state.sort, _address(state.sorted_by(sort))) for sort in SORTS],
        address=_address,
        at=lambda wanted: _address(state.at(wanted)),
        groups=groups(engine, asked, state.page, state.limit) if by_report and state.page <= shown else (),
        units=[(UNIT_NAMES[unit], unit == state.group, _address(state.grouped_by(unit))) for unit in UNITS],
        any_year=_address(replace(state, filters={k: v for k, v in state.filters.items() if k != "year"}, page=1)),
        marked=marked,
        last=shown,
        left_out=last > shown,
        pages=pages_near(state.page, shown),
        readings=[
            (READING_NAMES[other.kind], other, _address(state.asking(other.query))) for other in answer.readings[1:]
        ],
        question=Question((state.query,) if state.query.strip() else (), state.filters),
        api=link("api.search_json", **state.grouped_by("section").at(1 if by_report else state.page).arguments()),
        exports=[(name, link("export.file", suffix=suffix, **state.at(1).arguments())) for suffix, name in EXPORTS],
        feed=link("export.feed", **state.at(1).arguments()),
    )


def _address(state: State) -> str:
    return link_asking("search.results", state.arguments())


def _spelled(facet: str, value: FacetValue) -> str:
    return UNDATED if facet == "year" and value.value is None else str(value.value)


def _choice(state: State, facet: str, value: FacetValue) -> Choice:
    spelled = _spelled(facet, value)
    label = full_width(value.label, language()) if FIELDS[facet].codes else value.label
    return Choice(label, value.count, state.has(facet, spelled), _address(state.toggled(facet, spelled)))


def _facet(state: State, code: str, values: tuple[FacetValue, ...]) -> Facet:
    choices = [_choice(state, code, value) for value in values]
    # What is in force stays in sight, or it could not be taken away here.
    choices = [c for c in choices if c.chosen] + [c for c in choices if not c.chosen]
    shown, more = choices[:IN_VIEW], choices[IN_VIEW:UNFOLDED]
    return Facet(code, FIELDS[code].title(language()), tuple(shown), tuple(more), len(choices[UNFOLDED:]))


def _undated(state: State, answer: Answer) -> Choice | None:
    for value in answer.facets.get("year", ()):
        if value.value is None:
            return _choice(state, "year", value)
    return None


def _bars(state: State, values: tuple[FacetValue, ...]) -> tuple[Bar, ...]:
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
        return Bar(year, value.count, 100 * value.count / tallest, chosen, _choice(state, "year", value).address)

    # Gaps are part of the picture, unless a misprinted year would make it endless.
    first, last = min(counts), max(counts)
    return tuple(map(bar, range(first, last + 1) if last - first < MOST_BARS else sorted(counts)))


def _chips(state: State, answer: Answer) -> Iterator[Chip]:
    if state.sample is not None:
        name = "随机抽样" if language() == "zh" else "Random sample"
        drawn = f"{min(state.sample, answer.total.sections)} / {answer.total.sections} (seed {state.seed})"
        yield Chip(name, drawn, _address(state.without_sample()))
    for facet, value in state.chosen():
        known = {_spelled(facet, found): found.label for found in answer.facets.get(facet, ())}
        yield Chip(
            FIELDS[facet].title(language()), filter_label(facet, value, known), _address(state.toggled(facet, value))
        )


def pages_near(page: int, last: int) -> tuple[int | None, ...]:
    """Pages to link to: the ends, and those around this one; None is a gap."""
    near = sorted({1, last, *range(page - 2, page + 3)} & set(range(1, last + 1)))
    pages: list[int | None] = []
    for number in near:
        if pages and number != (pages[-1] or 0) + 1:
            pages.append(None)
        pages.append(number)
    return tuple(pages)
