"""`/api/…`: the answers of the pages as JSON, and `/healthz` for operators."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, current_app, jsonify, request

from archive.agencies.search import find_agencies
from archive.analysis.compare import compare
from archive.analysis.coverage import CoverageCell
from archive.export.json import comparison_json, notice_json, report_json, source_json
from archive.model import Agency, Report
from indexer.answers.json import answer_json, hit_json
from indexer.answers.suggest import KINDS
from indexer.answers.trends import matrix_json, series_json
from indexer.query.request import Request
from webui import data_access
from webui.data_access import catalogue, index
from webui.http.errors import ParameterError
from webui.http.i18n import language
from webui.http.streaming import json_pieces, streamed
from webui.openapi.document import PARAMETERS, document
from webui.params.count_params import MOST_QUERIES, read_count_params
from webui.params.figure_params import read_figure_params
from webui.params.path_params import find_pair, find_report, known_agency, section_at
from webui.params.search_params import LONGEST_VALUE, MOST_NAMED, read_search_params
from webui.params.validators import read_number, read_one
from webui.render.labels import kind_name
from webui.render.references import state_of_catalogue
from webui.views import concordance, explore, trends
from webui.views.facets import looked_up
from webui.views.figures import rows

api = Blueprint("api", __name__, url_prefix="/api")
health = Blueprint("health", __name__)


@api.before_request
def refuse_what_is_not_described() -> None:
    """A misspelled parameter, or one without the value that it needs, would be answered as if it were not there.

    Raises:
        ParameterError: for a parameter that the description does not have, and for an empty one (an empty query asks
            for everything).
    """
    known = [each["name"] for each in PARAMETERS.get((request.endpoint or "").rpartition(".")[2], ())]
    for name, value in request.args.items(multi=True):
        if name not in known:
            listed = " ".join(map(str, known))
            raise ParameterError(
                f"没有参数 {name[:40]}。可用的有：{listed or '无'}。",
                f"There is no parameter {name[:40]}. There are: {listed or 'none'}.",
            )
        if not value and name != "q":
            raise ParameterError(
                f"参数 {name} 是空的。请给出一个值，或者去掉它。",
                f"The parameter {name} is empty. Give it a value or leave it out.",
            )


@health.get("/healthz")
def healthz() -> Response:
    """Whether the catalogue and the index can be opened; 503 says which cannot."""
    held = catalogue().revision
    index()
    return jsonify({"status": "ok", "revision": held})


@health.get("/readyz")
def readyz() -> Response:
    """Whether questions can be answered, and from which state; 503 while there is no index."""
    counted = index().search(Request(limit=0)).as_of
    return jsonify({"status": "ready", "revision": catalogue().revision, "generation": counted.generation})


@api.get("/openapi.json")
def openapi_json() -> Response:
    """This description of the interface (OpenAPI 3.1)."""
    return jsonify(document(current_app))


@api.get("/search")
def search_json() -> Response:
    """The same answer as `/search`, for the same parameters; one that is misspelled is refused, not ignored."""
    return jsonify(answer_json(index().search(read_search_params(request.args).request(language()))))


@api.get("/search/<facet>")
def facet_values(facet: str) -> Response:
    """The values of one facet in what is asked, the most frequent or those that `find` looks up, with exact counts."""
    asked = read_search_params(request.args).request(language())
    answer, values = looked_up(asked, facet, request.args.get("find", "").strip())
    told = answer_json(answer)
    shared = {name: told[name] for name in ("query", "reading", "as_of", "total")}
    return jsonify(shared | {"facet": facet, "values": [asdict(each) for each in values]})


@api.get("/suggest")
def suggest() -> Response:
    """What a word that somebody is typing may mean, by its characters, pinyin or initials; `query` finds it."""
    typed, most = request.args.get("q", ""), read_number(request.args, "limit", 10, MOST_NAMED)
    kind = read_one(request.args, "kind", KINDS) if "kind" in request.args else None
    engine = index().current()
    found = engine.suggest(typed[:LONGEST_VALUE], language(), most, kind)
    suggestions = [asdict(each) | {"kind_name": kind_name(each.kind)} for each in found]
    return jsonify({"as_of": asdict(engine.as_of), "suggestions": suggestions})


@api.get("/concordance")
def concordance_json() -> Response:
    """Every occurrence, one after the other (the JSON of `gongkai concordance`), sent while it is made."""
    return concordance.json_file()


@api.get("/trends")
def trends_json() -> Response:
    """Each query over the years, with what to divide by (`gongkai trend`)."""
    found = trends.series(read_count_params(request.args, MOST_QUERIES))
    return jsonify({"trends": [series_json(each) for each in found]})


@api.get("/matrix")
def agency_matrix() -> Response:
    """One query, agency by year (`gongkai trend --by agency`)."""
    return jsonify(matrix_json(index().matrix(read_count_params(request.args).request(language()))))


@api.get("/distinctive")
def distinctive() -> Response:
    """The keywords that set a result apart from the rest of the archive: for exploring, not for citing."""
    most = read_number(request.args, "limit", explore.WORDS, MOST_NAMED)
    answer, words = explore.set_apart(read_count_params(request.args), most)
    told = answer_json(answer)
    shared = {name: told[name] for name in ("query", "reading", "as_of", "total")}
    return jsonify(shared | {"words": [asdict(word) for word in words]})


@api.get("/reports/<agency>/<key>/similar")
def similar(agency: str, key: str) -> Response:
    """The sections most similar to one of a report, best first: for exploring, not for citing."""
    held = find_report(agency, key)
    section = section_at(held, request.args.get("section")) or held.sections[0]
    address = f"/reports/{held.agency}/{held.key}#{section.anchor}"
    engine, most = index().current(), read_number(request.args, "limit", explore.ALIKE, MOST_NAMED)
    hits = [hit_json(hit) for hit in engine.related(address, most)]
    return jsonify({"as_of": asdict(engine.as_of), "url": address, "hits": hits})


@api.get("/reports/<agency>/<key>")
def report(agency: str, key: str) -> Response:
    """One report: sections, figures, notices (the JSON of `gongkai show`)."""
    return jsonify(report_json(find_report(agency, key), language()))


@api.get("/compare/<agency>/<before>/<after>")
def compared(agency: str, before: str, after: str) -> Response:
    """Two reports of one agency: what was kept, changed, added, dropped (the JSON of `gongkai compare`)."""
    return jsonify(comparison_json(compare(*find_pair(agency, before, after)), language()))


@api.get("/reports/<agency>/<key>/versions")
def versions(agency: str, key: str) -> Response:
    """Every capture of the report whose text differs, newest first, with its source and the day it was kept."""
    of = find_report(agency, key)
    return jsonify(
        {"report": f"{of.agency}/{of.key}", "versions": [_version(each) for each in data_access.versions(agency, key)]}
    )


@api.get("/agencies")
def agencies() -> Response:
    """Every agency, or those that `q` looks up, with its names over time and the keys of its reports."""
    query, held = request.args.get("q", "").strip(), catalogue()
    found = find_agencies(query, held.agencies()) if query else held.agencies()
    most = read_number(request.args, "limit", 1, MOST_NAMED) if request.args.get("limit") else None
    return jsonify({"agencies": [_agency(agency, held.keys(agency.id)) for agency in found[:most]]})


@api.get("/agencies/<agency>")
def agency_json(agency: str) -> Response:
    """One agency with its names over time and the keys of its reports."""
    return jsonify(_agency(*known_agency(agency)))


@api.get("/figures")
def figures_json() -> Response:
    """Figures, or measures, of the agencies and years chosen, one after the other."""
    choice = read_figure_params(request.args)
    head = {"table": choice.table, "as_of": state_of_catalogue()}
    return streamed(json_pieces(head, "figures", rows(choice)), "application/json")


@api.get("/coverage")
def coverage() -> Response:
    """One cell for each agency and year between its first and last."""
    return jsonify({"as_of": state_of_catalogue(), "cells": [_cell(cell) for cell in data_access.coverage()]})


@api.get("/notices")
def notices() -> Response:
    """Every notice with its report and its source."""
    return jsonify({"as_of": state_of_catalogue(), "notices": [_notice(entry) for entry in data_access.notices()]})


def _agency(agency: Agency, keys: tuple[str, ...]) -> dict[str, object]:
    return {
        "agency": agency.id,
        "name": agency.name,
        "names": [
            {"name": name.text, "first_year": name.first_year, "last_year": name.last_year} for name in agency.names
        ],
        "place": agency.place,
        "level": agency.level,
        "kind": agency.kind,
        "reports": [f"{agency.id}/{key}" for key in keys],
    }


def _version(report: Report) -> dict[str, object]:
    kept = catalogue().kept_at(report.source.sha256).date()
    return {"title": report.title, "kept_on": kept.isoformat(), "source": source_json(report.source)}


def _cell(cell: CoverageCell) -> dict[str, object]:
    said: dict[str, object] = {"agency": cell.agency, "year": cell.year, "state": cell.state}
    return said | ({"duplicate": True} if cell.duplicate else {})


def _notice(given: data_access.Noticed) -> dict[str, object]:
    of = given.report
    address = f"{of.agency}/{of.key}" if of else None
    return {"report": address, "source": source_json(given.source), **notice_json(given.notice, language())}
