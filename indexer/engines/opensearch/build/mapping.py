"""The settings and the mapping of an index, which follow from the table of fields.

A report is a document with its figures, and its sections are children of it. Both are routed by agency, so that they
are on one shard. The similarity `count` makes the score of a term the number of its occurrences.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from indexer.engines.opensearch.build.grams import BEGINS, ENDS, HOLE, WEIGHT
from indexer.query.fields import FIELDS

LAYOUT = 4
"""Increase this number with every change of what documents contain."""

TEXTS = ("text", "cells")
"""Running text and table cells."""
RECORD = ("number", "report", "agency", "agency_name", "year", "code", "anchor", "heading", "title", "text_length")
"""What a hit shows of a section, beside its texts."""


def index_body(shards: int, meta: dict[str, Any]) -> dict[str, Any]:
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": 0,  # until it is complete
                "refresh_interval": "-1",
                "similarity.count": {"type": "scripted", "script": {"source": "return doc.freq * query.boost"}},
            },
            "analysis": {
                "tokenizer": {"characters": {"type": "ngram", "min_gram": 1, "max_gram": 1, "token_chars": []}},
                "filter": {
                    "marked": {
                        "type": "pattern_capture",
                        "preserve_original": True,
                        "patterns": [f"^{BEGINS}?(..){ENDS}?$", f"^({BEGINS}..)", f"(..{ENDS})$"],
                    },
                    "once": {"type": "unique", "only_on_same_position": True},
                    "holes": {"type": "stop", "stopwords": [HOLE]},
                    "weighted": {"type": "delimited_term_freq", "delimiter": WEIGHT},
                },
                "analyzer": {
                    "grams": {"type": "custom", "tokenizer": "whitespace", "filter": ["marked", "once"]},
                    "phrases": {"type": "custom", "tokenizer": "whitespace", "filter": ["holes"]},
                    "characters": {"type": "custom", "tokenizer": "characters"},
                    "terms": {"type": "custom", "tokenizer": "whitespace"},
                    "weighted": {"type": "custom", "tokenizer": "whitespace", "filter": ["weighted"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            "_source": {"excludes": [f"{name}_{kind}" for name in (*TEXTS, "heading") for kind in _TERMS]},
            "properties": _properties(),
        },
    }


def layout_hash() -> str:
    """Returns the hash of the mapping: an index of another one would give other counts."""
    return hashlib.sha256(f"{LAYOUT} {json.dumps(index_body(1, {}))}".encode()).hexdigest()[:32]


_COUNTED = {"type": "text", "norms": False, "similarity": "count"}
_TERMS: dict[str, dict[str, Any]] = {
    "grams": {**_COUNTED, "analyzer": "grams", "search_analyzer": "phrases", "position_increment_gap": 100},
    "characters": {**_COUNTED, "analyzer": "characters", "index_options": "freqs"},
    "singles": {**_COUNTED, "analyzer": "terms", "index_options": "freqs"},
    "words": {**_COUNTED, "analyzer": "weighted", "search_analyzer": "terms", "index_options": "freqs"},
    "form": {"type": "binary", "doc_values": True},
}
"""The terms of a text: bigrams, characters, words of one character, and words with their weights; and the normal
form in a column, which scripts read without decompressing it (a keyword would be compressed, and takes 4 to 15 times as
long)."""


def _properties() -> dict[str, Any]:
    number, stored = {"type": "long"}, {"type": "keyword", "index": False, "doc_values": False}
    return {
        "document": {"type": "join", "relations": {"report": "section"}, "eager_global_ordinals": True},
        "number": number,
        "identity": {"type": "long", "index": False},
        "report": {"type": "keyword"},
        "figures": {"type": "nested", "properties": {"name": {"type": "keyword"}, "value": {"type": "double"}}},
        **{name: {"type": "object", "enabled": False} for name in ("agency_record", "state", "frequencies")},
        **{name: {"type": "short"} if name == "year" else {"type": "keyword"} for name in FIELDS},
        **{f"{name}_length": {"type": "integer"} for name in (*TEXTS, "heading")},
        **{f"{name}_size": {"type": "integer", "index": False} for name in TEXTS},
        **{f"{name}_{kind}": options for name in TEXTS for kind, options in _TERMS.items()},
        **{f"heading_{kind}": _TERMS[kind] for kind in ("grams", "characters", "singles")},
        **dict.fromkeys((*TEXTS, "agency_name", "code", "anchor", "heading", "title"), stored),
    }
