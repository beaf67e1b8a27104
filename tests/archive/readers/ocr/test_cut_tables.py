"""Numbers of a table that is not whole are doubtful: what is left of a number can be another one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.readers import scans

pytestmark = pytest.mark.skipif(not scans.ocr_is_installed(), reason="needs the extra `ocr`")

Place = tuple[int, int, int, int]
GRIDS: list[tuple[Sequence[Place], bool, str]] = [
    ([(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)], True, "two rows of two"),
    ([(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)], True, "a label of two rows"),
    ([(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)], True, "a head over two columns"),
    ([(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (2, 1, 1, 1)], False, "rows that perspective set apart"),
    ([(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1)], False, "a cell lost"),
    ([(0, 0, 2, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)], False, "two cells at one place"),
]


@pytest.mark.parametrize(("places", "expected", "reason"), GRIDS, ids=[case[2] for case in GRIDS])
def test_a_grid_is_covered_once(places: Sequence[Place], expected: object, reason: str) -> None:
    from archive.readers.ocr.cut_tables import is_tiled  # noqa: PLC0415 (needs the extra)
    from archive.readers.ocr.ruled_cells import CellBox  # noqa: PLC0415

    assert is_tiled([CellBox(0, 0, 1, 1, *place) for place in places]) is expected


PRINT: list[tuple[Place, bool, str]] = [
    ((40, 40, 60, 60), False, "in the middle"),
    ((40, 40, 199, 60), True, "82 of 82.36 at the right edge"),
    ((1, 40, 30, 60), True, "8 of 168 at the left edge"),
    ((40, 80, 60, 99), True, "the upper half of 8 at the lower edge"),
    ((40, 5, 60, 25), False, "a margin"),
]


@pytest.mark.parametrize(("edges", "expected", "reason"), PRINT, ids=[case[2] for case in PRINT])
def test_print_at_the_edge_of_its_table_can_go_on(edges: Place, expected: object, reason: str) -> None:
    from archive.readers.ocr.cut_tables import TableEdges  # noqa: PLC0415

    assert TableEdges(0, 0, 200, 100).is_close(edges, 20) is expected


def test_tables_close_beside_each_other_are_one() -> None:
    from archive.readers.ocr.cut_tables import TableEdges  # noqa: PLC0415

    table = TableEdges(0, 0, 200, 100)
    assert table.is_divided_from(TableEdges(210, 0, 300, 100), 20)
    assert TableEdges(210, 0, 300, 100).is_divided_from(table, 20)
    assert not table.is_divided_from(TableEdges(290, 0, 400, 100), 20), "two sheets beside each other"
    assert not table.is_divided_from(TableEdges(210, 120, 300, 200), 20), "the next table"
    assert not table.is_divided_from(TableEdges(0, 110, 200, 200), 20), "the same table on the next sheet"
