"""Reads a request for aggregates: figures by name, grouping, divisor, filters and years."""

from __future__ import annotations

from typing import get_args

from werkzeug.datastructures import MultiDict

from archive.analysis.aggregates import AggregateRequest, Grouping, figure_named, usual_figures
from archive.analysis.computed import figure_name
from webui.data_access import catalogue
from webui.http.errors import ParameterError
from webui.params.agency_filter_params import read_agency_filter
from webui.params.ocr_param import ocr_argument, read_ocr
from webui.params.path_params import no_such_agency
from webui.params.validators import read_one, read_values, read_year_range

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
MOST_FIGURES = 30
MOST_AGENCIES = 200


def read_aggregate_params(arguments: MultiDict[str, str]) -> AggregateRequest:
    """Reads a request; without figures, it is for the series since 2008.

    Raises:
        GongkaiError: for an unknown figure, grouping, place, level, kind, agency or year.
    """
    figures = tuple(map(figure_named, read_values(arguments, "figure", MOST_FIGURES)))
    of = arguments.get("of", "").strip()
    agencies = []
    for agency in read_values(arguments, "agency", MOST_AGENCIES):
        found = catalogue().agency(agency)
        if found is None:
            raise ParameterError(*no_such_agency(agency))
        agencies.append(found.id)
    first, last = read_year_range(arguments)
    return AggregateRequest(
        figures or usual_figures(),
        read_one(arguments, "by", GROUPINGS),
        figure_named(of) if of else None,
        read_agency_filter(arguments, "division"),
        tuple(dict.fromkeys(agencies)),
        first,
        last,
        read_ocr(arguments),
    )


def aggregate_arguments(request: AggregateRequest) -> dict[str, str | list[str]]:
    """The URL parameters of a request."""
    spelled: dict[str, str | list[str]] = {"by": request.by}
    if request.figures != usual_figures():
        spelled["figure"] = [*map(figure_name, request.figures)]
    if request.agencies:
        spelled["agency"] = [*request.agencies]
    single = {"of": request.of and figure_name(request.of), "from": request.first, "to": request.last}
    given = {name: str(value) for name, value in single.items() if value}
    return spelled | request.where.arguments() | given | ocr_argument(request.ocr)
