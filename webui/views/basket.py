"""`/basket` and `/history`: what a reader keeps in the browser, and the files of a basket whose items the URL names."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from archive.export.citations import STYLES
from archive.export.csv import csv_lines
from webui.http.errors import ParameterError
from webui.http.i18n import language, link
from webui.params.basket_params import KIND_NAMES, BasketItem, read_basket
from webui.render.figures.figure_series import figure_label
from webui.render.labels import section_label
from webui.render.references import citation_of, state_of_catalogue

basket = Blueprint("basket", __name__)

HEAD = (
    *("item", "kind", "held", "agency", "agency_name", "year", "title", "section", "section_label", "heading"),
    *("figure", "value", "unit", "printed", "url", "source_url", "sha256", "state", "as_of"),
)


@basket.get("/basket")
def page() -> str:
    """Shows the items of the URL, which need no script; without any, a script shows those of the browser."""
    items = read_basket(request.args)
    spelled = [each.item for each in items]
    return render_template(
        "basket/page.html",
        items=[(each, _title(each), _address(each)) for each in items],
        kinds=KIND_NAMES,
        csv=link("basket.file", suffix="csv", item=spelled),
        ris=link("basket.file", suffix="ris", item=spelled),
        as_of=state_of_catalogue(language()),
    )


@basket.get("/basket.<any(csv, ris):suffix>")
def file(suffix: str) -> Response:
    """Sends the items of the URL; a figure is cited by its report, and what is not held is only in the CSV file.

    Raises:
        ParameterError: without an item.
    """
    items = read_basket(request.args)
    if not items:
        raise ParameterError(
            "清单是空的。请用参数 item 给出报告、章节或数字。",
            "The basket is empty. Give reports, sections or figures with the parameter item.",
        )
    if suffix == "csv":
        pieces, media_type = csv_lines(HEAD, map(_row, items)), "text/csv"
    else:
        cited = {(each.agency, each.key, each.anchor): each for each in items if each.report and each.is_held}
        citations = (citation_of(each.report, each.section) for each in cited.values() if each.report)
        pieces, media_type = STYLES["ris"].write(citations, state_of_catalogue()), STYLES["ris"].media_type
    response = Response("".join(pieces), mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"gongkai-basket.{suffix}")
    return response


@basket.get("/history")
def history() -> str:
    """Leaves a place for the searches that a script keeps in the browser."""
    return render_template("basket/history.html")


def _title(each: BasketItem) -> str:
    """The name of an item; the item itself if it is not held."""
    if each.report is None or not each.is_held:
        return each.item
    return " · ".join([each.report.title, *_parts(each)])


def _parts(each: BasketItem) -> Iterator[str]:
    if each.section:
        yield each.section.heading or section_label(each.section.code, language())
    if each.report and each.figure:
        yield figure_label(each.report.form, each.figure)
        yield each.figure.shown or f"{each.figure.value:,}" if each.figure.value is not None else gettext("空白")


def _address(each: BasketItem) -> str:
    return link("reports.page", agency=each.agency, key=each.key, _anchor=each.anchor)


def _row(each: BasketItem) -> tuple[object, ...]:
    report, section, figure = each.report, each.section, each.figure
    url = url_for("zh.reports.page", agency=each.agency, key=each.key, _anchor=each.anchor, _external=True)
    return (
        each.item,
        each.kind,
        "yes" if each.is_held else "no",
        each.agency,
        report and (report.agency_name or report.agency_as_printed),
        report and report.year,
        report and report.title,
        section and section.code,
        section and section_label(section.code, language()),
        section and section.heading,
        figure_label(report.form, figure) if report and figure else None,
        figure and figure.value,
        figure and figure.unit,
        figure and figure.printed,
        url,
        report and report.source.url,
        report and report.source.sha256,
        figure and figure.state,
        state_of_catalogue(language()),
    )
