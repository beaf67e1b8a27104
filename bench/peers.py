"""Wraps the measured engines: total, ten hits with snippets, facets, and for phrases the occurrences by year.

A peer omits what it cannot do and is faster for it: tantivy counts sections by year, not occurrences; stock Whoosh has
no exact phrases.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import jieba.analyse
import tantivy
from whoosh import fields, index, qparser, query

from archive.model import Report, Section
from archive.text.normalize import normal_form
from bench import corpus
from bench.questions import FACETS, is_phrase
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request
from indexer.text.tokenizer import Tokenizer, is_word

MOST_VALUES = 50


class Peer(Protocol):
    """A measured engine; `ask` returns the number of sections."""

    def build(self, reports: Iterable[Report]) -> None: ...
    def ask(self, question: str, chosen: Mapping[str, str]) -> int: ...


class Ours:
    """Gongkai's embedded engine, with the same facets as the peers.

    It caches whole answers and the peers do not. `afresh` gives each request a new seed, so that only the caches below
    whole answers apply.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seed, self.afresh = 1, False

    def build(self, reports: Iterable[Report]) -> None:
        made = [*reports]
        build_index(self._home, made, corpus.agencies(len(made) // 17 + 1), 1)

    def ask(self, question: str, chosen: Mapping[str, str]) -> int:
        index = open_index(self._home)
        filters = {name: (value,) for name, value in chosen.items()}
        request = Request(question, filters=filters, facets=FACETS, readings=False, seed=self._seed)
        self._seed += self.afresh
        if is_phrase(question):
            index.series(request)
        return index.search(request).total.sections


class Fts5:
    """SQLite FTS5 with trigrams or with Gongkai's tokens; facets by GROUP BY."""

    def __init__(self, home: Path, words: Tokenizer | None = None) -> None:
        self._db = sqlite3.connect(home / "fts.sqlite")
        self._words = words

    def build(self, reports: Iterable[Report]) -> None:
        columns = ", ".join(["text", *(f"{facet} UNINDEXED" for facet in FACETS)])
        tokenizer = "trigram" if self._words is None else "unicode61"
        self._db.execute(f"CREATE VIRTUAL TABLE t USING fts5({columns}, tokenize={tokenizer})")
        rows = ((self._cut(s.text), str(r.year), s.code, r.agency) for r, s in sections(reports))
        self._db.executemany("INSERT INTO t VALUES (?,?,?,?)", rows)
        self._db.commit()

    def _cut(self, text: str) -> str:
        return text if self._words is None else " ".join(tokens(self._words, text))

    def ask(self, question: str, chosen: Mapping[str, str]) -> int:
        words = [word.strip('"') for word in question.split()]
        if self._words is None and min(map(len, words)) < 3:  # trigrams cannot find shorter words, so scan
            where, given, shown = " AND ".join("instr(text, ?)" for _ in words), words, "substr(text, 1, 120)"
        else:
            where, given = "t MATCH ?", [" AND ".join(f'"{self._cut(word)}"' for word in words)]
            shown = "snippet(t, 0, '[', ']', '…', 64)"
        where, given = " AND ".join([where, *(f"{name} = ?" for name in chosen)]), [*given, *chosen.values()]
        for facet in FACETS:
            self._all(f"SELECT {facet}, count(*) FROM t WHERE {where} GROUP BY {facet}", given)  # noqa: S608
        if is_phrase(question):
            count = "sum((length(text) - length(replace(text, ?, ''))) / ?)"
            phrase = [words[0], len(words[0]), *given]
            self._all(f"SELECT year, {count} FROM t WHERE {where} GROUP BY year", phrase)  # noqa: S608
        self._all(f"SELECT {shown} FROM t WHERE {where} LIMIT 10", given)  # noqa: S608
        return int(self._all(f"SELECT count(*) FROM t WHERE {where}", given)[0][0])  # noqa: S608

    def _all(self, sql: str, given: Sequence[object]) -> list[tuple[int, ...]]:
        return self._db.execute(sql, given).fetchall()


class Tantivy:
    """tantivy with Gongkai's tokens or with character bigrams; facets by aggregation."""

    def __init__(self, home: Path, cut: Callable[[str], Sequence[str]], positions: str) -> None:
        self._cut = cut
        builder = tantivy.SchemaBuilder().add_text_field(
            "text", stored=True, tokenizer_name="cut", index_option=positions
        )
        for facet in FACETS:
            builder.add_text_field(facet, fast=True, tokenizer_name="raw")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, str(home))
        self._index.register_tokenizer("cut", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())

    def build(self, reports: Iterable[Report]) -> None:
        writer = self._index.writer(256_000_000)
        for report, section in sections(reports):
            document = tantivy.Document()
            document.add_text("text", " ".join(self._cut(section.text)))
            document.add_text("year", str(report.year))
            document.add_text("section", section.code)
            document.add_text("agency", report.agency)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def ask(self, question: str, chosen: Mapping[str, str]) -> int:
        searcher = self._index.searcher()
        asked = self._query(question, chosen)
        found = searcher.search(asked, 10)
        shown = tantivy.SnippetGenerator.create(searcher, asked, self._schema, "text")
        _ = [shown.snippet_from_doc(searcher.doc(address)).highlighted() for _, address in found.hits]
        searcher.aggregate(asked, {facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in FACETS})
        return int(found.count)

    def _query(self, question: str, chosen: Mapping[str, str]) -> tantivy.Query:
        parts = [tantivy.Query.term_query(self._schema, name, value) for name, value in chosen.items()]
        for word in question.split():
            cut = [*self._cut(word.strip('"'))]
            if len(cut) > 1 and is_phrase(question):
                parts.append(tantivy.Query.phrase_query(self._schema, "text", cut))
            else:
                parts += [tantivy.Query.term_query(self._schema, "text", each) for each in cut]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])


