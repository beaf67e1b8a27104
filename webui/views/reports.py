"""`/reports/AGENCY/KEY`: one report, its text, its versions and its original."""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePosixPath

from flask import Blueprint, Response, render_template, request

from archive.analysis.compare import FATES, carried_share, compare
from archive.export.citations import context_object, highwire
from archive.model import UNKNOWN_AGENCY, Notice, Report
from archive.notices import message
from archive.readers.encoding import decode
from archive.readers.text import split_lines
from archive.store.curation.notice_reviews import NoticeReview, report_address
from indexer.answers.highlight import Span, marks
from indexer.query.query_errors import QueryError
from webui import data_access
from webui.data_access import catalogue
from webui.http.errors import NotHeldError
from webui.http.i18n import language, link
from webui.http.security_headers import SANDBOX
from webui.params.basket_params import figure_item
from webui.params.path_params import find_pair, find_report, section_at
from webui.params.validators import check_query
from webui.render.diff_marks import Changes, earlier_heading
from webui.render.figures.figure_series import key_figures
from webui.render.labels import column_label, form_label, notice_name, pages_text, row_label, section_label
from webui.render.references import FILES, citation_of, to_read
from webui.render.report_layout import ReportLayout, anchor_of, lay_out
from webui.render.statutory_grid import is_failed

reports = Blueprint("reports", __name__)

# '.html', '.pdf'; other suffixes are not safe in the name of a download
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
AROUND = 20
"""Lines of the original before and after the report that are shown with it."""


@reports.get("/reports/<agency>/<key>")
def page(agency: str, key: str) -> str:
    """Shows the report with the hits of `?q=` and the changes since the report of `?since=`."""
    report = find_report(agency, key)
    query = check_query(request.args.get("q", "").strip())
    since = request.args.get("since") or None
    changes = Changes(compare(*find_pair(agency, since, key))) if since else None
    layout, mistake = _layout(report, query, changes)
    citation = citation_of(report)
    earlier, later = _neighbours(agency, key)
    noted = _noted(report)
    return render_template(
        "reports/page.html",
        report=report,
        figure_item=figure_item,
        layout=layout,
        query=query,
        mistake=mistake,
        changes=changes,
        since=since,
        here=partial(_address, report, query=query, since=since),
        earlier=earlier,
        later=later,
        strip=key_figures(report.agency).get(report.key, ()),
        versions=len(data_access.versions(agency, key)),
        highwire=highwire(citation),
        coins=context_object(citation),
        cited=citation.address,
        references=to_read(citation),
        files=FILES,
        carried=changes.comparison.share if changes else _carried(report, earlier),
        notices=noted,
        heeded=sum(1 for _, _, review in noted if review is None or review.state != "dismissed"),
        is_failed=is_failed,
        form_label=form_label,
        row_label=row_label,
        section_label=section_label,
        earlier_heading=earlier_heading,
        pages_text=pages_text,
        notice_name=notice_name,
        fates=FATES,
        lined=has_lines(report),
        on_page=catalogue().reports_on_page(report.source.sha256),
        check=_check_line(report),
    )


def _layout(report: Report, query: str, changes: Changes | None) -> tuple[ReportLayout, QueryError | None]:
    """The report with the hits of a query; without hits, and with the error, for an invalid query."""
    try:
        return lay_out(report, language(), partial(marks, query=query) if query else _no_spans, changes), None
    except QueryError as error:
        return lay_out(report, language(), _no_spans, changes), error


def _neighbours(agency: str, key: str) -> tuple[str | None, str | None]:
    """The keys of the agency's reports before and after this one. Reports of unknown agencies have none."""
    keys = catalogue().keys(agency) if agency != UNKNOWN_AGENCY else ()
    if key not in keys:
        return None, None
    earlier, later = keys[: keys.index(key)], keys[keys.index(key) + 1 :]
    return earlier[-1] if earlier else None, later[0] if later else None


def _noted(report: Report) -> list[tuple[Notice, str, NoticeReview | None]]:
    """The notices of the report, each with its sentence and the decision of a curator."""
    reviews, address = data_access.reviews(), report_address(report)
    return [
        (notice, message(notice, language()), reviews.of(address, report.source, notice)) for notice in report.notices
    ]


