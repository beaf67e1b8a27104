"""The path from bytes to reports: each stage in turn, nothing dropped in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import UNKNOWN, resolve_agencies
from archive.cues.agency_names import kind_of
from archive.cues.boilerplate import without_boilerplate
from archive.cues.titles import read_title
from archive.extract.agency_mentions import AgencyMention, find_agency
from archive.extract.dates import DatedReport, date_report, infer_years, stamped_day
from archive.extract.document_type import is_report, not_a_report
from archive.extract.inline_headings import part_run_in
from archive.extract.prose_figures import prose_figures
from archive.extract.quality import quality_notices
from archive.extract.sections import split
from archive.extract.split_reports import ReportDraft, cut
from archive.model import Agency, Figure, Notice, Page, Reading, Report, Section, Source, SourceSpan
from archive.notices import notice
from archive.readers.registry import read_page
from archive.rulebook import rulebook
from archive.tables.detect import recognise
from archive.tables.figures import form_of_table, read_table
from archive.tables.identities import check, failure
from archive.text.normalize import normal_form
from archive.vocabulary import form_of_year


def read_source(data: bytes, source: Source, known: Iterable[Agency] = ()) -> Reading:
    """What some bytes say: reports in page order, notices on the page, and the agencies named.

    Args:
        data: the page as captured.
        source: where it came from.
        known: agencies that the archive has already; a name of one of them leads to it.

    Raises:
        GongkaiError: for bytes in no format that is read, or beyond the limits of reading.
    """
    return resolve_agencies(parse_source(data, source), AgencyRegistry(known))


def parse_source(data: bytes, source: Source) -> Reading:
    """What some bytes say, before it is known which agencies they speak of: that is what takes the time.

    Raises:
        GongkaiError: as `read_source` does.
    """
    page = read_page(data, source)
    blocks = recognise(tuple(part_run_in(without_boilerplate(page.blocks))))
    if refused := not_a_report(blocks):
        return Reading(page.source, (), (*page.notices, refused))
    drafts = [draft for draft in _titled(cut(blocks), page) if is_report(draft)]
    if not drafts:
        why, why_en = "没有认出任何章节、标题或表格。", "No section, title or table of a report was recognised."
        return Reading(page.source, (), (*page.notices, notice("no_report", why=why, why_en=why_en)))
    forms = [_form(draft) for draft in drafts]
    datings = infer_years([date_report(draft, form) for draft, form in zip(drafts, forms, strict=True)], drafts, forms)
    reports = (_report(draft, form, dating, page) for draft, form, dating in zip(drafts, forms, datings, strict=True))
    return Reading(page.source, tuple(_marked(reports)), page.notices)


def _titled(drafts: Sequence[ReportDraft], page: Page) -> Sequence[ReportDraft]:
    """The drafts; the only one of a page that prints no title in its text has the one that the page gives itself."""
    if len(drafts) == 1 and drafts[0].title is None:
        return [replace(drafts[0], title=read_title(page.metadata.get("title", "")))]
    return drafts


def _report(draft: ReportDraft, shown_form: str | None, dating: DatedReport, page: Page) -> Report:
    publishers = [value for key, value in page.metadata.items() if key == "publisher"]
    naming = find_agency(draft, page.source, publishers)
    form = shown_form or _usual_form(dating, naming)
    sections, notices = split(draft.blocks)
    figures: list[Figure] = []
    said: list[Notice] = [*dating.notices, *notices]
    for table in (table for section in sections for table in section.tables):
        read, odd = read_table(table, form)
        figures += read
        said += odd
    checked, checks = check(figures, form)
    said += [failure(made, form) for made in checks if made.result == "failed"]
    everything = (*checked, *prose_figures(sections))
    said += quality_notices(sections, everything, form)
    return Report(
        title=draft.title.text if draft.title else "",
        title_basis="printed" if draft.title else "inferred",
        agency=UNKNOWN,
        agency_name=naming.text,
        agency_as_printed=naming.text if naming.basis == "printed" else None,
        agency_basis=naming.basis,
        year=dating.year,
        year_basis=dating.basis,
        form=form,
        published_on=dating.published_on or stamped_day(page.metadata.get("published_on", "")),
        period=dating.period,
        source=page.source,
        sections=sections,
        figures=everything,
        notices=tuple(said),
        place=SourceSpan(draft.blocks[0].place.first_line, draft.blocks[-1].place.last_line)
        if draft.blocks
        else SourceSpan(),
        fingerprint=_fingerprint(sections),
        checks=checks,
    )


def _usual_form(dating: DatedReport, naming: AgencyMention) -> str | None:
    """The form that the law sets for the year; schools and utilities follow outlines of their own (教育部令第29号)."""
    own = naming.text is not None and kind_of(naming.text) in rulebook("agencies.toml")["own_outline"]
    return form_of_year(dating.year) if dating.year and not own else None


def _form(draft: ReportDraft) -> str | None:
    shown = (form_of_table(block.table) for block in draft.blocks if block.table)
    return next((form for form in shown if form), None)


def _marked(reports: Iterable[Report]) -> Iterator[Report]:
    """The reports, each that repeats an earlier one on the page marked with the place of the first."""
    first: dict[str, Report] = {}
    for report in reports:
        original = first.setdefault(report.fingerprint, report)
        if original is report:
            yield report
            continue
        said = notice("duplicate_report", report.place, year=report.year or "?", first=original.place)
        yield replace(report, duplicate_of=original.place, notices=(*report.notices, said))


def _fingerprint(sections: Sequence[Section]) -> str:
    """SHA-256 of the normal text and the cells: two printings of one report have the same."""
    digest = hashlib.sha256()
    for section in sections:
        cells = (cell.text for table in section.tables for cell in table.cells())
        digest.update(normal_form("\n".join((section.text, *cells, ""))).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
