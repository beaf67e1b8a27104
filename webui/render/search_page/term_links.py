"""Chinese terms that an English query without hits leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.answers.engine import Engine
from indexer.answers.hints.chinese_terms import ChineseTerm, chinese_terms, is_latin
from indexer.query.parser import parse
from indexer.query.request import Request

MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class TermLink:
    """A term with the query that finds it under the filters of the search, and how many sections it finds."""

    term: ChineseTerm
    query: str
    sections: int


def term_links(engine: Engine, request: Request) -> tuple[TermLink, ...] | None:
    """Returns the terms with hits, in running text or else in tables; None for a query that is not in Latin letters."""
    tree = parse(request.query)
    if not is_latin(tree):
        return None
    found = []
    for term in chinese_terms(tree):
        for query in (term.zh, f"{term.zh} in:tables"):
            asked = replace(request, query=query, limit=0, offset=0, facets=(), readings=False)
            if sections := engine.search(asked).total.sections:
                found.append(TermLink(term, query, sections))
                break
    return tuple(found[:MOST_LINKS])
