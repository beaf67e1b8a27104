"""`/reports/AGENCY/KEY/cite`: a report, or a section of it, as a reference in every format."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from archive import STYLES, Report, Section, context_object, highwire
from webui.errors import ParameterError
from webui.references import citation_of
from webui.reports import find

citing = Blueprint("citing", __name__)


@citing.get("/reports/<agency>/<key>/cite")
def page(agency: str, key: str) -> str:
    """The references to look at and to save; `?section=` cites one section."""
    report = find(agency, key)
    section = _section(report, request.args.get("section"))
    citation = citation_of(report, section)
    return render_template(
        "citing/page.html",
        report=report,
        section=section,
        citation=citation,
        highwire=highwire(citation),
        coins=context_object(citation),
        styles=[(style, "".join(style.write([citation], citation.as_of))) for style in STYLES.values()],
    )


@citing.get("/reports/<agency>/<key>/cite.<style>")
def file(agency: str, key: str, style: str) -> Response:
    """One format as a file."""
    if style not in STYLES:
        abort(404)
    report = find(agency, key)
    citation = citation_of(report, _section(report, request.args.get("section")))
    wanted = STYLES[style]
    response = Response("".join(wanted.write([citation], citation.as_of)), mimetype=wanted.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{citation.id}.{style}")
    return response


def _section(report: Report, anchor: str | None) -> Section | None:
    if not anchor:
        return None
    found = next((section for section in report.sections if section.anchor == anchor), None)
    if found is None:
        anchors = " ".join(section.anchor for section in report.sections)
        raise ParameterError(
            f"这份报告没有“{anchor[:40]}”一节。它有：{anchors}。",
            f"The report has no section “{anchor[:40]}”. It has: {anchors}.",
        )
    return found
