"""`/reports/AGENCY/KEY`: one report for reading, its text, and its original as captured."""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePosixPath

from flask import Blueprint, Response, render_template, request

from archive.analysis.compare import FATES, carried_share, compare
from archive.export.citations import context_object, highwire
from archive.model import Report
from archive.notices import message
from indexer.answers.highlight import Span
from indexer.index import marks
from indexer.query.query_errors import QueryError
from webui import data_access
from webui.data_access import catalogue
from webui.http.errors import NotHeldError
from webui.http.i18n import language, link
from webui.http.security_headers import SANDBOX
from webui.params.path_params import find_pair, find_report
from webui.params.validators import check_query
from webui.render.diff_marks import Changes
from webui.render.labels import column_label, form_label, notice_name, row_label, section_label
from webui.render.references import FILES, citation_of, to_read
from webui.render.report_layout import anchor_of, lay_out
from webui.render.statutory_grid import is_failed

reports = Blueprint("reports", __name__)

# '.html', '.pdf'; anything stranger is no name for a file that a reader saves
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


@reports.get("/reports/<agency>/<key>")
def page(agency: str, key: str) -> str:
    """The report for reading, with the words of `?q=` marked, and what changed since the one of `?since=`."""
    report = find_report(agency, key)
    query = check_query(request.args.get("q", "").strip())
    since = request.args.get("since") or None
    changes = Changes(compare(*find_pair(agency, since, key))) if since else None
    mistake: QueryError | None = None
    try:
        layout = lay_out(report, language(), partial(marks, query=query) if query else _nothing, changes)
    except QueryError as error:
        mistake = error
        layout = lay_out(report, language(), _nothing, changes)
    citation = citation_of(report)
    keys = catalogue().keys(agency)
    place = keys.index(key) if key in keys else None
    earlier = keys[place - 1] if place else None
    return render_template(
        "reports/page.html",
        report=report,
        layout=layout,
        query=query,
        mistake=mistake,
        changes=changes,
        since=since,
        here=partial(_address, report, query=query, since=since),
        earlier=earlier,
        later=keys[place + 1] if place is not None and place + 1 < len(keys) else None,
        versions=len(data_access.versions(agency, key)),
        highwire=highwire(citation),
        coins=context_object(citation),
        references=to_read(citation),
        files=FILES,
        carried=changes.comparison.share if changes else _carried(report, earlier),
        notices=[(notice, message(notice, language())) for notice in report.notices],
        is_failed=is_failed,
        form_label=form_label,
        row_label=row_label,
        section_label=section_label,
        notice_name=notice_name,
        fates=FATES,
    )


@reports.get("/reports/<agency>/<key>/original")
def original(agency: str, key: str) -> Response:
    """The bytes as captured, to be saved: never shown here, whatever they hold."""
    report = find_report(agency, key)
    if wanted := request.args.get("sha256"):
        report = _version(data_access.versions(agency, key), wanted)
    suffix = PurePosixPath(report.source.path).suffix.lower()
    name = f"{agency}-{key}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    response = Response(catalogue().original(report.source.sha256), mimetype=report.source.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@reports.get("/reports/<agency>/<key>/versions")
def versions(agency: str, key: str) -> str:
    """Every capture of the report whose text differs, newest first, each with what it changed."""
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
    """The cleaned text, section by section, with where it comes from at its end."""
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
    """The part of the text that the agency's report before had already, None where there is nothing to compare."""
    before = data_access.report(report.agency, earlier) if earlier else None
    return carried_share(before, report) if before else None


def _address(report: Report, query: str | None, since: str | None) -> str:
    """The report's address with these parameters, where they say anything."""
    return link("reports.page", agency=report.agency, key=report.key, q=query or None, since=since)


def _nothing(_text: str) -> tuple[Span, ...]:
    return ()
