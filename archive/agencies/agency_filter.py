"""Selects agencies by place, level and kind, for all pages, files and commands."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from archive.agencies.regions import UNKNOWN, is_unknown, meant_places, place_label, regions_of
from archive.cues.divisions import called, divisions, path
from archive.errors import InvalidRequest, Language
from archive.model import Agency
from archive.text.pinyin import pinyin_spellings

NOWHERE = "none"
"""The place of agencies that belong to none, such as ministries and universities."""
_NOWHERE_LABELS: dict[Language, str] = {"zh": "不属于任何地区", "en": "No division"}
# Names that an error message lists.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """Conditions on agencies; None selects all. `place` is the name of a division, `unknown` or `none`."""

    place: str | None = None
    level: str | None = None
    kind: str | None = None

    def __bool__(self) -> bool:
        return any((self.place, self.level, self.kind))

    def fits(self, agency: Agency | None) -> bool:
        """Whether the level and the kind of an agency are those of the filter."""
        level, kind = (agency.level, agency.kind) if agency else (None, None)
        return self.level in (None, level) and self.kind in (None, kind)

    def arguments(self) -> dict[str, str]:
        """The conditions by name, without those that select all."""
        named = {"place": self.place, "level": self.level, "kind": self.kind}
        return {name: value for name, value in named.items() if value}


class AgencyTable:
    """The agencies of an archive with their regions, prepared for many selections. Threads may share it."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.agencies = {agency.id: agency for agency in agencies}

    @cached_property
    def regions(self) -> dict[str, tuple[str, ...]]:
        """The regions of each agency by its id, the widest first: those of a report without a year."""
        return {agency.id: tuple(regions_of(agency, None)) for agency in self.agencies.values()}

    @cached_property
    def in_pinyin_order(self) -> tuple[Agency, ...]:
        """The agencies from A to Z."""
        return tuple(sorted(self.agencies.values(), key=lambda each: (pinyin_spellings(each.name), each.id)))

    @cached_property
    def places(self) -> frozenset[str]:
        """Every region in which an agency lies."""
        return frozenset(place for regions in self.regions.values() for place in regions)

    def select(self, wanted: AgencyFilter) -> tuple[Agency, ...]:
        """The agencies that a filter selects, in order.

        Raises:
            InvalidRequest: for a place that is not known, or a name that several divisions share.
        """
        place = self.region(wanted.place) if wanted.place else None
        return tuple(
            agency
            for agency in self.agencies.values()
            if wanted.fits(agency) and (place is None or lies_in(self.regions[agency.id], place))
        )

    def region(self, place: str) -> str:
        """The region of a name: 河北省石家庄市 of 石家庄. A name of a province means no narrower place.

        Raises:
            InvalidRequest: for a place that is not known, with the nearest ones, or a name that several share.
        """
        if place.casefold() in (NOWHERE, *map(str.casefold, _NOWHERE_LABELS.values())):
            return NOWHERE
        if is_unknown(place):
            return UNKNOWN
        found = sorted(_divisions(place) or meant_places(self.places, place), key=len)
        if place in found:  # 安徽省巢湖市, until 2011 a city beside 安徽省合肥市巢湖市
            return place
        if found and all(each.startswith(found[0]) for each in found):
            return found[0]
        if found:
            shown = found[:_MOST_NAMED]
            more_zh, more_en = ("等", " …") if len(found) > len(shown) else ("", "")
            raise InvalidRequest(
                f"有几个地区叫“{place[:40]}”：{'、'.join(shown)}{more_zh}。请写全称。",
                f"Several divisions are called “{place[:40]}”: {', '.join(shown)}{more_en}. Write the full name.",
            )
        raise _no_such_place(place, self.places)


def region_label(place: str, language: Language) -> str:
    """The name of a region, of `unknown` and of `none`."""
    return _NOWHERE_LABELS[language] if place == NOWHERE else place_label(place, language)


def lies_in(regions: Sequence[str], place: str) -> bool:
    """Whether one of the regions of an agency is the place."""
    return place in regions or (place == NOWHERE and not regions)


def _divisions(place: str) -> list[str]:
    """The paths of the divisions of a name, only of the province if one is called so."""
    found = called(place)
    provinces = [each for each in found if each.level == "province"]
    return [*dict.fromkeys("".join(path(each)) for each in provinces or found)]


def _no_such_place(place: str, known: Collection[str]) -> InvalidRequest:
    names = dict.fromkeys((*_names(), *known))
    nearest = difflib.get_close_matches(place[:40], names, 3, 0.5)
    return InvalidRequest(
        f"没有“{place[:40]}”这个地区。"
        + (f"相近的有：{'、'.join(nearest)}。" if nearest else "请写省、市、县的名称，如“河北”“石家庄市”。"),
        f"There is no division “{place[:40]}”. "
        + (
            f"Similar names: {', '.join(nearest)}."
            if nearest
            else "Write the name of a province, city or county, such as 河北 or 石家庄市."
        ),
    )


def _names() -> Iterator[str]:
    for each in divisions():
        yield each.name
        if each.short:
            yield each.short
