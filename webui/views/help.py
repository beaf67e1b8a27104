"""`/help` and `/about`."""

from __future__ import annotations

from flask import Blueprint, render_template

from archive.vocabulary import form_codes, section_codes
from webui.http.i18n import language
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


@pages.get("/about")
def about() -> str:
    return render_template("help/about.html")
