"""The map of tiles: every province once, no two tiles in one place, shades by quartiles."""

from __future__ import annotations

import pytest

from archive.agencies.division_tree import DivisionNode
from archive.cues.divisions import divisions
from webui.render.places.tile_map import tile_map, tiles


def test_every_province_has_a_tile_of_its_own() -> None:
    provinces = {each.name for each in divisions() if each.level == "province" and each.last_year is None}
    assert {tile.place for tile in tiles()} == provinces
    assert len({(tile.column, tile.row) for tile in tiles()}) == len(tiles()) == 34


def test_tiles_have_classes_of_the_style_sheet() -> None:
    assert max(tile.column for tile in tiles()) == 6 and max(tile.row for tile in tiles()) == 7


SHADES: list[tuple[dict[str, int], dict[str, int], str]] = [
    ({}, {"河北省": 0}, "no reports, no shade"),
    ({"河北省": 7}, {"河北省": 4, "北京市": 0}, "one province has the darkest"),
    ({"河北省": 1, "北京市": 2}, {"河北省": 3, "北京市": 4}, "two provinces differ"),
    (
        {"河北省": 1, "北京市": 2, "山西省": 3, "福建省": 90_000},
        {"河北省": 1, "北京市": 2, "山西省": 3, "福建省": 4},
        "a large one does not hide the others",
    ),
    ({"河北省": 5, "北京市": 5, "山西省": 5, "福建省": 6}, {"河北省": 3, "福建省": 4}, "equal numbers have one shade"),
]


@pytest.mark.parametrize(("reports", "shades", "reason"), SHADES, ids=[case[2] for case in SHADES])
def test_shades(reports: dict[str, int], shades: dict[str, int], reason: str) -> None:
    drawn = tile_map([DivisionNode(place, place, 1, count) for place, count in reports.items()], str)
    depths = {each.tile.place: each.depth for each in drawn.tiles}
    assert {place: depths[place] for place in shades} == shades, reason
    assert len(drawn.steps) == len({*shades.values()} - {0})
