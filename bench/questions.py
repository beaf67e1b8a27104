"""What is asked of every engine and of the site, each with a filter beside it and without."""

from __future__ import annotations

QUESTIONS = (
    ("公开", "a word in nearly every section"),
    ("公开 信息 工作", "three such words"),
    ("保密审查", "a medium word"),
    ("{word}", "a rare word"),
    ('"政府信息公开"', "a frequent phrase, with its occurrences of each year"),
    ('"{phrase}"', "a rare phrase across words, likewise"),
)
"""Questions, and what they stand for. Quoted ones are phrases: exactly these characters."""
FILTER = {"year": "2016"}
