"""Figures back into tables: the statutory ones in the order of their form, any other in the order printed."""

from __future__ import annotations

from collections.abc import Container, Iterable
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
    """One row: its label and, for each column of its part, the figure or None where the page has none."""

    code: str
    label: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class GridPart:
    """Rows that belong together, under a title or not; `columns` where they have column headings of their own."""

    title: str | None
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class StatutoryGrid:
    """A table to show. `head` is empty where each part has its own; `width` counts columns without the labels."""

    kind: str
    title: str
    head: tuple[tuple[GridHeading, ...], ...]
    parts: tuple[GridPart, ...]
    width: int
    holding: int = 0
    """How many identities of the form hold, blanks and dashes counted as 0."""
    failures: tuple[str, ...] = ()
    """Each identity that does not, in a sentence with both of its sums."""


def grid(kind: str, figures: Iterable[Figure], form: str | None, language: Language) -> StatutoryGrid:
    """The table of that kind from its figures."""
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
    return StatutoryGrid(kind, table_label(kind, language), head, tuple(parts), width)


def is_failed(figure: Figure | None) -> bool:
    """Whether the figure stands in an identity of the form that does not hold."""
    return figure is not None and "failed" in figure.check.values()


def _order(
    kind: str, placed: dict[tuple[str, str | None], Figure], form: str | None
) -> tuple[list[str], list[str | None]]:
    """Row and column codes as the form prints them; what the form does not know follows its kin, or stands last."""
    layout = statutory_layout(form, kind) or StatutoryLayout((), ())
    rows = list(layout.rows)
    for row in dict.fromkeys(row for row, _ in placed if row not in rows):
        kin = [place for place, known in enumerate(rows) if known.split(".")[0] == row.split(".")[0]]
        rows.insert(kin[-1] + 1 if kin else len(rows), row)
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
    if not _has_columns_by_part(kind):  # a column of money has its unit in its heading, a list has one in each row
        label = _with_unit(label, (figure for (code, _), figure in placed.items() if code == row), language)
    # A row that no rule knows is named by the end of its code; what the page prints says more.
    return printed if printed and label == row.rpartition(".")[2] else label


def _with_unit(label: str, figures: Iterable[Figure | None], language: Language) -> str:
    """A label with the unit that the page prints for all of its figures, where it prints one and the same."""
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
