"""`/`: a search box, examples of queries, and what the archive holds by division, by year and newest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from flask import Blueprint, render_template

from archive.agencies.agency_filter import region_label
from archive.model import Agency
from webui.data_access import agency_table, divisions, report_counts
from webui.http.i18n import language, link
from webui.render.examples import EXAMPLES
from webui.render.places.tile_map import tile_map

home = Blueprint("home", __name__)

MOST_NEWEST = 6
"""Agencies among the newest additions."""
MOST_KEYS = 5
"""Reports of each of them."""
MOST_YEARS = 30
"""Bars; earlier years are rare, and misprinted ones would make the row very long."""


@dataclass(frozen=True, slots=True)
class YearBar:
    """The reports on a year; `height` is a percentage of the tallest bar."""

    year: int
    reports: int
    height: float


@dataclass(frozen=True, slots=True)
class Addition:
    """Reports of an agency that were added together: the first keys, and the number of all of them."""

    agency: str
    known: Agency | None
    keys: tuple[str, ...]
    reports: int


@home.get("/")
def page() -> str:
    """Needs a catalogue and no index."""
    counts, agencies = report_counts(), agency_table().agencies
    years = sorted(counts.years.items())[-MOST_YEARS:]
    tallest = max((count for _, count in years), default=1)
    roots = divisions()
    added = [
        Addition(agency, agencies.get(agency), keys[:MOST_KEYS], len(keys))
        for agency, group in groupby(counts.newest, key=itemgetter(0))
        if (keys := tuple(key for _, key in group))
    ]
    shown = tile_map(roots, lambda place: link("divisions.page", place=place))
    known = {each.tile.place for each in shown.tiles}
    return render_template(
        "home/page.html",
        reports=counts.total,
        agencies=len(counts.spans),
        bars=[YearBar(year, count, 100 * count / tallest) for year, count in years],
        newest=[*islice(added, MOST_NEWEST)],
        map=shown,
        others=[(node, region_label(node.place, language())) for node in roots if node.place not in known],
        examples=EXAMPLES[:6],
    )
