"""What a count of text leaves out: the cells of tables, and the figures of a row or column that a query names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.tables.form_labels import FormLabel, labels_named
from indexer.query.ast import Or, Phrase, Query, Term, Text, Word, positive_texts, scope_of
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError


@dataclass(frozen=True, slots=True)
class TablesNote:
    """`labels` are the entries of statutory tables that queries name.

    `in_tables` are the queries for table cells, empty if they count those, or no text.
    """

    labels: tuple[FormLabel, ...]
    in_tables: tuple[str, ...]


def tables_note(queries: Sequence[str]) -> TablesNote:
    """Returns the note on queries that can be read."""
    trees = [parse(query) for query in queries]
    texts = [tuple(positive_texts(tree)) for tree in trees]
    labels = dict.fromkeys(label for found in texts for label in _labels(found))
    moved = [_in_tables(query, tree) for query, tree, found in zip(queries, trees, texts, strict=True) if found]
    asked = tuple(each for each in moved if each is not None)
    return TablesNote(tuple(labels), asked if len(asked) == len(queries) else ())


def _labels(texts: tuple[Text, ...]) -> tuple[FormLabel, ...]:
    match texts:
        case (Term(text) | Phrase(text) | Word(text),):
            return labels_named(text)
    return ()


def _in_tables(query: str, tree: Query) -> str | None:
    """Returns the query for table cells; None if it states itself where it looks, or would be too long."""
    scope = scope_of(tree)
    if scope.where != "text":
        return None
    asked = f"({query}) in:tables" if isinstance(scope.part, Or) else f"{query} in:tables"
    try:
        return asked if scope_of(parse(asked)).where == "tables" else None
    except QueryError:
        return None
