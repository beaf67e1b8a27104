"""Answers as JSON: the same document from the command line and from the API."""

from __future__ import annotations

from dataclasses import asdict

from indexer.answers.engine import Answer, Hit

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def answer_json(answer: Answer) -> dict[str, Json]:
    """An answer as plain values; `marks` are code-point offsets, ends exclusive."""
    return {
        "query": answer.query,
        "reading": answer.reading,
        "as_of": asdict(answer.as_of),
        "total": asdict(answer.total),
        "facets": {name: [asdict(value) for value in values] for name, values in answer.facets.items()},
        "sample": asdict(answer.sample) if answer.sample else None,
        "hits": [hit_json(hit) for hit in answer.hits],
        "readings": [asdict(each) for each in answer.readings],
    }


def hit_json(hit: Hit) -> dict[str, Json]:
    """A hit as plain values."""
    return {
        "report": hit.report,
        "agency": hit.agency,
        "year": hit.year,
        "section": hit.section,
        "heading": hit.heading,
        "url": hit.url,
        "title": hit.title,
        "score": hit.score,
        "occurrences": hit.occurrences,
        "snippets": [
            {"text": snippet.text, "marks": [[start, end] for start, end in snippet.marks]} for snippet in hit.snippets
        ],
    }
