"""Which sections say this, how often and where: the front door of the indexer."""

from indexer.answers import answer_json, hit_json
from indexer.as_of import AsOf
from indexer.commands import COMMANDS
from indexer.concordance import Concordance, Line, Order, write_concordance_csv, write_concordance_json
from indexer.engine import Alternative, Answer, Engine, FacetValue, Hit, Request, Snippet, Sort, Total
from indexer.exploring import Distinctive, Suggestion
from indexer.fields import FIELDS, UNDATED, Field
from indexer.generations import build_index
from indexer.index import Index, marks, open_index
from indexer.mistakes import FilterError, QueryError
from indexer.query import parse
from indexer.spans import Span
from indexer.tree import Where
from indexer.trends import (
    MARKS,
    Cell,
    Matrix,
    Point,
    Row,
    Series,
    matrix_json,
    series_json,
    write_matrix_csv,
    write_trend_csv,
)
from indexer.values import years

__all__ = [
    "COMMANDS",
    "FIELDS",
    "MARKS",
    "UNDATED",
    "Alternative",
    "Answer",
    "AsOf",
    "Cell",
    "Concordance",
    "Distinctive",
    "Engine",
    "FacetValue",
    "Field",
    "FilterError",
    "Hit",
    "Index",
    "Line",
    "Matrix",
    "Order",
    "Point",
    "QueryError",
    "Request",
    "Row",
    "Series",
    "Snippet",
    "Sort",
    "Span",
    "Suggestion",
    "Total",
    "Where",
    "answer_json",
    "build_index",
    "hit_json",
    "marks",
    "matrix_json",
    "open_index",
    "parse",
    "series_json",
    "write_concordance_csv",
    "write_concordance_json",
    "write_matrix_csv",
    "write_trend_csv",
    "years",
]
