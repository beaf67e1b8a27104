"""`/reports/AGENCY/KEY/cite`: references to a report or one of its sections in every style."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from archive.export.citations import STYLES, context_object, highwire
from archive.model import Report
from webui.data_access import catalogue
from webui.params.path_params import find_report, section_at
from webui.render.labels import section_label
from webui.render.references import citation_of

citing = Blueprint("citing", __name__)


@citing.get("/reports/<agency>/<key>/cite")
def page(agency: str, key: str) -> str:
    """Shows the references; `?section=` cites one section."""
    report = _citable(agency, key)
    section = section_at(report, request.args.get("section"))
    citation = citation_of(report, section)
    return render_template(
        "cite/page.html",
        report=report,
        section=section,
        citation=citation,
        highwire=highwire(citation),
        coins=context_object(citation),
        section_label=section_label,
        styles=[(style, "".join(style.write([citation], citation.as_of))) for style in STYLES.values()],
    )


@citing.get("/reports/<agency>/<key>/cite.<style>")
def file(agency: str, key: str, style: str) -> Response:
    """Sends the reference in one style as a file."""
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
    report = find_report(agency, key)
    catalogue().check_original(report.source.sha256)
    return report
