"""`/coverage` and `/notices`: reports in the archive, missing years, and data to check."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template, request

from archive.notices import codes, message
from webui import data_access
from webui.http.i18n import language, link
from webui.params.search_params import MOST_PAGES
from webui.params.validators import read_number, read_optional
from webui.render.coverage_grid import coverage_grid
from webui.render.labels import notice_name
from webui.render.pagination import last_page, on_page

coverage = Blueprint("coverage", __name__)

AGENCIES_A_PAGE = 100
NOTICES_A_PAGE = 50
SEVERITIES = ("error", "warning", "info")


@coverage.get("/coverage")
def page() -> str:
    """Shows the grid of agencies and years."""
    number = read_number(request.args, "page", 1, MOST_PAGES)
    cells, agencies = data_access.coverage(), data_access.catalogue().agencies()
    shown = coverage_grid(cells, agencies, AGENCIES_A_PAGE, (number - 1) * AGENCIES_A_PAGE)
    last = last_page(shown.agencies, AGENCIES_A_PAGE)
    return render_template("coverage/page.html", picture=shown, page=number, last=last)


@coverage.get("/notices")
def notices() -> str:
    """Lists notices, errors first; `?severity=` and `?code=` filter them."""
    number = read_number(request.args, "page", 1, MOST_PAGES)
    severity = read_optional(request.args, "severity", SEVERITIES)
    code = read_optional(request.args, "code", codes())
    every = data_access.notices()
    severities: Counter[str] = Counter(each.notice.severity for each in every if code in (None, each.notice.code))
    kinds = Counter(each.notice.code for each in every if severity in (None, each.notice.severity))
    wanted = [each for each in every if code in (None, each.notice.code) and severity in (None, each.notice.severity)]
    wanted.sort(key=lambda each: SEVERITIES.index(each.notice.severity))
    here = wanted[on_page(number, NOTICES_A_PAGE)]
    return render_template(
        "coverage/notices.html",
        entries=[(each, message(each.notice, language())) for each in here],
        severities=[(name, severities[name]) for name in SEVERITIES],
        kinds=sorted((name, notice_name(name), count) for name, count in kinds.items()),
        name=notice_name,
        severity=severity,
        code=code,
        total=len(wanted),
        page=number,
        at=lambda wanted_page: link("coverage.notices", severity=severity, code=code, page=wanted_page),
        last=last_page(len(wanted), NOTICES_A_PAGE),
    )
