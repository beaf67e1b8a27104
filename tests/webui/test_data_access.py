"""What pages read of the catalogue is cached until the catalogue changes, within a bound of bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from archive.model import Report
from archive.store.catalogue import Catalogue
from indexer.sized_cache import SizedCache
from tests.webui.model_reports import ORIGINAL, READING, WATER
from webui import data_access
from webui.app import create_app

READERS: dict[str, Callable[[], object]] = {
    "a report": lambda: data_access.report(WATER.id, "2016"),
    "no such report": lambda: data_access.report(WATER.id, "1999"),
    "versions": lambda: data_access.versions(WATER.id, "2016"),
    "notices": data_access.notices,
    "coverage": data_access.coverage,
    "sources": lambda: data_access.sources([WATER.id])[WATER.id],
    "sources of no agency": lambda: data_access.sources(["nobody"])["nobody"],
}


@pytest.fixture
def changing(tmp_path: Path) -> Flask:
    """A site whose catalogue may change."""
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
    return create_app(tmp_path)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_value_is_read_once_a_revision(changing: Flask, read: Callable[[], object]) -> None:
    with changing.app_context():
        first, revision = read(), data_access.revision()
    with changing.app_context():
        assert read() is first
        other = replace(READING, source=replace(READING.source, sha256="0" * 64))
        data_access.catalogue().add(other, ORIGINAL)
    with changing.app_context():
        assert data_access.revision() != revision
        again = read()
    assert first is None or again is not first, "the catalogue has changed"


@pytest.mark.parametrize(("room", "kept"), {10_000: False, 1_000_000: True}.items(), ids=["smaller", "larger"])
def test_reports_are_cached_within_a_bound_of_bytes(changing: Flask, room: int, *, kept: bool) -> None:
    reports = SizedCache[tuple[Report, ...]](room, data_access.reports_size)
    changing.extensions["gongkai.catalogue"] = data_access.CatalogueCache(reports)
    with changing.app_context():
        report = data_access.report(WATER.id, "2019")
        assert report is not None
        assert (data_access.report(WATER.id, "2019") is report) is kept
