"""Which agencies a page speaks of: settled last, page after page, by the names that the archive has seen before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from archive.agencies.registry import AgencyRegistry
from archive.model import Agency, Notice, Reading, Report, Source, SourceSpan
from archive.notices import notice

UNKNOWN = "unknown"
"""The id of the agency of reports that name none."""

# A gap of years is worth a notice on a page that holds at least so many.
_SERIES = 3


def resolve_agencies(reading: Reading, register: AgencyRegistry) -> Reading:
    """The reading with the agency of each report, and the notices that only then can be made.

    Args:
        reading: as parsed; `agency_name` of its reports is the name printed in them or given with the page.
        register: agencies that have been seen before; a name of one of them leads to it, and new ones are added.
    """
    agencies = _agencies(reading, register)
    reports = [_settled(report, agency) for report, agency in zip(reading.reports, agencies, strict=True)]
    found = {agency.id: agency for agency in agencies if agency}
    return replace(
        reading,
        reports=tuple(reports),
        notices=(*reading.notices, *_missing_years(reports)),
        agencies=tuple(found.values()),
    )


def _agencies(reading: Reading, register: AgencyRegistry) -> list[Agency | None]:
    """The agency of each report. One without a name belongs to the only agency that the page names, if there is one."""
    result: list[Agency | None] = []
    for report in reading.reports:
        agency = register.resolve(report.agency_name, _site(reading.source)) if report.agency_name else None
        if agency:
            register.add(agency)
        result.append(agency)
    named = {agency.id: agency for agency in result if agency}
    only = next(iter(named.values())) if len(named) == 1 else None
    return [agency or only for agency in result]


def _site(source: Source) -> str:
    """The site that a page stands on, where that is known, else the page itself."""
    return source.site or (urlsplit(source.url).hostname if source.url else None) or source.sha256


def _settled(report: Report, agency: Agency | None) -> Report:
    basis = report.agency_basis if report.agency_name or agency is None else "inferred"
    return replace(
        report,
        title=report.title or _title(report, agency),
        agency=agency.id if agency else UNKNOWN,
        agency_name=agency.name if agency else None,
        agency_basis=basis,
        notices=(*_identity_notices(report, agency), *report.notices),
    )


def _identity_notices(report: Report, agency: Agency | None) -> Iterator[Notice]:
    at = SourceSpan(report.place.first_line)
    if report.year is None:
        yield notice("year_unknown", at)
    if agency is None:
        yield notice("agency_unknown", at)
    elif report.agency_name is None:
        why, why_en = "同一页的其他报告都是它的", "all other reports on the page are its own"
        yield notice("inferred_agency", at, agency=agency.name, why=why, why_en=why_en)


def _missing_years(reports: Sequence[Report]) -> Iterator[Notice]:
    """A notice on each year that a page with a series of one agency's reports leaves out."""
    for agency in dict.fromkeys(report.agency for report in reports):
        years = sorted({report.year for report in reports if report.agency == agency and report.year})
        if len(years) >= _SERIES:
            for year in sorted(set(range(years[0], years[-1])) - set(years)):
                yield notice("missing_year", year=year, since=years[0], until=years[-1])


def _title(report: Report, agency: Agency | None) -> str:
    """A title for a report that prints none, in the usual words."""
    name = report.agency_name or (agency.name if agency else "")
    year = f"{report.year}年" if report.year else ""
    return f"{name}{year}政府信息公开工作年度报告"
