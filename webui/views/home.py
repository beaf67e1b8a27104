"""`/`: a search box, the coverage and examples of queries."""

from __future__ import annotations

from flask import Blueprint, render_template

from webui.data_access import catalogue, coverage
from webui.render.coverage_grid import coverage_grid
from webui.render.examples import EXAMPLES

home = Blueprint("home", __name__)

MOST_AGENCIES = 40
"""Rows of the coverage; `/coverage` has all."""


@home.get("/")
def page() -> str:
    """Needs a catalogue and no index."""
    shown = coverage_grid(coverage(), catalogue().agencies(), most=MOST_AGENCIES)
    return render_template("home/page.html", picture=shown, examples=EXAMPLES[:6])
