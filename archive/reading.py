"""The path from bytes to reports: each stage in turn, nothing dropped in silence."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.agencies import Naming, name_agency, resolve
from archive.checks import check, failure
from archive.errors import GongkaiError
from archive.furniture import without_furniture
from archive.kinds import is_report, not_a_report
from archive.model import Agency, Figure, Notice, Page, Place, Reading, Report, Section, Source
from archive.normal import normal_form
from archive.notices import notice
from archive.prose import prose_figures
from archive.quality import quality_notices
from archive.readers import read_page
from archive.reports import Draft, cut
from archive.rulebook import rulebook
from archive.sections import split
from archive.statutory import form_of_table, read_table
from archive.tables import recognise
from archive.vocabulary import form_of_year
from archive.years import Dating, date_report, infer_years

_UNKNOWN_AGENCY = "unknown"
# A gap of years is worth a notice on a page that holds at least so many.
_SERIES = 3


def read_path(path: Path, known: Iterable[Agency] = ()) -> Reading:
    """What one file says; `source.toml` beside it says where it came from.

    Args:
        path: the page.
        known: agencies that the archive has already; a name of one of them leads to it.

    Raises:
        GongkaiError: for a file that cannot be opened or is in no format that is read.
    """
    data = _bytes(path)
    return read_source(data, _source(path, data), known)


def read_source(data: bytes, source: Source, known: Iterable[Agency] = ()) -> Reading:
    """What some bytes say: reports in page order, notices on the page, and the agencies named."""
    page = read_page(data, source)
    blocks = recognise(without_furniture(page.blocks))
    if refused := not_a_report(blocks):
        return Reading(source, (), (*page.notices, refused))
    drafts = [draft for draft in cut(blocks) if is_report(draft)]
    if not drafts:
        why, why_en = "没有认出任何章节、标题或表格。", "No section, title or table of a report was recognised."
        return Reading(source, (), (*page.notices, notice("no_report", why=why, why_en=why_en)))
    forms = [_form(draft) for draft in drafts]
    datings = infer_years([date_report(draft, form) for draft, form in zip(drafts, forms, strict=True)], drafts, forms)
    namings = [name_agency(draft, source, _publishers(page)) for draft in drafts]
    agencies = _agencies(namings, known, source)
    reports = [
        _report(draft, form, dating, naming, agency, source)
        for draft, form, dating, naming, agency in zip(drafts, forms, datings, namings, agencies, strict=True)
    ]
    found = {agency.id: agency for agency in agencies if agency}
    return Reading(source, tuple(_marked(reports)), (*page.notices, *_missing_years(reports)), tuple(found.values()))


def _report(
    draft: Draft, shown_form: str | None, dating: Dating, naming: Naming, agency: Agency | None, source: Source
) -> Report:
    form = shown_form or _usual_form(dating, agency)
    sections, notices = split(draft.blocks)
    place = Place(draft.blocks[0].place.first_line, draft.blocks[-1].place.last_line) if draft.blocks else Place()
    figures: list[Figure] = []
    said: list[Notice] = [*dating.notices, *_identity_notices(dating, naming, agency, place), *notices]
    for table in (table for section in sections for table in section.tables):
        read, odd = read_table(table, form)
        figures += read
        said += odd
    checked, checks = check(figures, form)
    said += [failure(made, form) for made in checks if made.result == "failed"]
    everything = (*checked, *prose_figures(sections))
    said += quality_notices(sections, everything, form)
    return Report(
        title=draft.title.text if draft.title else _title(agency, naming, dating),
        title_basis="printed" if draft.title else "inferred",
        agency=agency.id if agency else _UNKNOWN_AGENCY,
        agency_name=agency.name if agency else None,
        agency_as_printed=naming.text if naming.basis == "printed" else None,
        agency_basis=naming.basis if naming.text else ("inferred" if agency else "unknown"),
        year=dating.year,
        year_basis=dating.basis,
        form=form,
        published_on=dating.published_on,
        period=dating.period,
        source=source,
        sections=sections,
        figures=everything,
        notices=tuple(said),
        place=place,
        fingerprint=_fingerprint(sections),
        checks=checks,
    )


def _usual_form(dating: Dating, agency: Agency | None) -> str | None:
    """The form that the law sets for the year; schools and utilities follow outlines of their own (教育部令第29号)."""
    own = agency is not None and agency.kind in rulebook("agencies.toml")["own_outline"]
    return form_of_year(dating.year) if dating.year and not own else None


def _form(draft: Draft) -> str | None:
    shown = (form_of_table(block.table) for block in draft.blocks if block.table)
    return next((form for form in shown if form), None)


def _agencies(namings: Sequence[Naming], known: Iterable[Agency], source: Source) -> list[Agency | None]:
    """The agency of each report. One without a name belongs to the only agency that the page names, if there is one."""
    seen = list(known)
    result: list[Agency | None] = []
    for naming in namings:
        agency = resolve(naming.text, seen, _site(source)) if naming.text else None
        if agency and agency not in seen:
            seen.append(agency)
        result.append(agency)
    named = {agency.id: agency for agency in result if agency}
    only = next(iter(named.values())) if len(named) == 1 else None
    return [agency or only for agency in result]


def _site(source: Source) -> str:
    """The site that a page stands on, where that is known, else the page itself."""
    return source.site or (urlsplit(source.url).hostname if source.url else None) or source.sha256


def _identity_notices(dating: Dating, naming: Naming, agency: Agency | None, place: Place) -> Iterable[Notice]:
    at = Place(place.first_line)
    if dating.year is None:
        yield notice("year_unknown", at)
    if naming.text is None and agency:
        why, why_en = "同一页的其他报告都是它的", "all other reports on the page are its own"
        yield notice("inferred_agency", at, agency=agency.name, why=why, why_en=why_en)
    elif naming.text is None:
        yield notice("agency_unknown", at)


def _marked(reports: Sequence[Report]) -> Iterable[Report]:
    """The reports, each that repeats an earlier one on the page marked with the place of the first."""
    first: dict[str, Report] = {}
    for report in reports:
        original = first.setdefault(report.fingerprint, report)
        if original is report:
            yield report
            continue
        said = notice("duplicate_report", report.place, year=report.year or "?", first=original.place)
        yield replace(report, duplicate_of=original.place, notices=(*report.notices, said))


def _missing_years(reports: Sequence[Report]) -> Iterable[Notice]:
    """A notice on each year that a page with a series of one agency's reports leaves out."""
    for agency in dict.fromkeys(report.agency for report in reports):
        years = sorted({report.year for report in reports if report.agency == agency and report.year})
        if len(years) >= _SERIES:
            for year in sorted(set(range(years[0], years[-1])) - set(years)):
                yield notice("missing_year", year=year, since=years[0], until=years[-1])


