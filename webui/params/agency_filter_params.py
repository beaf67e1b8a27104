"""Reads the conditions on agencies that pages, files and the API share: `place`, `level` and `kind`."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from archive.agencies.agency_filter import AgencyFilter
from archive.vocabulary import kind_codes, level_codes
from webui.data_access import agency_table
from webui.params.validators import check_known, read_single

AGENCY_FILTERS = ("place", "level", "kind")


def read_agency_filter(arguments: MultiDict[str, str], *place_names: str) -> AgencyFilter:
    """Reads the conditions; the place is given back as its whole path. `place_names` are further names of `place`.

    Raises:
        GongkaiError: for an unknown place, level or kind, with those that there are, and for a name of several places.
    """
    place = read_single(arguments, "place", *place_names)
    level, kind = read_single(arguments, "level"), read_single(arguments, "kind")
    return AgencyFilter(
        agency_table().region(place) if place else None,
        check_known("level", level, level_codes()) if level else None,
        check_known("kind", kind, kind_codes()) if kind else None,
    )
