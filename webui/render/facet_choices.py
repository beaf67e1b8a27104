"""Makes a button for each facet value and for each active filter that adds or removes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.answers.engine import Answer, FacetValue
from indexer.query.fields import FIELDS, UNDATED
from webui.http.i18n import agency_name, language
from webui.params.search_params import LOOKED_UP, SearchParams
from webui.render.chips import filter_label
from webui.render.labels import full_width

WITHOUT = "without"
"""The parameter that removes `FACET:VALUE`; `/search` redirects to the URL without both."""
ALL, SAMPLE = "*", "sample"
IN_VIEW = 12
"""Values of a facet beside the hits; the page of the facet has all."""


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value as a button; its `name` and `given` add the value, or remove it if it is active."""

    label: str
    count: int
    chosen: bool
    name: str
    given: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet with its first values; `more` is true if there are others."""

    code: str
    name: str
    choices: tuple[FacetChoice, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Lift:
    """An active filter as a button that removes it."""

    facet: str
    label: str
    given: str


def beside(state: SearchParams, answer: Answer) -> Iterator[FacetView]:
    """The facets beside the hits."""
    for code in LOOKED_UP:
        choices = in_order(state, code, answer.facets.get(code, ()))
        if choices:
            yield FacetView(code, FIELDS[code].title(language()), choices[:IN_VIEW], len(choices) > IN_VIEW)


def in_order(state: SearchParams, facet: str, values: Sequence[FacetValue]) -> tuple[FacetChoice, ...]:
    """The values as choices, active ones first, so that they can be removed here."""
    return tuple(sorted((choice(state, facet, value) for value in values), key=lambda each: not each.chosen))


def choice(state: SearchParams, facet: str, value: FacetValue) -> FacetChoice:
    given = spelled(facet, value)
    label = full_width(value.label, language()) if FIELDS[facet].codes else value.label
    label = agency_name(label) if facet == "agency" else label
    chosen = state.has(facet, given)
    return FacetChoice(label, value.count, chosen, *((WITHOUT, f"{facet}:{given}") if chosen else (facet, given)))


def lifts(state: SearchParams, answer: Answer) -> Iterator[Lift]:
    """Each active filter with its name from the answer; a sample counts as a filter."""
    if state.sample is not None:
        drawn = f"{min(state.sample, answer.total.sections)} / {answer.total.sections} (seed {state.seed})"
        yield Lift("随机抽样" if language() == "zh" else "Random sample", drawn, SAMPLE)
    for facet, value in state.chosen():
        known = {spelled(facet, found): found.label for found in answer.facets.get(facet, ())}
        yield Lift(FIELDS[facet].title(language()), filter_label(facet, value, known), f"{facet}:{value}")


def left(state: SearchParams, taken: Sequence[str]) -> SearchParams:
    """The search without filters, each `FACET:VALUE`, or `*` for all; inactive ones are ignored."""
    if ALL in taken:
        return state.without_filters().without_sample()
    if SAMPLE in taken:
        state = state.without_sample()
    for facet, _, value in (each.partition(":") for each in taken):
        if state.has(facet, value):
            state = state.toggled(facet, value)
    return state


def spelled(facet: str, value: FacetValue) -> str:
    """The filter value of a facet value."""
    return UNDATED if facet == "year" and value.value is None else str(value.value)
