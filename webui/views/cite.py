"""`/reports/AGENCY/KEY/cite`: a report, or a section of it, as a reference in every format."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from archive.export.citations import STYLES, context_object, highwire
from archive.model import Report
from webui.data_access import catalogue
from webui.render.references import citation_of
from webui.views.reports import find, section_at

citing = Blueprint("citing", __name__)


@citing.get("/reports/<agency>/<key>/cite")
def page(agency: str, key: str) -> str:
    """The references to look at and to save; `?section=` cites one section."""
    report = _citable(agency, key)
    section = section_at(report, request.args.get("section"))
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
    report = _citable(agency, key)
    citation = citation_of(report, section_at(report, request.args.get("section")))
    wanted = STYLES[style]
    response = Response("".join(wanted.write([citation], citation.as_of)), mimetype=wanted.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{citation.id}.{style}")
    return response


def _citable(agency: str, key: str) -> Report:
    """Returns a report whose original is there and undamaged: a citation names its SHA-256."""
    report = find(agency, key)
    catalogue().check_original(report.source.sha256)
    return report
