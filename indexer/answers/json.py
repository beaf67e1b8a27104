"""Answers as JSON: the same document from the command line and from the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NotRequired

from archive.export.json_types import Count, Json, json_pieces, record, shape
from indexer.answers.collocates import Collocates
from indexer.answers.concordance import Concordance, ConcordanceLine
from indexer.answers.engine import Answer, Hit, SentenceEntry, SentenceList
from indexer.answers.trends import Matrix, TrendSeries

HIT = shape("hit", Hit, "report agency year section heading url title score occurrences snippets")
_SAME = shape("same_sentences", SentenceEntry, "reports first_year others more")
_LISTED = shape("listed_hit", HIT, same=NotRequired[_SAME])
ANSWER = shape(
    "search_json", Answer, "query reading as_of total facets sample hits readings agencies did_you_mean", hits=[_LISTED]
)
LISTING = shape("search_json", ANSWER, entries=NotRequired[Count])
"""An answer that may have identical sentences once."""
CONCORDANCE = shape("concordance_json", Concordance, "query reading as_of total shown lines", lines=[ConcordanceLine])
COLLOCATES = shape(
    "collocates_json", Collocates,
    "query reading as_of window occurrences window_words all_words total words left right",
)  # fmt: skip
TRENDS = shape("trends_json", trends=[TrendSeries])
MATRIX = shape("agency_matrix", Matrix)


def answer_json(answer: Answer, once: SentenceList | None = None) -> Json:
    """An answer. With a list that has identical sentences once, its hits are those of the list.

    `entries` then counts those of all pages, and `same` says where else the sentences of a hit are.
    """
    if once is None:
        return record(ANSWER, answer, hits=[hit_json(hit) for hit in answer.hits])
    hits = [hit_json(each.hit) | {"same": record(_SAME, each)} for each in once.entries]
    return record(LISTING, answer, hits=hits, entries=once.total)


def hit_json(hit: Hit) -> Json:
    return record(HIT, hit)


def concordance_pieces(found: Concordance) -> Iterator[str]:
    """A concordance in pieces, each line made when it is written."""
    return json_pieces(record(CONCORDANCE, found), "lines")
