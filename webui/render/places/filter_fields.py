"""Prepares the fields of the filters on agencies for a form: place, level and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive.agencies.agency_filter import NOWHERE, AgencyFilter, region_label
from archive.agencies.regions import UNKNOWN
from archive.vocabulary import kind_codes, kind_label, level_codes, level_label
from webui.http.i18n import language
from webui.params.agency_filter_params import AGENCY_FILTERS
from webui.render.places.tile_map import tiles


@dataclass(frozen=True, slots=True)
class FilterFields:
    """The chosen values, and all values that a field offers, each with its name."""

    where: AgencyFilter
    place: str
    provinces: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def described(where: AgencyFilter) -> list[str]:
    """The names of the chosen values, for the title of a picture."""
    code = language()
    return [
        name
        for name in (
            where.place and region_label(where.place, code),
            where.level and level_label(where.level, code),
            where.kind and kind_label(where.kind, code),
        )
        if name
    ]


def fields_of(filters: Mapping[str, tuple[str, ...]]) -> FilterFields:
    """The fields of a page that counts occurrences: the first value of each filter; `hidden_beside` has the others."""
    first = {name: values[0] for name, values in filters.items() if values}
    return filter_fields(AgencyFilter(*(first.get(name) for name in AGENCY_FILTERS)))


def filter_fields(where: AgencyFilter) -> FilterFields:
    code = language()
    levels = tuple((each, level_label(each, code)) for each in level_codes())
    kinds = tuple((each, kind_label(each, code)) for each in kind_codes())

    # The field does not read the label of a name that several divisions share.
    place = region_label(where.place, code) if where.place in (UNKNOWN, NOWHERE) else where.place
    return FilterFields(where, place or "", tuple(tile.place for tile in tiles()), levels, kinds)
