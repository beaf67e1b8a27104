"""Updates the names of an agency over time: from its reports, or when a curator merges two agencies."""

from __future__ import annotations

from dataclasses import replace

from archive.model import Agency, Name, Reading


def names_seen(agency: Agency, reading: Reading) -> Agency:
    """The agency with the years in which the reports of a page print its names."""
    names = {name.text: name for name in agency.names}
    for report in reading.reports:
        printed = report.agency_as_printed
        if report.agency != agency.id or printed is None or report.year is None:
            continue
        name = names.get(printed, Name(printed))
        first = min(year for year in (name.first_year, report.year) if year is not None)
        last = max(year for year in (name.last_year, report.year) if year is not None)
        names[printed] = replace(name, first_year=first, last_year=last)
    return replace(agency, names=tuple(sorted(names.values(), key=lambda name: (name.first_year or 0, name.text))))


def joined_names(earlier: Agency, later: Agency, from_year: int) -> Agency:
    """One agency with the earlier id: the later names are in use from a year on, the earlier ones before it."""
    former = [replace(name, last_year=min(name.last_year or from_year, from_year - 1)) for name in earlier.names]
    present = [replace(name, first_year=max(name.first_year or from_year, from_year)) for name in later.names]
    return replace(later, id=earlier.id, names=(*former, *present), place=later.place or earlier.place)


def name_texts(agency: Agency) -> frozenset[str]:
    return frozenset(name.text for name in agency.names)
