"""`/search/advanced`: a form that writes a query, shows how it is understood and how much it finds."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.vocabulary import kind_codes, level_codes, section_codes
from indexer.query.fields import FIELDS
from indexer.query.query_form import DISTANCE
from indexer.query.request import Request
from webui.data_access import index
from webui.http.i18n import language, link_asking
from webui.params.advanced_params import (
    OPERATORS,
    carried_arguments,
    figure_columns,
    figure_rows,
    read_advanced_params,
)
from webui.params.validators import check_query
from webui.render.labels import column_label, full_width, row_label, table_label

advanced = Blueprint("advanced", __name__)


@advanced.get("/search/advanced")
def page() -> ResponseReturnValue:
    """Shows the form, and the query with its totals if any field is filled in without a mistake.

    A search (`?q=`) leads to the URL of the form with its fields.
    """
    code = language()
    if "q" in request.args:
        return redirect(link_asking("advanced.page", carried_arguments(request.args, code)))
    params = read_advanced_params(request.args)
    query = "" if params.mistakes else check_query(params.form.written(code))
    answer = index().search(Request(query, limit=0, facets=(), language=code)) if query else None
    rows = [
        (table_label(table, code), [(name, row_label(None, *_parts(name), code)) for name in names])
        for table, names in figure_rows()
    ]
    columns = [
        (table_label(table, code), [(name, column_label(None, *_parts(name), code)) for name in names])
        for table, names in figure_columns()
    ]
    return render_template(
        "advanced/page.html",
        params=params,
        form=params.form,
        query=query,
        answer=answer,
        choices=[
            (field, FIELDS[field].title(code), [(each, _label(field, each)) for each in codes], chosen)
            for field, codes, chosen in (
                ("section", section_codes(), params.form.sections),
                ("level", level_codes(), params.form.levels),
                ("kind", kind_codes(), params.form.kinds),
            )
        ],
        rows=rows,
        columns=columns,
        operators=OPERATORS,
        distance=DISTANCE,
    )


def _label(field: str, value: str) -> str:
    return full_width(FIELDS[field].value_label(value, language()), language())


def _parts(name: str) -> tuple[str, str]:
    table, _, rest = name.partition(".")
    return table, rest
