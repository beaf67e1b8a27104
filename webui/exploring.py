"""`/search/distinctive` and `/reports/AGENCY/KEY/related`: where to go on from a result or a section; no evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, render_template, request

from archive import Report, Section
from indexer import Answer, Distinctive, FacetValue, Hit, Request
from webui.facets import Choice, choice, lifts
from webui.language import language, link_asking
from webui.reports import find, section_of
from webui.rooms import index
from webui.state import State, read_state

exploring = Blueprint("exploring", __name__)

MOST_DISTINCTIVE = 40
MOST_RELATED = 10


@exploring.get("/search/distinctive")
def distinctive() -> str:
    """The words that set what is asked apart from the rest, each with its counts, and a filter by it."""
    state = read_state(request.args)
    answer, found = set_apart(state.request(language()))
    return render_template(
        "exploring/distinctive.html",
        state=state,
        answer=answer,
        words=tuple(_choices(state, found)),
        lifts=tuple(lifts(state, answer)),
        back=link_asking("search.results", state.arguments()),
    )


@exploring.get("/reports/<agency>/<key>/related")
def related(agency: str, key: str) -> str:
    """The sections most like the one that `?section=` names."""
    report = find(agency, key)
    section = section_of(report, request.args.get("section", ""))
    return render_template(
        "exploring/related.html", report=report, section=section, hits=like(report, section, MOST_RELATED)
    )


def set_apart(asked: Request) -> tuple[Answer, tuple[Distinctive, ...]]:
    """What is asked without its hits, and the keywords that it has more often than the rest of the archive."""
    engine = index().current()
    answer = engine.search(replace(asked, limit=0, offset=0, readings=False))
    return answer, engine.distinctive(asked, MOST_DISTINCTIVE)


def like(report: Report, section: Section, most: int) -> tuple[Hit, ...]:
    """The sections most like this one, the likest first; none where the index does not hold it yet."""
    return index().related(f"/reports/{report.agency}/{report.key}#{section.anchor}", most)


def _choices(state: State, found: tuple[Distinctive, ...]) -> Iterator[tuple[Choice, Distinctive]]:
    for word in found:
        yield choice(state, "keyword", FacetValue(word.keyword, word.keyword, word.count)), word
