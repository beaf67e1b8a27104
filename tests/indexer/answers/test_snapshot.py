"""Citations of counts, and snapshots: complete, checkable, and the same bytes for the same state."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.export.citations.count import CitedTotals
from indexer.answers.count_citation import CountComparison, Verdict, cite_count
from indexer.answers.engine import Engine
from indexer.answers.snapshot import snapshot_pieces
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from indexer.query.request import Request
from tests.conformance.reports import AGENCIES, REPORTS

DAY = date(2026, 11, 27)
THEN = CitedTotals("5169799f9336", 30, 12, 10, DAY)


def zipped(engine: Engine, request: Request, day: date = DAY) -> bytes:
    answer, citation = cite_count(engine, request, day, lambda totals: None)
    return b"".join(snapshot_pieces(engine, request, answer, citation))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Request("公开"), "many sections"),
        (Request("微博", filters={"year": ("2014..",)}, limit=1, offset=3, sample=1), "page and sample do not matter"),
        (Request("section:problems"), "no text, so no occurrence"),
        (Request("没有人这样写过"), "nothing found"),
        (Request("公开 in:tables"), "tables"),
    ],
)
def test_a_snapshot_has_everything_that_was_counted(index: Engine, request_: Request, reason: str) -> None:
    total = index.search(replace(request_, sample=None)).total
    with zipfile.ZipFile(io.BytesIO(zipped(index, request_))) as archive:
        assert archive.testzip() is None
        hits, lines = table(archive, "hits.csv"), table(archive, "concordance.csv")
        assert len(hits) == total.sections and len({hit["report"] for hit in hits}) == total.reports, reason
        assert len(lines) == (total.occurrences or 0), reason
        assert sum(int(hit["occurrences"] or 0) for hit in hits) == (total.occurrences or 0)
        document = json.loads(archive.read("query.json"))
        assert document["total"]["sections"] == total.sections and document["query"] == request_.query
        assert document["as_of"]["content"] == index.as_of.content and document["date"] == "2026-11-27"
        readme = archive.read("README.txt").decode()
        assert document["reading"]["zh"] in readme and document["reading"]["en"] in readme
        assert index.as_of.content in readme
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert sums == {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "SHA256SUMS"
        }


def test_the_same_state_gives_the_same_bytes(index: Engine, tmp_path: Path) -> None:
    request = Request("公开")
    for revision in (1, 2, 3):  # another machine, where the index was built three times
        build_index(tmp_path, REPORTS, AGENCIES, revision=revision, rebuild=True)
    other = open_index(tmp_path)
    assert other.as_of.generation == 3
    assert zipped(other, request) == zipped(index, request)
    assert zipped(index, request, date(2026, 11, 26)) != zipped(index, request), "the day is in it"


def test_the_rows_are_complete_when_there_are_more_hits_than_one_search_gives(
    index: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.whoosh.search.engine._BATCH", 2)
    with zipfile.ZipFile(io.BytesIO(zipped(index, Request("公开")))) as archive:
        urls = [hit["url"] for hit in table(archive, "hits.csv")]
    assert len(urls) == len({*urls}) == index.search(Request("公开")).total.sections > 4


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (THEN, "confirmed"),
        (replace(THEN, day=date(2027, 1, 1)), "confirmed"),
        (replace(THEN, occurrences=34), "contradicted"),
        (replace(THEN, content="0" * 12), "same_counts"),
        (replace(THEN, content="0" * 12, reports=11), "other_counts"),
        (replace(THEN, content="0" * 12, occurrences=None), "other_counts"),
    ],
)
def test_cited_totals_are_compared(now: CitedTotals, verdict: Verdict) -> None:
    assert CountComparison(THEN, now).verdict == verdict


def test_a_citation_has_the_interpretation_in_both_languages(index: Engine) -> None:
    request = Request("微博", filters={"year": ("2014",)}, language="en", sample=1)
    answer, citation = cite_count(index, request, DAY, lambda totals: f"/search?cited={totals}")
    assert citation.readings["en"] == answer.reading == index.search(request).reading
    assert citation.readings["zh"] == index.search(replace(request, language="zh")).reading
    total = answer.total
    counts = f"{total.occurrences}:{total.sections}:{total.reports}"
    assert citation.url == f"/search?cited={index.as_of.short}:{counts}:2026-11-27"
