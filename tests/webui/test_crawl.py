"""Every link of the site leads to a page without faults: no error, no dead anchor, no code, no overlong page."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.ingest.sources import read_path
from archive.store.catalogue import Catalogue
from bench.archives import fill
from indexer.engines.whoosh.build.generations import build_index
from tests.webui.crawler import crawl
from webui.app import create_app

CORPUS = Path(__file__).parents[2] / "corpus" / "haidian-city-management" / "page.txt"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]  # ninety seconds of CPU time on a shared machine


def _corpus(home: Path) -> Path:
    with Catalogue.open(home) as catalogue:
        catalogue.add(read_path(CORPUS), CORPUS.read_bytes())
        build_index(home, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return home


def test_the_site_over_the_shipped_corpus(tmp_path: Path) -> None:
    found = crawl(create_app(_corpus(tmp_path), files_at_once=1000).test_client())
    assert len(found.sizes) > 150
    assert not found.faults, found.report()


def test_the_site_over_an_archive_with_every_layout(tmp_path: Path) -> None:
    found = crawl(create_app(fill(tmp_path, 300, 40), files_at_once=1000).test_client())
    assert len(found.sizes) > 1000
    assert not found.faults, found.report()
