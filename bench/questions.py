"""The queries that each engine and the site answer, with and without a filter."""

from __future__ import annotations

QUESTIONS = (
    ("公开", "a word in nearly every section"),
    ("公开 信息 工作", "three such words"),
    ("保密审查", "a medium word"),
    ("{word}", "a rare word"),
    ('"政府信息公开"', "a frequent phrase, with its occurrences of each year"),
    ('"{phrase}"', "a rare phrase across words, likewise"),
)
"""Queries and their descriptions. Quoted queries are exact phrases."""
FILTER = {"year": "2016"}
FACETS = ("year", "section", "agency")
"""The facets of each answer."""


def is_phrase(question: str) -> bool:
    return question.startswith('"')
