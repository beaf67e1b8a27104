"""`/distinctive` and `/reports/AGENCY/KEY/similar`: keywords of a result and similar sections, for exploration."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from archive.errors import NotFound
from indexer.answers.engine import Answer, Hit
from indexer.answers.related_sections import related_sections
from indexer.answers.suggest import DistinctiveKeyword
from webui.data_access import index
from webui.http.i18n import language, link
from webui.params.count_params import KEYWORDS_LISTED, SIMILAR_LISTED, CountParams, read_count_params
from webui.params.path_params import find_report, section_at
from webui.render.chips import chips
from webui.render.examples import EXAMPLES
from webui.render.labels import section_label

exploring = Blueprint("exploring", __name__)


@exploring.get("/distinctive")
def distinctive() -> str:
    """Shows keywords that are more frequent in a result than in the archive, or examples without a query."""
    question = read_count_params(request.args)
    if not question.queries and not question.filters:
        return render_template("explore/empty.html", question=question, examples=EXAMPLES)
    answer, words = set_apart(question, KEYWORDS_LISTED)
    return render_template(
        "explore/distinctive.html",
        question=question,
        answer=answer,
        words=[(word, question.of("keyword", word.keyword).hits()) for word in words],
        chips=chips(question, lambda wanted: link("exploring.distinctive", **wanted.arguments())),
        api=link("api.distinctive", **question.arguments()),
    )


@exploring.get("/reports/<agency>/<key>/similar")
def similar(agency: str, key: str) -> str:
    """Shows the sections most similar to `?section=`, or to the first section."""
    report = find_report(agency, key)
    section = section_at(report, request.args.get("section")) or report.sections[0]
    hits, unindexed = tuple[Hit, ...](), None
    try:
        _, hits = related_sections(index(), report, section, SIMILAR_LISTED)
    except NotFound as error:
        unindexed = error.message(language())
    return render_template(
        "explore/similar.html",
        report=report,
        section=section,
        hits=hits,
        unindexed=unindexed,
        section_label=section_label,
    )


def set_apart(question: CountParams, most: int) -> tuple[Answer, tuple[DistinctiveKeyword, ...]]:
    """The totals of a result and its `most` distinctive keywords, best first."""
    asked = replace(question.request(language()), facets=(), readings=False)
    engine = index()  # the same generation for both
    return engine.search(asked), engine.distinctive(asked, most)
