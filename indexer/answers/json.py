"""Answers as JSON: the same document from the command line and from the API."""

from __future__ import annotations

from collections.abc import Iterator

from archive.export.json_types import Json, json_pieces, record, shape
from indexer.answers.collocates import Collocates
from indexer.answers.concordance import Concordance, ConcordanceLine
from indexer.answers.engine import Answer, Hit
from indexer.answers.trends import Matrix, TrendSeries

HIT = shape("hit", Hit, "report agency year section heading url title score occurrences snippets")
ANSWER = shape(
    "search_json", Answer, "query reading as_of total facets sample hits readings agencies did_you_mean", hits=[HIT]
)
CONCORDANCE = shape("concordance_json", Concordance, "query reading as_of total shown lines", lines=[ConcordanceLine])
COLLOCATES = shape(
    "collocates_json", Collocates,
    "query reading as_of window occurrences window_words all_words total words left right",
)  # fmt: skip
TRENDS = shape("trends_json", trends=[TrendSeries])
MATRIX = shape("agency_matrix", Matrix)


def answer_json(answer: Answer) -> Json:
    return record(ANSWER, answer, hits=[hit_json(hit) for hit in answer.hits])


def hit_json(hit: Hit) -> Json:
    return record(HIT, hit)


def concordance_pieces(found: Concordance) -> Iterator[str]:
    """A concordance in pieces, each line made when it is written."""
    return json_pieces(record(CONCORDANCE, found), "lines")
