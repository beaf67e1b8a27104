"""`/concordance`: every occurrence on one line with its left and right context."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from flask import Blueprint, Response, render_template, request
from flask_babel import LazyString, lazy_gettext

from archive.export.csv import csv_lines
from indexer.answers.concordance import Concordance, ConcordanceLine, ConcordanceOrder
from indexer.answers.tables_note import tables_note
from webui import data_access
from webui.data_access import index
from webui.http.i18n import language, link
from webui.http.streaming import streamed
from webui.params.collocate_params import filter_arguments, read_collocate_filter, window_arguments
from webui.params.count_params import MOST_CONTEXT, MOST_LINES, CountParams, read_count_params, read_counted_params
from webui.params.validators import read_number, read_one, read_optional_number
from webui.render.chips import chips
from webui.render.examples import EXAMPLES
from webui.render.labels import section_label
from webui.render.pagination import last_page, pages_near
from webui.render.references import section_addresses
from webui.render.report_layout import paragraph_anchor

concordance = Blueprint("concordance", __name__)

ORDER_NAMES: dict[ConcordanceOrder, LazyString] = {
    "agency": lazy_gettext("按机关"),
    "year": lazy_gettext("按年份升序"),
    "-year": lazy_gettext("按年份降序"),
    "left": lazy_gettext("按左侧语境"),
    "right": lazy_gettext("按右侧语境"),
    "left-right": lazy_gettext("先左后右"),
    "right-left": lazy_gettext("先右后左"),
}
PAGE_SIZE = 40
MOST_PAGES = 100
"""Lines before a page are computed for it, so the number of pages is limited; files have all lines."""
CONTEXT = 34
"""Characters on each side of a hit: more than the widest page shows. Files have whole sentences."""
USUAL_BYTES = 620
"""Bytes of a line of a file where no lines are read in advance, as from a cluster."""
HEAD = (
    *("left", "hit", "right", "report", "agency", "agency_name", "year", "section", "section_label", "heading"),
    *("url", "query", "reading", "as_of"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with the URLs of its section and its paragraph; both are the same if the paragraph is ambiguous."""

    line: ConcordanceLine
    section: str
    paragraph: str


@concordance.get("/concordance")
def page() -> str:
    """Shows one page of lines, or examples without a query."""
    question = read_count_params(request.args)
    order = read_one(request.args, "sort", tuple(ORDER_NAMES))
    number = read_number(request.args, "page", 1, MOST_PAGES)
    collocate = read_collocate_filter(request.args)
    if not question.queries:
        return render_template("concordance/empty.html", question=question, examples=EXAMPLES)
    found = index().concordance(question.request(language()), order, CONTEXT, number * PAGE_SIZE, collocate)
    note = tables_note(question.queries)
    last = min(MOST_PAGES, last_page(found.total, PAGE_SIZE))
    state = filter_arguments(collocate) | _spelled(order, 1)

    def address(wanted: CountParams, order: ConcordanceOrder = order, page: int = 1) -> str:
        return link("concordance.page", **wanted.arguments(), **filter_arguments(collocate), **_spelled(order, page))

    return render_template(
        "concordance/page.html",
        question=question,
        found=found,
        lines=[_shown(line, question.query) for line in islice(found, (number - 1) * PAGE_SIZE, None)],
        without_text=not found.has_text,
        chips=chips(question, address),
        note=note,
        to_tables=address(replace(question, queries=note.in_tables)),
        orders=[(name, code == order, address(question, code)) for code, name in ORDER_NAMES.items()],
        page=number,
        last=last,
        left_out=found.total > last * PAGE_SIZE,
        pages=pages_near(number, last),
        at=lambda wanted: address(question, order, wanted),
        hidden=[*question.hidden(), *state.items()],
        collocate=collocate,
        to_collocates=link(
            "collocates.page", **question.arguments(), **(window_arguments(collocate.window) if collocate else {})
        ),
        bytes_per_line=_bytes_per_line(found),
        csv=link("concordance.csv_file", **question.arguments(), **state),
        api=link("api.concordance_json", **question.arguments(), **state),
        label=lambda code: section_label(code, language()),
    )


@concordance.get("/concordance.csv")
def csv_file() -> Response:
    """Streams all lines with whole sentences, or `width` characters, as context."""
    return streamed(_csv(everything()), "text/csv", "gongkai-concordance.csv")


def _csv(found: Concordance) -> Iterator[str]:
    stamp = (found.query, found.reading, found.counted_on(language()))
    return csv_lines(HEAD, ((*row, *stamp) for row in _rows(found)))


def _bytes_per_line(found: Concordance) -> float:
    """The mean size of a line of the file, from some of its lines: sentences and queries differ too much in length."""
    some = [*found.some()] if found.some else []
    if not some:
        return USUAL_BYTES
    head, *rows = _csv(replace(found, lines=some, shown=found.total))
    return sum(len(row.encode()) for row in rows) / len(rows) + len(head.encode()) / found.total


def everything() -> Concordance:
    """Returns all lines of the URL."""
    order = read_one(request.args, "sort", tuple(ORDER_NAMES))
    width = read_optional_number(request.args, "width", MOST_CONTEXT)
    most = read_number(request.args, "limit", MOST_LINES, MOST_LINES)
    collocate = read_collocate_filter(request.args)
    return index().concordance(read_counted_params(request.args).request(language()), order, width, most, collocate)


def _rows(found: Concordance) -> Iterator[tuple[object, ...]]:
    address = section_addresses()
    label = functools.cache(functools.partial(section_label, language=language()))
    for line in found:
        report, _, anchor = line.url.removeprefix("/reports/").partition("#")
        yield (
            line.left,
            line.hit,
            line.right,
            report,
            line.agency,
            line.agency_name,
            line.year,
            line.section,
            label(line.section),
            line.heading,
            address(line.agency, report.removeprefix(f"{line.agency}/"), anchor),
        )


def _spelled(order: ConcordanceOrder, page: int) -> dict[str, str]:
    spelled = {} if order == next(iter(ORDER_NAMES)) else {"sort": str(order)}
    return spelled | ({"page": str(page)} if page > 1 else {})


def _shown(line: ConcordanceLine, query: str) -> Shown:
    def address(anchor: str) -> str:
        return link("reports.page", agency=line.agency, key=line.key, q=query, _anchor=anchor)

    return Shown(line, address(line.anchor), address(_paragraph(line) or line.anchor))


def _paragraph(line: ConcordanceLine) -> str | None:
    """The anchor of the only paragraph of the section that contains the line; None for a heading or a cell."""
    held = data_access.report(line.agency, line.key)
    words = line.left + line.hit + line.right
    sections = held.sections if held else ()
    every = enumerate(((section.anchor, each.text) for section in sections for each in section.paragraphs), 1)
    found = [
        paragraph_anchor(number, text) for number, (anchor, text) in every if anchor == line.anchor and words in text
    ]
    return found[0] if len(found) == 1 else None
