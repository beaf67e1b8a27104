"""`/` opens without an index and shows what the archive holds on one screen."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from archive.store.catalogue import Catalogue
from tests.webui.html import soup
from tests.webui.model_reports import ORIGINAL, READING
from tests.webui.placed_reports import PLACED
from webui.app import create_app
from webui.views import home as home_view


def test_it_needs_no_index(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path) as catalogue:
        catalogue.add(READING, ORIGINAL)
    page = soup(create_app(tmp_path).test_client(), "/")
    assert page.select_one("form#ask") and page.select(".year-bars li") and page.select(".newest li")


def test_an_empty_archive_tells_how_to_begin(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path):
        pass
    page = soup(create_app(tmp_path).test_client(), "/")
    assert "gongkai add" in page.get_text() and not page.select(".overview")


def test_a_large_archive_fits_one_screen(crowd: FlaskClient) -> None:
    page = soup(crowd, "/")
    assert len(page.select(".newest li")) == home_view.MOST_NEWEST
    assert not page.select(".picture"), "agency by year is on /coverage only"


def test_it_counts_by_province_and_year(placed: FlaskClient) -> None:
    page = soup(placed, "/")
    tiles = {tile.select_one(".name").get_text(): tile for tile in page.select(".tiles li")}  # type: ignore[union-attr]
    assert len(tiles) == 34
    assert tiles["河北"].select_one(".count").get_text() == "10"  # type: ignore[union-attr]
    assert tiles["西藏"].select_one(".depth-0")
    bars = [bar.get_text(" ", strip=True) for bar in page.select(".year-bars li")]
    assert bars == [f"{year} {len(PLACED)}" for year in (2021, 2022)]
    others = page.select_one(".by-division .more")
    assert others is not None and "地区不明 2" in others.get_text() and "不属于任何地区 2" in others.get_text()
