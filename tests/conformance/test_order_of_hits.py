"""Every engine ranks as the embedded one with a single shard."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from archive.text.normalize import normal_form
from indexer.answers.engine import Engine
from indexer.engines.opensearch.build.grams import overlaps_itself
from indexer.engines.opensearch.search.distributed_engine import OpenSearchEngine
from indexer.index import open_index
from indexer.query.ast import Gapped, Near, positive_texts
from indexer.query.parser import parse
from indexer.query.request import Request
from tests.conformance.reports import build

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))["case"]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    home = tmp_path_factory.mktemp("embedded")
    build(home)
    return open_index(home)


def is_ranked_alike(query: str) -> bool:
    """A cluster scores whether gaps and NEAR occur, and counts a phrase that overlaps itself at each start."""
    leaves = [*positive_texts(parse(query))]
    return not any(isinstance(leaf, Gapped | Near) or overlaps_itself(normal_form(leaf.text)) for leaf in leaves)


@pytest.mark.parametrize("query", [case["query"] for case in CASES], ids=[case["reason"] for case in CASES])
def test_order(engine: Engine, embedded: Engine, query: str) -> None:
    if isinstance(engine, OpenSearchEngine) and not is_ranked_alike(query):
        return
    request = Request(query, limit=1000, readings=False)
    found, expected = engine.search(request).hits, embedded.search(request).hits
    assert [hit.url for hit in found] == [hit.url for hit in expected]
    # a cluster calculates with 32 bits
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=2e-4)
