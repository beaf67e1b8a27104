"""Resolves the agency names of a page to agencies of the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from archive.agencies.registry import AgencyRegistry
from archive.model import UNKNOWN_AGENCY, Agency, Notice, Reading, Report, Source, SourceSpan
from archive.notices import notice

# Reports of an agency on a page on which missing years have notices.
_SERIES = 3


def resolve_agencies(reading: Reading, registry: AgencyRegistry) -> Reading:
    """The reading with the agency of each report, and notices on agencies and years.

    A report without a name has the only agency that the page names, if there is exactly one.

    Args:
        reading: as parsed; `agency_name` of its reports is the name that they print or that a curator gave.
        registry: known agencies; new ones are added.
    """
    named: list[Agency | None] = []
    for report in reading.reports:
        agency = registry.resolve(report.agency_name, _site(reading.source)) if report.agency_name else None
        if agency:
            registry.add(agency)
        named.append(agency)
    agencies = {agency.id: agency for agency in named if agency}
    only = next(iter(agencies.values())) if len(agencies) == 1 else None
    reports = [_resolved(report, agency or only) for report, agency in zip(reading.reports, named, strict=True)]
    return replace(
        reading,
        reports=tuple(reports),
        notices=(*reading.notices, *_missing_years(reports)),
        agencies=tuple(agencies.values()),
    )


def brings_names(reading: Reading, registry: AgencyRegistry) -> bool:
    """Whether a page has an agency that the registry does not know, or a name of one that it does not know.

    Such a page changes how the names on other pages are resolved.
    """
    for report in reading.reports:
        if report.agency_name:
            agency = registry.resolve(report.agency_name, _site(reading.source))
            printed = report.agency_as_printed if report.year is not None else None  # as `names_seen` keeps it
            if not registry.has_name(agency.id, printed):
                return True
    return False


def _site(source: Source) -> str:
    """The site of a page if it is known, else the page itself."""
    return source.site or (urlsplit(source.url).hostname if source.url else None) or source.sha256


def _resolved(report: Report, agency: Agency | None) -> Report:
    return replace(
        report,
        title=report.title or _title(report, agency),
        agency=agency.id if agency else UNKNOWN_AGENCY,
        agency_name=agency.name if agency else None,
        agency_basis=report.agency_basis if report.agency_name or agency is None else "inferred",
        notices=(*_identity_notices(report, agency), *report.notices),
    )


def _identity_notices(report: Report, agency: Agency | None) -> Iterator[Notice]:
    at = SourceSpan(report.place.first_line)
    if report.year is None and not any(each.code == "early_form" for each in report.notices):
        yield notice("year_unknown", at)
    if agency is None:
        if not any(each.code == "agency_refused" for each in report.notices):
            yield notice("agency_unknown", at)
    elif report.agency_name is None:
        why, why_en = "同一页的其他报告都是它的", "all other reports on the page are its own"
        yield notice("inferred_agency", at, agency=agency.name, why=why, why_en=why_en)


def _missing_years(reports: Sequence[Report]) -> Iterator[Notice]:
    """A notice on each missing year between the reports of an agency on one page."""
    for agency in dict.fromkeys(report.agency for report in reports):
        years = sorted({report.year for report in reports if report.agency == agency and report.year})
        if len(years) >= _SERIES:
            for year in sorted(set(range(years[0], years[-1])) - set(years)):
                yield notice("missing_year", year=year, since=years[0], until=years[-1])


def _title(report: Report, agency: Agency | None) -> str:
    """The usual title, for a report that prints none."""
    name = report.agency_name or (agency.name if agency else "")
    year = f"{report.year}年" if report.year else ""
    return f"{name}{year}政府信息公开工作年度报告"