class StockWhoosh:
    """Whoosh as in its documentation, with jieba's ChineseAnalyzer and `groupedby`."""

    def __init__(self, home: Path) -> None:
        columns = {name: fields.ID(sortable=True) for name in FACETS}
        schema = fields.Schema(text=fields.TEXT(analyzer=jieba.analyse.ChineseAnalyzer(), stored=True), **columns)
        self._index = index.open_dir(home) if index.exists_in(home) else index.create_in(home, schema)

    def build(self, reports: Iterable[Report]) -> None:
        writer = self._index.writer()
        for report, section in sections(reports):
            writer.add_document(text=section.text, year=str(report.year), section=section.code, agency=report.agency)
        writer.commit()

    def ask(self, question: str, chosen: Mapping[str, str]) -> int:
        with self._index.searcher() as searcher:
            parsed = qparser.QueryParser("text", self._index.schema).parse(question)
            only = query.And([query.Term(name, value) for name, value in chosen.items()]) if chosen else None
            found = searcher.search(parsed, limit=10, groupedby=list(FACETS), filter=only)
            for facet in FACETS:
                found.groups(facet)
            first = range(min(10, found.scored_length()))  # groups lift the limit
            _ = [found[place].highlights("text") for place in first]
            return len(found)


def peers(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, Peer]]:
    """The named peers, each in its own folder; all of them without names."""
    words = Tokenizer()
    kinds: dict[str, Callable[[Path], Peer]] = {
        "gongkai": Ours,
        "tantivy-words": lambda home: Tantivy(home, lambda text: tokens(words, text), "freq"),
        "tantivy-bigrams": lambda home: Tantivy(home, bigrams, "position"),
        "fts5-trigrams": Fts5,
        "fts5-words": lambda home: Fts5(home, words),
        "whoosh": StockWhoosh,
    }
    for name in names or kinds:
        home = folder / name
        home.mkdir(exist_ok=True)
        yield name, kinds[name](home)


def sections(reports: Iterable[Report]) -> Iterator[tuple[Report, Section]]:
    """Each section with its report."""
    return ((report, section) for report in reports for section in report.sections)


def tokens(words: Tokenizer, text: str) -> list[str]:
    """The tokens of a text as Gongkai segments it."""
    return [piece for piece in words.cut(normal_form(text)) if is_word(piece)]


def bigrams(text: str) -> list[str]:
    """The character bigrams of a text."""
    form = normal_form(text).replace(" ", "_").replace("\n", "_")
    return [form[start : start + 2] for start in range(len(form) - 1)]
