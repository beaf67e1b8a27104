"""Reports are counted once, whatever their versions and copies."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive.extract.pipeline import read_source
from archive.model import Source
from archive.store.catalogue import Catalogue
from archive.store.report_counts import ReportSpan
from tests.archive.pages import prose_report

pytestmark = pytest.mark.usefixtures("database")

SCHOOLS, WATER = "quanzhoushi-jiaoyuju", "quanzhoushi-shuiliju"
PAGES = (
    prose_report("泉州市教育局", 2014, body="全年公开平稳有序。"),
    prose_report("泉州市水利局", 2015, body="全年公开平稳有序。"),
    prose_report("泉州市教育局", 2015, body="全年公开平稳有序。") * 2,  # printed twice on one page
    prose_report("泉州市教育局", 2014, body="全年公开平稳有序，另有说明。"),  # another version
)


def test_a_report_counts_once(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        for lines in PAGES:
            data = "\n".join(lines).encode()
            source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
            catalogue.add(read_source(data, source, catalogue.agencies()), data)
        counts = catalogue.report_counts(2)
        assert counts.total == catalogue.count() == 3
        assert counts.spans == {SCHOOLS: ReportSpan(2, 2014, 2015), WATER: ReportSpan(1, 2015, 2015)}
        assert counts.years == {2014: 1, 2015: 2}
        assert counts.newest == ((SCHOOLS, "2014"), (SCHOOLS, "2015")), "the new version first, then the page before it"
        assert catalogue.keys_by_agency() == {agency: catalogue.keys(agency) for agency in (SCHOOLS, WATER)}


def test_a_report_without_a_year_is_in_no_span(tmp_path: Path) -> None:
    undated = [line.replace("2014年", "") for line in prose_report("泉州市教育局", 2014, body="全年公开平稳有序。")]
    with Catalogue.open(tmp_path) as catalogue:
        for lines, span in (
            (undated, ReportSpan(1, None, None)),
            (prose_report("泉州市教育局", 2016), ReportSpan(2, 2016, 2016)),
        ):
            data = "\n".join(lines).encode()
            source = Source("page.txt", hashlib.sha256(data).hexdigest(), "text/plain")
            catalogue.add(read_source(data, source, catalogue.agencies()), data)
            assert catalogue.report_counts(2).spans == {SCHOOLS: span}
