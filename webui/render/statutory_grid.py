"""Arranges figures as tables: statutory tables in the order of their form, others in printed order."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from archive.errors import Language
from archive.model import Figure
from archive.vocabulary import StatutoryLayout, statutory_layout, table_rules
from webui.render.labels import column_label, full_width, row_label, table_label


@dataclass(frozen=True, slots=True)
class GridHeading:
    """A column heading; `colspan` and `rowspan` count grid places."""

    text: str
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its label and a figure or None for each column of its part."""

    code: str
    label: str
    cells: tuple[Figure | None, ...]

    @property
    def is_computed(self) -> bool:
        return any(figure is not None and figure.basis == "computed" for figure in self.cells)


@dataclass(frozen=True, slots=True)
class GridPart:
    """Rows under a title or none; `columns` are headings of this part alone."""

    title: str | None
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class StatutoryGrid:
    """A table. `head` is empty if each part has its own headings; `width` counts columns without the labels.

    With `total_last`, the last column has the totals of the others; narrow screens have it first.
    """

    kind: str
    title: str
    head: tuple[tuple[GridHeading, ...], ...]
    parts: tuple[GridPart, ...]
    width: int
    columns: Mapping[str, str]
    """The names of all columns by code."""
    total_last: bool = False
    holding: int = 0
    """The number of identities that hold, with blanks and dashes as 0."""
    failures: tuple[str, ...] = ()
    """A sentence for each failed identity, with both sums."""


def grid(kind: str, figures: Iterable[Figure], form: str | None, language: Language) -> StatutoryGrid:
    """Arranges the figures of one table."""
    placed: dict[tuple[str, str | None], Figure] = {}
    for figure in figures:
        placed.setdefault((figure.row, figure.column), figure)
    rows, columns = _order(kind, placed, form)
    titles = _part_titles(kind, language)
    by_part = _has_columns_by_part(kind)
    parts: list[GridPart] = []
    for codes in _cut(rows, titles):
        own = tuple(c for c in columns if not by_part or any((row, c) in placed for row in codes))
        lines = tuple(
            GridRow(row, _row(form, kind, row, placed, language), tuple(placed.get((row, c)) for c in own))
            for row in codes
        )
        labels: tuple[str, ...] = ()
        if by_part:
            labels = tuple(
                _with_unit(column_label(form, kind, c, language), (placed.get((row, c)) for row in codes), language)
                for c in own
            )
        parts.append(GridPart(titles.get(codes[0]), labels, lines))
    head = () if by_part else _head(kind, columns, form, language)
    width = max((len(row.cells) for part in parts for row in part.rows), default=0)
    labels_of = {column: column_label(form, kind, column, language) for column in columns if column}
    total_last = bool(head) and len(columns) > 1 and columns[-1] == "total"
    return StatutoryGrid(kind, table_label(kind, language), head, tuple(parts), width, labels_of, total_last)


def is_failed(figure: Figure | None) -> bool:
    """Whether the figure is in an identity that does not hold."""
    return figure is not None and "failed" in figure.check.values()


def _order(
    kind: str, placed: dict[tuple[str, str | None], Figure], form: str | None
) -> tuple[list[str], list[str | None]]:
    """Row and column codes in printed order; an unknown row follows the rows of its group, or is last."""
    layout = statutory_layout(form, kind) or StatutoryLayout((), ())
    rows = list(layout.rows)
    for row in dict.fromkeys(row for row, _ in placed if row not in rows):
        group = [place for place, known in enumerate(rows) if known.split(".")[0] == row.split(".")[0]]
        rows.insert(group[-1] + 1 if group else len(rows), row)
    present_rows = {row for row, _ in placed}
    rows = [row for row in rows if row in present_rows]
    present = [column for _, column in placed]
    columns: list[str | None] = [column for column in layout.columns if column in present]
    columns += [column for column in dict.fromkeys(present) if column not in columns]
    return rows, columns


def _has_columns_by_part(kind: str) -> bool:
    """Whether each part has its own columns, as each item of Article 20 of the Regulation has."""
    return bool(table_rules(kind)["layout"] == "items")


def _part_titles(kind: str, language: Language) -> dict[str, str | None]:
    """The rows that begin a part, each with the title of the part."""
    rows = [row for row in table_rules(kind)["row"] if "part" in row or row.get("untitled")]
    return {row["code"]: full_width(row["part"][language], language) if "part" in row else None for row in rows}


def _cut(rows: list[str], titles: Container[str]) -> list[list[str]]:
    parts: list[list[str]] = []
    for row in rows:
        if not parts or row in titles:
            parts.append([])
        parts[-1].append(row)
    return parts


def _row(
    form: str | None, kind: str, row: str, placed: dict[tuple[str, str | None], Figure], language: Language
) -> str:
    printed = next((figure.label for (code, _), figure in placed.items() if code == row and figure.label), None)
    label = row_label(form, kind, row, language)
    if not _has_columns_by_part(kind):  # A column of amounts has its unit in the heading, a list in each row.
        label = _with_unit(label, (figure for (code, _), figure in placed.items() if code == row), language)
    # A row without a rule has the end of its code as name; the printed label says more.
    return printed if printed and label == row.rpartition(".")[2] else label


def _with_unit(label: str, figures: Iterable[Figure | None], language: Language) -> str:
    """A label with the unit of its figures, if they all have one and the same."""
    units = {figure.unit for figure in figures if figure}
    unit = units.pop() if len(units) == 1 else None
    if not unit or unit in label:
        return label
    return f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"


def _head(
    kind: str, columns: list[str | None], form: str | None, language: Language
) -> tuple[tuple[GridHeading, ...], ...]:
    def labels(codes: Iterable[str | None], rowspan: int = 1) -> list[GridHeading]:
        return [GridHeading(column_label(form, kind, code, language), rowspan=rowspan) for code in codes]

    rules = table_rules(kind)
    if "span" not in rules or [column["code"] for column in rules["column"]] != columns:
        return (tuple(labels(columns)),) if any(columns) else ()
    spans = {code: span for span in rules["span"] for code in span["columns"]}
    upper: list[GridHeading] = []
    lower: list[GridHeading] = []
    for span, group in groupby(columns, key=lambda code: spans.get(code or "")):
        codes = list(group)
        if span is None:
            upper += labels(codes, rowspan=2)
        else:
            upper.append(GridHeading(span[language], colspan=len(codes)))
            lower += labels(codes)
    return tuple(upper), tuple(lower)
