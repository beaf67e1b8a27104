"""`/reports/AGENCY/KEY/original/view`: the original beside the text, with the report or one section marked."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from webui.data_access import catalogue
from webui.http.errors import NotHeldError
from webui.http.i18n import language, link
from webui.params.path_params import find_report, section_at
from webui.render.labels import pages_text, section_label
from webui.render.originals.html_rendering import LARGEST, MARK, POLICY, render_html

originals = Blueprint("originals", __name__)

HTML = "text/html"


@originals.get("/reports/<agency>/<key>/original/view")
def page(agency: str, key: str) -> str | Redirect:
    """Shows an HTML original in a frame; another one as the text that was read from it. `?section=` marks a section."""
    report = find_report(agency, key)
    section = section_at(report, request.args.get("section"))
    if report.source.media_type == "text/plain" and report.place.first_line is not None:
        line = f"L{(section or report).place.first_line or report.place.first_line}"
        anchor = section.anchor if section else None
        return redirect(link("reports.lines", agency=agency, key=key, section=anchor, _anchor=line))
    data = catalogue().original(report.source.sha256)  # also of a format that is not shown: it may be damaged
    return render_template(
        "originals/page.html",
        report=report,
        section=section,
        size=len(data),
        largest=LARGEST,
        is_html=report.source.media_type == HTML,
        mark=MARK,
        section_label=section_label,
        pages_text=pages_text,
    )


@originals.get("/reports/<agency>/<key>/original/rendering")
def rendering(agency: str, key: str) -> Response:
    """Sends an HTML original without anything that runs or loads, for the frame.

    Raises:
        NotHeldError: for an original of another format, and for one that is too large.
    """
    report = find_report(agency, key)
    section = section_at(report, request.args.get("section"))
    data = catalogue().original(report.source.sha256)
    if report.source.media_type != HTML or len(data) > LARGEST:
        raise NotHeldError(
            "这份原件不在网页里显示，请下载。", "This original is not shown in the browser. Download it."
        )
    response = Response(render_html(data, report, section, language()).document, mimetype=HTML)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
