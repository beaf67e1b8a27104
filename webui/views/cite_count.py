"""`/search/cite`: references to the totals of a search; `/search/snapshot.zip`: all of it, to deposit with a paper."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.export.citations.count import COUNT_STYLES, CitedTotals, CountCitation, count_references
from indexer.answers.count_citation import cite_count
from indexer.answers.engine import Answer, Engine
from indexer.answers.snapshot import snapshot_pieces
from webui.data_access import index
from webui.http.i18n import language, link
from webui.http.streaming import streamed
from webui.params.cited_param import CITED
from webui.params.count_params import CountParams
from webui.params.search_params import read_search_params
from webui.params.validators import missing_query

counting = Blueprint("counting", __name__)


@counting.get("/search/cite")
def page() -> ResponseReturnValue:
    """Shows the references to the totals of a search; its order, pages and sample do not matter."""
    if not (question := asked()).arguments():
        return redirect(link("search.results"))
    answer, citation = cited(index(), question)
    return render_template(
        "cite_count/page.html",
        question=question,
        answer=answer,
        citation=citation,
        references=[*count_references(citation)],
        api=link("api.count_citation", **question.arguments()),
    )


@counting.get("/search/cite.<style>")
def file(style: str) -> Response:
    """Sends the reference in one style as a file."""
    if style not in COUNT_STYLES:
        abort(404)
    _, citation = cited(index(), asked())
    wanted = COUNT_STYLES[style]
    response = Response(wanted.write(citation), mimetype=wanted.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{citation.id}.{style}")
    return response


@counting.get("/search/snapshot.zip")
def snapshot() -> Response:
    """Streams the snapshot of a search."""
    engine, question = index(), asked()
    answer, citation = cited(engine, question)
    pieces = snapshot_pieces(engine, question.request(language()), answer, citation)
    return streamed(pieces, "application/zip", f"{citation.id}.zip")


def asked() -> CountParams:
    state = read_search_params(request.args)
    return CountParams((state.query,) if state.query.strip() else (), state.filters)


def cited(engine: Engine, question: CountParams) -> tuple[Answer, CountCitation]:
    """The totals of a question and their citation. Its URL is the Chinese one in every language.

    Raises:
        ParameterError: for a question without a query and filters.
    """
    if not question.arguments():
        raise missing_query(or_filter=True)

    def address(totals: CitedTotals) -> str:
        arguments = {**question.arguments(), CITED: str(totals)}
        return url_for("zh.search.results", _external=True, **arguments)  # type: ignore[arg-type]

    return cite_count(engine, question.request(language()), date.today(), address)
