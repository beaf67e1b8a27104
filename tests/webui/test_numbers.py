"""Every number of the site has thousands separators, except years, pages and versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from jinja2 import nodes

TEMPLATES = Path(__file__).parents[2] / "webui" / "templates"
COUNTS = ("characters", "count", "occurrences", "rank", "reports", "sections", "total", "value")
"""Attributes that are numbers of something."""
NO_NUMBERS = {
    "bar.reports": "an attribute that years.js reads",
    "status.value": "an HTTP status",
    "each.value": "an attribute that charts.js reads",
}


@pytest.mark.parametrize(
    ("template", "text", "reason"),
    [
        ("{{ 1234567 | numberformat }}", "1,234,567", "a number alone"),
        (
            '{{ ngettext("%(num)s 个机关未参与排名", "%(num)s 个机关未参与排名", 12345) }}',
            "12,345 个机关未参与排名",
            "a counted noun",
        ),
        ('{{ _("%(count)s 个，%(year)s 年", count=12345, year=2022) }}', "12,345 个，2022 年", "a year is no count"),
        ('{{ _("没有第 %(page)s 页", page=1234) }}', "没有第 1234 页", "a page is no count"),
        ('{{ _("“%(label)s”", label="<b>") }}', "“&lt;b&gt;”", "text stays escaped"),
    ],
)
def test_numbers_in_sentences(app: Flask, template: str, text: str, reason: str) -> None:
    with app.test_request_context("/"):
        assert render_template_string(template) == text, reason


def printed(node: nodes.Node) -> Iterator[nodes.Expr]:
    """The expressions that a template prints, the branches of conditions apart."""
    for output in node.find_all(nodes.Output):
        waiting = list(output.nodes)
        while waiting:
            each = waiting.pop()
            if isinstance(each, nodes.CondExpr):
                waiting += [branch for branch in (each.expr1, each.expr2) if branch is not None]
            else:
                yield each


def spelled(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{spelled(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_no_template_prints_a_raw_count(app: Flask, path: Path) -> None:
    tree = app.jinja_env.parse(path.read_text("utf-8"))
    raw = {spelled(each) for each in printed(tree) if isinstance(each, nodes.Getattr) and each.attr in COUNTS}
    assert raw <= set(NO_NUMBERS), "use the filter numberformat"
