"""`/help`, `/help/api` and `/about`."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from archive.vocabulary import form_codes, section_codes
from webui.http.i18n import language, link
from webui.openapi.document import document
from webui.openapi.reference_page import reference_page
from webui.render.examples import EXAMPLES
from webui.render.labels import form_label, section_label

pages = Blueprint("pages", __name__)


@pages.get("/help")
def help_page() -> str:
    """Shows the query language by examples, and the codes of fields."""
    code = language()
    return render_template(
        "help/help.html",
        examples=EXAMPLES,
        sections=[(name, section_label(name, code)) for name in section_codes()],
        forms=[(name, form_label(name, code)) for name in form_codes()],
    )


@pages.get("/api", strict_slashes=False)
def api_root() -> ResponseReturnValue:
    """Redirects to the reference of the API."""
    return redirect(link("pages.api_reference"))


@pages.get("/help/api")
def api_reference() -> str:
    """Shows the OpenAPI document as a page, with examples in Python and R."""
    return render_template(
        "help/api.html",
        reference=reference_page(document(current_app, language())),
        site=url_for(f"{language()}.home.page", _external=True).rstrip("/"),
    )


@pages.get("/about")
def about() -> str:
    return render_template("help/about.html")
