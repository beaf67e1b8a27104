"""`/divisions`: agencies and reports by province, city and county, as a tree, CSV and a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request

from archive.agencies.agency_filter import NOWHERE, AgencyFilter, region_label
from archive.agencies.division_tree import DivisionNode
from archive.agencies.regions import UNKNOWN
from archive.export.csv import csv_lines
from archive.export.json_types import Json, record, shape
from webui import data_access
from webui.http.i18n import language, link
from webui.params.agency_filter_params import read_agency_filter
from webui.render.places.filter_fields import filter_fields
from webui.render.places.tile_map import tile_map, tiles
from webui.render.references import state_of_catalogue

divisions = Blueprint("divisions", __name__)

DIVISION_ROW = shape("division_row", DivisionNode, "place agencies reports", name=str, above=str | None)
"""A region with its counts; `above` is the region that it lies in."""
HEAD = ("place", "name", "above", "agencies", "reports")


@dataclass(frozen=True, slots=True)
class AboveDivision:
    """A region of the path of the page, and its URL."""

    name: str
    address: str


@divisions.get("/divisions")
def page() -> str:
    """Shows the provinces, or the regions in one; `?level=` and `?kind=` count such agencies only."""
    where = read_agency_filter(request.args)
    roots = data_access.divisions(where.level, where.kind)
    above = _path_to(where.place, roots) if where.place else ()
    here = above[-1] if above else None
    return render_template(
        "divisions/page.html",
        where=where,
        filters=filter_fields(where),
        here=here,
        title=region_label(where.place, language()) if where.place else None,
        nodes=here.children if here else () if where.place else roots,
        above=[
            AboveDivision("", _address(where, None)),
            *(AboveDivision(_label(each), _address(where, each)) for each in above[:-1]),
        ],
        label=_label,
        english={tile.place: tile.english for tile in tiles()},
        is_searchable=lambda node: node.place != NOWHERE,
        to=lambda endpoint, node: link(endpoint, **replace(where, place=node.place).arguments()),
        map=None
        if where.place
        else tile_map(roots, lambda place: link("divisions.page", **replace(where, place=place).arguments())),
        csv_rows=_size((here,) if here else () if where.place else roots),
        csv=link("divisions.csv_file", **where.arguments()),
        api=link("api.divisions_json", **where.arguments()),
        as_of=state_of_catalogue(language()),
    )


@divisions.get("/divisions.csv")
def csv_file() -> Response:
    """Sends a row for each region, each one before those in it."""
    as_of = state_of_catalogue(language())
    lines = csv_lines((*HEAD, "as_of"), ((*(row[key] for key in HEAD), as_of) for row in rows()))
    response = Response("".join(lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gongkai-divisions.csv")
    return response


def rows() -> list[Json]:
    """The regions of the request as records of CSV and the API."""
    where = read_agency_filter(request.args)
    roots = data_access.divisions(where.level, where.kind)
    above = _path_to(where.place, roots) if where.place else ()
    chosen = above[-1:] if where.place else roots
    return [*_rows(chosen, above[-2].place if len(above) > 1 else None)]


def _size(nodes: Sequence[DivisionNode]) -> int:
    """The number of nodes and of those below them."""
    return sum(1 + _size(node.children) for node in nodes)


def _rows(nodes: Sequence[DivisionNode], above: str | None) -> Iterator[Json]:
    for node in nodes:
        yield record(DIVISION_ROW, node, name=_label(node), above=above)
        yield from _rows(node.children, node.place)


def _path_to(place: str, nodes: Sequence[DivisionNode]) -> tuple[DivisionNode, ...]:
    """The nodes from the top down to a place, or none if no agency lies in it."""
    for node in nodes:
        if node.place == place:
            return (node,)
        if below := _path_to(place, node.children):
            return (node, *below)
    return ()


def _address(where: AgencyFilter, node: DivisionNode | None) -> str:
    return link("divisions.page", **replace(where, place=node.place if node else None).arguments())


def _label(node: DivisionNode) -> str:
    """The name of a region below the one above it."""
    return region_label(node.place if node.place in (UNKNOWN, NOWHERE) else node.name, language())