def _title(agency: Agency | None, naming: Naming, dating: Dating) -> str:
    """A title for a report that prints none, in the usual words."""
    name = naming.text or (agency.name if agency else "")
    year = f"{dating.year}年" if dating.year else ""
    return f"{name}{year}政府信息公开工作年度报告"


def _fingerprint(sections: Sequence[Section]) -> str:
    """SHA-256 of the normal text and the cells: two printings of one report have the same."""
    digest = hashlib.sha256()
    for section in sections:
        cells = (cell.text for table in section.tables for cell in table.cells())
        digest.update(normal_form("\n".join((section.text, *cells, ""))).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _publishers(page: Page) -> tuple[str, ...]:
    return tuple(value for key, value in page.metadata.items() if key == "publisher")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise GongkaiError(
            f"打不开 {path}({reason})。请检查路径和权限。",
            f"Cannot open {path} ({reason}). Check the path and the permissions.",
        ) from error


def _source(path: Path, data: bytes) -> Source:
    """Where the page came from, by the `source.toml` in its folder, if that names the page."""
    given = _given(path.with_name("source.toml"))
    if given.get("page", path.name) != path.name:
        given = {}
    captured = given.get("captured_on")
    return Source(
        path=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        url=given.get("url"),
        site=given.get("site"),
        captured_on=captured if isinstance(captured, date) else None,
        agency=given.get("agency"),
    )


def _given(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GongkaiError(
            f"{path} 不是正确的 TOML:{error}。请改正后重试。",
            f"{path} is not valid TOML: {error}. Correct it and try again.",
        ) from error
