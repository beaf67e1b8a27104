"""Reads the reports of a page from its bytes, stage by stage, with notices on omitted content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from archive.agencies.registry import AgencyRegistry
from archive.agencies.resolve import resolve_agencies
from archive.cues.agency_names import kind_of
from archive.cues.boilerplate import without_boilerplate
from archive.cues.titles import read_title
from archive.extract.agency_mentions import AgencyMention, find_agency
from archive.extract.dates import DatedReport, date_report, infer_years, stamped_day
from archive.extract.document_type import is_report, not_a_report
from archive.extract.inline_headings import split_inline_headings
from archive.extract.page_names import names_around
from archive.extract.prose_figures import prose_figures
from archive.extract.quality import ocr_notices, quality_notices
from archive.extract.sections import split_sections
from archive.extract.split_reports import ReportDraft, split_reports
from archive.limits import LIMITS
from archive.model import (
    UNKNOWN_AGENCY,
    Agency,
    Block,
    Figure,
    Notice,
    Page,
    Reading,
    Report,
    Section,
    Source,
    SourceSpan,
)
from archive.notices import notice
from archive.readers.registry import read_page
from archive.rulebook import rulebook
from archive.tables.detect import recognise
from archive.tables.figures import form_of_table, read_table
from archive.tables.identities import check, failure
from archive.tables.ocr_numbers import plain, settled
from archive.tables.repeated import once, tables_of_other_years
from archive.text.normalize import normal_form
from archive.vocabulary import form_of_year


def read_source(data: bytes, source: Source, known: Iterable[Agency] = ()) -> Reading:
    """Reads a page and resolves its names to the `known` agencies of the archive.

    Raises:
        GongkaiError: if the format is unknown, or reading exceeds a limit.
    """
    return resolve_agencies(parse_source(data, source), AgencyRegistry(known))


def parse_source(data: bytes, source: Source) -> Reading:
    """Reads a page without resolving its agencies: the slow part, which can run in another process.

    Raises:
        GongkaiError: if the format is unknown, or reading exceeds a limit.
    """
    page = read_page(data, source)
    blocks = recognise(tuple(split_inline_headings(without_boilerplate(page.blocks))))
    if refused := not_a_report(blocks):
        return Reading(page.source, (), (*page.notices, _with_attachments(refused, page)))
    drafts = [draft for draft in _titled(split_reports(blocks), page) if is_report(draft)]
    if not drafts:
        why, why_en = "没有认出任何章节、标题或表格。", "No section, title or table of a report was recognised."
        absent = notice("no_report", why=why, why_en=why_en)
        return Reading(page.source, (), (*page.notices, _with_attachments(absent, page)))
    LIMITS.check(source.path, reports=len(drafts))
    forms = [_form(draft) for draft in drafts]
    datings = infer_years([date_report(draft, form) for draft, form in zip(drafts, forms, strict=True)], drafts, forms)
    around = names_around(page) if len(drafts) == 1 else ()
    reports = (
        _report(draft, form, dating, page, around) for draft, form, dating in zip(drafts, forms, datings, strict=True)
    )
    read = tuple(_mark_duplicates(reports))
    return Reading(page.source, read, (*page.notices, *_attachment_notices(read, page)))


def _with_attachments(refused: Notice, page: Page) -> Notice:
    """The notice with the names of the documents that the page links to, of which one can be the report."""
    if not page.attachments:
        return refused
    zh, en = (separator.join(link.name for link in page.attachments) for separator in ("、", ", "))
    why = f"{refused.facts['why']}页面链接了附件：{zh}。如报告在附件中，请下载后收录。"
    why_en = f"{refused.facts['why_en']} The page links to {en}. If one of them is the report, download and add it."
    return notice("no_report", why=why, why_en=why_en)


def _attachment_notices(reports: Sequence[Report], page: Page) -> Iterator[Notice]:
    """The notice `in_attachment` on the only report of a page that links to documents and has no section or table."""
    if page.attachments and len(reports) == 1 and not any(each.tables or each.heading for each in reports[0].sections):
        names, names_en = (separator.join(link.name for link in page.attachments) for separator in ("、", ", "))
        yield notice("in_attachment", names=names, names_en=names_en)


def _titled(drafts: Sequence[ReportDraft], page: Page) -> Sequence[ReportDraft]:
    """The drafts; the only one of a page has the title of the page if its text has none."""
    if len(drafts) == 1 and drafts[0].title is None:
        return [replace(drafts[0], title=read_title(page.metadata.get("title", "")))]
    return drafts


def _report(
    draft: ReportDraft, shown_form: str | None, dating: DatedReport, page: Page, around: Sequence[str]
) -> Report:
    mention = find_agency(draft, page.source, page.metadata.get("publisher"), around)
    form = shown_form or _usual_form(dating, mention)
    sections, heading_notices = split_sections(draft.blocks, draft.headings)
    notices: list[Notice] = [*dating.notices, *heading_notices]
    if mention.text is None and mention.refused:
        notices.append(notice("agency_refused", SourceSpan(draft.place.first_line), printed=mention.refused))
    read: list[Sequence[Figure]] = []
    local: list[Figure] = []  # the arithmetic of a form is not that of a local table, which has other parts
    kept: list[Section] = []
    others = tables_of_other_years(draft.blocks, dating.year if dating.basis == "printed" else None)
    for section in sections:
        tables = []
        for recognised in section.tables:
            if id(recognised) in others:
                tables.append(msgspec.structs.replace(plain(recognised), kind=None))
                continue
            table, settled_notices = settled(recognised, form)
            table_figures, table_notices = read_table(table, form)
            if table.kind == "indicators":
                local += table_figures
            else:
                read.append(table_figures)
            notices += (*settled_notices, *table_notices)
            tables.append(plain(table))
        kept.append(replace(section, tables=tuple(tables)) if tables else section)
    sections = tuple(kept)
    cells, repeated_notices = once(read)
    notices += repeated_notices
    checked, checks = check(cells, form)
    notices += [failure(result, form) for result in checks if result.result == "failed"]
    figures = (*checked, *local, *_with_basis(prose_figures(sections, dating.year), draft.blocks))
    notices += quality_notices(sections, figures, form)
    notices += ocr_notices(draft.blocks, figures)
    return Report(
        title=draft.title.text if draft.title else "",
        title_basis="printed" if draft.title else "inferred",
        agency=UNKNOWN_AGENCY,
        agency_name=mention.text,
        agency_as_printed=mention.text if mention.basis == "printed" else None,
        agency_basis=mention.basis,
        year=dating.year,
        year_basis=dating.basis,
        form=form,
        published_on=dating.published_on or stamped_day(page.metadata.get("published_on", "")),
        period=dating.period,
        source=page.source,
        sections=sections,
        figures=figures,
        notices=tuple(notices),
        place=draft.place,
        fingerprint=_fingerprint(sections),
        checks=checks,
    )


def _with_basis(figures: Iterable[Figure], blocks: Sequence[Block]) -> Iterator[Figure]:
    """The figures of sentences; those of a report with text that was read by OCR have its confidence."""
    confidence = min((block.confidence for block in blocks if block.confidence is not None), default=None)
    for figure in figures:
        if confidence is not None:
            figure = msgspec.structs.replace(figure, basis="ocr", confidence=confidence)
        yield figure


def _usual_form(dating: DatedReport, mention: AgencyMention) -> str | None:
    """The form of the year by law; schools and utilities follow outlines of their own (教育部令第29号)."""
    own = mention.text is not None and kind_of(mention.text) in rulebook("agencies.toml")["own_outline"]
    return form_of_year(dating.year) if dating.year and not own else None


def _form(draft: ReportDraft) -> str | None:
    shown = (form_of_table(block.table) for block in draft.blocks if block.table)
    return next((form for form in shown if form), None)


def _mark_duplicates(reports: Iterable[Report]) -> Iterator[Report]:
    """The reports, those that repeat an earlier one of the page marked with its place."""
    first: dict[str, Report] = {}
    for report in reports:
        original = first.setdefault(report.fingerprint, report)
        if original is report:
            yield report
            continue
        duplicate = notice("duplicate_report", report.place, year=report.year or "?", first=original.place)
        yield replace(report, duplicate_of=original.place, notices=(*report.notices, duplicate))


def _fingerprint(sections: Sequence[Section]) -> str:
    """SHA-256 of the text and the cells in the normal form, equal for two printings of one report."""
    digest = hashlib.sha256()
    for section in sections:
        cells = (cell.text for table in section.tables for cell in table.cells())
        digest.update(normal_form("\n".join((section.text, *cells, ""))).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
