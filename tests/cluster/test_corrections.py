"""A misspelt word is corrected by the words of the archive, as in the embedded engine, and not by its keywords only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import corpus
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request
from indexer.text.keywords import Frequencies
from indexer.text.tokenizer import field_terms
from tests.cluster.engines import distributed_engine

pytestmark = pytest.mark.cluster


def test_a_word_that_is_no_keyword(cluster: str, tmp_path: Path) -> None:
    reports, agencies = [*corpus.reports(16)], corpus.agencies(1)
    build_index(tmp_path / "embedded", reports, agencies, revision=1)
    embedded = open_index(tmp_path / "embedded")
    engine = distributed_engine(cluster, tmp_path / "cluster", reports, agencies)
    (frequencies,) = (tmp_path / "embedded").rglob("frequencies.json")
    keywords = {value.value for value in embedded.facet(Request(), "keyword", "")}
    words = {word for word in Frequencies.read(frequencies).in_sections if len(word) > 2} - keywords - {*field_terms()}
    assert words, "the archive has words that are no keywords"
    corrected = 0
    for word in sorted(words)[:5]:
        request = Request(f"{word[:-1]}鑫")
        found = engine.search(request).did_you_mean
        assert found == embedded.search(request).did_you_mean
        corrected += any(correction.query == word for correction in found)
    assert corrected
