"""What a count of text leaves out: the cells of tables, and the figures of a row or column that a query names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.tables.form_labels import FormLabel, labels_named
from indexer.query.ast import Or, Phrase, Query, Term, Text, Word, positive_texts, scope_of
from indexer.query.parser import parse
from indexer.query.query_errors import QueryError
from webui.http.i18n import language, link
from webui.render.labels import table_label


@dataclass(frozen=True, slots=True)
class FormLink:
    """A row, group or column of a statutory table that the query names, and the URL of its figures."""

    kind: str
    label: str
    table: str
    address: str


@dataclass(frozen=True, slots=True)
class TablesNote:
    """`links` lead to figures; `in_tables` to the queries for table cells, None if they count those, or no text."""

    links: tuple[FormLink, ...]
    in_tables: str | None


def tables_note(queries: Sequence[str], to: Callable[[tuple[str, ...]], str]) -> TablesNote:
    """The note on queries that can be read; `to` gives the URL of the page for other queries."""
    trees = [parse(query) for query in queries]
    texts = [tuple(positive_texts(tree)) for tree in trees]
    links = dict.fromkeys(each for found in texts for each in _links(found))
    moved = [_in_tables(query, tree) for query, tree, found in zip(queries, trees, texts, strict=True) if found]
    asked = tuple(each for each in moved if each is not None)
    return TablesNote(tuple(links), to(asked) if asked and len(asked) == len(queries) else None)


def _links(texts: tuple[Text, ...]) -> Iterator[FormLink]:
    match texts:
        case (Term(text) | Phrase(text) | Word(text),):
            yield from map(_link, labels_named(text))


def _link(found: FormLabel) -> FormLink:
    parameter = "column" if found.kind == "column" else "row"
    address = link("figures.page", table=found.table, **{parameter: list(found.codes)})
    return FormLink(found.kind, found.label(language()), table_label(found.table, language()), address)


def _in_tables(query: str, tree: Query) -> str | None:
    """The query for table cells; None if it says itself where it looks, or would be too long."""
    scope = scope_of(tree)
    if scope.where != "text":
        return None
    asked = f"({query}) in:tables" if isinstance(scope.part, Or) else f"{query} in:tables"
    try:
        return asked if scope_of(parse(asked)).where == "tables" else None
    except QueryError:
        return None
