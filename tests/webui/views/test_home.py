"""`/` opens without an index and shows a part of the coverage."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from tests.webui.html import soup
from tests.webui.model_reports import ORIGINAL, READING
from webui.app import create_app
from webui.views import home as home_view


def test_it_needs_no_index(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
    page = soup(create_app(tmp_path).test_client(), "/")
    assert page.select_one("form#ask") and page.select(".picture tbody tr")


def test_a_large_archive_is_shown_in_part(crowd: FlaskClient) -> None:
    assert len(soup(crowd, "/").select(".picture tbody tr")) == home_view.MOST_AGENCIES
    assert len(soup(crowd, "/coverage").select(".picture tbody tr")) > home_view.MOST_AGENCIES
