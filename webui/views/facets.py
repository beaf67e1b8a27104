"""`/search/FACET`: the values of one facet that narrow a search, each with its count.

A value is a button of the form with the search box (`macros/common.html`), so the page holds the state once and not in
each of a hundred links.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, render_template, request

from indexer.answers.engine import Answer, FacetValue
from indexer.query.fields import FIELDS
from indexer.query.request import Request
from webui.data_access import index
from webui.http.i18n import language, link_asking
from webui.params.search_params import LONGEST_VALUE, LOOKED_UP, read_search_params
from webui.render.facet_choices import in_order, lifts

facets = Blueprint("facets", __name__)


@facets.get("/search/<facet>")
def page(facet: str) -> str:
    """Shows the values of one facet, or those that `?find=` finds by characters, pinyin or initials."""
    state, find = read_search_params(request.args), request.args.get("find", "").strip()
    answer, values = looked_up(state.request(language()), facet, find)
    listed = FIELDS[facet].listed
    return render_template(
        "facets/page.html",
        state=state,
        answer=answer,
        facet=facet,
        title=FIELDS[facet].title(language()),
        find=find,
        choices=in_order(state, facet, values),
        cut=listed if len(values) == listed else None,
        lifts=tuple(lifts(state, answer)),
        back=link_asking("search.results", state.arguments()),
    )


def looked_up(asked: Request, facet: str, find: str) -> tuple[Answer, tuple[FacetValue, ...]]:
    """The answer without hits, and the most frequent values of the facet or those that match `find`.

    Raises:
        HTTPException: 404 for an unknown facet.
    """
    if facet not in LOOKED_UP:
        abort(404)
    engine = index()
    answer = engine.search(replace(asked, limit=0, offset=0, readings=False))
    return answer, engine.facet(asked, facet, find[:LONGEST_VALUE]) if find else answer.facets[facet]
