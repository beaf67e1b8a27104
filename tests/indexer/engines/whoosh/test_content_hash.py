"""The content hash: the same for the same content wherever and however an index was built, another for a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archive.model import Agency, Paragraph, Reading, Report, Source
from archive.store.catalogue import Catalogue
from indexer.answers.data_version import SHORT
from indexer.engines.whoosh.build import content_hash
from indexer.engines.whoosh.build.content_hash import report_hash
from indexer.engines.whoosh.build.generations import build_index
from indexer.index import open_index
from tests.conformance.reports import AGENCIES, REPORTS

FIRST = REPORTS[0]
Change = Callable[[Report], Report]


def content(home: Path, reports: tuple[Report, ...] = REPORTS, agencies: tuple[Agency, ...] = AGENCIES) -> str:
    home.mkdir(exist_ok=True)
    return build_index(home, reports, agencies, revision=1, rebuild=True).content


def captured(report: Report, path: str, day: date | None = None) -> Report:
    return replace(report, source=replace(report.source, path=path, captured_on=day))


def reworded(report: Report) -> Report:
    first, *others = report.sections
    return replace(report, sections=(replace(first, paragraphs=(Paragraph("另一句。"),)), *others))


@pytest.mark.parametrize(
    ("change", "same", "reason"),
    [
        (lambda report: captured(report, "/home/somebody/page.html"), True, "another machine has another path"),
        (lambda report: captured(report, "page.html", date(2024, 5, 6)), True, "the day of capture is not content"),
        (reworded, False, "another text"),
        (lambda report: replace(report, year=1999), False, "another year"),
        (lambda report: replace(report, form="form-2021"), False, "another form, by which `form:` finds it"),
        (lambda report: replace(report, source=Source("a", "f" * 64, "text/html")), False, "another original"),
        (lambda report: replace(report, figures=()), False, "figures, for which a query may have a condition"),
    ],
)
def test_a_report_has_the_hash_of_its_content(change: Change, same: bool, reason: str) -> None:  # noqa: FBT001
    assert (report_hash(change(FIRST)) == report_hash(FIRST)) is same, reason


@pytest.mark.slow
def test_homes_filled_in_another_order_or_by_updates_have_the_same_hash(tmp_path: Path) -> None:
    hashes = set()
    for name, order in (("one", REPORTS), ("another", REPORTS[::-1])):
        home = tmp_path / name / "deeper"
        home.parent.mkdir()
        with Catalogue.open(home) as catalogue:
            for number, report in enumerate(order):
                source = Source(f"{name}-{number}.html", f"{REPORTS.index(report):064x}", "text/html")
                catalogue.add(Reading(source, (replace(report, source=source),), (), AGENCIES), b"<html></html>")
                if name == "another":  # a generation for each report
                    build_index(home, catalogue.listed(), catalogue.agencies(), catalogue.revision)
            built = build_index(home, catalogue.listed(), catalogue.agencies(), catalogue.revision)
        hashes.add(built.content)
    assert len(hashes) == 1
    assert built.generation == len(REPORTS), "the generations differ"


@pytest.mark.slow
def test_a_change_of_the_archive_or_of_the_rules_gives_another_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, *others = AGENCIES
    found = {
        "as it is": content(tmp_path / "home"),
        "a report less": content(tmp_path / "home", REPORTS[:-1]),
        "a report reworded": content(tmp_path / "home", (reworded(FIRST), *REPORTS[1:])),
        "an agency of another kind": content(tmp_path / "home", agencies=(replace(city, kind="utility"), *others)),
    }
    assert content(tmp_path / "home", agencies=(*AGENCIES, Agency("a", "甲局"))) == found["as it is"], (
        "an agency without reports changes no answer"
    )
    monkeypatch.setattr(content_hash, "SEMANTICS", content_hash.SEMANTICS + 1)
    found["other rules of counting"] = content(tmp_path / "home")
    assert len(set(found.values())) == len(found)


@pytest.mark.slow
def test_the_sentence_has_the_short_hash_and_files_have_the_full_one(tmp_path: Path) -> None:
    full = content(tmp_path)
    as_of = open_index(tmp_path).as_of
    assert as_of.content == full and len(full) == 64
    assert as_of.sentence("zh").endswith(f"；内容哈希 {full[:SHORT]}")
    assert as_of.sentence("en").endswith(f"; content hash {full[:SHORT]}")
    assert f"内容哈希 {full}" in as_of.listing("zh", 3, 1, "sections")
