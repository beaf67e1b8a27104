"""`/compare/AGENCY/YEAR/YEAR`: two reports with their changes and the share of unchanged text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.analysis.compare import FATES, Comparison, FigurePair, TablePair, compare
from webui.data_access import catalogue
from webui.http.i18n import link
from webui.params.path_params import find_pair, known_agency
from webui.render.diff_marks import earlier_heading
from webui.render.figures.figure_series import figure_label
from webui.render.labels import form_label, section_label, table_label
from webui.render.report_layout import anchor_of
from webui.render.statutory_grid import is_failed

comparing = Blueprint("compare", __name__)


@dataclass(frozen=True, slots=True)
class Slice:
    """A fate in the bar of all paragraphs; `start` and `width` are percentages."""

    fate: str
    count: int
    start: float
    width: float


@comparing.get("/compare/<agency>")
def choose(agency: str) -> ResponseReturnValue:
    """Redirects to the comparison of `before` and `after`, or of the last two reports."""
    _, keys = known_agency(agency)
    before, after = request.args.get("before"), request.args.get("after")
    if before is None and after is None and len(keys) > 1:
        before, after = keys[-2:]
    reports = find_pair(agency, before or "", after or "")
    return redirect(link("compare.page", agency=agency, before=reports[0].key, after=reports[1].key))


@comparing.get("/compare/<agency>/<before>/<after>")
def page(agency: str, before: str, after: str) -> ResponseReturnValue:
    """Compares two reports; `?kept=no` omits unchanged paragraphs, `?figures=all` includes unchanged figures."""
    reports = find_pair(agency, before, after)
    if after < before:  # The earlier report is first, so that a pair has one URL.
        return redirect(link("compare.page", agency=agency, before=after, after=before, **request.args.to_dict()), 301)
    comparison = compare(*reports)
    keys = catalogue().keys(comparison.after.agency)
    every = request.args.get("figures") == "all"
    return render_template(
        "compare/page.html",
        comparison=comparison,
        slices=_slices(comparison),
        keys=keys,
        earlier=_step(keys, before, after, -1),
        later=_step(keys, before, after, 1),
        kept=request.args.get("kept") != "no",
        every=every,
        tables=[
            (table, [pair for pair in table.pairs if every or _differs(pair, table)]) for table in comparison.tables
        ],
        anchor=anchor_of,
        figure_label=figure_label,
        signed=_signed,
        form_label=form_label,
        section_label=section_label,
        earlier_heading=earlier_heading,
        table_label=table_label,
        is_failed=is_failed,
    )


def _slices(comparison: Comparison) -> tuple[Slice, ...]:
    total = sum(comparison.counts.values())
    found: list[Slice] = []
    start = 0.0
    for fate in FATES:
        count = comparison.counts[fate]
        width = 100 * count / total if total else 0.0
        found.append(Slice(fate, count, start, width))
        start += width
    return tuple(found)


def _step(keys: tuple[str, ...], before: str, after: str, by: int) -> tuple[str, str] | None:
    """The pair of keys one report earlier or later, or None."""
    places = [keys.index(key) + by for key in (before, after)]
    return None if min(places) < 0 or max(places) >= len(keys) else (keys[places[0]], keys[places[1]])


def _differs(pair: FigurePair, table: TablePair) -> bool:
    """Whether a figure differs. In a table with a break, readers decide, unless there are only zeros."""
    printed = {figure.shown for figure in (pair.before, pair.after) if figure}
    if table.breaks:
        return not printed <= {"0", "", "/"}
    return len(printed) > 1 or pair.before is None or pair.after is None


def _signed(number: Decimal) -> str:
    """A difference with its sign; 0 has none."""
    return f"{number:+f}" if number else "0"