@reports.get("/reports/<agency>/<key>/original")
def original(agency: str, key: str) -> Response:
    """Sends the captured bytes as a download, since they may be hostile."""
    report = find_report(agency, key)
    if wanted := request.args.get("sha256"):
        report = _version(data_access.versions(agency, key), wanted)
    response = Response(catalogue().original(report.source.sha256), mimetype=report.source.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=_filename(report))
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@reports.get("/reports/<agency>/<key>/original/lines")
def lines(agency: str, key: str) -> str:
    """Shows the lines of a text original that the report was read from; `?section=` marks one section.

    Raises:
        NotHeldError: for an original that is no plain text, which has no lines.
    """
    report = find_report(agency, key)
    if not has_lines(report):
        raise NotHeldError(
            "这份报告的原件不是纯文本，没有行号。请下载原件核对。",
            "The original of this report is no plain text and has no lines. Download it to check it.",
        )
    text, _ = decode(catalogue().original(report.source.sha256))
    every = split_lines(text)
    first, last = max(1, (report.place.first_line or 1) - AROUND), (report.place.last_line or len(every)) + AROUND
    return render_template(
        "reports/original.html",
        report=report,
        section=section_at(report, request.args.get("section")),
        lines=[*enumerate(every, 1)][first - 1 : last],
        total=len(every),
        section_label=section_label,
        check=_check_line(report),
    )


def has_lines(report: Report) -> bool:
    return report.source.media_type == "text/plain" and report.place.first_line is not None


def _check_line(report: Report) -> str:
    """A shell command that compares the downloaded original with the hash."""
    return f'echo "{report.source.sha256}  {_filename(report)}" | sha256sum -c'


def _filename(report: Report) -> str:
    """The name of the download: that of the report, or of the page if it has several reports."""
    suffix = PurePosixPath(report.source.path).suffix.lower()
    is_alone = catalogue().reports_on_page(report.source.sha256) <= 1
    name = f"{report.agency}-{report.key}" if is_alone else f"page-{report.source.sha256[:12]}"
    return f"{name}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


@reports.get("/reports/<agency>/<key>/versions")
def versions(agency: str, key: str) -> str:
    """Lists captures with different text, newest first, with their changes."""
    report = find_report(agency, key)
    every = data_access.versions(agency, key)
    older: tuple[Report | None, ...] = (*every[1:], None)
    return render_template(
        "reports/versions.html",
        report=report,
        versions=[
            (each, catalogue().kept_at(each.source.sha256).date(), before and compare(before, each))
            for each, before in zip(every, older, strict=True)
        ],
        anchor=anchor_of,
        section_label=section_label,
        row_label=row_label,
        column_label=column_label,
    )


@reports.get("/reports/<agency>/<key>/text")
def text(agency: str, key: str) -> Response:
    """Sends the cleaned text by section, with its source at the end."""
    report = find_report(agency, key)
    source = report.source
    where = [source.url or source.path, f"SHA-256 {source.sha256}"]
    if report.place.first_line:
        where.append(f"L{report.place}")
    body = "\n\n".join([report.title, *(section.text for section in report.sections if section.text), "\n".join(where)])
    return Response(body + "\n", mimetype="text/plain")


def _version(every: tuple[Report, ...], sha256: str) -> Report:
    found = next((report for report in every if report.source.sha256 == sha256), None)
    if found is None:
        raise NotHeldError(
            "这份报告没有这个 SHA-256 的版本。请从它的版本页进入。",
            "The report has no version with this SHA-256. Enter by its page of versions.",
        )
    return found


def _carried(report: Report, earlier: str | None) -> float | None:
    """The share of text carried over from the report before, or None."""
    before = data_access.report(report.agency, earlier) if earlier else None
    return carried_share(before, report) if before else None


def _address(report: Report, query: str | None, since: str | None) -> str:
    """The URL of the report with the parameters that have a value."""
    return link("reports.page", agency=report.agency, key=report.key, q=query or None, since=since)


def _no_spans(_text: str) -> tuple[Span, ...]:
    return ()
