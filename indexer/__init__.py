"""Which sections say this, how often and where: the front door of the indexer."""

from indexer.answers import answer_json
from indexer.commands import COMMANDS
from indexer.engine import Answer, AsOf, Engine, FacetValue, Hit, Request, Snippet, Sort, Total
from indexer.fields import FIELDS, UNDATED, Field
from indexer.generations import build_index
from indexer.index import Index, marks, open_index
from indexer.mistakes import FilterError, QueryError
from indexer.query import parse
from indexer.spans import Span
from indexer.values import years

__all__ = [
    "COMMANDS",
    "FIELDS",
    "UNDATED",
    "Answer",
    "AsOf",
    "Engine",
    "FacetValue",
    "Field",
    "FilterError",
    "Hit",
    "Index",
    "QueryError",
    "Request",
    "Snippet",
    "Sort",
    "Span",
    "Total",
    "answer_json",
    "build_index",
    "marks",
    "open_index",
    "parse",
    "years",
]
