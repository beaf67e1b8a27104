"""Prepares the fields of the filters on agencies for a form: place, level and kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.agencies.agency_filter import NOWHERE, AgencyFilter, region_label
from archive.agencies.regions import UNKNOWN
from archive.vocabulary import kind_codes, kind_label, level_codes, level_label
from webui.http.i18n import language
from webui.render.places.tile_map import tiles


@dataclass(frozen=True, slots=True)
class FilterFields:
    """The values of the fields, each with its name; `shown` describes the active filters, and is empty without any."""

    where: AgencyFilter
    place: str
    provinces: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    shown: str


def filter_fields(where: AgencyFilter) -> FilterFields:
    code = language()
    levels = tuple((each, level_label(each, code)) for each in level_codes())
    kinds = tuple((each, kind_label(each, code)) for each in kind_codes())

    def labels() -> Iterator[str]:
        if where.place:
            yield region_label(where.place, code)
        if where.level:
            yield level_label(where.level, code)
        if where.kind:
            yield kind_label(where.kind, code)

    # The field does not read the label of a name that several divisions share.
    place = region_label(where.place, code) if where.place in (UNKNOWN, NOWHERE) else where.place
    return FilterFields(where, place or "", tuple(tile.place for tile in tiles()), levels, kinds, " · ".join(labels()))
