"""Names of codes as the site prints them: with full-width marks in Chinese, as its own sentences have."""

from __future__ import annotations

from flask_babel import gettext

from archive import Language, vocabulary
from indexer import FIELDS
from webui.language import language

_FULL_WIDTH = str.maketrans("(),:;", "（），：；")


def full_width(label: str, language: Language) -> str:
    """A Chinese label with full-width marks; another language keeps its own."""
    return label.translate(_FULL_WIDTH) if language == "zh" else label


def section_label(code: str, language: Language) -> str:
    """The name of a section."""
    return full_width(vocabulary.section_label(code, language), language)


def form_label(code: str, language: Language) -> str:
    """The name of a form."""
    return full_width(vocabulary.form_label(code, language), language)


def table_label(table: str, language: Language) -> str:
    """The name of a table."""
    return full_width(vocabulary.table_label(table, language), language)


def row_label(form: str | None, table: str, row: str, language: Language) -> str:
    """The name of a row; one that no rule knows is named by the end of its code, as the page prints it."""
    label = vocabulary.row_label(form, table, row, language)
    return label if label == row.rpartition(".")[2] else full_width(label, language)


def column_label(form: str | None, table: str, column: str | None, language: Language) -> str:
    """The name of a column, empty where there is none."""
    return full_width(vocabulary.column_label(form, table, column, language), language)


def kind_name(kind: str) -> str:
    """What a suggestion is: the title of its field, or a term of the trade."""
    return FIELDS[kind].title(language()) if kind in FIELDS else gettext("用语")
