"""`/distinctive` and `/reports/AGENCY/KEY/similar`: what leads on to something else; for exploring, not for citing."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from indexer.answers.engine import Answer
from indexer.answers.suggest import Distinctive
from webui.data_access import index
from webui.http.i18n import language, link
from webui.params.count_params import CountParams, read_count_params
from webui.render.chips import chips
from webui.render.examples import EXAMPLES
from webui.render.labels import section_label
from webui.views.reports import find, section_at

exploring = Blueprint("exploring", __name__)

WORDS, ALIKE = 40, 10
"""Words, and sections, that a page has."""


@exploring.get("/distinctive")
def distinctive() -> str:
    """The words that set a result apart from the rest of the archive; without a question, how to ask one."""
    question = read_count_params(request.args)
    if not question.queries and not question.filters:
        return render_template("exploring/empty.html", question=question, examples=EXAMPLES)
    answer, words = set_apart(question, WORDS)
    return render_template(
        "exploring/distinctive.html",
        question=question,
        answer=answer,
        words=[(word, question.of("keyword", word.keyword).hits()) for word in words],
        chips=chips(question, lambda wanted: link("exploring.distinctive", **wanted.arguments())),
        api=link("api.distinctive", **question.arguments()),
    )


@exploring.get("/reports/<agency>/<key>/similar")
def similar(agency: str, key: str) -> str:
    """The sections most like one of a report: `?section=` says which, the first one without it."""
    report = find(agency, key)
    section = section_at(report, request.args.get("section")) or report.sections[0]
    address = f"/reports/{report.agency}/{report.key}#{section.anchor}"
    return render_template(
        "exploring/similar.html",
        report=report,
        section=section,
        section_label=section_label,
        hits=index().related(address, ALIKE),
    )


def set_apart(question: CountParams, most: int) -> tuple[Answer, tuple[Distinctive, ...]]:
    """What is asked without its hits, and the words that it has more often than the rest, the most telling first."""
    asked = replace(question.request(language()), facets=(), readings=False)
    engine = index().current()  # one generation for both
    return engine.search(asked), engine.distinctive(asked, most)
