"""The generated archive has every layout, notice, level and kind, so that tests and measurements over it meet them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archive.notices import codes
from archive.store.catalogue import Catalogue
from bench.archives import fill, pages
from bench.report_pages import BYTES, LAYOUTS, TABLE_LAYOUTS

OF_FILES = {"attachment_unread", "in_attachment", "ocr_read", "ocr_unchecked", "unmapped_font"}
"""Notices on files of other formats; the generated pages are text."""
SERIES = {"several reports", "inferred agency", "inferred year", "duplicate", "no report"}


def test_the_same_seed_gives_the_same_pages() -> None:
    first = list(pages(60, 20, seed=3))
    assert first == list(pages(60, 20, seed=3))
    assert first != list(pages(60, 20, seed=4))


def test_every_layout_occurs_in_three_hundred_reports() -> None:
    assert {layout for page in pages(300, 40) for layout in page.layouts} == {*LAYOUTS, *TABLE_LAYOUTS, *BYTES, *SERIES}


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_the_archive_has_every_notice_and_state(tmp_path: Path) -> None:
    with Catalogue.open(fill(tmp_path / "home", 300, 40)) as catalogue:
        shown, agencies = list(catalogue.shown()), catalogue.agencies()
        assert len(shown) == 300 and len(agencies) == 40
        assert {notice.code for _, _, notice in catalogue.notices()} == {*codes()} - OF_FILES
        states = Counter(cell.state for cell in catalogue.coverage())
        assert {*states} == {"held", "tables_only", "image_only", "missing"}
        assert {agency.level for agency in agencies} >= {"national", "province", "city", "county"}
        assert {agency.kind for agency in agencies} >= {"department", "government", "school", "hospital", "utility"}
        assert all(agency.place for agency in agencies if agency.level != "national")
        assert any(len(agency.names) > 1 for agency in agencies)
        assert {report.form for report in shown} >= {"prose-2008", "trial-2019", "form-2021"}
        assert {report.year_basis for report in shown} == {"printed", "inferred", "unknown"}
        assert {report.agency_basis for report in shown} >= {"printed", "inferred", "unknown"}
