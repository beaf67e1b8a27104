"""`/api/…`: the answers of the pages as JSON, and `/healthz` for operators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from flask import Blueprint, Response, current_app, jsonify, request
from msgspec import Meta

from archive.agencies.name_search import AgencyMatch
from archive.analysis.compare import compare
from archive.analysis.computed import figure_name
from archive.export.citations.count import CitedTotals, count_references, read_cited
from archive.export.json import (
    AGENCY,
    COMPARISON,
    COVERAGE,
    FOUND_AGENCY,
    REPORT,
    SOURCE,
    agency_entry,
    comparison_json,
    coverage_json,
    report_json,
    source_json,
)
from archive.export.json_types import Json, json_pieces, record, shape
from archive.export.notice_list import NOTICES, notices_json
from archive.store.curation.notice_reviews import REVIEW_STATE_NAMES
from indexer.answers.count_citation import CountComparison, Verdict, totals_of
from indexer.answers.data_version import DataVersion
from indexer.answers.engine import Answer, FacetValue
from indexer.answers.json import (
    COLLOCATES,
    CONCORDANCE,
    HIT,
    LISTING,
    MATRIX,
    TRENDS,
    answer_json,
    concordance_pieces,
    hit_json,
)
from indexer.answers.related_sections import related_sections
from indexer.answers.suggest import KINDS, DistinctiveKeyword, Suggestion
from indexer.query.request import Request
from webui import data_access
from webui.data_access import agency_search, agency_table, catalogue, index, report_keys
from webui.http.errors import ParameterError
from webui.http.i18n import language
from webui.http.streaming import streamed
from webui.openapi.document import OPENAPI, document
from webui.openapi.parameters import PARAMETERS
from webui.params.agency_filter_params import read_agency_filter
from webui.params.aggregate_params import read_aggregate_params
from webui.params.cited_param import CITED
from webui.params.count_params import (
    KEYWORDS_LISTED,
    MOST_QUERIES,
    SIMILAR_LISTED,
    read_count_params,
    read_counted_params,
)
from webui.params.figure_params import read_figure_params
from webui.params.path_params import find_pair, find_report, known_agency, section_at
from webui.params.search_params import LONGEST_VALUE, LOOKED_UP, MOST_NAMED, read_search_params
from webui.params.validators import missing_query, read_number, read_one, read_optional, repeated
from webui.render.figures.figure_records import FIGURE_ROW, MEASURE_ROW, figure_records
from webui.render.labels import kind_name
from webui.render.references import state_of_catalogue
from webui.views import aggregates, cite_count, collocates, concordance, divisions, explore, trends
from webui.views.aggregates import AGGREGATE_ROW
from webui.views.divisions import DIVISION_ROW
from webui.views.facets import looked_up
from webui.views.operation.status import STATUS, state

api = Blueprint("api", __name__, url_prefix="/api")
health = Blueprint("health", __name__)

FACET_VALUES = shape(
    "facet_values", Answer, "query reading as_of total",
    facet=Annotated[str, Meta(extra_json_schema={"enum": LOOKED_UP})], values=[FacetValue],
)  # fmt: skip
_SUGGESTION = shape("suggestion", Suggestion, "kind kind_name text query count url tolerance", kind_name=str)
_REFERENCE = shape("count_reference", style=str, suffix=str, text=str)
CITED_COUNT = shape("cited_count", CitedTotals, "content occurrences sections reports", date=date, verdict=Verdict)
COUNT_CITATION = shape(
    "count_citation", Answer, "query reading as_of total",
    date=date, url=str, references=[_REFERENCE],
    cited=CITED_COUNT | None,
)  # fmt: skip
SUGGESTIONS = shape("suggest", as_of=DataVersion, suggestions=[_SUGGESTION])
DISTINCTIVE = shape("distinctive", Answer, "query reading as_of total", words=[DistinctiveKeyword])
SIMILAR = shape("similar", as_of=DataVersion, url=str, hits=[HIT])
VERSIONS = shape("versions", report=str, versions=[shape("version", title=str, kept_on=date, source=SOURCE)])
AGENCIES = shape("agencies", as_of=str, agencies=[FOUND_AGENCY])
DIVISIONS = shape("divisions", as_of=str, divisions=[DIVISION_ROW])
AGGREGATES = shape("aggregates", as_of=str, by=str, of=str | None, aggregates=[AGGREGATE_ROW])
FIGURES = shape("figures_json", table=str, as_of=str, figures=[FIGURE_ROW])
MEASURES = shape("measures_json", table=str, as_of=str, figures=[MEASURE_ROW])


@api.before_request
def refuse_what_is_not_described() -> None:
    """A misspelled parameter, one without the value that it needs, and a second value would be ignored in silence.

    Raises:
        ParameterError: for a parameter that the description does not have, for an empty one but the query, of which the
            address decides, and for a second value of one that takes one.
    """
    known = {each.name: each for each in PARAMETERS.get((request.endpoint or "").rpartition(".")[2], ())}
    for name, values in request.args.lists():
        if name not in known:
            listed = " ".join(known)
            raise ParameterError(
                f"没有参数 {name[:40]}。可用的有：{listed or '无'}。",
                f"There is no parameter {name[:40]}. There are: {listed or 'none'}.",
            )
        if not all(values) and name != "q":
            raise ParameterError(
                f"参数 {name} 是空的。请给出一个值，或者去掉它。",
                f"The parameter {name} is empty. Give it a value or leave it out.",
            )
        if len(values) > 1 and not known[name].is_repeated:
            raise repeated(name, len(values))


@health.get("/healthz")
def healthz() -> Response:
    """Whether the catalogue and the index can be opened; 503 says which cannot."""
    held = catalogue().revision
    index()
    return jsonify({"status": "ok", "revision": held})


@health.get("/readyz")
def readyz() -> Response:
    """Whether questions can be answered, and from which state; 503 while there is no index."""
    engine = index()
    engine.search(Request(limit=0))
    return jsonify({"status": "ready", "revision": catalogue().revision, "generation": engine.as_of.generation})


@api.get("/openapi.json")
def openapi_json() -> Annotated[Json, OPENAPI]:
    return document(current_app, language())


@api.get("/search")
def search_json() -> Annotated[Json, LISTING]:
    state, engine = read_search_params(request.args), index()
    asked = state.request(language())
    if state.sentences != "once":
        return answer_json(engine.search(asked))
    if state.sample is not None:
        raise ParameterError(
            "参数 sentences=once 不能与 sample 同用。请去掉一个。",
            "The parameter sentences=once does not go with sample. Leave one out.",
        )
    return answer_json(engine.search(replace(asked, limit=0)), engine.collapsed(asked))


@api.get("/search/cite")
def count_citation() -> Annotated[Json, COUNT_CITATION]:
    answer, citation = cite_count.cited(index(), cite_count.asked())
    references = [
        {"style": style.name, "suffix": style.suffix, "text": text} for style, text in count_references(citation)
    ]
    today, compared = citation.totals.day, None
    if CITED in request.args:
        if (then := read_cited(request.args[CITED], today)) is None:
            raise ParameterError(
                "参数 cited 不是本站写出的引用记录。请核对引文中的网址是否完整。",
                "The parameter cited is not a record that this site writes. Check that the cited address is complete.",
            )
        verdict = CountComparison(then, totals_of(answer, today)).verdict
        compared = record(CITED_COUNT, then, date=then.day, verdict=verdict)
    return record(COUNT_CITATION, answer, date=today, url=citation.url, references=references, cited=compared)


@api.get("/search/<facet>")
def facet_values(facet: str) -> Annotated[Json, FACET_VALUES]:
    asked = read_search_params(request.args).request(language())
    answer, values = looked_up(asked, facet, request.args.get("find", "").strip())
    return record(FACET_VALUES, answer, facet=facet, values=values)


@api.get("/suggest")
def suggest() -> Annotated[Json, SUGGESTIONS]:
    typed, most = request.args.get("q", ""), read_number(request.args, "limit", 10, MOST_NAMED)
    kind = read_one(request.args, "kind", KINDS) if "kind" in request.args else None
    engine = index()
    line = request.args.get("line", typed)[:LONGEST_VALUE]
    found = engine.suggest(typed[:LONGEST_VALUE], language(), most, kind, line)
    suggestions = [record(_SUGGESTION, each, kind_name=kind_name(each.kind)) for each in found]
    return {"as_of": engine.as_of, "suggestions": suggestions}


@api.get("/concordance")
def concordance_json() -> Annotated[Response, CONCORDANCE]:
    return streamed(concordance_pieces(concordance.everything()), "application/json")


@api.get("/collocates")
def collocates_json() -> Annotated[Json, COLLOCATES]:
    return record(COLLOCATES, collocates.counted())


@api.get("/trends")
def trends_json() -> Annotated[Json, TRENDS]:
    return {"trends": trends.series(read_counted_params(request.args, MOST_QUERIES))}


@api.get("/matrix")
def agency_matrix() -> Annotated[Response, MATRIX]:
    return jsonify(index().matrix(read_counted_params(request.args).request(language())))


@api.get("/distinctive")
def distinctive() -> Annotated[Json, DISTINCTIVE]:
    most = read_number(request.args, "limit", KEYWORDS_LISTED, MOST_NAMED)
    if not (question := read_count_params(request.args)).arguments():
        raise missing_query(or_filter=True)
    answer, words = explore.set_apart(question, most)
    return record(DISTINCTIVE, answer, words=words)


@api.get("/reports/<agency>/<key>/similar")
def similar(agency: str, key: str) -> Annotated[Json, SIMILAR]:
    held = find_report(agency, key)
    section = section_at(held, request.args.get("section")) or held.sections[0]
    engine, most = index(), read_number(request.args, "limit", SIMILAR_LISTED, MOST_NAMED)
    address, hits = related_sections(engine, held, section, most)
    return {"as_of": engine.as_of, "url": address, "hits": [*map(hit_json, hits)]}


@api.get("/reports/<agency>/<key>")
def report(agency: str, key: str) -> Annotated[Json, REPORT]:
    return report_json(find_report(agency, key), language(), data_access.reviews())


@api.get("/compare/<agency>/<before>/<after>")
def compared(agency: str, before: str, after: str) -> Annotated[Json, COMPARISON]:
    return comparison_json(compare(*find_pair(agency, before, after)), language())


@api.get("/reports/<agency>/<key>/versions")
def versions(agency: str, key: str) -> Annotated[Json, VERSIONS]:
    of, captures, kept_at = find_report(agency, key), data_access.versions(agency, key), catalogue().kept_at
    return {
        "report": f"{of.agency}/{of.key}",
        "versions": [
            {"title": each.title, "kept_on": kept_at(each.source.sha256).date(), "source": source_json(each.source)}
            for each in captures
        ],
    }


@api.get("/agencies")
def agencies() -> Annotated[Json, AGENCIES]:
    query, keys = request.args.get("q", "").strip(), report_keys()
    selected = {agency.id: agency for agency in agency_table().select(read_agency_filter(request.args))}
    if query:
        found = [match for match in agency_search().find_all(query) if match.agency.id in selected]
    else:
        found = [AgencyMatch(agency, 0) for agency in selected.values()]
    most = read_number(request.args, "limit", 1, MOST_NAMED) if request.args.get("limit") else None
    entries = [agency_entry(each.agency, keys.get(each.agency.id, ()), each.tolerance) for each in found[:most]]
    return {"as_of": state_of_catalogue(), "agencies": entries}


@api.get("/agencies/<agency>")
def agency_json(agency: str) -> Annotated[Json, AGENCY]:
    return agency_entry(*known_agency(agency))


@api.get("/figures")
def figures_json() -> Annotated[Response, FIGURES | MEASURES]:
    choice = read_figure_params(request.args)
    document = {"table": choice.table, "as_of": state_of_catalogue(), "figures": figure_records(choice)}
    return streamed(json_pieces(document, "figures"), "application/json")


@api.get("/aggregates")
def aggregates_json() -> Annotated[Json, AGGREGATES]:
    asked = read_aggregate_params(request.args)
    of = figure_name(asked.of) if asked.of else None
    return {"as_of": state_of_catalogue(), "by": asked.by, "of": of, "aggregates": aggregates.rows()}


@api.get("/coverage")
def coverage() -> Annotated[Json, COVERAGE]:
    return coverage_json(data_access.coverage(read_agency_filter(request.args)), state_of_catalogue())


@api.get("/divisions")
def divisions_json() -> Annotated[Json, DIVISIONS]:
    return {"as_of": state_of_catalogue(), "divisions": divisions.rows()}


@api.get("/notices")
def notices() -> Annotated[Json, NOTICES]:
    state = read_optional(request.args, "state", (*REVIEW_STATE_NAMES,))
    listed = [each for each in (one.listed() for one in data_access.notices()) if state in (None, each.state)]
    return notices_json(listed, data_access.unmatched_reviews(), state_of_catalogue(), language())


@api.get("/status")
def status() -> Annotated[Json, STATUS]:
    return state()
