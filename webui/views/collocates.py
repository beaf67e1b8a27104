"""`/collocates`: the words near the occurrences of a query, each count linked to its lines in the concordance."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from archive.export.csv import csv_lines
from indexer.answers.collocates import (
    COLLOCATE_ORDERS,
    MOST_WINDOW,
    SIDES,
    Collocate,
    CollocateFilter,
    CollocateOptions,
    Collocates,
    Window,
    collocates_table,
)
from indexer.answers.tables_note import tables_note
from webui.data_access import index
from webui.http.i18n import language, link
from webui.http.streaming import streamed
from webui.params.collocate_params import MOST_COLLOCATES, collocate_arguments, filter_arguments, read_collocate_options
from webui.params.count_params import CountParams, read_count_params, read_counted_params
from webui.render.chips import chips
from webui.render.examples import EXAMPLES

collocates = Blueprint("collocates", __name__)

WORDS = 50
"""Words on a page."""


@dataclass(frozen=True, slots=True)
class CountLink:
    """A count and the URL of the concordance that lists as many lines; None for 0."""

    count: int
    address: str | None


@collocates.get("/collocates")
def page() -> str:
    """Shows the collocates of a query, or examples without one."""
    question = read_count_params(request.args)
    options = read_collocate_options(request.args, WORDS, WORDS)
    if not question.queries:
        return render_template("collocates/empty.html", question=question, examples=EXAMPLES)
    found = index().collocates(question.request(language()), options)
    years = [year.year for year in found.words[0].years] if found.words else []
    note = tables_note(question.queries)

    def address(wanted: CountParams, options: CollocateOptions = options) -> str:
        return link("collocates.page", **wanted.arguments(), **collocate_arguments(options))

    def lines(word: str, count: int, window: Window = options.window, asked: CountParams = question) -> CountLink:
        of_word = filter_arguments(CollocateFilter(word, window))
        return CountLink(count, link("concordance.page", **asked.arguments(), **of_word) if count else None)

    def by_year(word: Collocate) -> list[CountLink]:
        return [lines(word.word, each.observed, asked=question.of("year", each.year)) for each in word.years]

    return render_template(
        "collocates/page.html",
        question=question,
        options=options,
        found=found,
        words=[(word, lines(word.word, word.observed), by_year(word)) for word in found.words],
        years=years,
        window=options.window.sentence(language()),
        adjacent=[
            (name, [(each.word, lines(each.word, each.count, Window(1, side))) for each in words])
            for name, side, words in (
                (gettext("紧邻左侧的词"), SIDES[1], found.left),
                (gettext("紧邻右侧的词"), SIDES[2], found.right),
            )
        ],
        chips=chips(question, address),
        note=note,
        to_tables=address(replace(question, queries=note.in_tables)),
        sizes=[(str(size), str(size)) for size in range(1, MOST_WINDOW + 1)],
        sides=[*zip(SIDES, (gettext("左右两侧"), gettext("左侧"), gettext("右侧")), strict=True)],
        orders=[*zip(COLLOCATE_ORDERS, (gettext("显著偏多"), gettext("显著偏少"), gettext("按频次")), strict=True)],
        hidden=[*question.hidden(), *collocate_arguments(options).items()],
        csv_rows=min(found.total, MOST_COLLOCATES) * max(1, len(years)),
        csv=link("collocates.csv_file", **question.arguments(), **collocate_arguments(options)),
        api=link("api.collocates_json", **question.arguments(), **collocate_arguments(options)),
    )


@collocates.get("/collocates.csv")
def csv_file() -> Response:
    """Streams the collocates one a line, with years one a line for each year."""
    by_year = read_collocate_options(request.args, MOST_COLLOCATES).by_year
    columns, rows = collocates_table(counted(), language(), by_year=by_year)
    return streamed(csv_lines(columns, rows), "text/csv", "gongkai-collocates.csv")


def counted() -> Collocates:
    """Returns the collocates of the URL, as many as a file has."""
    options = read_collocate_options(request.args, MOST_COLLOCATES)
    return index().collocates(read_counted_params(request.args).request(language()), options)
