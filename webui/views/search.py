"""`/search`: hits, totals, facets, and years as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext
from werkzeug.urls import uri_to_iri

from indexer.answers.engine import Answer, Engine, SentenceList
from indexer.answers.tables_note import tables_note
from indexer.answers.trends import TrendPoint
from indexer.query.ast import In, Not, scope_of
from indexer.query.fields import UNDATED
from indexer.query.parser import parse
from indexer.query.query_form import conjuncts, scoped, written
from indexer.query.request import Request
from indexer.query.values import years
from webui.data_access import index, page_reports
from webui.http.i18n import language, link, link_asking
from webui.params.cited_param import cited_count
from webui.params.count_params import CountParams
from webui.params.search_params import (
    PAGE_SIZE,
    SENTENCES,
    SORTS,
    UNITS,
    YEARS,
    SearchParams,
    Sentences,
    read_asked_params,
    read_search_params,
    read_years,
)
from webui.render.examples import EXAMPLES
from webui.render.facet_choices import WITHOUT, FacetChoice, beside, choice, left, lifts
from webui.render.highlight import marked
from webui.render.labels import tolerance_name
from webui.render.pagination import last_page, pages_near
from webui.render.pictures.charts import PictureBar, column_chart
from webui.render.pictures.files import PictureFiles, counted_text, drawn, picture_files, send_picture
from webui.render.pictures.framed import Picture
from webui.render.report_groups import MOST_PAGES, groups
from webui.render.search_page.term_links import term_links
from webui.render.search_page.year_bars import Bar, year_bars

search = Blueprint("search", __name__)

_Context: TypeAlias = dict[str, object]
"""Variables of the template."""
SORT_NAMES: dict[str, LazyString] = {
    "relevance": lazy_gettext("按相关度"),
    "year": lazy_gettext("按年份升序"),
    "-year": lazy_gettext("按年份降序"),
}
SENTENCE_NAMES: dict[Sentences, LazyString] = {
    "once": lazy_gettext("相同句子只列一次"),
    "all": lazy_gettext("全部列出"),
}
UNIT_NAMES: dict[str, LazyString] = {"section": lazy_gettext("按章节"), "report": lazy_gettext("按报告")}
EXPORTS = (("csv", "CSV"), ("json", "JSON"), ("ris", "RIS"), ("bib", "BibTeX"), ("csl.json", "CSL-JSON"))
READING_NAMES: dict[str, LazyString] = {
    "words": lazy_gettext("按词"),
    "exact": lazy_gettext("精确匹配"),
    "whole": lazy_gettext("全词匹配"),
}
BYTES_OF_HIT = 770
"""Bytes of a line of the CSV file beside the query and its interpretation."""
PREFACE = "preface"
LONGEST_LINK = 1_000
"""Characters of a link that repeats the query and all filters."""
MOST_MARKED = 80
"""Characters of a query that links to reports carry, so that its hits are marked there."""


@search.get("/search")
def results() -> ResponseReturnValue:
    """Shows the hits, or examples without a query."""
    state = read_search_params(request.args, PAGE_SIZE)
    if taken := request.args.getlist(WITHOUT):  # a search has one URL
        return redirect(_address(left(state, taken)))
    if not request.args.keys().isdisjoint(YEARS):
        return redirect(_address(state.in_years(*read_years(request.args))))
    if not state.asked:
        return render_template("search/empty.html", state=state, examples=EXAMPLES)
    return _results_page(state)


def _results_page(state: SearchParams) -> str:
    engine, asked = index(), state.request(language())
    note = tables_note((state.query,))
    to_tables = _address(state.asking("".join(note.in_tables)))
    by_report = state.group == "report" and state.sample is None  # samples consist of sections
    answer = engine.search(replace(asked, limit=0) if by_report else asked)
    listing = None if by_report else _once(engine, state, asked, answer)
    found = listing.total if listing else answer.total.reports if by_report else answer.total.sections
    bars = year_bars(state, answer, *_by_year(engine, state))
    last = last_page(min(found, state.sample or found), state.limit)
    shown = min(last, MOST_PAGES) if by_report else last
    return render_template(
        "search/results.html",
        state=state,
        answer=answer,
        page_reports=page_reports(state.query),
        cited=cited_count(request.args, answer),
        note=note,
        to_tables=to_tables if len(to_tables) <= LONGEST_LINK else None,
        lifts=tuple(lifts(state, answer)),
        facets=tuple(beside(state, answer)),
        undated=_undated(state, answer),
        bars=bars,
        span=_span(state),
        terms=None if answer.total.sections or answer.agencies else term_links(engine, asked),
        address=lambda query: _address(state.asking(query)),
        listing=listing,
        without_preface=_without_preface(state, answer),
        groups=groups(engine, asked, state.page, state.limit) if by_report and state.page <= shown else (),
        marked=marked,
        tolerance_name=tolerance_name,
        last=shown,
        left_out=last > shown,
        pages=pages_near(state.page, shown),
        question=_question(state),
        query=state.query if len(state.query) <= MOST_MARKED else None,
        **_choices(state, answer, listing, by_report=by_report),
        **_other_queries(state, answer),
        **_exports(state, answer, bars, same_pages=not by_report and listing is None),
    )


def _choices(state: SearchParams, answer: Answer, listing: SentenceList | None, *, by_report: bool) -> _Context:
    """How hits are sorted, grouped and listed: the parameter, its value, the name, and whether it is chosen."""
    has_sentences = answer.total.occurrences and not by_report and state.sample is None
    listed: Sentences = "once" if listing else "all"
    return {
        "sorts": [("sort", sort, SORT_NAMES[sort], sort == state.sort) for sort in SORTS],
        "units": [("group", unit, UNIT_NAMES[unit], unit == state.group) for unit in UNITS],
        "sentences": [("sentences", each, SENTENCE_NAMES[each], each == listed) for each in SENTENCES if has_sentences],
    }


def _other_queries(state: SearchParams, answer: Answer) -> _Context:
    """Corrections and other interpretations, each with its totals and its search."""
    corrections = [(written(parse(each.query), language()), each.total) for each in answer.did_you_mean]
    differ = any(each.total != answer.total for each in answer.readings)  # else the choice makes no difference
    readings = answer.readings[1:] if differ else ()
    return {
        "corrections": [(query, total, _address(state.asking(query))) for query, total in corrections],
        "readings": [(READING_NAMES[each.kind], each, _address(state.asking(each.query))) for each in readings],
    }


def _exports(state: SearchParams, answer: Answer, bars: Sequence[Bar], *, same_pages: bool) -> _Context:
    """The files, the feed and the API address of the search."""
    return {
        "files": _files(state, answer, bars),
        "exports": [(name, link("export.file", suffix=suffix)) for suffix, name in EXPORTS],
        "bytes_per_hit": BYTES_OF_HIT + len(f"{answer.query}{answer.reading}".encode()),
        "api": link("api.search_json", **_uncollapsed(state, same_pages=same_pages).arguments()),
        "feed": link("export.feed", **state.without_sentences().at(1).arguments()),
        "feed_address": _feed_address(state),
    }


@search.get("/search/years.<any(svg, png):suffix>")
def picture(suffix: str) -> Response:
    """Sends the years of the hits as columns; 404 if there are none."""
    state = read_asked_params(request.args)
    engine = index()
    answer = engine.search(replace(state.request(language()), limit=0, offset=0))
    if not answer.total.sections:
        abort(404)
    bars = year_bars(state, answer, *_by_year(engine, state))
    return send_picture(_drawn(_question(state), answer, bars), suffix, "gongkai-years")


def _without_preface(state: SearchParams, answer: Answer) -> tuple[int, str] | None:
    """How many of the sections are no preface, which most reports begin alike, and the search for them.

    None where that is no choice: all or none of the sections are, or sections are chosen already.
    """
    prefaces = sum(each.count for each in answer.facets.get("section", ()) if each.value == PREFACE)
    scope = scope_of(parse(state.query or "")) if 0 < prefaces < answer.total.sections else None
    if scope is None or scope.unit != "section" or "section" in state.filters:
        return None
    tree = scoped((*conjuncts(scope.part), Not(In("section", PREFACE))), scope.where, scope.unit)
    return answer.total.sections - prefaces, _address(state.asking(written(tree, language())))


def _files(state: SearchParams, answer: Answer, bars: Sequence[Bar]) -> PictureFiles | None:
    question = _question(state)
    if not answer.total.sections or _feed_address(state) is None:  # five addresses of this length
        return None
    csv = link("trends.csv_file", **question.arguments()) if question.queries else None
    text = counted_text(question)
    return picture_files("search.results", question.arguments(), text, _drawn(question, answer, bars), csv)


def _drawn(question: CountParams, answer: Answer, bars: Sequence[Bar]) -> Picture:
    return drawn(
        "search.results",
        question.arguments(),
        gettext("各年命中的报告数"),
        counted_text(question),
        column_chart(
            [PictureBar(str(bar.year), f"{bar.reports:,}" if bar.reports else "", bar.height / 100) for bar in bars]
        ),
        version=answer.as_of.sentence(language()),
    )


def _feed_address(state: SearchParams) -> str | None:
    """The absolute address of the feed, for feed readers; None for one that is too long to copy."""
    address = url_for(f"{language()}.export.feed", _external=True, **state.without_sentences().at(1).arguments())  # type: ignore[arg-type]
    return uri_to_iri(address) if len(address) <= LONGEST_LINK else None


def _question(state: SearchParams) -> CountParams:
    return CountParams((state.query,) if state.query.strip() else (), state.filters)


def _address(state: SearchParams) -> str:
    return link_asking("search.results", state.arguments())


def _once(engine: Engine, state: SearchParams, asked: Request, answer: Answer) -> SentenceList | None:
    """The hits without those that have the sentences of an earlier one: if asked for, or if the first page needs it."""
    if not answer.total.occurrences or state.sample is not None or state.sentences == "all":
        return None
    if state.sentences is None and not engine.is_repetitive(replace(asked, offset=0)):
        return None
    return engine.collapsed(asked)


def _uncollapsed(state: SearchParams, *, same_pages: bool) -> SearchParams:
    """The search as the API has it: by section, with every hit; its pages are not those of another list."""
    return state.grouped_by("section").without_sentences().at(state.page if same_pages else 1)


def _by_year(engine: Engine, state: SearchParams) -> tuple[tuple[TrendPoint, ...], tuple[TrendPoint, ...]]:
    """The query and the archive by year."""
    filters = state.in_years(None, None).filters
    return engine.series(Request(state.query, filters=filters)).points, engine.series(Request()).points


def _span(state: SearchParams) -> tuple[int | None, int | None]:
    """The years that the filter of the search spans, for the two boxes beside the bars."""
    asked = [years(value) for value in state.filters.get("year", ()) if value.casefold() != UNDATED]
    return (asked[0].first, asked[0].last) if len(asked) == 1 else (None, None)


def _undated(state: SearchParams, answer: Answer) -> FacetChoice | None:
    for value in answer.facets.get("year", ()):
        if value.value is None:
            return choice(state, "year", value)
    return None
